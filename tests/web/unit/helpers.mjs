// SPDX-License-Identifier: GPL-3.0-or-later
// The clinician's half of the sealed channel with node's own crypto, apart from the page's modules.
import crypto from 'node:crypto';

export const page = (name) => import(new URL(name, `file://${process.env.BEDSIDE_PAGE}/`).href);
export const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
const hkdf = (ikm, salt, info, length) => Buffer.from(crypto.hkdfSync('sha256', ikm, salt, info, length));

function ecdhKey() {
  const key = crypto.createECDH('prime256v1');
  key.generateKeys();
  return key;
}

export function makeInvitation(change = {}) {
  const secret = crypto.randomBytes(32);
  const key = ecdhKey();
  const point = key.getPublicKey();
  const derive = (label, length = 32) => hkdf(secret, '', label, length);
  const room = hkdf(secret, '', Buffer.concat([Buffer.from('bedside room v1'), point]), 16);
  const plain = { v: 1, key: b64(point), clinic: 'C', clinician: 'D', time: null, language: 'en', telephone: '1',
    relay_only: false, consent: [{ version: '1', language: 'en', summary: 's', text: 't' }], ...change };
  const nonce = crypto.randomBytes(12);
  const cipher = crypto.createCipheriv('aes-256-gcm', derive('bedside card v1'), nonce);
  cipher.setAAD(Buffer.concat([Buffer.from('bedside card v1'), room]));
  const body = Buffer.concat([cipher.update(typeof change === 'string' ? change : JSON.stringify(plain)), cipher.final()]);
  return { secret, key, point, room, sealRoot: derive('bedside seal v1'), admission: derive('bedside admission v1'),
    card: b64(Buffer.concat([nonce, body, cipher.getAuthTag()])) };
}

export class Clinician {
  constructor(invitation, hello) {
    const fresh = ecdhKey();
    this.room = invitation.room;
    this.patient = Buffer.from(hello.id, 'base64url');
    this.id = crypto.randomBytes(16);
    const theirs = Buffer.from(hello.key, 'base64url');
    const point = fresh.getPublicKey();
    this.hello = { t: 'hello', v: 1, role: 'clinician', id: b64(this.id), key: b64(point), to: hello.id };
    const ikm = Buffer.concat([invitation.key.computeSecret(theirs), fresh.computeSecret(theirs), invitation.sealRoot]);
    const salt = sha256(Buffer.from('bedside hello v1\0'), this.patient, theirs, Buffer.from('bedside hello v1\x01'), this.id, point);
    this.keys = [0, 1].map((d) => hkdf(ikm, salt, Buffer.concat([Buffer.from('bedside channel v1'), this.room, Buffer.of(d)]), 44));
    this.sent = 0;
  }

  #parts(direction, seq, type) {
    const counter = Buffer.alloc(12);
    counter.writeBigUInt64BE(BigInt(seq), 4);
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(seq));
    return { key: this.keys[direction].subarray(0, 32), nonce: this.keys[direction].subarray(32).map((v, i) => v ^ counter[i]),
      aad: Buffer.concat([Buffer.from('bedside sealed v1'), this.room, this.patient, this.id, Buffer.of(direction), bytes, Buffer.from(type)]) };
  }

  seal(type, body, seq = ++this.sent) {
    const { key, nonce, aad } = this.#parts(1, seq, type);
    const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    const box = Buffer.concat([cipher.update(typeof body === 'string' ? body : JSON.stringify(body)), cipher.final(), cipher.getAuthTag()]);
    return { t: 'sealed', from: b64(this.id), to: b64(this.patient), seq, type, box: b64(box) };
  }

  open(message) {
    const { key, nonce, aad } = this.#parts(0, message.seq, message.type);
    const box = Buffer.from(message.box, 'base64url');
    const cipher = crypto.createDecipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    cipher.setAuthTag(box.subarray(-16));
    return JSON.parse(Buffer.concat([cipher.update(box.subarray(0, -16)), cipher.final()]));
  }
}

/** Timers that only move when told. */
export class Timers {
  now = 0;
  #due = new Map();
  #next = 1;
  setTimeout = (run, delay) => { this.#due.set(this.#next, { run, at: this.now + delay }); return this.#next++; };
  clearTimeout = (id) => { this.#due.delete(id); };
  advance(by) {
    const end = this.now + by;
    for (;;) {
      const [id, first] = [...this.#due].filter(([, entry]) => entry.at <= end).sort((a, b) => a[1].at - b[1].at)[0] ?? [];
      if (!first) break;
      this.#due.delete(id);
      this.now = first.at;
      first.run();
    }
    this.now = end;
  }
}
