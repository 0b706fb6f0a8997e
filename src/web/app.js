/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the screens share: the person's answers, the consultation, and which screen is shown.
 *
 *   loading -> landing -> details -> check -> waiting -> call -> end
 *   any -> problem        end (left by mistake) -> check
 */

import { fetchCard, fetchClinic } from './api.js';
import { Consultation } from './consultation.js';
import { openCard } from './crypto/card.js';
import { deriveInvitation } from './crypto/keys.js';
import { announce, byId, h } from './dom.js';
import { _, fetchLanguages, language, match, setLanguage } from './i18n.js';
import { Invitation } from './link.js';
import { Media, ScreenAwake } from './media.js';
import { CallScreen } from './screens/call.js';
import { checkScreen } from './screens/check.js';
import { detailsScreen, passcodeOf } from './screens/details.js';
import { endScreen } from './screens/end.js';
import { landingScreen } from './screens/landing.js';
import { problemScreen } from './screens/problem.js';
import { waitingScreen } from './screens/waiting.js';

const SCREENS = { landing: landingScreen, details: detailsScreen, check: checkScreen, waiting: waitingScreen,
  end: endScreen, problem: problemScreen };
const BEFORE_JOIN = new Set(['landing', 'details', 'check', 'problem', 'end']);

export class App {
  constructor() {
    this.media = new Media((kind) => this.#mediaChanged(kind));
    this.awake = new ScreenAwake();
    this.answers = { name: '', callback: '', location: '', agreed: false, passcode: '', consent: null, heard: null };
    this.passcode = null;
    this.clinic = null;
    this.card = null;
    this.messages = [];
    this.screen = { name: 'loading' };
    this.languages = [];
  }

  async start() {
    this.invitation = Invitation.take(window.location, window.history, window.sessionStorage);
    window.addEventListener('hashchange', () => window.location.reload());
    window.addEventListener('online', () => this.#networkBack());
    window.addEventListener('beforeunload', (event) => { if (this.consultation) event.preventDefault(); });
    await this.#chooseFirstLanguage();
    await this.load();
  }

  async #chooseFirstLanguage() {
    this.languages = await fetchLanguages().catch(() => [{ code: 'en', name: 'English' }]);
    await this.useLanguage(match([this.invitation?.language, ...navigator.languages], this.codes) ?? 'en');
  }

  get codes() { return this.languages.map(({ code }) => code); }

  async useLanguage(code) {
    if (code !== language()) await setLanguage(code).catch(() => undefined); // Offline: the words stay as they are.
    document.title = _('Video consultation');
  }

  /** The card, and with it the first screen; or what is wrong with the link. */
  async load() {
    const clinic = fetchClinic().then((value) => { this.clinic = value; }, () => undefined);
    try {
      if (!this.invitation) throw Object.assign(new Error(), { code: 'mangled' });
      this.keys = await deriveInvitation(this.invitation.secret);
      const sealed = await fetchCard(this.invitation.roomText, this.keys.admissionToken);
      this.card = await openCard(sealed, { ...this.invitation, cardKey: this.keys.cardKey })
        .catch(() => { throw Object.assign(new Error(), { code: 'altered' }); });
    } catch (error) {
      await clinic;
      this.problem(error.code ?? 'failed', error.retryAfter);
      return;
    }
    await clinic;
    if (this.consents.length === 0) this.problem('unready');
    else await this.#begin();
  }

  async #begin() {
    if (!this.invitation.language) {
      const chosen = match([this.card.language, ...navigator.languages], this.codes);
      if (chosen) await this.useLanguage(chosen);
    }
    this.show('landing');
  }

  /** The consent texts in the languages in which the clinic wrote them: the sealed ones, which nobody altered. */
  get consents() { return this.card?.consents ?? []; }

  get clinicName() { return this.card?.clinic ?? this.clinic?.name ?? ''; }
  get telephone() { return this.card?.telephone || this.clinic?.telephone || ''; }

  problem(code, retryAfter = 0) {
    this.failure = { code, retryAfter };
    this.show('problem');
  }

  show(name) {
    this.screen.close?.();
    const main = byId('main');
    document.body.className = name === 'call' ? 'in-call' : '';
    main.className = `screen-${name}`;
    main.dataset.screen = name;
    main.setAttribute('aria-busy', 'false');
    this.#header(name);
    this.screen = name === 'call' ? new CallScreen(this) : SCREENS[name](this);
    this.screen.name = name;
    main.replaceChildren(...this.screen.content.filter(Boolean));
    window.scrollTo(0, 0);
    const title = main.querySelector('h1');
    title?.setAttribute('tabindex', '-1');
    title?.focus({ preventScroll: true });
    this.screen.shown?.();
  }

  #header(name) {
    byId('clinic-name').textContent = this.clinicName;
    byId('language-label').textContent = _('Language');
    byId('language-field').hidden = !BEFORE_JOIN.has(name) || this.languages.length < 2;
    const select = byId('language');
    select.replaceChildren(...this.languages.map((entry) =>
      h('option', { value: entry.code, lang: entry.code }, entry.name)));
    select.value = language();
    select.onchange = () => this.#changeLanguage(select.value);
  }

  async #changeLanguage(code) {
    await this.useLanguage(code);
    if (this.invitation) this.invitation.language = code;
    this.show(this.screen.name);
    byId('language').focus();
  }

  #mediaChanged(kind) {
    this.screen.mediaChanged?.(kind);
    this.consultation?.mediaChanged();
  }

  #networkBack() {
    if (this.consultation) this.consultation.hurry();
    else if (this.screen.name === 'problem' && this.failure.code === 'offline') this.load();
  }

  /** The person's Join, after the check of the devices. */
  async enterWaitingRoom() {
    this.messages = [];
    this.passcode = null;
    this.chatKept = false;
    this.consultation = new Consultation({ invitation: this.invitation, keys: this.keys, card: this.card,
      media: this.media, connect: () => new WebSocket(`wss://${window.location.host}/ws`, 'bedside.v1'),
      events: this.#events() });
    this.awake.keep();
    this.show('waiting');
    await this.consultation.join({ ...this.answers, language: language(), consent: this.answers.consent,
      passcode: passcodeOf(this.answers.passcode),
      devices: { camera: this.media.isOn('video'), microphone: this.media.isOn('audio'),
        speaker: this.answers.heard === true } });
  }

  #events() {
    const tell = (name) => (...details) => this.screen[name]?.(...details);
    return { phase: (phase) => { if (phase === 'call') this.show('call'); }, position: tell('position'),
      host: tell('host'), network: tell('network'), session: tell('session'), call: tell('callState'), silent: tell('silent'),
      remote: tell('remote'), peerMedia: tell('peerMedia'), chat: tell('chat'), chatFull: tell('chatFull'), file: tell('file'), fileChanged: tell('fileChanged'), chatState: tell('chatState'),
      words: tell('words'), compared: tell('compared'), chatKept: () => this.#chatKept(),
      passcode: (result) => { this.passcode = result; this.screen.passcode?.(result); }, message: (text) => this.#message(text),
      over: (reason, words) => this.#over(reason, words) };
  }

  #chatKept() {
    if (this.chatKept) return; // Said again in each session.
    this.chatKept = true;
    this.screen.chatKept?.();
  }

  #message(text) {
    this.messages.push(text);
    this.screen.message?.(text);
    if (this.screen.name === 'call') return; // Its chat tells what it receives.
    announce(_('Message from the clinic: {text}', { text }), { urgent: true });
  }

  #over(reason, words) {
    this.outcome = { reason, words, wasInCall: this.screen.name === 'call' };
    this.consultation = null;
    this.media.turnAllOff();
    this.awake.release();
    if (!['left', 'failed', 'unsafe', 'unconnected', 'replaced'].includes(reason)) this.invitation.forget();
    if (['ended', 'left', 'declined', 'replaced', 'unsafe', 'failed', 'unconnected'].includes(reason)) this.show('end');
    else this.problem(reason);
  }
}
