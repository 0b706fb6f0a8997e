// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import test, { mock } from 'node:test';
import { b64, makeInvitation, page } from './helpers.mjs';

const { equal, fromBase64url, toBase64url, uint64 } = await page('crypto/bytes.js');
const { deriveInvitation } = await page('crypto/keys.js');
const { openCard } = await page('crypto/card.js');
const { Channel } = await page('crypto/channel.js');
const { fingerprint, Verification } = await page('crypto/sas.js');
const { parseJson } = await page('wire.js');

test('base64url: each length there and back, as node writes it', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = crypto.randomBytes(length);
    assert.equal(toBase64url(bytes), bytes.toString('base64url'));
    assert.deepEqual(Buffer.from(fromBase64url(toBase64url(bytes))), bytes);
  }
});

test('base64url: padding, other letters, a second spelling and another length are refused', () => {
  for (const text of ['AA==', 'AA=', 'A', 'AB', 'AAB', 'A+AA', 'A/AA', 'AA A', 'AA\n', 'ÄÄ', null, undefined, 7, {}]) {
    assert.equal(fromBase64url(text), null, String(text));
  }
  assert.equal(fromBase64url('AAAA', 4), null);
});

test('64-bit numbers are big-endian beyond 32 bits', () => {
  assert.equal(Buffer.from(uint64(2 ** 40 + 5)).toString('hex'), '0000010000000005');
  assert.equal(equal(uint64(1), uint64(2)), false);
});

test('JSON: size, depth and shape are measured first', () => {
  assert.deepEqual(parseJson('{"a":[1]}'), { a: [1] });
  assert.deepEqual(parseJson(`{"a":"${'['.repeat(50)}\\"${'{'.repeat(50)}"}`).a.length, 101);
  for (const text of ['[]', 'null', '1', '', '{', '"x"', '['.repeat(100000), `{"a":${'['.repeat(16)}${']'.repeat(16)}}`,
    `{"a":"${'é'.repeat(33000)}"}`, 5, undefined]) assert.throws(() => parseJson(text), undefined, String(text).slice(0, 20));
});

test('card: opens, and gives what is shown', async () => {
  const invitation = makeInvitation({ time: '2026-03-14T10:30:00Z' });
  const { cardKey, admissionToken, sealRoot } = await deriveInvitation(invitation.secret);
  assert.deepEqual(Buffer.from(admissionToken), invitation.admission);
  assert.deepEqual(Buffer.from(sealRoot), invitation.sealRoot);
  const card = await openCard(invitation.card, { ...invitation, cardKey });
  assert.equal(card.clinician, 'D');
  assert.equal(card.time.toISOString(), '2026-03-14T10:30:00.000Z');
  assert.deepEqual(Buffer.from(card.key), invitation.point);
});

test('card: each flipped byte, another room and another key are refused', async () => {
  const invitation = makeInvitation();
  const { cardKey } = await deriveInvitation(invitation.secret);
  const sealed = Buffer.from(invitation.card, 'base64url');
  for (let i = 0; i < sealed.length; i += 7) {
    const altered = Buffer.from(sealed);
    altered[i] ^= 1;
    await assert.rejects(openCard(b64(altered), { ...invitation, cardKey }));
  }
  await assert.rejects(openCard(invitation.card, { ...invitation, cardKey, room: crypto.randomBytes(16) }));
  for (const card of ['', 'AAAA', '!', 'A'.repeat(100000)]) await assert.rejects(openCard(card, { ...invitation, cardKey }));
  const swapped = makeInvitation({ key: b64(makeInvitation().point) });
  const keys = await deriveInvitation(swapped.secret);
  await assert.rejects(openCard(swapped.card, { ...swapped, cardKey: keys.cardKey }), /another room/);
});

test('card: missing and mistyped members are refused', async () => {
  const consent = { version: '1', language: 'en', summary: '', text: 't' };
  for (const change of [{ v: 2 }, { clinic: '' }, { clinician: 5 }, { time: 'soon' }, { time: 12 }, { relay_only: 'no' }, { telephone: null },
    { key: 'AAAA' }, { consent: {} }, { consent: [{ ...consent, text: '' }] }, { consent: [{ ...consent, language: '<b>' }] },
    { consent: Array(33).fill(consent) }]) {
    const invitation = makeInvitation(change);
    const { cardKey } = await deriveInvitation(invitation.secret);
    await assert.rejects(openCard(invitation.card, { ...invitation, cardKey }), undefined, JSON.stringify(change));
  }
});

const line = (byte) => `a=fingerprint:sha-256 ${Array(32).fill(byte).join(':')}\r\n`;

test('fingerprint: one, the same everywhere, SHA-256 only', () => {
  assert.deepEqual([...fingerprint(line('AB') + line('ab'))], Array(32).fill(0xab));
  assert.equal(fingerprint(line('AB') + line('AC')), null);
  assert.equal(fingerprint('v=0\r\n'), null);
  assert.equal(fingerprint(`${line('AB')}a=fingerprint:sha-1 AB:CD\r\n`), null);
  assert.equal(fingerprint('a=fingerprint:sha-256 AB:CD\r\n'), null);
});

test('words: the formula, and each way to cheat', async () => {
  const [patient, clinician, fpPatient, fpClinician, nonce] = [16, 16, 32, 32, 32].map((n) => crypto.randomBytes(n));
  const sha = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
  const context = Buffer.concat([Buffer.from('bedside sas v1'), patient, clinician, fpPatient, fpClinician]);
  const make = () => new Verification(patient, clinician, fpPatient, fpClinician);
  const one = make();
  const own = one.commit(sha(nonce, context));
  assert.deepEqual(Buffer.from(await one.reveal(nonce)), sha(Buffer.from('bedside sas words v1'), nonce, Buffer.from(own), context).subarray(0, 4));
  assert.throws(() => one.commit(sha(nonce, context)));
  await assert.rejects(make().reveal(nonce));
  const two = make();
  two.commit(sha(nonce, context));
  await assert.rejects(two.reveal(crypto.randomBytes(32)));
  assert.throws(() => make().commit(crypto.randomBytes(31)));
  assert.throws(() => make().commit(null));
});

const vectors = JSON.parse(fs.readFileSync(new URL('../../vectors/sealed-channel.json', import.meta.url)));
const bytes = fromBase64url;

test('the shared vectors: keys of an invitation and card', async () => {
  const { secret, room, token, seal_root: root, card_key: cardKey, public_key: point } = vectors.invite;
  const keys = await deriveInvitation(bytes(secret));
  assert.equal(toBase64url(keys.admissionToken), token);
  assert.equal(toBase64url(keys.sealRoot), root);
  assert.equal(toBase64url(keys.cardKey), cardKey);
  const card = await openCard(vectors.card.sealed, { secret: bytes(secret), room: bytes(room), cardKey: keys.cardKey });
  assert.equal(toBase64url(card.key), point);
});

/** The patient's end of the session of the vectors, with the private key that is written there. */
async function channelOfVectors() {
  const { patient, clinician } = vectors.session;
  const point = Buffer.from(bytes(patient.public_key));
  const jwk = { kty: 'EC', crv: 'P-256', d: patient.private_key, x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)) };
  const privateKey = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const hello = ({ id, public_key: key }) => ({ id: bytes(id), key: bytes(key) });
  return Channel.forPatient({ room: bytes(vectors.invite.room), sealRoot: bytes(vectors.invite.seal_root),
    clinicianKey: bytes(vectors.invite.public_key), privateKey, patient: hello(patient), clinician: hello(clinician) });
}

test('the shared vectors: each sealed message, both ways', async () => {
  const channel = await channelOfVectors();
  let own = 0;
  let other = 0;
  for (const { from_role: role, type, plaintext, message } of vectors.session.messages) {
    if (role === 'patient') {
      assert.deepEqual(await channel.seal(type, JSON.parse(plaintext)), message);
      own++;
    } else {
      assert.equal(channel.concerns(message), true);
      assert.deepEqual(await channel.open(message), { type, body: JSON.parse(plaintext) });
      assert.equal(await channel.open(message), null);
      other++;
    }
  }
  assert.ok(own > 0 && other > 0);
});

test('the shared vectors: the words', async () => {
  const { patient, clinician } = vectors.session;
  const { patient_fingerprint: ours, clinician_fingerprint: theirs, patient_nonce: nonce, clinician_nonce: revealed, commit, words } = vectors.sas;
  const verification = new Verification(bytes(patient.id), bytes(clinician.id), bytes(ours), bytes(theirs));
  const draw = mock.method(globalThis.crypto, 'getRandomValues', (out) => { out.set(bytes(nonce)); return out; });
  assert.equal(toBase64url(verification.commit(bytes(commit))), nonce);
  draw.mock.restore();
  assert.deepEqual([...await verification.reveal(bytes(revealed))], words);
});
