// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { page, Timers } from './helpers.mjs';

const { backOff, Inbox, Socket } = await page('socket.js');

class Fake {
  readyState = 1; sent = []; closed = false;
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.closed = true; }
  give(message) { this.onmessage({ data: typeof message === 'string' ? message : JSON.stringify(message) }); }
}

function open() {
  const world = { sockets: [], events: [], timers: new Timers(), hops: 0 };
  const note = (name) => (...details) => world.events.push([name, ...details]);
  world.socket = new Socket({ connect: () => { const fake = new Fake(); world.sockets.push(fake); return fake; },
    join: { type: 'join', room: 'r' }, makeHop: () => new Uint8Array(16).fill(++world.hops), timers: world.timers,
    events: { welcome: note('welcome'), relay: note('relay'), position: note('position'), host: note('host'), over: note('over'),
      refused: note('refused'), state: note('state') } });
  world.last = () => world.sockets.at(-1);
  world.attach = () => { world.last().onopen(); world.last().give({ type: 'welcome' }); };
  world.named = (name) => world.events.filter(([event]) => event === name).map(([, ...details]) => details);
  world.socket.open();
  return world;
}

test('back-off doubles to its limit and is spread', () => {
  assert.equal(backOff(0, 1), 500);
  assert.equal(backOff(3, 1), 4000);
  assert.equal(backOff(50, 1), 15000);
  assert.equal(backOff(50, 0), 7500);
});

test('what is not confirmed is sent again with the same numbers, in order', () => {
  const world = open();
  world.socket.relay('a');
  assert.equal(world.last().sent.length, 0);
  world.attach();
  world.socket.relay('b');
  assert.deepEqual(world.last().sent.map((m) => m.n ?? m.type), ['join', 1, 2]);
  world.last().give({ type: 'ok', n: 1 });
  const hop = world.last().sent[0].hop;
  world.last().onclose();
  world.timers.advance(500);
  assert.equal(world.sockets.length, 2);
  world.attach();
  assert.deepEqual(world.last().sent.map((m) => m.n ?? m.type), ['join', 2]);
  assert.equal(world.last().sent[0].hop, hop);
  assert.deepEqual(world.named('welcome').map(([, fresh]) => fresh), [true, false]);
});

test('a relay is confirmed each time and passed on once', () => {
  const world = open();
  world.attach();
  for (const n of [1, 1, 2, 2, 5]) world.last().give({ type: 'relay', n, data: `d${n}` });
  assert.deepEqual(world.named('relay'), [['d1'], ['d2'], ['d5']]);
  assert.equal(world.last().sent.filter((m) => m.type === 'ok').length, 5);
});

test('a server that was started again counts from one', () => {
  const inbox = new Inbox();
  assert.equal(inbox.take(1, 'a'), true);
  assert.equal(inbox.take(2, 'b'), true);
  assert.equal(inbox.take(1, 'a'), false);
  assert.equal(inbox.take(1, 'c'), true);
  assert.equal(inbox.take(2, 'd'), true);
});

test('a final refusal ends it, another tries again', () => {
  for (const code of ['expired', 'revoked', 'used', 'not-found', 'unauthorized']) {
    const world = open();
    world.last().give({ type: 'error', code });
    assert.deepEqual(world.named('refused'), [[code]]);
    world.timers.advance(60000);
    assert.equal(world.sockets.length, 1);
  }
  const world = open();
  world.last().give({ type: 'error', code: 'unavailable' });
  world.timers.advance(500);
  assert.equal(world.sockets.length, 2);
});

test('a jump in the numbers starts a new hop', () => {
  const world = open();
  world.attach();
  world.socket.relay('a');
  world.last().give({ type: 'error', code: 'conflict' });
  world.timers.advance(500);
  world.attach();
  assert.equal(world.hops, 2);
  assert.deepEqual(world.named('welcome').map(([, fresh]) => fresh), [true, true]);
  assert.equal(world.last().sent.length, 1);
});

test('hostile frames: malformed ones drop the connection, mistyped ones are ignored', () => {
  const world = open();
  world.attach();
  for (const message of [{ type: 'relay', n: -1, data: 'x' }, { type: 'relay', n: 1.5, data: 'x' }, { type: 'relay', n: '1', data: 'x' },
    { type: 'relay', n: 1, data: {} }, { type: 'position', position: 'x' }, { type: '__proto__' }, { type: 'constructor' }, { type: 7 }, {}]) world.last().give(message);
  assert.deepEqual(world.named('relay'), []);
  assert.deepEqual(world.named('position'), []);
  world.last().give('['.repeat(100000));
  assert.equal(world.socket.state, 'waiting');
});

test('over closes for good, late events of an old connection count for nothing', () => {
  const world = open();
  world.attach();
  const old = world.last();
  old.give({ type: 'over', reason: 'ended' });
  assert.deepEqual(world.named('over'), [['ended']]);
  old.onclose();
  old.give({ type: 'relay', n: 1, data: 'x' });
  world.timers.advance(60000);
  assert.equal(world.sockets.length, 1);
  assert.deepEqual(world.named('relay'), []);
});

test('no answer at all is a lost connection', () => {
  const world = open();
  world.last().onopen();
  world.timers.advance(15000);
  assert.equal(world.sockets[0].closed, true);
  world.timers.advance(500);
  assert.equal(world.sockets.length, 2);
});

test('what waits has a limit', () => {
  const world = open();
  for (let i = 0; i < 64; i++) world.socket.relay('x');
  assert.throws(() => world.socket.relay('x'));
});
