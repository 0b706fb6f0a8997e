// SPDX-License-Identifier: GPL-3.0-or-later
// The connection's states with a peer connection that does as it is told.
import assert from 'node:assert/strict';
import test from 'node:test';
import { page, Timers } from './helpers.mjs';

globalThis.MediaStream = class { tracks = []; addTrack(track) { this.tracks.push(track); } };
const { Call, makeCertificate, newTexts } = await page('call.js');
const sdp = (byte) => `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=fingerprint:sha-256 ${Array(32).fill(byte).join(':')}\r\n`;

class FakeConnection {
  connectionState = 'new'; iceConnectionState = 'new'; remoteDescription = null; localDescription = null; closed = false; candidates = []; configuration;
  constructor(configuration) {
    this.configuration = configuration;
    this.transceivers = ['audio', 'video'].map((kind) => ({ direction: 'recvonly', receiver: { track: { kind } },
      sender: { track: null, async replaceTrack(track) { this.track = track; } } }));
  }
  getTransceivers() { return this.transceivers; }
  getConfiguration() { return this.configuration; }
  setConfiguration(configuration) { this.configuration = configuration; }
  async setRemoteDescription(description) { this.remoteDescription = description; }
  async setLocalDescription() { this.localDescription = { sdp: sdp('01') }; }
  async addIceCandidate(candidate) { this.candidates.push(candidate); if (candidate?.candidate === 'bad') throw new Error('bad'); }
  received = 0;
  async getStats() { return new Map([['pair', { type: 'candidate-pair', bytesReceived: this.received, requestsReceived: 1 }], ['in', { type: 'inbound-rtp', bytesReceived: Math.random() }]]); }
  close() { this.closed = true; }
  become(state) { this.connectionState = state; this.onconnectionstatechange(); }
  get sending() { return this.transceivers.map(({ sender }) => sender.track); }
}

function open(options = {}) {
  const world = { sent: [], states: [], refused: [], timers: new Timers(), chats: [], files: [], silences: [], full: 0 };
  world.call = new Call({ iceServers: [], relayOnly: false, timers: world.timers, ...options,
    send: (type, body) => world.sent.push([type, body]),
    PeerConnection: class extends FakeConnection { constructor(c) { super(c); world.pc = this; } },
    events: { state: (s) => world.states.push(s), refused: (r) => world.refused.push(r), remote() {}, described() {}, chatState() {},
      chat: (text) => world.chats.push(text), chatFull: () => { world.full++; }, file: (file) => world.files.push(file), fileChanged() {}, trackRefused() {}, silent: (silent) => world.silences.push(silent) } });
  world.call.setTrack('audio', 'A');
  world.call.setTrack('video', 'V');
  return world;
}

test('the certificate that was made before is the connection\'s; without one the browser makes it', () => {
  assert.deepEqual(open({ certificate: 'made' }).pc.configuration.certificates, ['made']);
  assert.ok(!('certificates' in open().pc.configuration));
});

test('a certificate is made without a connection, and that it cannot be is no error', async () => {
  let asked;
  class Browser {
    constructor() { assert.fail('a connection was made'); }
    static async generateCertificate(parameters) { asked = parameters; return 'made'; }
  }
  assert.equal(await makeCertificate(Browser), 'made');
  assert.deepEqual(asked, { name: 'ECDSA', namedCurve: 'P-256' });
  assert.equal(await makeCertificate(class { static async generateCertificate() { throw new Error('no'); } }), null);
  assert.equal(await makeCertificate(undefined), null);
});

async function connected(options) {
  const world = open(options);
  await world.call.offer({ sdp: sdp('AB') });
  world.pc.become('connected');
  return world;
}

test('an offer is answered and both tracks are sent', async () => {
  const world = await connected();
  assert.deepEqual(world.states, ['connecting', 'connected']);
  assert.deepEqual(world.sent.map(([type]) => type), ['answer']);
  assert.deepEqual(world.pc.sending, ['A', 'V']);
  assert.ok(world.pc.transceivers.every(({ direction }) => direction === 'sendrecv'));
});

test('a lost connection sends nothing, asks for a restart, and sends again only when it is back', async () => {
  const world = await connected();
  world.pc.become('disconnected');
  assert.deepEqual(world.pc.sending, [null, null]);
  assert.equal(world.states.at(-1), 'reconnecting');
  world.call.setTrack('video', 'V2');
  assert.deepEqual(world.pc.sending, [null, null]);
  world.timers.advance(2000);
  world.timers.advance(6000);
  assert.equal(world.sent.filter(([type]) => type === 'restart').length, 2);
  await world.call.offer({ sdp: sdp('AB'), ice_restart: true });
  assert.deepEqual(world.pc.sending, [null, null]);
  world.pc.become('connected');
  assert.deepEqual(world.pc.sending, ['A', 'V2']);
  assert.equal(world.states.at(-1), 'connected');
  world.timers.advance(60000);
  assert.equal(world.sent.filter(([type]) => type === 'restart').length, 2);
});

function openChat(world) {
  const channel = { label: 'chat', readyState: 'open', sent: [], send(data) { this.sent.push(data); } };
  world.pc.ondatachannel({ channel });
  return channel;
}

const pdf = (size) => { const bytes = new Uint8Array(size); bytes.set([0x25, 0x50, 0x44, 0x46, 0x2d]); return bytes; };

test('a file waits while the connection is lost, and goes on when it is back', async () => {
  const world = await connected();
  const channel = openChat(world);
  const file = world.call.sendFile('x.pdf', pdf(20000));
  world.pc.become('disconnected');
  channel.onmessage({ data: new Uint8Array([3, 0, 0, 0, 1, 0, 0, 0, 0]).buffer });
  assert.deepEqual([file.state, channel.sent.length], ['moving', 1]);
  assert.equal(world.call.sendFile('y.pdf', pdf(100)), null);
  assert.equal(world.call.chat('hello'), false);
  world.pc.become('connected');
  assert.equal(channel.sent.length, 3);
});

test('a chat that is full says so once, whoever writes', async () => {
  for (const who of ['here', 'there']) {
    const world = await connected();
    const channel = openChat(world);
    const write = () => (who === 'here' ? world.call.chat('a') : channel.onmessage({ data: 'a' }));
    for (let i = 0; i < 2000; i++) write();
    assert.deepEqual([channel.sent.length + world.chats.length, world.full], [2000, 0], who);
    for (let i = 0; i < 3; i++) write();
    channel.onmessage({ data: 'b' });
    assert.deepEqual([world.call.chat('c'), channel.sent.length + world.chats.length, world.full], [false, 2000, 1], who);
  }
});

test('the texts of an earlier call count too, and that it is full is said once', async () => {
  const texts = newTexts();
  const [before, after] = [await connected({ texts }), await connected({ texts })];
  for (const world of [before, after]) openChat(world);
  for (let i = 0; i < 1999; i++) before.call.chat('a');
  assert.deepEqual([after.call.chat('a'), after.call.chat('b'), before.call.chat('b')], [true, false, false]);
  assert.deepEqual([after.full, before.full], [1, 0]);
});

test('a text that the channel does not take is not sent, and a file waits for room', async () => {
  const world = await connected();
  const channel = openChat(world);
  const { send } = channel;
  const file = world.call.sendFile('x.pdf', pdf(20000));
  channel.send = () => { throw new Error('full'); };
  assert.equal(world.call.chat('hello'), false);
  channel.onmessage({ data: new Uint8Array([3, 0, 0, 0, 1, 0, 0, 0, 0]).buffer });
  world.timers.advance(30000);
  assert.deepEqual([file.state, channel.sent.length], ['moving', 1]);
  Object.assign(channel, { send, bufferedAmount: 500000 });
  channel.onbufferedamountlow();
  assert.equal(channel.sent.length, 1);
  channel.bufferedAmount = 0;
  channel.onbufferedamountlow();
  assert.equal(channel.sent.length, 3);
});

test('somebody may be in between: no picture, sound, text or file goes any more, and none is taken', async () => {
  const world = await connected();
  const channel = openChat(world);
  const file = world.call.sendFile('x.pdf', pdf(20000));
  world.call.stopSending();
  assert.deepEqual(world.pc.sending, [null, null]);
  assert.equal(file.state, 'stopped');
  const before = channel.sent.length;
  assert.equal(world.call.chat('hello'), false);
  assert.equal(world.call.sendFile('y.pdf', pdf(100)), null);
  channel.onmessage({ data: new Uint8Array([1, 0, 0, 0, 1, 0, 0, 0, 1, 3, 120]).buffer });
  assert.equal(world.files.length, 0);
  world.call.setTrack('audio', 'A2');
  world.pc.become('disconnected');
  world.pc.become('connected');
  assert.deepEqual(world.pc.sending, [null, null]);
  assert.equal(channel.sent.length, before);
});

async function halfSeconds(world, count, each = () => undefined) {
  for (let i = 0; i < count; i++) {
    each();
    world.timers.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a path that swallows everything is told within 2.5 s, and taken back by itself', async () => {
  const world = await connected();
  await halfSeconds(world, 6, () => { world.pc.received += 100; });
  await halfSeconds(world, 3);
  assert.deepEqual(world.silences, []);
  await halfSeconds(world, 1);
  assert.deepEqual([world.silences, world.call.silent], [[true], true]);
  assert.equal(world.call.state, 'connected');
  assert.deepEqual(world.pc.sending, ['A', 'V']); // nobody stops because the other may have
  await halfSeconds(world, 1, () => { world.pc.received += 1; });
  assert.deepEqual(world.silences, [true, false]);
});

test('silence of somebody who sends no media is told later, and ends with the connection', async () => {
  const world = await connected();
  await halfSeconds(world, 1, () => { world.pc.received += 100; });
  world.call.peerMedia = { camera: false, microphone: false };
  await halfSeconds(world, 7);
  assert.deepEqual(world.silences, []);
  await halfSeconds(world, 1);
  assert.deepEqual(world.silences, [true]);
  world.pc.become('disconnected');
  assert.deepEqual(world.silences, [true, false]);
  await halfSeconds(world, 10);
  assert.deepEqual(world.silences, [true, false]);
});

test('failed asks at once', async () => {
  const world = await connected();
  world.pc.become('failed');
  world.timers.advance(0);
  assert.deepEqual(world.sent.at(-1), ['restart', {}]);
});

test('another fingerprint in the same connection ends it', async () => {
  const world = await connected();
  await world.call.offer({ sdp: sdp('AC'), ice_restart: true });
  assert.deepEqual(world.refused, ['another fingerprint']);
  assert.equal(world.pc.closed, true);
});

test('an unsafe offer opens nothing', async () => {
  const world = open();
  await world.call.offer({ sdp: sdp('AB').replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP') });
  assert.deepEqual(world.refused, ['plain']);
  assert.equal(world.pc.remoteDescription, null);
  assert.equal(world.pc.closed, true);
});

test('candidates wait for the offer, bad ones harm nothing, and there is a limit', async () => {
  const world = open();
  await world.call.candidate({ candidate: 'early', sdpMid: '0', sdpMLineIndex: 0 });
  assert.equal(world.pc.candidates.length, 0);
  await world.call.offer({ sdp: sdp('AB') });
  assert.equal(world.pc.candidates[0].candidate, 'early');
  await world.call.candidate({ candidate: 'bad', sdpMid: null, sdpMLineIndex: 0 });
  await world.call.candidate({ candidate: 'anywhere', sdpMid: null, sdpMLineIndex: null });
  assert.deepEqual(world.pc.candidates.at(-1), { candidate: 'anywhere', sdpMid: null, sdpMLineIndex: 0 });
  await world.call.candidate({ candidate: 7 });
  await world.call.candidate(null);
  assert.equal(world.pc.candidates.at(-1), undefined);
  for (let i = 0; i < 400; i++) await world.call.candidate({ candidate: 'x', sdpMid: '0' });
  assert.ok(world.pc.candidates.length <= 258);
  assert.deepEqual(world.refused, []);
});

test('relay only, and fresh relays for the next restart', () => {
  const world = open({ relayOnly: true });
  assert.equal(world.pc.configuration.iceTransportPolicy, 'relay');
  world.call.setIceServers([{ urls: ['turn:x'] }]);
  assert.deepEqual(world.pc.configuration.iceServers, [{ urls: ['turn:x'] }]);
  assert.equal(world.pc.configuration.iceTransportPolicy, 'relay');
});

test('the chat: one channel of that name, text of a bounded size', async () => {
  const world = await connected();
  const channel = (label) => ({ label, readyState: 'open', sent: [], closed: false, send(t) { this.sent.push(t); }, close() { this.closed = true; } });
  const [chat, other, second] = [channel('chat'), channel('x'), channel('chat')];
  for (const one of [other, chat, second]) world.pc.ondatachannel({ channel: one });
  assert.deepEqual([chat.closed, other.closed, second.closed], [false, true, true]);
  for (const data of ['hello', '', 'x'.repeat(9000), new ArrayBuffer(4)]) chat.onmessage({ data });
  assert.deepEqual(world.chats, ['hello']);
  assert.equal(world.call.chat('a'), true);
  world.pc.become('disconnected');
  assert.equal(world.call.chat('b'), false);
  assert.deepEqual(chat.sent, ['a']);
});

test('after close nothing happens', async () => {
  const world = await connected();
  world.call.close();
  world.pc.become('failed');
  await world.call.offer({ sdp: sdp('AB') });
  world.timers.advance(60000);
  assert.deepEqual(world.sent.map(([type]) => type), ['answer']);
});
