/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call: the picture, what is on and who can see it in words, the controls, chat and lock. */

import { announce, byId, h, icon } from '../dom.js';
import { _ } from '../i18n.js';
import { ICONS } from '../icons.js';
import { problemText } from './check.js';
import { Chat } from './chat.js';
import { initials } from './landing.js';
import { lockState, wordsDialog, wordsFor } from './words.js';
import { ALTERED, telephoneLink } from './parts.js';

function clock(seconds) {
  const two = (number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export class CallScreen {
  #app; #chat; #dialog; #state = 'connecting'; #since = null; #timer = null; #words = null;
  #own = false; #other = false; #unsafe = false; #peer = { camera: true, microphone: true }; #hasPicture = false;
  #session = true; #answered = false; #closed = false; #silent = false; #altered = false;

  constructor(app) {
    this.#app = app;
    const { clinician } = app.card;
    const files = { send: (name, bytes) => app.consultation?.sendFile(name, bytes) ?? null,
      stop: (file) => app.consultation?.stopFile(file) };
    this.#chat = new Chat(clinician, (text) => app.consultation?.chat(text) === true, files,
      (count) => this.#showUnread(count), (open) => this.#chatToggled(open));
    this.#dialog = wordsDialog(clinician, (match) => this.#answer(match));
    this.content = this.#build(clinician);
  }

  #build(clinician) {
    return [h('div', { class: 'stage', id: 'stage' },
      h('video', { id: 'remote-video', class: 'remote', autoplay: true, playsInline: true, 'aria-label': _('Picture of {clinician}', { clinician }),
        on: { loadeddata: () => { this.#hasPicture = true; this.#refresh(); } } }),
      h('div', { class: 'no-picture', id: 'no-picture' }, h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(clinician)), h('p', { id: 'peer-state' })),
      h('div', { class: 'bar' },
        h('div', { class: 'bar-name' }, h('h1', {}, h('bdi', {}, clinician)), h('span', { id: 'call-state' })),
        h('button', { id: 'lock', class: 'glass', type: 'button', 'aria-haspopup': 'dialog', on: { click: () => this.#dialog.showModal() } }, icon(ICONS.lock), h('span', { id: 'lock-text' })),
        h('div', { id: 'banner', class: 'banner', hidden: true, role: 'alert' })),
      h('button', { id: 'hear', class: 'button primary', type: 'button', hidden: true, on: { click: () => this.#play() } }, icon(ICONS.speaker), _('Press to hear')),
      h('div', { class: 'bottom' },
      h('div', { class: 'self', id: 'self' }, h('video', { id: 'self-video', class: 'mirrored', autoplay: true, muted: true, playsInline: true, 'aria-label': _('Your own picture') }),
        h('span', { id: 'self-off' }, icon(ICONS.cameraOff), h('span', { class: 'hidden-text' }, _('Your camera is off')))),
      h('div', { class: 'controls', role: 'toolbar', 'aria-label': _('Call controls') },
        this.#control('microphone', 'audio'), this.#control('camera', 'video'),
        h('button', { id: 'chat-open', class: 'control', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'chat-panel', on: { click: () => this.#chat.toggle() } },
          h('i', {}, icon(ICONS.chat), h('em', { id: 'chat-count', hidden: true })), h('span', {}, _('Chat'))),
        h('button', { id: 'leave', class: 'control end', type: 'button', on: { click: () => this.#app.consultation?.leave() } },
          h('i', {}, icon(ICONS.leave)), h('span', {}, _('Leave')))))),
    this.#chat.element, this.#dialog];
  }

  #control(id, kind) {
    return h('button', { id, class: 'control', type: 'button', role: 'switch', 'aria-label': kind === 'video' ? _('Camera') : _('Microphone'),
      on: { click: () => this.#toggle(kind) } }, h('i', { id: `${id}-icon` }), h('span', { id: `${id}-label`, 'aria-hidden': 'true' }));
  }

  shown() {
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#refresh();
    this.#chat.available(this.#app.consultation?.chatOpen === true);
    if (this.#app.chatKept) this.#chat.kept();
    announce(_('You have been let in. Connecting to {clinician}…', { clinician: this.#app.card.clinician }), { urgent: true });
  }

  close() {
    this.#closed = true;
    clearInterval(this.#timer);
    if (this.#dialog.open) this.#dialog.close();
    for (const id of ['remote-video', 'self-video']) byId(id).srcObject = null;
  }

  /* What the consultation says. */

  callState(state) {
    const before = this.#state;
    this.#state = state;
    if (state === 'connected') {
      this.#since ??= Date.now();
      announce(before === 'reconnecting' ? _('Connected again. {media}', { media: this.#mediaSentence() }) : _('Connected. {media}', { media: this.#mediaSentence() }));
    }
    this.#chat.available(this.#app.consultation?.chatOpen === true);
    this.#refresh();
  }

  silent(silent) {
    this.#silent = silent;
    this.#refresh();
  }

  session(open, altered = false) {
    this.#session = open;
    this.#altered ||= altered;
    if (!open) {
      this.#state = 'reconnecting';
      this.#own = this.#other = this.#answered = false;
    }
    this.#refresh();
  }

  remote(stream) {
    const video = byId('remote-video');
    if (video.srcObject !== stream) video.srcObject = stream;
    this.#play();
  }

  peerMedia(media) {
    const { clinician } = this.#app.card;
    if (this.#peer.camera !== media.camera) announce(media.camera ? _('{clinician} has turned the camera on.', { clinician }) : _('{clinician} has turned the camera off.', { clinician }));
    this.#peer = media;
    this.#refresh();
  }

  chat(text) { this.#chat.received(text); }

  chatFull() { this.#chat.beFull(); }

  /** From the waiting room: said just before the Admit. */
  message(text) { this.#chat.received(text); }

  file(file) { this.#chat.fileAdded(file); }

  fileChanged(file) { this.#chat.fileChanged(file); }

  chatKept() { this.#chat.kept(); }

  chatState(open) { this.#chat.available(open && !this.#unsafe); }

  async words(bytes) {
    this.#words = null;
    this.#answered = this.#own = this.#other = false;
    this.#refresh();
    if (!bytes) return;
    this.#words = await wordsFor(bytes, this.#app.card.language).catch(() => null); // No list: no words are shown, the lock says "not checked".
    this.#refresh();
  }

  compared(match) {
    this.#other = match;
    if (!match) this.#stopSending();
    this.#refresh();
  }

  mediaChanged(kind) {
    if (kind === 'devices') return;
    this.#refresh();
    const { media } = this.#app;
    if (media.problems[kind]) announce(problemText(kind, media.problems[kind]), { urgent: true });
    else announce(this.#mediaSentence());
  }

  /* What the person does. */

  async #toggle(kind) {
    const { media } = this.#app;
    if (media.isOn(kind)) media.turnOff(kind);
    else if (!this.#unsafe) await media.turnOn(kind);
  }

  #answer(match) {
    this.#answered = true;
    this.#altered = false;
    this.#own = match;
    this.#app.consultation?.compared(match);
    if (!match) this.#stopSending();
    this.#refresh();
  }

  #stopSending() {
    this.#unsafe = true;
    this.#chat.available(false);
    this.#app.media.turnOff('video');
    this.#app.media.turnOff('audio');
  }

  async #play() {
    let refused = false;
    try {
      await byId('remote-video').play();
    } catch (error) {
      refused = error.name === 'NotAllowedError'; // Other errors: another picture came in between.
    }
    if (!this.#closed) byId('hear').hidden = !refused;
  }

  /* What is seen. */

  #tick() {
    if (this.#state === 'connected') byId('call-state').textContent = clock(Math.floor((Date.now() - this.#since) / 1000));
  }

  #mediaSentence() {
    const { media } = this.#app;
    const camera = media.isOn('video') && !media.isPaused('video');
    const microphone = media.isOn('audio') && !media.isPaused('audio');
    if (camera && microphone) return _('Your camera and microphone are on.');
    if (camera) return _('Your camera is on, your microphone is off.');
    if (microphone) return _('Your microphone is on, your camera is off.');
    return _('Your camera and microphone are off.');
  }

  #refresh() {
    if (this.#closed) return;
    const { media, card } = this.#app;
    const connected = this.#state === 'connected' && this.#session;
    const state = lockState({ connected: connected || (this.#state === 'connecting' && !this.#since && this.#unsafe), unsafe: this.#unsafe, own: this.#own, other: this.#other });
    byId('lock').className = `glass ${state.kind}`;
    byId('lock-text').textContent = state.text;
    this.#dialog.update(state, connected ? this.#words : null, this.#answered);
    if (!connected) byId('call-state').textContent = this.#since ? _('Reconnecting…') : _('Connecting…');
    else this.#tick();
    this.#refreshBanner(connected);
    this.#refreshControl('microphone', 'audio', media.isOn('audio') ? _('Microphone on') : _('Microphone off'));
    this.#refreshControl('camera', 'video', media.isPaused('video') ? _('Camera paused') : media.isOn('video') ? _('Camera on') : _('Camera off'));
    const camera = media.track('video');
    const self = byId('self-video');
    if ((self.srcObject?.getTracks()[0] ?? null) !== camera) self.srcObject = camera ? new MediaStream([camera]) : null;
    byId('self-off').hidden = camera !== null;
    const picture = connected && this.#hasPicture && this.#peer.camera;
    byId('no-picture').hidden = picture || (!connected && this.#since !== null && this.#hasPicture);
    byId('stage').classList.toggle('dimmed', (!connected && this.#since !== null) || this.#silent);
    byId('peer-state').textContent = connected ? (this.#peer.camera ? _('Waiting for the picture…') : _('{clinician}’s camera is off', { clinician: card.clinician })) : _('Connecting to {clinician}…', { clinician: card.clinician });
  }

  #refreshBanner(connected) {
    const banner = byId('banner');
    const { media, telephone } = this.#app;
    let parts = null;
    if (this.#unsafe) parts = [h('b', {}, _('The words differ: somebody may be listening.')), h('span', {}, _('Nothing is being sent. Leave the call and telephone the clinic.'))];
    else if (!connected && this.#since) parts = [h('b', {}, _('Connection lost. Nothing is being sent.')), h('span', {}, this.#altered ? ALTERED() : this.#session ? _('Trying again…') : _('The private connection is being made anew.'))];
    else if (connected && this.#altered) parts = [h('span', {}, ALTERED()), h('span', {}, _('Compare the four words again.'))];
    else if (connected && this.#silent) parts = [h('b', {}, _('The connection is not getting through at the moment.')), h('span', {}, _('The call goes on by itself when it does.'))];
    else if (connected && !this.#peer.microphone) parts = [h('span', {}, _('{clinician}’s microphone is off', { clinician: this.#app.card.clinician }))];
    const device = ['video', 'audio'].find((kind) => media.problems[kind]);
    if (!parts && device) parts = [h('span', {}, problemText(device, media.problems[device]))];
    if (parts && telephone && (this.#unsafe || !connected || this.#silent)) parts.push(telephoneLink(telephone));
    banner.hidden = parts === null;
    banner.className = `banner ${this.#unsafe ? 'bad' : ''}`;
    const text = (parts ?? []).map((part) => part.textContent).join(' ');
    if (banner.textContent !== text) banner.replaceChildren(...(parts ?? []).flatMap((part, i) => (i ? [' ', part] : [part])));
  }

  #refreshControl(id, kind, label) {
    const on = this.#app.media.isOn(kind);
    byId(id).setAttribute('aria-checked', String(on));
    byId(id).classList.toggle('is-off', !on);
    byId(`${id}-label`).textContent = label;
    byId(`${id}-icon`).replaceChildren(icon(ICONS[on ? id : `${id}Off`]));
  }

  #showUnread(count) {
    const badge = byId('chat-count');
    if (!badge) return;
    badge.hidden = count === 0;
    badge.textContent = String(count);
    byId('chat-open').setAttribute('aria-label', count ? _('Chat, new messages: {number}', { number: count }) : _('Chat'));
  }

  #chatToggled(open) {
    byId('main').classList.toggle('with-chat', open);
    byId('chat-open').setAttribute('aria-expanded', String(open));
    if (!open) byId('chat-open').focus();
  }
}
