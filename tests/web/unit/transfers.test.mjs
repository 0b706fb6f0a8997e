// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the chat, from one end to another with what carries them in between.
import assert from 'node:assert/strict';
import test from 'node:test';
import { page, Timers } from './helpers.mjs';

const { MAX_FILE, Transfers, buildFrame, cleanName, parseFrame, typeOf } = await page('transfers.js');

function pdf(size) {
  const bytes = new Uint8Array(size).map((_, i) => (i * 7 + i / 251) & 255);
  bytes.set(new TextEncoder().encode('%PDF-1.7\n'));
  return bytes;
}

function end() {
  const self = { out: [], added: [], changes: 0, open: true, timers: new Timers() };
  self.files = new Transfers({ timers: self.timers, events: { added: (file) => self.added.push(file), changed: () => self.changes++ },
    send: (bytes) => { if (self.open) self.out.push(bytes); return self.open; } });
  return self;
}

/* Carries what is under way; gives the most messages that were. */
function carry(a, b) {
  let most = 0;
  while (a.out.length + b.out.length > 0) {
    most = Math.max(most, a.out.length);
    for (const [from, to] of [[a, b], [b, a]]) {
      const bytes = from.out.shift();
      if (bytes) to.files.take(bytes.slice().buffer);
    }
  }
  return most;
}

test('a file of the largest size goes over whole, within the window', async () => {
  const [a, b] = [end(), end()];
  const content = pdf(MAX_FILE);
  const sent = a.files.offer('C:\\x\\\u202Ereport.pdf', content);
  assert.equal(sent.state, 'waiting');
  assert.equal(a.files.offer('second.pdf', content), null);
  assert.ok(carry(a, b) <= 262144 / 16000 + 1);
  assert.equal(sent.state, 'done');
  const [got] = b.added;
  assert.deepEqual([got.state, got.name, got.type, got.size], ['done', 'report.pdf', 'application/pdf', MAX_FILE]);
  assert.deepEqual(new Uint8Array(await got.blob.arrayBuffer()), content);
  assert.ok(b.changes <= MAX_FILE / 65536 + 1, `${b.changes} changes`);
});

test('what is no picture or PDF, or too large, or not what it says, does not go', () => {
  const [a, b] = [end(), end()];
  assert.equal(a.files.offer('x.exe', new TextEncoder().encode('MZ')), null);
  assert.equal(a.files.offer('x.pdf', pdf(MAX_FILE + 1)), null);
  b.files.take(buildFrame(1, 1, [[4, 3], [1, 1]], new TextEncoder().encode('x.png')).buffer);
  b.files.take(buildFrame(2, 1, [[4, 0]], new TextEncoder().encode('abc')).buffer);
  assert.equal(b.added[0].state, 'refused');
  assert.equal(b.added[0].blob, null);
});

test('stopped by either, lost, or given up: the next one works', () => {
  const ways = { sender: 'stopped', receiver: 'stopped', lost: 'lost', given: 'lost' };
  for (const [way, state] of Object.entries(ways)) {
    const [a, b] = [end(), end()];
    const sent = a.files.offer('x.pdf', pdf(1000000));
    b.files.take(a.out.shift().buffer);
    a.files.take(b.out.shift().buffer);
    const got = b.added[0];
    if (way === 'sender') a.files.stop(sent);
    if (way === 'receiver') b.files.stop(got);
    if (way === 'lost') for (const one of [a, b]) { one.files.lose(); one.out = []; }
    if (way === 'given') for (const one of [a, b]) { one.out = []; one.timers.advance(20000); }
    carry(a, b);
    assert.deepEqual([sent.state, got.state, got.blob], [state, state, null], way);
    const again = a.files.offer('x.pdf', pdf(1000));
    carry(a, b);
    assert.equal(again.state, 'done', way);
  }
});

test('while the path is lost nothing more of it goes out, and then the rest does', async () => {
  const [a, b] = [end(), end()];
  const content = pdf(1000000);
  const sent = a.files.offer('x.pdf', content);
  b.files.take(a.out.shift().buffer);
  a.files.take(b.out.shift().buffer);
  for (const one of [a, b]) one.files.pause(true);
  carry(a, b);
  assert.ok(b.added[0].moved < 262144 + 16000);
  for (const one of [a, b]) for (let i = 0; i < 3; i++) one.timers.advance(20000);
  assert.deepEqual([sent.state, b.added[0].state, a.out.length + b.out.length], ['moving', 'moving', 0]);
  for (const one of [a, b]) one.files.pause(false);
  carry(a, b);
  assert.deepEqual([sent.state, new Uint8Array(await b.added[0].blob.arrayBuffer())], ['done', content]);
});

test('in a channel that is full it waits, and goes on when there is room', async () => {
  for (const who of ['sender', 'receiver']) {
    const [a, b] = [end(), end()];
    const content = pdf(1000000);
    const sent = a.files.offer('x.pdf', content);
    b.files.take(a.out.shift().buffer);
    const full = who === 'sender' ? a : b;
    full.open = false;
    carry(a, b);
    for (let i = 0; i < 3; i++) full.timers.advance(20000);
    assert.equal((who === 'sender' ? sent : b.added[0]).state, 'moving', who);
    full.files.resume(); // It is full again at once.
    full.open = true;
    full.files.resume();
    carry(a, b);
    assert.deepEqual([sent.state, new Uint8Array(await b.added[0].blob.arrayBuffer())], ['done', content], who);
  }
});

test('what is stopped while the channel is full is stopped there too, and the next one works', () => {
  const [a, b] = [end(), end()];
  const sent = a.files.offer('x.pdf', pdf(1000000));
  b.files.take(a.out.shift().buffer);
  a.open = false;
  carry(a, b);
  a.files.stop(sent);
  assert.equal(a.files.offer('y.pdf', pdf(1000)), null);
  a.open = true;
  a.files.resume();
  carry(a, b);
  assert.deepEqual([sent.state, b.added[0].state], ['stopped', 'stopped']);
  const next = a.files.offer('y.pdf', pdf(1000));
  carry(a, b);
  assert.equal(next.state, 'done');
});

test('gaps, crumbs, too much, another number, two at once and more than a call lets in', () => {
  const b = end();
  const offer = (number, size = 50) => b.files.take(buildFrame(1, number, [[4, size], [1, 3]], new Uint8Array([120])).buffer);
  const data = (number, offset, length) => b.files.take(buildFrame(2, number, [[4, offset]], pdf(length)).buffer);
  offer(1);
  data(2, 0, 20);
  assert.equal(b.added[0].moved, 0);
  offer(2);
  assert.equal(b.added.length, 1);
  data(1, 1, 20);
  assert.equal(b.added[0].state, 'refused');
  offer(3);
  data(3, 0, 51);
  assert.equal(b.added[1].state, 'refused');
  offer(4);
  data(4, 0, 10);
  assert.equal(b.added[2].state, 'refused', 'in crumbs');
  for (let i = 5; i < 15; i++) {
    offer(i, MAX_FILE);
    b.files.take(buildFrame(4, i).buffer);
  }
  assert.equal(b.added.length, 9);
});

test('more files than a call lets in, on another channel too', () => {
  const b = end();
  for (let i = 1; i <= 200; i++) {
    const number = i <= 150 ? i : i - 150;
    if (i === 151) b.files.lose();
    b.files.take(buildFrame(1, number, [[4, 1], [1, 3]], new Uint8Array([120])).buffer);
    const answer = parseFrame(b.out.pop());
    assert.deepEqual([answer.number, answer.kind, answer.reason], i <= 100 ? [number, 3, undefined] : [number, 5, 3]);
    b.files.take(buildFrame(4, number).buffer);
  }
  assert.equal(b.added.length, 100);
});

test('only frames within the limits are frames', () => {
  const name = new TextEncoder().encode('knee.png');
  assert.deepEqual(parseFrame(buildFrame(1, 1, [[4, 4096], [1, 1]], name)), { kind: 1, number: 1, size: 4096, type: 1, name: 'knee.png' });
  const bad = [buildFrame(1, 1, [[4, 0], [1, 1]], name), buildFrame(1, 1, [[4, MAX_FILE + 1], [1, 1]], name), buildFrame(1, 1, [[4, 9], [1, 4]], name),
    buildFrame(1, 1, [[4, 9], [1, 1]]), buildFrame(1, 1, [[4, 9], [1, 1]], new Uint8Array(201).fill(97)), buildFrame(1, 1, [[4, 9], [1, 1]], new Uint8Array([0xff])),
    buildFrame(1, 1, [[4, 9], [1, 1]], new Uint8Array([97, 10])), buildFrame(2, 1, [[4, 0]]), buildFrame(2, 1, [[4, 0]], new Uint8Array(16001)),
    buildFrame(2, 1, [[4, MAX_FILE]], new Uint8Array(1)), buildFrame(3, 1, [[4, MAX_FILE + 1]]), buildFrame(3, 1), buildFrame(4, 0), buildFrame(4, 1, [[1, 0]]),
    buildFrame(5, 1, [[1, 5]]), buildFrame(6, 1), new Uint8Array()];
  for (const bytes of bad) assert.equal(parseFrame(bytes), null, String(bytes.slice(0, 12)));
});

test('types come from the content and names are one plain line', () => {
  assert.deepEqual([[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], [0xff, 0xd8, 0xff, 0xe0], [0x25, 0x50, 0x44, 0x46, 0x2d], [60, 115, 118, 103], []].map(typeOf), [1, 2, 3, 0, 0]);
  const names = [['../../x.pdf', 3, 'x.pdf'], ['a\\b.png', 1, 'b.png'], ['.hidden', 1, 'file.png'], [' \u202Egnp.x\n', 1, 'gnp.x.png'], ['/', 2, 'file.jpg'],
    ['x.html', 3, 'x.html.pdf'], ['X.PDF', 3, 'X.PDF'], ['x.jpeg', 2, 'x.jpeg'], ['x.pdf', 1, 'x.pdf.png'], ['pdf', 3, 'pdf.pdf'], ['x.desktop ', 2, 'x.desktop.jpg']];
  for (const [name, type, clean] of names) assert.equal(cleanName(name, type), clean);
});
