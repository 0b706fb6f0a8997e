/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The primitives of the protocol, all from WebCrypto, and the values an invitation's secret gives. */

import { concat, equal, utf8 } from './bytes.js';

const subtle = crypto.subtle;
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const NOTHING = new Uint8Array(0);

export async function sha256(...parts) {
  return new Uint8Array(await subtle.digest('SHA-256', concat(...parts)));
}

export async function hkdf(secret, salt, info, length) {
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const bits = await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8);
  return new Uint8Array(bits);
}

/** Throws when the 65 bytes are not an uncompressed point of the curve. */
export async function importPublicKey(bytes) {
  if (bytes.length !== 65 || bytes[0] !== 4) throw new Error('not an uncompressed point');
  return subtle.importKey('raw', bytes, CURVE, true, []);
}

/** A fresh key pair whose private half cannot leave WebCrypto: { privateKey, publicBytes }. */
export async function generateKey() {
  const pair = await subtle.generateKey(CURVE, false, ['deriveBits']);
  const publicBytes = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
  return { privateKey: pair.privateKey, publicBytes };
}

/** The x coordinate, 32 bytes. */
export async function ecdh(privateKey, publicKey) {
  return new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256));
}

export async function importSealKey(bytes) {
  return subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

export async function encrypt(key, nonce, plain, associated) {
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: associated, tagLength: 128 };
  return new Uint8Array(await subtle.encrypt(algorithm, key, plain));
}

/** Throws when the tag is wrong. */
export async function decrypt(key, nonce, box, associated) {
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: associated, tagLength: 128 };
  return new Uint8Array(await subtle.decrypt(algorithm, key, box));
}

/** What the page derives from the link's secret: { admissionToken, sealRoot, cardKey }. */
export async function deriveInvitation(secret) {
  const derive = (label) => hkdf(secret, NOTHING, utf8(label), 32);
  const [admissionToken, sealRoot, cardKey] = await Promise.all(
    ['bedside admission v1', 'bedside seal v1', 'bedside card v1'].map(derive));
  return { admissionToken, sealRoot, cardKey };
}

/** Whether the clinician's key is the one this link was made with. */
export async function keyBelongsToRoom(secret, room, clinicianKey) {
  const derived = await hkdf(secret, NOTHING, concat(utf8('bedside room v1'), clinicianKey), 16);
  return equal(derived, room);
}
