/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One peer connection with the clinician's app, which offers. Nothing is sent while the connection
 * is not there: the tracks are taken off the senders the moment it is lost and put back when it is.
 *
 *   new --offer--> connecting --connected--> connected --lost--> reconnecting --connected--> connected
 *   any --close(), a refused description--> closed
 */

import { fingerprint } from './crypto/sas.js';
import { Transfers } from './transfers.js';
import { isText } from './wire.js';

const ASK_AFTER_MS = 2000;
const ASK_EVERY_MS = 6000;
const LISTEN_EVERY_MS = 500;
// Media comes every 20 ms; without any there are still the app's reports, every 0.5 to 1.5 s.
const SILENT_AFTER = 2000 / LISTEN_EVERY_MS;
const SILENT_WITHOUT_MEDIA = 4000 / LISTEN_EVERY_MS;
const MAX_SDP = 36 * 1024;
const MAX_CANDIDATE = 1024;
const MAX_CANDIDATES = 256;
export const MAX_CHAT_BYTES = 8000;
export const MAX_CHAT_TEXTS = 2000; // Of both sides; the app's limit too.
const BUFFER_MUCH = 256 * 1024;
const BUFFER_LOW = 128 * 1024;

/** Why a description is refused, or null: only DTLS-SRTP with one SHA-256 fingerprint is taken. */
export function refuseDescription(sdp) {
  if (!isText(sdp, 20, MAX_SDP)) return 'size';
  if (/^a=crypto:/im.test(sdp)) return 'sdes';
  const sections = sdp.match(/^m=.*$/gm) ?? [];
  const secure = sections.every((line) =>
    / (UDP|TCP)\/TLS\/RTP\/SAVPF? /.test(line) || /^m=application \d+ (UDP|TCP)?\/?DTLS\/SCTP /.test(line));
  if (sections.length === 0 || !secure) return 'plain';
  return fingerprint(sdp) ? null : 'fingerprint';
}

/** A number that grows with whatever comes from the other side: media, control, data and checks. */
export function heard(report) {
  let sum = 0;
  report.forEach((entry) => {
    if (entry.type !== 'candidate-pair' && entry.type !== 'transport') return;
    for (const name of ['bytesReceived', 'packetsReceived', 'requestsReceived', 'responsesReceived']) sum += entry[name] ?? 0;
  });
  return sum;
}

/**
 * The certificate of the next connection, made while there is time; not a connection itself. Null where the browser
 * cannot: it then makes its own with the connection.
 */
export async function makeCertificate(PeerConnection = globalThis.RTCPeerConnection) {
  try {
    return await PeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' });
  } catch {
    return null;
  }
}

/** The texts of a chat so far, of both sides, and whether it was said that no more find room. */
export function newTexts() { return { count: 0, told: false }; }

export class Call {
  #pc; #send; #events; #timers; #tracks = { audio: null, video: null };
  #state = 'new'; #early = []; #taken = 0; #asking = null; #chat = null; #texts; #files; #stream; #sending = false; #stopped = false; #work = Promise.resolve();
  #listening = null; #heard = 0; #unheard = 0; #silent = false;

  /**
   * `send(type, body)` seals a message; `texts` is newTexts() of the consultation, whose calls share it. Events:
   * state(name), remote(stream), chatState(open),
   * chat(text), chatFull() once, file(file), fileChanged(file), refused(reason), described(), trackRefused(kind), silent(whether nothing arrives while connected).
   */
  constructor({ iceServers, relayOnly, certificate = null, texts = newTexts(), send, events, timers = globalThis,
    PeerConnection = globalThis.RTCPeerConnection }) {
    this.#send = send;
    this.#texts = texts;
    this.#events = events;
    this.#timers = timers;
    this.#stream = new MediaStream();
    this.#files = new Transfers({ send: (bytes) => this.#sendBytes(bytes), timers,
      events: { added: (file) => events.file(file), changed: (file) => events.fileChanged(file) } });
    this.#pc = new PeerConnection({ iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all',
      bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require', ...(certificate ? { certificates: [certificate] } : {}) });
    this.#listen();
  }

  /** What the other side says that it sends now. */
  peerMedia = { camera: true, microphone: true };

  get state() { return this.#state; }
  get silent() { return this.#silent; }
  get remoteStream() { return this.#stream; }
  get chatOpen() { return this.#chat?.readyState === 'open'; }
  get localFingerprint() { return fingerprint(this.#pc.localDescription?.sdp ?? ''); }
  get remoteFingerprint() { return fingerprint(this.#pc.remoteDescription?.sdp ?? ''); }

  #listen() {
    const pc = this.#pc;
    pc.onicecandidate = ({ candidate }) => this.#onLocalCandidate(candidate);
    pc.onconnectionstatechange = () => this.#onConnection(pc.connectionState);
    pc.oniceconnectionstatechange = () => {
      if (pc.iceConnectionState === 'disconnected' || pc.iceConnectionState === 'failed') this.#onConnection(pc.iceConnectionState);
      else if (pc.connectionState === 'connected') this.#onConnection('connected');
    };
    pc.ontrack = ({ track }) => {
      this.#stream.addTrack(track);
      this.#events.remote(this.#stream);
    };
    pc.ondatachannel = ({ channel }) => this.#onChannel(channel);
  }

  #onLocalCandidate(candidate) {
    if (this.#state === 'closed') return;
    if (!candidate || candidate.candidate === '') {
      if (!candidate) this.#send('end-of-candidates', {});
      return;
    }
    this.#send('candidate', { candidate: candidate.candidate, sdpMid: candidate.sdpMid ?? '0',
      sdpMLineIndex: candidate.sdpMLineIndex ?? 0 });
  }

  #enter(state) {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    this.#files.pause(state !== 'connected');
    if (state === 'connected') this.#startListening();
    else this.#stopListening();
    this.#events.state(state);
  }

  /* A path that swallows everything is noticed by ICE only after seconds: until then nobody would know. */

  #startListening() {
    this.#stopListening();
    this.#unheard = 0;
    this.#listening = this.#timers.setTimeout(() => this.#hear(), LISTEN_EVERY_MS);
  }

  #stopListening() {
    this.#timers.clearTimeout(this.#listening);
    this.#beSilent(false);
  }

  async #hear() {
    const sum = heard(await this.#pc.getStats());
    if (this.#state !== 'connected') return;
    this.#unheard = sum === this.#heard ? this.#unheard + 1 : 0;
    this.#heard = sum;
    const media = this.peerMedia.camera || this.peerMedia.microphone;
    this.#beSilent(this.#unheard >= (media ? SILENT_AFTER : SILENT_WITHOUT_MEDIA));
    this.#listening = this.#timers.setTimeout(() => this.#hear(), LISTEN_EVERY_MS);
  }

  #beSilent(silent) {
    if (this.#silent === silent) return;
    this.#silent = silent;
    this.#events.silent(silent);
  }

  #onConnection(name) {
    if (name === 'connected') {
      this.#stopAsking();
      this.#attach(true);
      this.#enter('connected');
    } else if (name === 'failed' || (name === 'disconnected' && this.#state === 'connected')) {
      this.#attach(false);
      this.#enter('reconnecting');
      this.#ask(name === 'failed' ? 0 : ASK_AFTER_MS);
    }
  }

  #ask(delay) {
    if (this.#asking) return;
    this.#asking = this.#timers.setTimeout(() => {
      this.#asking = null;
      if (this.#state !== 'reconnecting') return;
      this.#send('restart', {});
      this.#ask(ASK_EVERY_MS);
    }, delay);
  }

  #stopAsking() {
    this.#timers.clearTimeout(this.#asking);
    this.#asking = null;
  }

  /** What this side may send; null is nothing. Takes effect at once while connected. */
  setTrack(kind, track) {
    this.#tracks[kind] = track;
    this.#attach(this.#sending);
  }

  /** Media, chat and files, for good: somebody may be in between. */
  stopSending() {
    this.#files.stopAll();
    this.#stopped = true;
    this.#attach(this.#sending);
  }

  #attach(sending) {
    this.#sending = sending;
    for (const transceiver of this.#pc.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      const track = sending && !this.#stopped ? this.#tracks[kind] : null;
      if (transceiver.sender.track === track) continue;
      transceiver.sender.replaceTrack(track).catch(() => this.#events.trackRefused(kind));
    }
  }

  /** Fresh relays for the next ICE restart. */
  setIceServers(iceServers) {
    if (this.#state === 'closed' || iceServers.length === 0) return;
    this.#pc.setConfiguration({ ...this.#pc.getConfiguration(), iceServers });
  }

  /** An offer of the clinician's app, the first or one with an ICE restart. */
  offer(body) { return this.#queue(() => this.#takeOffer(body)); }

  /** A candidate of the other side; null at the end of them. */
  candidate(body) { return this.#queue(() => this.#takeCandidate(body)); }

  #queue(step) {
    this.#work = this.#work.then(() => (this.#state === 'closed' ? undefined : step()));
    return this.#work;
  }

  #refuse(reason) {
    this.close();
    this.#events.refused(reason);
  }

  async #takeOffer({ sdp }) {
    const reason = refuseDescription(sdp);
    if (reason) return this.#refuse(reason);
    const before = this.remoteFingerprint;
    const pc = this.#pc;
    try {
      await pc.setRemoteDescription({ type: 'offer', sdp });
      if (before && String(this.remoteFingerprint) !== String(before)) return this.#refuse('another fingerprint');
      for (const transceiver of pc.getTransceivers()) transceiver.direction = 'sendrecv';
      if (this.#state === 'new') this.#attach(true);
      await pc.setLocalDescription();
    } catch (error) {
      return this.#refuse(`description: ${error.name}`);
    }
    if (this.#state === 'closed') return undefined;
    this.#enter(this.#state === 'new' ? 'connecting' : this.#state);
    this.#send('answer', { sdp: pc.localDescription.sdp });
    this.#events.described();
    const early = this.#early.splice(0);
    for (const candidate of early) await this.#takeCandidate(candidate);
    return undefined;
  }

  async #takeCandidate(body) {
    if (++this.#taken > MAX_CANDIDATES) return;
    if (body && (!isText(body.candidate, 0, MAX_CANDIDATE) || !isText(body.sdpMid ?? '0', 0, 64))) return;
    if (!this.#pc.remoteDescription) {
      this.#early.push(body);
      return;
    }
    // With neither a section's name nor its place it belongs to the bundle, which the first section carries.
    const place = body?.sdpMid == null ? body?.sdpMLineIndex ?? 0 : body.sdpMLineIndex;
    const candidate = body && { candidate: body.candidate, sdpMid: body.sdpMid, sdpMLineIndex: place };
    try {
      await this.#pc.addIceCandidate(candidate ?? undefined);
    } catch {
      // One unusable candidate is ordinary (another address family, an unresolvable name): the others count.
    }
  }

  #onChannel(channel) {
    if (channel.label !== 'chat' || this.#chat?.readyState === 'open') {
      channel.close();
      return;
    }
    this.#chat = channel;
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = BUFFER_LOW;
    channel.onbufferedamountlow = () => this.#files.resume();
    channel.onopen = () => this.#events.chatState(true);
    channel.onclose = () => {
      this.#files.lose();
      this.#events.chatState(false);
    };
    channel.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) {
        if (!this.#stopped) this.#files.take(data);
      } else if (isText(data, 1, MAX_CHAT_BYTES) && !this.#isFull()) {
        this.#texts.count++;
        this.#events.chat(data);
      }
    };
    if (channel.readyState === 'open') this.#events.chatState(true);
  }

  /** Whether the text was given to the connection. */
  chat(text) {
    if (this.#stopped || this.#state !== 'connected' || !this.chatOpen) return false;
    if (this.#isFull() || !this.#give(text)) return false;
    this.#texts.count++;
    return true;
  }

  #isFull() {
    if (this.#texts.count < MAX_CHAT_TEXTS) return false;
    if (!this.#texts.told) this.#events.chatFull();
    this.#texts.told = true;
    return true;
  }

  /* A file waits behind what is on its way already. */
  #sendBytes(bytes) {
    return this.#state !== 'closed' && (this.#chat?.bufferedAmount ?? 0) <= BUFFER_MUCH && this.#give(bytes);
  }

  #give(message) {
    if (!this.chatOpen) return false;
    try {
      this.#chat.send(message);
      return true;
    } catch {
      return false; // Its buffer is full.
    }
  }

  /** A file with its state, or null when it cannot go now. */
  sendFile(name, bytes) { return this.#state === 'connected' && !this.#stopped ? this.#files.offer(name, bytes) : null; }

  stopFile(file) { this.#files.stop(file); }

  close() {
    if (this.#state === 'closed') return;
    this.#files.lose();
    this.#stopAsking();
    this.#enter('closed');
    this.#pc.close();
  }
}
