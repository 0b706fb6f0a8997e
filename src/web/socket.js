/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The WebSocket to the clinic and its reliable hop: what is not confirmed is sent again after a new
 * attach, with the same number; what arrives twice is passed on once.
 *
 *   closed --open()--> connecting --welcome--> attached --lost--> waiting --back-off--> connecting
 *   any --close(), over, a final error--> closed
 */

import { toBase64url } from './crypto/bytes.js';
import { isCount, isText, MAX_FRAME, parseJson, utf8Length } from './wire.js';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15000;
const ANSWER_WITHIN_MS = 15000;
const MAX_UNCONFIRMED = 64;
const FINAL_ERRORS = new Set(['expired', 'revoked', 'used', 'not-found', 'unauthorized', 'forbidden', 'bad-request']);

/** The wait before attempt `attempt` (0, 1, …): doubling, with up to half of it at random. */
export function backOff(attempt, chance = Math.random()) {
  const whole = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (0.5 + chance / 2));
}

/** What the server numbered: passes each relay on once, and takes a restarted server's new count. */
export class Inbox {
  #last = 0;
  #seen = new Map();

  /** Whether relay `n` is new. */
  take(n, data) {
    if (n <= this.#last) {
      if (this.#seen.get(n) === data || !this.#seen.has(n)) return false;
      this.#seen.clear();
    }
    this.#last = n;
    this.#seen.set(n, data);
    if (this.#seen.size > MAX_UNCONFIRMED) this.#seen.delete(this.#seen.keys().next().value);
    return true;
  }
}

/** What this page numbered and the server has not confirmed. */
export class Outbox {
  #next = 1;
  #pending = new Map();

  add(data) {
    if (this.#pending.size >= MAX_UNCONFIRMED) throw new Error('too much waits for the network');
    const relay = { type: 'relay', n: this.#next++, data };
    this.#pending.set(relay.n, relay);
    return relay;
  }

  confirm(n) { this.#pending.delete(n); }

  get waiting() { return [...this.#pending.values()]; }
}

export class Socket {
  #connect; #join; #events; #timers;
  #socket = null; #state = 'closed'; #attempt = 0; #timer = null;
  #hop; #inbox; #outbox; #newHop = true;

  /**
   * `connect()` makes a WebSocket; `join` is the join message without its hop; `makeHop()` gives 16
   * bytes. Events: state(name), welcome(message, newHop), relay(text), position(n), host(online),
   * over(reason), refused(code, retryAfter).
   */
  constructor({ connect, join, makeHop, events, timers = globalThis }) {
    this.#connect = connect;
    this.#join = join;
    this.makeHop = makeHop;
    this.#events = events;
    this.#timers = timers;
    this.#startHop();
  }

  get state() { return this.#state; }

  open() {
    if (this.#state === 'closed') this.#begin();
  }

  close({ leave = false } = {}) {
    if (leave && this.#state === 'attached') this.#transmit({ type: 'leave' });
    this.#enter('closed');
    this.#drop();
  }

  /** Text for the other side; kept until the server has it. */
  relay(data) {
    const relay = this.#outbox.add(data);
    if (this.#state === 'attached') this.#transmit(relay);
  }

  /** Tries at once instead of waiting, when the network is said to be back. */
  hurry() {
    if (this.#state !== 'waiting') return;
    this.#attempt = 0;
    this.#begin();
  }

  #startHop() {
    this.#hop = this.makeHop();
    this.#inbox = new Inbox();
    this.#outbox = new Outbox();
    this.#newHop = true;
  }

  #enter(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.state?.(state);
  }

  #drop() {
    this.#timers.clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) socket.close();
  }

  #begin() {
    this.#drop();
    this.#enter('connecting');
    const socket = this.#connect();
    this.#socket = socket;
    this.#timer = this.#timers.setTimeout(() => this.#lost(socket), ANSWER_WITHIN_MS);
    socket.onopen = () => this.#transmit({ ...this.#join, hop: toBase64url(this.#hop) });
    socket.onmessage = (event) => { if (socket === this.#socket) this.#receive(event.data); };
    socket.onclose = () => this.#lost(socket);
    socket.onerror = () => this.#lost(socket);
  }

  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#retry(backOff(this.#attempt++));
  }

  #retry(delay) {
    this.#drop();
    this.#enter('waiting');
    this.#timer = this.#timers.setTimeout(() => this.#begin(), delay);
  }

  #transmit(message) {
    const text = JSON.stringify(message);
    if (utf8Length(text) > MAX_FRAME) throw new Error('too large');
    if (this.#socket?.readyState === 1) this.#socket.send(text);
  }

  #receive(text) {
    let message;
    try {
      message = parseJson(text);
    } catch {
      this.#lost(this.#socket);
      return;
    }
    const handler = { __proto__: null, welcome: this.#onWelcome, relay: this.#onRelay, ok: this.#onOk, error: this.#onError,
      over: this.#onOver, position: this.#onPosition, host: this.#onHost }[message.type];
    handler?.call(this, message);
  }

  #onWelcome(message) {
    if (this.#state !== 'connecting') return;
    this.#timers.clearTimeout(this.#timer);
    this.#attempt = 0;
    this.#enter('attached');
    const first = this.#newHop;
    this.#newHop = false;
    for (const relay of this.#outbox.waiting) this.#transmit(relay);
    this.#events.welcome(message, first);
  }

  #onRelay(message) {
    if (!isCount(message.n) || !isText(message.data, 1, MAX_FRAME)) return;
    this.#transmit({ type: 'ok', n: message.n });
    if (this.#inbox.take(message.n, message.data)) this.#events.relay(message.data);
  }

  #onOk(message) { this.#outbox.confirm(message.n); }

  #onPosition(message) { if (isCount(message.position)) this.#events.position(message.position); }

  #onHost(message) { this.#events.host(message.online === true); }

  #onOver(message) {
    this.#enter('closed');
    this.#drop();
    this.#events.over(isText(message.reason, 1, 40) ? message.reason : 'ended');
  }

  #onError(message) {
    const code = isText(message.code, 1, 40) ? message.code : 'unavailable';
    if (FINAL_ERRORS.has(code) && this.#state === 'connecting') {
      this.#enter('closed');
      this.#drop();
      this.#events.refused(code);
    } else if (code === 'conflict') {
      this.#startHop();
      this.#retry(backOff(this.#attempt++));
    } else if (code === 'rate-limited') {
      this.#retry(LONGEST_DELAY_MS);
    } else if (this.#state === 'connecting') {
      this.#lost(this.#socket);
    }
  }
}
