// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import test from 'node:test';
import { Clinician, makeInvitation, page, Timers } from './helpers.mjs';

const { Consultation } = await page('consultation.js');
const MINUTE = 60000;
const settle = () => new Promise((resolve) => { setImmediate(resolve); });

/** Somebody who waits; `asked` has what was asked of the clinic, which answers with ttl seconds, or not at all. */
async function waiting(ttl) {
  const invitation = makeInvitation();
  const world = { timers: new Timers(), asked: [], over: [], sent: [], invitation, ttl };
  globalThis.fetch = async (path, { headers }) => {
    world.asked.push([path, headers['Bedside-Room']]);
    if (world.ttl === null) throw new TypeError('no network');
    return { ok: true, text: async () => JSON.stringify({ ice_servers: [], ttl: world.ttl }) };
  };
  const roomText = invitation.room.toString('base64url');
  world.roomText = roomText;
  world.consultation = new Consultation({ timers: world.timers, card: { key: invitation.point, passcode: false },
    invitation: { room: invitation.room, roomText, takeSeat: () => new Uint8Array(16) },
    keys: { sealRoot: invitation.sealRoot, admissionToken: invitation.admission }, media: { track: () => null },
    connect: () => { world.socket = { readyState: 1, send: (text) => world.sent.push(JSON.parse(text)), close() {} }; return world.socket; },
    events: new Proxy({ over: (reason) => world.over.push(reason) }, { get: (events, name) => events[name] ?? (() => undefined) }) });
  await world.consultation.join({ name: 'N', callback: '1', location: 'L', language: 'en', devices: {},
    consent: { version: '1', language: 'en', text: 't' } });
  world.socket.onmessage({ data: JSON.stringify({ type: 'welcome', server_time: 1, ice_servers: [], ttl, position: 1, peer: 'p',
    state: 'waiting', host_online: true }) });
  return world;
}

test('the relay\'s credentials are fetched anew before they run out, however long somebody waits', async () => {
  const world = await waiting(3600);
  world.timers.advance(44 * MINUTE);
  assert.deepEqual(world.asked, []);
  world.timers.advance(2 * MINUTE);
  assert.deepEqual(world.asked, [['/api/v1/ice', world.roomText]]);
  await settle();
  world.timers.advance(46 * MINUTE);
  assert.equal(world.asked.length, 2);
});

test('without an answer it asks again in a minute, and never more often', async () => {
  const world = await waiting(0);
  world.ttl = null;
  for (let minute = 1; minute <= 3; minute++) {
    world.timers.advance(MINUTE);
    await settle();
    assert.equal(world.asked.length, minute);
  }
});

test('nothing is asked any more when it is over', async () => {
  const world = await waiting(3600);
  world.socket.onmessage({ data: JSON.stringify({ type: 'over', reason: 'declined' }) });
  assert.deepEqual(world.over, ['declined']);
  world.timers.advance(90 * MINUTE);
  assert.deepEqual(world.asked, []);
});

/** How it is over for the person once the clinic's app has hung up for this reason. */
async function hungUp(reason) {
  const world = await waiting(3600);
  const give = (n, data) => world.socket.onmessage({ data: JSON.stringify({ type: 'relay', n, data: JSON.stringify(data) }) });
  const hello = () => world.sent.find((message) => message.type === 'relay');
  for (let turn = 0; turn < 1000 && !hello(); turn++) await settle();
  const clinician = new Clinician(world.invitation, JSON.parse(hello().data));
  give(1, clinician.hello);
  give(2, clinician.seal('hang-up', { reason }));
  for (let turn = 0; turn < 1000 && world.over.length === 0; turn++) await settle();
  return world.over;
}

test('a call that failed is not told as a consultation that is over', async () => {
  assert.deepEqual(await hungUp('failed'), ['unconnected']);
  assert.deepEqual(await hungUp('ended'), ['ended']);
});
