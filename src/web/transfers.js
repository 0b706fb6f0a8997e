/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of the chat: one in each direction at a time (docs/protocol.md section 5.1).
 *
 *   waiting --confirmed--> moving --all of it--> done
 *   either --stopped, refused, lost--> that state, for good
 */

const OFFER = 1;
const DATA = 2;
const HAVE = 3;
const STOP = 4;
const NO = 5;
const NO_STOPPED = 1;
const NO_BUSY = 2;
const NO_LIMIT = 3;
const NO_CONTENT = 4;
const CHUNK = 16000;
const WINDOW = 256 * 1024;
const MAX_MESSAGE = 16384;
const MAX_NAME = 200;
const MAX_CALL = 64 * 1024 * 1024;
const MAX_CALL_FILES = 100;
const PATIENCE_MS = 20000;
const MAX_UNSAID = 256;
export const MAX_FILE = 10 * 1024 * 1024;

const TYPES = [null, 'image/png', 'image/jpeg', 'application/pdf'];
const ENDINGS = [null, ['.png'], ['.jpg', '.jpeg'], ['.pdf']];
const BEGINS = [null, [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], [0xff, 0xd8, 0xff], [0x25, 0x50, 0x44, 0x46, 0x2d]];

/** The number of the type that the bytes begin as, 0 for none that is let through. */
export function typeOf(bytes) {
  const type = BEGINS.findIndex((begin) => begin && begin.every((byte, i) => bytes[i] === byte));
  return Math.max(type, 0);
}

/** One line without folders, controls or marks that turn text around, which ends as its type (a number) does. */
export function cleanName(name, type) {
  const clean = name.split(/[/\\]/).pop().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim().slice(0, 100);
  const plain = clean === '' || clean.startsWith('.') ? 'file' : clean;
  return ENDINGS[type].some((ending) => plain.toLowerCase().endsWith(ending)) ? plain : plain + ENDINGS[type][0];
}

function readName(bytes) {
  if (bytes.length === 0 || bytes.length > MAX_NAME) return null;
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /\p{Cc}/u.test(name) ? null : name;
  } catch {
    return null;
  }
}

/** The frame that these bytes are, or null: exactly one within the limits. */
export function parseFrame(bytes) {
  if (bytes.length < 5 || bytes.length > MAX_MESSAGE) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frame = { kind: bytes[0], number: view.getUint32(1) };
  if (frame.number === 0) return null;
  if (frame.kind === STOP) return bytes.length === 5 ? frame : null;
  if (frame.kind === NO) return bytes.length === 6 && bytes[5] >= 1 && bytes[5] <= 4 ? { ...frame, reason: bytes[5] } : null;
  if (bytes.length < 9) return null;
  const value = view.getUint32(5);
  if (frame.kind === HAVE) return bytes.length === 9 && value <= MAX_FILE ? { ...frame, have: value } : null;
  if (frame.kind === DATA) {
    const data = bytes.subarray(9);
    return data.length > 0 && data.length <= CHUNK && value + data.length <= MAX_FILE ? { ...frame, offset: value, data } : null;
  }
  if (frame.kind !== OFFER || bytes.length < 10) return null;
  const name = readName(bytes.subarray(10));
  return value > 0 && value <= MAX_FILE && TYPES[bytes[9]] && name !== null ? { ...frame, size: value, type: bytes[9], name } : null;
}

export function buildFrame(kind, number, values = [], rest = new Uint8Array()) {
  const head = values.reduce((sum, [size]) => sum + size, 5);
  const bytes = new Uint8Array(head + rest.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = kind;
  view.setUint32(1, number);
  let at = 5;
  for (const [size, value] of values) {
    if (size === 4) view.setUint32(at, value);
    else bytes[at] = value;
    at += size;
  }
  bytes.set(rest, head);
  return bytes;
}

/** At most MAX_NAME bytes, cut at a character's end. */
function nameBytes(name) {
  let text = name;
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > MAX_NAME) {
    text = [...text].slice(0, -1).join('');
    bytes = new TextEncoder().encode(text);
  }
  return bytes;
}

export class Transfers {
  #send; #events; #timers; #out = null; #in = null; #offered = 0; #lastIn = 0; #taken = 0; #takenFiles = 0; #paused = false; #held = false; #unsaid = [];

  /** `send(bytes)` gives whether they went; where they did not, resume() tells that there is room again. Events: added(file) of the other side, changed(file). */
  constructor({ send, events, timers = globalThis }) {
    this.#send = send;
    this.#events = events;
    this.#timers = timers;
  }

  /** Offers these bytes; the file with its state, or null when it cannot go now. */
  offer(name, bytes) {
    const type = typeOf(bytes);
    if (this.#out || this.#held || type === 0 || bytes.length > MAX_FILE) return null;
    const file = { name: cleanName(name, type), type: TYPES[type], size: bytes.length, moved: 0, mine: true, state: 'waiting', blob: null };
    const number = this.#offered + 1;
    if (!this.#send(buildFrame(OFFER, number, [[4, bytes.length], [1, type]], nameBytes(file.name)))) return null;
    this.#offered = number;
    this.#out = { file, number, bytes, sent: 0, timer: null };
    this.#wait(this.#out);
    return file;
  }

  stop(file) {
    if (file === this.#out?.file) {
      this.#say(buildFrame(STOP, this.#out.number));
      this.#endOut('stopped');
    } else if (file === this.#in?.file) {
      this.#refuse(this.#in.number, NO_STOPPED);
      this.#endIn('stopped');
    }
  }

  /** Both, and the other side is told. */
  stopAll() {
    for (const way of [this.#out, this.#in]) if (way) this.stop(way.file);
  }

  /** Nothing of a file goes out meanwhile, and nobody loses patience. */
  pause(paused) {
    this.#paused = paused;
    for (const way of [this.#out, this.#in]) if (way && !paused) this.#wait(way);
    if (this.#out?.file.state === 'moving') this.#pump();
  }

  /** There is room in the channel again. */
  resume() {
    this.#held = false;
    while (this.#unsaid.length > 0 && this.#send(this.#unsaid[0])) this.#unsaid.shift();
    this.#held = this.#unsaid.length > 0;
    if (!this.#held && this.#out?.file.state === 'moving') this.#pump();
  }

  /** The channel is gone. */
  lose() {
    this.#held = false;
    this.#unsaid = [];
    this.#endOut('lost');
    this.#endIn('lost');
    this.#lastIn = 0;
  }

  take(buffer) {
    const frame = parseFrame(new Uint8Array(buffer));
    if (!frame) return;
    if (frame.kind === OFFER) this.#takeOffer(frame);
    else if (frame.kind === DATA) this.#takeData(frame);
    else if (frame.kind === HAVE) this.#takeHave(frame);
    else if (frame.kind === STOP && frame.number === this.#in?.number) this.#endIn('stopped');
    else if (frame.kind === NO && frame.number === this.#out?.number) {
      this.#endOut(frame.reason === NO_STOPPED ? 'stopped' : 'refused');
    }
  }

  /* Nothing moves for a while: an app that knows no files, or a path that swallows them. */
  #wait(way) {
    this.#timers.clearTimeout(way.timer);
    way.timer = this.#timers.setTimeout(() => {
      if (this.#paused || this.#held) this.#wait(way);
      else if (way === this.#out) {
        this.#say(buildFrame(STOP, way.number));
        this.#endOut('lost');
      } else if (way === this.#in) {
        this.#refuse(way.number, NO_STOPPED);
        this.#endIn('lost');
      }
    }, PATIENCE_MS);
  }

  #end(way, state) {
    if (!way) return;
    this.#timers.clearTimeout(way.timer);
    way.file.state = state;
    this.#events.changed(way.file);
  }

  #endOut(state) {
    const way = this.#out;
    this.#out = null;
    this.#end(way, state);
  }

  #endIn(state) {
    const way = this.#in;
    this.#in = null;
    this.#end(way, state);
  }

  #pump() {
    const out = this.#out;
    while (!this.#paused && !this.#held && out.sent < out.bytes.length && out.sent - out.file.moved < WINDOW) {
      const chunk = out.bytes.subarray(out.sent, out.sent + CHUNK);
      this.#held = !this.#send(buildFrame(DATA, out.number, [[4, out.sent]], chunk));
      if (!this.#held) out.sent += chunk.length;
    }
  }

  #takeHave({ number, have }) {
    const out = this.#out;
    if (number !== out?.number || have > out.sent || have < out.file.moved) return;
    out.file.moved = have;
    if (have === out.bytes.length) {
      this.#endOut('done');
      return;
    }
    out.file.state = 'moving';
    this.#wait(out);
    this.#events.changed(out.file);
    this.#pump();
  }

  /* What the channel does not take now goes when there is room; a side that asks without end is not answered. */
  #say(frame) {
    if (!this.#held && this.#send(frame)) return;
    this.#held = true;
    if (this.#unsaid.length < MAX_UNSAID) this.#unsaid.push(frame);
  }

  #refuse(number, reason) { this.#say(buildFrame(NO, number, [[1, reason]])); }

  #confirm() {
    const way = this.#in;
    way.told = way.file.moved;
    this.#say(buildFrame(HAVE, way.number, [[4, way.file.moved]]));
  }

  #takeOffer({ number, size, type, name }) {
    if (number <= this.#lastIn) return;
    this.#lastIn = number;
    if (this.#in) this.#refuse(number, NO_BUSY);
    else if (this.#taken + size > MAX_CALL || this.#takenFiles === MAX_CALL_FILES) this.#refuse(number, NO_LIMIT);
    else {
      this.#taken += size;
      this.#takenFiles++;
      const file = { name: cleanName(name, type), type: TYPES[type], size, moved: 0, mine: false, state: 'moving', blob: null };
      this.#in = { file, number, bytes: new Uint8Array(size), told: 0, timer: null };
      this.#wait(this.#in);
      this.#events.added(file);
      this.#confirm();
    }
  }

  #takeData({ number, offset, data }) {
    const way = this.#in;
    if (number !== way?.number) return;
    if (offset !== way.file.moved || data.length !== Math.min(CHUNK, way.file.size - offset)) {
      this.#refuse(number, NO_CONTENT);
      this.#endIn('refused');
      return;
    }
    way.bytes.set(data, offset);
    way.file.moved += data.length;
    this.#wait(way);
    if (way.file.moved === way.file.size) this.#finish();
    else if (way.file.moved - way.told >= WINDOW / 4) {
      this.#confirm();
      this.#events.changed(way.file);
    }
  }

  /* What it says of itself is held against its bytes. */
  #finish() {
    const way = this.#in;
    if (TYPES[typeOf(way.bytes)] !== way.file.type) {
      this.#refuse(way.number, NO_CONTENT);
      this.#endIn('refused');
      return;
    }
    this.#confirm();
    way.file.blob = new Blob([way.bytes], { type: way.file.type });
    this.#endIn('done');
  }
}
