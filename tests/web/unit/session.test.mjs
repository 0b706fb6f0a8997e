// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import test from 'node:test';
import { b64, Clinician, makeInvitation, page, Timers } from './helpers.mjs';

const { SealedSession } = await page('session.js');

function open() {
  const invitation = makeInvitation();
  const timers = new Timers();
  const world = { invitation, timers, sent: [], events: [] };
  world.session = new SealedSession({ room: invitation.room, sealRoot: invitation.sealRoot, clinicianKey: invitation.point,
    relay: (text) => world.sent.push(JSON.parse(text)), timers, now: () => timers.now,
    events: { open: () => world.events.push('open'), lost: (altered) => { world.events.push('lost'); world.altered = altered; },
      message: (type, body) => world.events.push([type, body]) } });
  world.give = (message) => world.session.receive(typeof message === 'string' ? message : JSON.stringify(message));
  world.hellos = () => world.sent.filter((message) => message.t === 'hello');
  return world;
}

async function opened() {
  const world = open();
  await world.session.start();
  world.clinician = new Clinician(world.invitation, world.sent[0]);
  await world.give(world.clinician.hello);
  return world;
}

test('a session opens and carries both ways', async () => {
  const world = await opened();
  assert.equal(await world.session.send('join', { name: 'é' }), true);
  assert.equal(await world.session.send('restart', {}), true);
  assert.deepEqual(world.clinician.open(world.sent[1]), { name: 'é' });
  assert.equal(world.sent[2].seq, 2);
  assert.deepEqual(world.clinician.open(world.sent[2]), {});
  await world.give(world.clinician.seal('message', { text: 'a' }));
  assert.deepEqual(world.events, ['open', ['message', { text: 'a' }]]);
});

test('nothing is sealed before a session and after its end', async () => {
  const world = open();
  assert.equal(await world.session.send('join', {}), false);
  await world.session.start();
  assert.equal(await world.session.send('join', {}), false);
  assert.equal(world.sent.length, 1);
});

const wrongs = {
  'a gap': (c) => [c.seal('message', {}, 2)],
  'a bad tag': (c) => { const m = c.seal('message', {}); return [{ ...m, box: `A${m.box.slice(1)}` === m.box ? `B${m.box.slice(1)}` : `A${m.box.slice(1)}` }]; },
  'another type': (c) => [{ ...c.seal('message', {}), type: 'decline' }],
  'a box that is no base64url': (c) => [{ ...c.seal('message', {}), box: '=' }],
  'a box shorter than its tag': (c) => [{ ...c.seal('message', {}), box: b64(Buffer.alloc(15)) }],
  'a box over the limit': (c) => [{ ...c.seal('message', {}), box: b64(Buffer.alloc(40 * 1024 + 17)) }],
  'no box': (c) => [{ ...c.seal('message', {}), box: undefined }],
  'no type': (c) => [{ ...c.seal('message', {}), type: 5 }],
  'a type over the limit': (c) => [c.seal('t'.repeat(33), {})],
  'a sequence of another type': (c) => [{ ...c.seal('message', {}), seq: '1' }],
  'no sequence': (c) => [{ ...c.seal('message', {}), seq: undefined }],
  'a sequence below one': (c) => [{ ...c.seal('message', {}), seq: 0 }],
  'a sequence with a fraction': (c) => [{ ...c.seal('message', {}), seq: 1.5 }],
  'lost': () => [{ t: 'lost' }],
  'a second hello': (c, world) => [new Clinician(world.invitation, world.sent[0]).hello],
  'the same hello with another key': (c, world) => [{ ...c.hello, key: new Clinician(world.invitation, world.sent[0]).hello.key }],
};
for (const [name, make] of Object.entries(wrongs)) {
  test(`${name} ends the session and a new hello follows`, async () => {
    const world = await opened();
    for (const message of make(world.clinician, world)) await world.give(message);
    assert.equal(world.events.at(-1), 'lost');
    assert.equal(world.altered, !/hello|lost/.test(name)); // a restarted app is no attack
    assert.equal(world.hellos().length, 2);
    assert.notEqual(world.hellos()[0].id, world.hellos()[1].id);
    assert.notEqual(world.hellos()[0].key, world.hellos()[1].key);
    assert.equal(await world.session.send('media', {}), false);
    const next = new Clinician(world.invitation, world.hellos()[1]);
    await world.give(next.hello);
    await world.give(next.seal('message', { text: 'again' }));
    assert.deepEqual(world.events.at(-1), ['message', { text: 'again' }]);
  });
}

test('a repeat has no effect and alarms nobody, whatever is in it', async () => {
  const world = await opened();
  const first = world.clinician.seal('message', { text: 'one' });
  const second = world.clinician.seal('message', { text: 'two' });
  for (const message of [first, first, second, second, first, { ...first, type: 'decline' }, { ...second, box: '=' }, { t: 'sealed', from: first.from, to: first.to, seq: 2 },
    world.clinician.seal('hang-up', { reason: 'left' }, 1)]) await world.give(message);
  await world.give(world.clinician.seal('message', { text: 'three' }));
  assert.deepEqual(world.events, ['open', ...['one', 'two', 'three'].map((text) => ['message', { text }])]);
  assert.equal(world.hellos().length, 1);
  assert.equal(await world.session.send('media', {}), true);
});

test('a sealed text that is no object is passed over', async () => {
  const world = await opened();
  for (const text of ['[]', '', 'x', '"a"']) await world.give(world.clinician.seal('message', text));
  await world.give(world.clinician.seal('message', { text: 'next' }));
  assert.deepEqual(world.events, ['open', ['message', { text: 'next' }]]);
});

test('what belongs to no session is dropped without harm', async () => {
  const world = await opened();
  const stranger = new Clinician(makeInvitation(), world.sent[0]);
  for (const message of ['', 'x', '[]', '{}', '{"t":"hello"}', { t: 'sealed' }, { ...world.clinician.hello, role: 'patient' },
    { ...stranger.hello, to: b64(crypto.randomBytes(16)) }, stranger.seal('message', {}), world.clinician.hello]) await world.give(message);
  assert.deepEqual(world.events, ['open']);
  assert.equal(world.hellos().length, 1);
});

test("whoever has only the link cannot play the clinician", async () => {
  const world = open();
  await world.session.start();
  const thief = new Clinician({ ...world.invitation, key: makeInvitation().key }, world.sent[0]);
  await world.give(thief.hello);
  await world.give(thief.seal('offer', { sdp: 'x' }));
  assert.deepEqual(world.events, ['open', 'lost']);
});

test('a key that is no point of the curve begins nothing and ends nothing', async () => {
  const world = open();
  await world.session.start();
  const clinician = new Clinician(world.invitation, world.sent[0]);
  const bad = { ...clinician.hello, key: b64(Buffer.concat([Buffer.of(4), crypto.randomBytes(64)])) };
  await world.give(bad);
  assert.deepEqual(world.events, []);
  await world.give(clinician.hello);
  await world.give(bad);
  await world.give(clinician.seal('message', {}));
  assert.deepEqual(world.events, ['open', ['message', {}]]);
  assert.equal(world.hellos().length, 1);
});

test('a hello of the own makes the session before useless', async () => {
  const world = await opened();
  await world.session.start();
  await world.give(world.clinician.seal('message', {}));
  assert.equal(await world.session.send('media', {}), false);
  const next = new Clinician(world.invitation, world.hellos()[1]);
  await world.give(next.hello);
  await world.give(next.seal('message', {}));
  assert.deepEqual(world.events, ['open', 'open', ['message', {}]]);
});

test('at most three hellos in a minute', async () => {
  const world = await opened();
  for (let i = 0; i < 5; i++) await world.give({ t: 'lost' });
  assert.equal(world.hellos().length, 3);
  world.timers.advance(61000);
  await world.session.receive('{}');
  assert.equal(world.hellos().length, 4);
});

test('after stop nothing is taken or sent', async () => {
  const world = await opened();
  world.session.stop();
  await world.give(world.clinician.seal('message', {}));
  await world.session.send('media', {});
  assert.deepEqual(world.events, ['open']);
});
