/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sealed session between the two people's clients; a message that was altered makes it useless for ever. */

import { concat, fromBase64url, fromUtf8, toBase64url, uint64, utf8 } from './bytes.js';
import { decrypt, ecdh, encrypt, hkdf, importPublicKey, importSealKey, sha256 } from './keys.js';
import { parseJson, utf8Length } from '../wire.js';

export const PATIENT = 0;
export const CLINICIAN = 1;
const MAX_PLAIN = 40 * 1024;
const TAG = 16;
const MAX_TYPE = 32;
const ROLES = ['patient', 'clinician'];

export function helloMessage(role, id, key) {
  return { t: 'hello', v: 1, role: ROLES[role], id: toBase64url(id), key: toBase64url(key) };
}

/** { id, key } of a hello of that role, or null when it is not one. */
export function readHello(message, role) {
  if (message.t !== 'hello' || message.v !== 1 || message.role !== ROLES[role]) return null;
  const id = fromBase64url(message.id, 16);
  const key = fromBase64url(message.key, 65);
  return id && key ? { id, key } : null;
}

const helloBytes = (role, hello) =>
  concat(utf8('bedside hello v1'), Uint8Array.of(role), hello.id, hello.key);

function mask(iv, sequence) {
  const nonce = Uint8Array.from(iv);
  uint64(sequence).forEach((byte, i) => { nonce[4 + i] ^= byte; });
  return nonce;
}

async function directionKey(ikm, salt, room, direction) {
  const info = concat(utf8('bedside channel v1'), room, Uint8Array.of(direction));
  const bytes = await hkdf(ikm, salt, info, 44);
  return { key: await importSealKey(bytes.subarray(0, 32)), iv: bytes.slice(32), sequence: 0 };
}

function readBody(plain) {
  try {
    return parseJson(fromUtf8(plain), MAX_PLAIN);
  } catch {
    return null; // The clinician's app did say it, but this page does not know what it is.
  }
}

export class Channel {
  #room; #ids; #directions; #own; #broken = false;

  constructor(room, ids, directions, own) {
    this.#room = room;
    this.#ids = ids;
    this.#directions = directions;
    this.#own = own;
  }

  /**
   * The patient's end of a session.
   * `patient` and `clinician` are hellos { id, key }; `privateKey` belongs to the patient's hello;
   * `clinicianKey` is the key of the card. Throws when a key is not a point of the curve.
   */
  static async forPatient({ room, sealRoot, clinicianKey, privateKey, patient, clinician }) {
    const [fixed, fresh] = await Promise.all([importPublicKey(clinicianKey), importPublicKey(clinician.key)]);
    const ikm = concat(await ecdh(privateKey, fixed), await ecdh(privateKey, fresh), sealRoot);
    const salt = await sha256(helloBytes(PATIENT, patient), helloBytes(CLINICIAN, clinician));
    const directions = await Promise.all(
      [PATIENT, CLINICIAN].map((direction) => directionKey(ikm, salt, room, direction)));
    ikm.fill(0);
    return new Channel(room, [patient.id, clinician.id], directions, PATIENT);
  }

  get patientId() { return this.#ids[PATIENT]; }
  get clinicianId() { return this.#ids[CLINICIAN]; }
  get broken() { return this.#broken; }

  #associated(direction, sequence, type) {
    return concat(utf8('bedside sealed v1'), this.#room, this.#ids[PATIENT], this.#ids[CLINICIAN],
      Uint8Array.of(direction), uint64(sequence), utf8(type));
  }

  /** One call at a time: the order of the calls is the order of the sequence numbers. */
  async seal(type, body) {
    if (this.#broken) throw new Error('the session is over');
    const text = JSON.stringify(body);
    if (utf8Length(text) > MAX_PLAIN) throw new Error('too large');
    const direction = this.#directions[this.#own];
    const sequence = ++direction.sequence;
    const box = await encrypt(direction.key, mask(direction.iv, sequence), utf8(text),
      this.#associated(this.#own, sequence, type));
    return { t: 'sealed', from: toBase64url(this.#ids[this.#own]), to: toBase64url(this.#ids[1 - this.#own]),
      seq: sequence, type, box: toBase64url(box) };
  }

  /** Whether the message names this session; others are to be dropped. */
  concerns(message) {
    return message.to === toBase64url(this.#ids[this.#own]) &&
      message.from === toBase64url(this.#ids[1 - this.#own]);
  }

  /**
   * { type, body }, where body is null when the text is no JSON object; null for a repeat, which stays closed.
   * Throws, and breaks the session, on anything that is not the next message.
   */
  async open(message) {
    if (this.#broken) throw new Error('the session is over');
    const direction = this.#directions[1 - this.#own];
    if (Number.isSafeInteger(message.seq) && message.seq > 0 && message.seq <= direction.sequence) return null;
    try {
      const plain = await this.#unseal(direction, message);
      direction.sequence = message.seq;
      return { type: message.type, body: readBody(plain) };
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  async #unseal(direction, { seq, type, box: text }) {
    if (seq !== direction.sequence + 1) throw new Error('sequence');
    if (typeof type !== 'string' || utf8Length(type) > MAX_TYPE) throw new Error('type');
    const box = fromBase64url(text);
    if (!box || box.length < TAG || box.length > MAX_PLAIN + TAG) throw new Error('box');
    return decrypt(direction.key, mask(direction.iv, seq), box, this.#associated(1 - this.#own, seq, type));
  }

  /** Forgets the keys. */
  forget() {
    this.#broken = true;
    this.#directions = null;
  }
}
