/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is there, where help would find them, and what they agree to. */

import { byId, h } from '../dom.js';
import { _, language, match } from '../i18n.js';

const LIMITS = { name: 120, callback: 40, location: 200, passcode: 12 };

function field(app, id, { label, hint, ...attributes }) {
  return h('div', { class: 'field' },
    h('label', { for: id }, label),
    h('input', { id, value: app.answers[id], maxlength: LIMITS[id], 'aria-describedby': `${id}-hint`, required: true,
      on: { input: (event) => { app.answers[id] = event.target.value; refresh(app); } }, ...attributes }),
    h('p', { class: 'hint', id: `${id}-hint` }, hint));
}

/** The six digits as they are sent, or null. */
export const passcodeOf = (text) => (/^(\s|-)*(\d(\s|-)*){6}$/.test(text) ? text.replace(/\D/g, '') : null);

/** What is still missing, in words; empty when nothing is. */
export function missing({ name, callback, location, passcode, agreed }, asksPasscode = false) {
  if (!name.trim()) return _('Please enter your name to go on.');
  if ((callback.match(/\d/g) ?? []).length < 3) return _('Please enter a number that we can call.');
  if (!location.trim()) return _('Please say where you are now.');
  if (asksPasscode && passcodeOf(passcode) === null) return _('Please enter the six digits that the clinic told you by telephone.');
  if (!agreed) return _('Please read the text and tick “I agree” to go on.');
  return '';
}

function refresh(app) {
  const reason = missing(app.answers, app.card.passcode);
  byId('join').setAttribute('aria-disabled', String(reason !== ''));
  byId('join-reason').textContent = reason;
}

function chooseConsent(app) {
  const languages = app.consents.map((entry) => entry.language);
  const wanted = match([language()], languages) ?? match([app.card.language, ...navigator.languages, 'en'], languages);
  return app.consents.find((entry) => entry.language === wanted) ?? app.consents[0];
}

function nameOfLanguage(code) {
  try {
    return new Intl.DisplayNames([language()], { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // A code that is no language tag.
  }
}

function languageChoice(app, entry) {
  if (app.consents.length < 2) {
    return match([language()], [entry.language]) ? null
      : h('p', { class: 'hint' }, _('The clinic wrote this text in {language} only.', { language: nameOfLanguage(entry.language) }));
  }
  return h('label', { class: 'consent-language' }, `${_('Language of this text')} `,
    h('select', { id: 'consent-language', on: { change: (event) => {
      app.answers.consent = app.consents[event.target.selectedIndex];
      app.answers.agreed = false; // Another text is another agreement.
      app.answers.consentChosen = true;
      byId('consent').replaceWith(consentPart(app));
      refresh(app);
      byId('consent-language').focus();
    } } }, app.consents.map((other) =>
      h('option', { value: other.language, selected: other === entry }, nameOfLanguage(other.language)))));
}

function consentPart(app) {
  const entry = app.answers.consent;
  const own = { lang: entry.language, dir: 'auto' };
  const agree = h('input', { type: 'checkbox', id: 'agree', checked: app.answers.agreed,
    on: { change: (event) => { app.answers.agreed = event.target.checked; refresh(app); } } });
  return h('section', { class: 'card consent', id: 'consent', 'aria-labelledby': 'consent-title' },
    h('h2', { id: 'consent-title' }, _('What you agree to')),
    languageChoice(app, entry),
    entry.summary ? h('p', own, entry.summary) : null,
    entry.summary
      ? h('details', {}, h('summary', {}, _('Read the full text')), h('div', { class: 'legal', ...own }, entry.text))
      : h('div', { class: 'legal', ...own }, entry.text),
    app.clinic?.privacyNotice
      ? h('details', { id: 'privacy-notice' }, h('summary', {}, _('How the clinic handles your data')),
        h('div', { class: 'legal', dir: 'auto' }, app.clinic.privacyNotice)) : null,
    h('label', { class: 'agree', for: 'agree' }, agree, h('span', {}, _('I agree'))));
}

function next(app) {
  if (missing(app.answers, app.card.passcode) === '') {
    app.show('check');
    return;
  }
  refresh(app);
  const { name, callback, location } = app.answers;
  const first = !name.trim() ? 'name' : (callback.match(/\d/g) ?? []).length < 3 ? 'callback' : !location.trim() ? 'location'
    : app.card.passcode && passcodeOf(app.answers.passcode) === null ? 'passcode' : 'agree';
  byId(first).focus();
}

export function detailsScreen(app) {
  if (!app.answers.consentChosen) {
    const consent = chooseConsent(app);
    if (consent !== app.answers.consent) Object.assign(app.answers, { consent, agreed: false });
  }
  const form = h('form', { novalidate: true, autocomplete: 'on',
    on: { submit: (event) => { event.preventDefault(); next(app); } } },
  field(app, 'name', { label: _('Your name'), hint: _('As the clinic knows you.'), autocomplete: 'name', dir: 'auto' }),
  field(app, 'callback', { label: _('A number to call you back'), hint: _('If the connection is lost, we call you there.'),
    autocomplete: 'tel', type: 'tel', inputmode: 'tel', dir: 'ltr' }),
  field(app, 'location', { label: _('Where are you now?'), hint: _('Street and town: if you need help, it must find you.'),
    autocomplete: 'street-address', dir: 'auto' }),
  app.card.passcode ? field(app, 'passcode', { label: _('Passcode'), hint: _('Six digits that the clinic told you by telephone.'),
    autocomplete: 'off', inputmode: 'numeric', dir: 'ltr' }) : null,
  consentPart(app),
  h('p', { id: 'join-reason', class: 'reason', role: 'status' }),
  h('button', { id: 'join', class: 'button primary', type: 'submit', 'aria-describedby': 'join-reason' }, _('Join')));
  return { content: [
    h('h1', {}, _('Who are you, and where?')),
    h('p', { class: 'lead' }, _('Only {clinician} sees what you write here.', { clinician: app.card.clinician })), form],
  shown: () => refresh(app) };
}
