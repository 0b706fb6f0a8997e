/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sealed sessions, one after the other, with the clinician's app.
 *
 *   idle --start()--> greeting --the clinician's hello for it--> open
 *   open --an altered message, a gap, `lost`, a second hello--> greeting
 *
 * Each loss forgets the keys and says a new hello, at most three in a minute. A message that was taken
 * before is passed over in silence: a server that was started again may deliver it twice.
 */

import { equal, fromBase64url, random } from './crypto/bytes.js';
import { Channel, CLINICIAN, helloMessage, PATIENT, readHello } from './crypto/channel.js';
import { generateKey, importPublicKey } from './crypto/keys.js';
import { parseJson } from './wire.js';

const HELLOS = 3;
const HELLOS_WITHIN_MS = 60000;

const isPoint = (key) => importPublicKey(key).then(() => true, () => false);

export class SealedSession {
  #room; #sealRoot; #clinicianKey; #relay; #events; #now; #timers;
  #state = 'idle'; #hello = null; #privateKey = null; #channel = null;
  #said = []; #answer = null; #work = Promise.resolve(); #timer = null;

  /** Events: open(channel), message(type, body), lost(altered): whether a message
   * did not come as it was sent, and not only a new start of the app. `relay(text)` hands text to the hop. */
  constructor({ room, sealRoot, clinicianKey, relay, events, now = Date.now, timers = globalThis }) {
    this.#room = room;
    this.#sealRoot = sealRoot;
    this.#clinicianKey = clinicianKey;
    this.#relay = relay;
    this.#events = events;
    this.#now = now;
    this.#timers = timers;
  }

  get state() { return this.#state; }

  /** A new hello with a fresh key: after a join with a new hop. */
  start() { return this.#queue(() => this.#greet()); }

  /** Text from the hop. */
  receive(text) { return this.#queue(() => this.#take(text)); }

  /** Resolves to whether it could be sealed: what no session carries is not kept. */
  send(type, body) {
    return this.#queue(async () => {
      if (this.#state !== 'open') return false;
      this.#relay(JSON.stringify(await this.#channel.seal(type, body)));
      return true;
    });
  }

  stop() {
    this.#timers.clearTimeout(this.#timer);
    this.#channel?.forget();
    this.#state = 'stopped';
  }

  #queue(step) {
    const result = this.#work.then(() => (this.#state === 'stopped' ? undefined : step()));
    this.#work = result.catch(() => undefined);
    return result;
  }

  async #greet() {
    const wait = this.#tooSoon();
    this.#state = 'greeting';
    this.#hello = null;
    this.#channel?.forget();
    this.#channel = null;
    if (wait > 0) {
      this.#timers.clearTimeout(this.#timer);
      this.#timer = this.#timers.setTimeout(() => this.start(), wait);
      return;
    }
    this.#said.push(this.#now());
    const { privateKey, publicBytes } = await generateKey();
    this.#privateKey = privateKey;
    this.#hello = { id: random(16), key: publicBytes };
    this.#answer = null;
    this.#relay(JSON.stringify(helloMessage(PATIENT, this.#hello.id, this.#hello.key)));
  }

  #tooSoon() {
    const since = this.#now() - HELLOS_WITHIN_MS;
    this.#said = this.#said.filter((time) => time > since);
    return this.#said.length < HELLOS ? 0 : this.#said[0] - since;
  }

  async #take(text) {
    let message;
    try {
      message = parseJson(text);
    } catch {
      return; // Not of this protocol: nothing a session could have said.
    }
    if (message.t === 'hello') await this.#takeHello(message);
    else if (message.t === 'lost' && this.#hello) await this.#lose();
    else if (message.t === 'sealed' && this.#state === 'open') await this.#takeSealed(message);
  }

  async #lose(altered = false) {
    const wasOpen = this.#state === 'open';
    this.#channel?.forget();
    if (wasOpen) this.#events.lost(altered);
    await this.#greet();
  }

  async #takeHello(message) {
    const clinician = readHello(message, CLINICIAN);
    const to = fromBase64url(message.to, 16);
    if (!clinician || !to || !this.#hello || !equal(to, this.#hello.id) || !await isPoint(clinician.key)) return;
    if (this.#channel) {
      const same = equal(this.#answer.id, clinician.id) && equal(this.#answer.key, clinician.key);
      if (!same) await this.#lose();
      return;
    }
    this.#channel = await Channel.forPatient({ room: this.#room, sealRoot: this.#sealRoot, clinician,
      clinicianKey: this.#clinicianKey, privateKey: this.#privateKey, patient: this.#hello });
    this.#answer = clinician;
    this.#privateKey = null;
    this.#state = 'open';
    this.#events.open(this.#channel);
  }

  async #takeSealed(message) {
    if (!this.#channel.concerns(message)) return;
    let opened;
    try {
      opened = await this.#channel.open(message);
    } catch {
      await this.#lose(true);
      return;
    }
    if (opened?.body) this.#events.message(opened.type, opened.body);
  }
}
