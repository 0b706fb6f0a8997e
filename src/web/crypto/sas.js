/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The short authentication string: four words that are the same on both screens, or somebody is between. */

import { concat, equal, random, utf8 } from './bytes.js';
import { sha256 } from './keys.js';

/** The SHA-256 fingerprint that is the same in every section, or null. */
export function fingerprint(sdp) {
  const lines = sdp.split(/\r?\n/).filter((line) => /^a=fingerprint:/i.test(line));
  const values = lines.map((line) => /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})\s*$/i.exec(line)?.[1]);
  if (lines.length === 0 || values.some((value) => value?.toUpperCase() !== values[0]?.toUpperCase())) return null;
  return values[0] ? Uint8Array.from(values[0].split(':'), (pair) => parseInt(pair, 16)) : null;
}

/** The patient's half of one attempt for one DTLS association. */
export class Verification {
  #context; #commit; #nonce;

  constructor(patientId, clinicianId, patientFingerprint, clinicianFingerprint) {
    this.#context = concat(utf8('bedside sas v1'), patientId, clinicianId, patientFingerprint, clinicianFingerprint);
  }

  /** Takes the clinician's commitment once; returns the nonce to send. */
  commit(commitment) {
    if (this.#commit || commitment?.length !== 32) throw new Error('a second or malformed commitment');
    this.#commit = commitment;
    this.#nonce = random(32);
    return this.#nonce;
  }

  /** The four bytes that pick the words; throws when the nonce is not the one committed to. */
  async reveal(nonce) {
    if (!this.#commit || nonce?.length !== 32) throw new Error('nothing was committed');
    if (!equal(await sha256(nonce, this.#context), this.#commit)) throw new Error('another nonce was committed');
    const digest = await sha256(utf8('bedside sas words v1'), nonce, this.#nonce, this.#context);
    return digest.slice(0, 4);
  }
}
