/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The patient's side of one consultation: the hop, the sealed session, the call and its
 * verification, without a word of the screens.
 *
 *   idle --join()--> joining --attached--> waiting --first offer--> call --over--> ended
 */

import { fromBase64url, random, toBase64url, utf8 } from './crypto/bytes.js';
import { sha256 } from './crypto/keys.js';
import { Verification } from './crypto/sas.js';
import { fetchIce, readIceServers } from './api.js';
import { Call, makeCertificate, newTexts } from './call.js';
import { SealedSession } from './session.js';
import { Socket } from './socket.js';
import { isCount, isText } from './wire.js';

const MAX_MESSAGE = 2000;
const RENEW_MIN_S = 60;
const DAY_S = 86400;

export class Consultation {
  #invitation; #keys; #card; #person; #media; #events; #connect; #timers;
  #socket = null; #session = null; #call = null; #channel = null; #verification = null; #committed = null;
  #iceServers = []; #iceUntil = 0; #iceTimer = null; #sentResult = false; #unsafe = false; #passcode = null; #certificate = null; #texts = newTexts();

  /**
   * `keys` are deriveInvitation()'s; `media` gives track(kind). Events: phase(name), position(n),
   * host(online), network(state), message(text), call(state), silent(yes), session(open, altered), remote(stream),
   * peerMedia({camera, microphone}), chat(text), chatFull(), file(file), fileChanged(file), chatState(open), words(bytes|null), compared(match), passcode({right, left}), chatKept(),
   * over(reason, words).
   */
  constructor({ invitation, keys, card, media, events, connect, timers = globalThis }) {
    Object.assign(this, { phase: 'idle', position: null });
    this.#invitation = invitation;
    this.#keys = keys;
    this.#card = card;
    this.#media = media;
    this.#events = events;
    this.#connect = connect;
    this.#timers = timers;
  }

  get callState() { return this.#call?.state ?? 'none'; }
  get chatOpen() { return !this.#unsafe && this.#call?.chatOpen === true && this.#call.state === 'connected'; }
  get networkState() { return this.#socket?.state ?? 'closed'; }

  /** The person's Join. `person`: name, callback, location, language, devices, consent entry. */
  async join(person) {
    const hash = toBase64url(await sha256(utf8(person.consent.text)));
    this.#person = { name: person.name.trim(), callback: person.callback.trim(), location: person.location.trim(),
      language: person.language, devices: person.devices,
      consent: { version: person.consent.version, hash, language: person.consent.language,
        time: Math.floor(Date.now() / 1000), agreed: true } };
    this.#passcode = this.#card.passcode ? person.passcode : null;
    this.#session = new SealedSession({ room: this.#invitation.room, sealRoot: this.#keys.sealRoot,
      clinicianKey: this.#card.key, relay: (text) => this.#socket.relay(text), timers: this.#timers,
      events: { open: (channel) => this.#onSession(channel), lost: (altered) => this.#onSessionLost(altered),
        message: (type, body) => this.#onMessage(type, body) } });
    this.#socket = new Socket({ connect: this.#connect, makeHop: () => random(16), timers: this.#timers,
      join: { type: 'join', room: this.#invitation.roomText, token: toBase64url(this.#keys.admissionToken),
        seat: toBase64url(this.#invitation.takeSeat()) },
      events: { state: (state) => this.#events.network(state),
        welcome: (message, newHop) => this.#onWelcome(message, newHop),
        relay: (text) => this.#session.receive(text), position: (n) => this.#onPosition(n),
        host: (online) => this.#onHost(online), over: (reason) => this.#finish(reason),
        refused: (code) => this.#finish(code) } });
    this.#enter('joining');
    this.#socket.open();
  }

  hurry() { this.#socket?.hurry(); }

  async leave() {
    if (this.phase === 'ended' || this.phase === 'idle') return;
    await this.#session.send('hang-up', { reason: 'left' });
    this.#socket.close({ leave: true });
    this.#finish('left');
  }

  /** Says what this side sends now, and sends it. */
  mediaChanged() {
    for (const kind of ['audio', 'video']) this.#call?.setTrack(kind, this.#media.track(kind));
    this.#tellMedia();
  }

  chat(text) { return this.#call?.chat(text) === true; }

  /** The file that is on its way, or null. */
  sendFile(name, bytes) { return this.#call?.sendFile(name, bytes) ?? null; }

  stopFile(file) { this.#call?.stopFile(file); }

  /** The person's comparison of the words; they differ: nothing more is sent. */
  compared(match) {
    if (!match) this.#stopSending();
    if (this.#sentResult) return;
    this.#sentResult = true;
    this.#seal('sas-result', { match });
  }

  #stopSending() {
    this.#unsafe = true;
    this.#call?.stopSending();
  }

  #seal(type, body) {
    this.#session.send(type, body).catch(() => this.#finish('failed'));
  }

  #enter(phase) {
    if (this.phase === phase || this.phase === 'ended') return;
    this.phase = phase;
    this.#events.phase(phase);
  }

  #onWelcome(message, newHop) {
    this.#takeIce(readIceServers(message.ice_servers), message.ttl);
    if (Number.isSafeInteger(message.position)) this.#onPosition(message.position);
    this.#enter(this.phase === 'joining' ? 'waiting' : this.phase);
    this.#prepare();
    if (newHop) this.#session.start();
    this.#onHost(message.host_online === true);
  }

  /* Each connection has a certificate of its own, and finds it made. */
  async #prepare() {
    if (this.phase !== 'ended') this.#certificate ??= await makeCertificate();
  }

  #takeCertificate() {
    const certificate = this.#certificate;
    this.#certificate = null;
    return certificate;
  }

  #takeIce(servers, ttl) {
    const seconds = isCount(ttl) ? Math.min(ttl, DAY_S) : 0;
    this.#iceServers = servers;
    this.#iceUntil = Date.now() + seconds * 1000;
    this.#call?.setIceServers(servers);
    this.#renewIceIn(Math.max(RENEW_MIN_S, 0.75 * seconds));
  }

  /* The clinician may let this person in at any time: the relay's credentials must be good then. */
  #renewIceIn(seconds) {
    this.#timers.clearTimeout(this.#iceTimer);
    if (this.phase !== 'ended') this.#iceTimer = this.#timers.setTimeout(() => this.#fetchIce(), seconds * 1000);
  }

  async #fetchIce() {
    try {
      const { servers, ttl } = await fetchIce(this.#invitation.roomText, this.#keys.admissionToken);
      this.#takeIce(servers, ttl);
    } catch {
      this.#renewIceIn(RENEW_MIN_S); // The relays that are known are tried until then.
    }
  }

  #onPosition(position) {
    this.position = position;
    this.#events.position(position);
  }

  #onHost(online) {
    this.#events.host(online);
  }

  #onSession(channel) {
    this.#channel = channel;
    this.#seal('join', this.#person);
    this.#sayPasscode();
    this.#events.session(true);
  }

  /** Another try at the passcode that the clinic told by telephone. */
  tryPasscode(code) {
    this.#passcode = code;
    this.#sayPasscode();
  }

  /* Again in each session, for that is what the app knows; but one that is wrong costs no second try. */
  #sayPasscode() {
    if (this.#passcode !== null && this.#channel) this.#seal('passcode', { code: this.#passcode });
  }

  #onPasscode({ right, left }) {
    if (right !== true) this.#passcode = null;
    this.#events.passcode({ right: right === true, left: isCount(left) ? left : 0 });
  }

  #onSessionLost(altered) {
    this.#channel = null;
    this.#endCall();
    this.#events.session(false, altered);
  }

  #endCall() {
    this.#verification = null;
    this.#committed = null;
    this.#sentResult = false;
    this.#events.words(null);
    this.#call?.close();
    this.#call = null;
    this.#prepare();
  }

  #onMessage(type, body) {
    const handler = { __proto__: null, 'offer': this.#onOffer, 'candidate': this.#onCandidate,
      'end-of-candidates': this.#onEndOfCandidates, 'message': this.#onText, 'media': this.#onPeerMedia,
      'decline': this.#onDecline, 'hang-up': this.#onHangUp, 'sas-commit': this.#onCommit,
      'sas-reveal': this.#onReveal, 'sas-result': this.#onResult,
      'passcode-result': this.#onPasscode, 'chat-kept': this.#onChatKept }[type];
    handler?.call(this, body);
  }

  async #onOffer(body) {
    if (body.ice_restart === true && this.#call) await this.#renewIce();
    else if (this.#call) this.#endCall();
    if (this.phase === 'ended') return;
    if (!this.#call) this.#makeCall();
    this.#enter('call');
    this.#call.offer(body);
  }

  async #renewIce() {
    if (Date.now() >= this.#iceUntil - 60000) await this.#fetchIce();
  }

  #makeCall() {
    const call = new Call({ iceServers: this.#iceServers, relayOnly: this.#card.relayOnly,
      certificate: this.#takeCertificate(), texts: this.#texts, timers: this.#timers,
      send: (type, body) => { if (this.#call === call) this.#seal(type, body); },
      events: { state: (state) => this.#onCallState(call, state),
        remote: (stream) => this.#events.remote(stream), chat: (text) => this.#events.chat(text),
        chatFull: () => this.#events.chatFull(),
        file: (file) => this.#events.file(file), fileChanged: (file) => this.#events.fileChanged(file),
        chatState: (open) => this.#events.chatState(open), refused: () => this.#onRefused(),
        silent: (silent) => this.#events.silent(silent),
        trackRefused: () => this.#tellMedia(), described: () => this.#verify() } });
    this.#call = call;
    if (this.#unsafe) call.stopSending();
    for (const kind of ['audio', 'video']) call.setTrack(kind, this.#media.track(kind));
  }

  #onCallState(call, state) {
    if (call !== this.#call) return;
    if (state === 'connected') this.#tellMedia();
    this.#events.call(state);
  }

  async #onRefused() {
    await this.#session.send('hang-up', { reason: 'failed' });
    this.#socket.close({ leave: true });
    this.#finish('unsafe');
  }

  #tellMedia() {
    if (!this.#call || !this.#channel) return;
    const sends = (kind) => this.#media.isOn(kind) && !this.#media.isPaused(kind);
    this.#seal('media', { camera: sends('video'), microphone: sends('audio') });
  }

  #onCandidate(body) { this.#call?.candidate(body); }

  #onEndOfCandidates() { this.#call?.candidate(null); }

  #onText({ text }) { if (isText(text, 1, MAX_MESSAGE)) this.#events.message(text); }

  #onPeerMedia({ camera, microphone }) {
    const media = { camera: camera === true, microphone: microphone === true };
    if (this.#call) this.#call.peerMedia = media;
    this.#events.peerMedia(media);
  }

  #onDecline({ reason }) {
    this.#socket.close();
    this.#finish('declined', isText(reason, 1, MAX_MESSAGE) ? reason : '');
  }

  #onHangUp({ reason }) {
    this.#socket.close({ leave: true });
    this.#finish(reason === 'failed' ? 'unconnected' : 'ended');
  }

  #verify() {
    const { localFingerprint: own, remoteFingerprint: other } = this.#call;
    if (this.#verification || !own || !other) return;
    this.#verification = new Verification(this.#channel.patientId, this.#channel.clinicianId, own, other);
    if (this.#committed) this.#answerCommit(this.#committed);
  }

  #onCommit({ commit }) {
    if (this.#verification) this.#answerCommit(commit);
    else this.#committed = commit; // It may come before this side's description is made.
  }

  #answerCommit(commit) {
    this.#committed = null;
    try {
      this.#seal('sas-nonce', { nonce: toBase64url(this.#verification.commit(fromBase64url(commit, 32))) });
    } catch {
      this.#onRefused();
    }
  }

  async #onReveal({ nonce }) {
    try {
      this.#events.words(await this.#verification.reveal(fromBase64url(nonce, 32)));
    } catch {
      this.#onRefused();
    }
  }

  #onChatKept() { this.#events.chatKept(); }

  #onResult({ match }) {
    if (match !== true) this.#stopSending();
    this.#events.compared(match === true);
  }

  #finish(reason, words = '') {
    if (this.phase === 'ended') return;
    this.#enter('ended');
    this.#timers.clearTimeout(this.#iceTimer);
    this.#socket?.close();
    this.#session?.stop();
    this.#endCall();
    this.#events.over(reason, words);
  }
}
