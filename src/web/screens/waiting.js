/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waiting room. */

import { byId, h, icon } from '../dom.js';
import { _ } from '../i18n.js';
import { ICONS } from '../icons.js';
import { ALTERED, reachClinic } from './parts.js';
import { passcodeOf } from './details.js';

function placeText(position) {
  if (position === null) return _('Connecting to the waiting room…');
  if (position <= 1) return _('You are first in line.');
  return _('You are number {number} in line.', { number: position });
}

export function mediaText(media) {
  const camera = media.isOn('video');
  const microphone = media.isOn('audio');
  if (camera && microphone) return _('Your camera and microphone are on, but nobody can see or hear you yet.');
  if (camera) return _('Your camera is on, but nobody can see you yet. Your microphone is off.');
  if (microphone) return _('Your microphone is on, but nobody can hear you yet. Your camera is off.');
  return _('Your camera and microphone are off.');
}

function messageCard(text) {
  return h('div', { class: 'note' }, h('b', {}, _('Message from the clinic')), h('p', { dir: 'auto' }, text));
}

/** What the clinic says to the passcode, and a field for another try. */
function passcodeCard(app, { right, left }) {
  if (right) return h('p', { role: 'status', class: 'dim' }, _('The passcode is right.'));
  if (left === 0) return h('p', { role: 'alert', class: 'reason' }, _('The passcode was wrong too often. Ask the clinic for a new link.'));
  const field = h('input', { id: 'passcode-again', inputmode: 'numeric', autocomplete: 'off', maxlength: 12, dir: 'ltr' });
  return h('form', { class: 'note', on: { submit: (event) => {
    event.preventDefault();
    const code = passcodeOf(field.value);
    if (code !== null) app.consultation?.tryPasscode(code);
    else field.focus();
  } } }, h('p', { role: 'alert' }, _('This passcode is not right. Tries left: {number}', { number: left })),
  h('div', { class: 'field' }, h('label', { for: 'passcode-again' }, _('Passcode')), field),
  h('button', { id: 'passcode-send', type: 'submit', class: 'button primary' }, _('Try again')));
}

export function waitingScreen(app) {
  const state = { online: null, network: 'connecting', session: null, altered: false };
  const place = h('p', { class: 'lead', id: 'position', role: 'status' }, placeText(app.consultation?.position ?? null));
  const news = h('p', { class: 'news', id: 'waiting-news', role: 'status', hidden: true });
  const messages = h('div', { id: 'clinic-messages', class: 'notes' }, app.messages.map(messageCard));
  const media = h('p', { class: 'dim small', id: 'waiting-media' }, mediaText(app.media));

  const passcode = h('div', { id: 'passcode-part' });
  const showPasscode = (result) => {
    passcode.replaceChildren(...(result ? [passcodeCard(app, result)] : []));
    byId('passcode-again')?.focus();
  };
  showPasscode(app.passcode);

  function refresh() {
    const lost = state.network === 'waiting' || (state.network === 'connecting' && app.consultation?.position !== null);
    const text = lost ? _('The connection is lost. You keep your place; trying again…')
      : state.online === false ? _('The clinic is not there yet. They see you when they come.')
      : state.altered ? ALTERED()
      : state.session === false ? _('The private connection is being made anew.') : '';
    if (news.textContent !== text) news.textContent = text;
    news.hidden = text === '';
    const where = placeText(app.consultation?.position ?? null);
    if (place.textContent !== where) place.textContent = where;
  }

  return {
    content: [
      h('div', { class: 'ring', 'aria-hidden': 'true' }, h('img', { src: '/web/img/bedside.svg', alt: '' })),
      h('div', {}, h('h1', {}, _('{clinician} will let you in', { clinician: app.card.clinician })), place),
      h('p', { class: 'dim' }, _('You can leave this page open and wait. Please do not close it.')),
      news, passcode, messages, media,
      h('button', { id: 'leave', class: 'button', type: 'button', on: { click: () => app.consultation?.leave() } },
        icon(ICONS.leave), _('Leave the waiting room')),
      reachClinic(app, null)],
    position: refresh,
    host: (online) => { state.online = online; refresh(); },
    network: (network) => { state.network = network; refresh(); },
    mediaChanged: () => { media.textContent = mediaText(app.media); },
    passcode: showPasscode,
    message: (text) => messages.append(messageCard(text)),
    session: (open, altered = false) => { state.session = open; state.altered ||= altered; refresh(); },
    shown: () => { byId('waiting-news').hidden = true; },
  };
}
