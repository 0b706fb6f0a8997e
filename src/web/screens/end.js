/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end, and what was kept. */

import { h } from '../dom.js';
import { _ } from '../i18n.js';
import { badge, reachClinic } from './parts.js';

function wording(reason, wasInCall) {
  switch (reason) {
    case 'declined': return [_('The clinic cannot see you now'), _('Nobody has seen or heard you.')];
    case 'left': return wasInCall
      ? [_('You have left the consultation'), _('If that was a mistake, you can come back.')]
      : [_('You have left the waiting room'), _('If that was a mistake, you can come back.')];
    case 'replaced': return [_('The consultation is open somewhere else'), _('It goes on on the other device. You can close this page.')];
    case 'unsafe': return [_('The call was stopped to protect you'),
      _('The connection could not be shown to be private, so nothing more was sent. Please call the clinic.')];
    case 'unconnected': return [_('The connection failed'), _('Please call the clinic, or come back and try again.')];
    case 'failed': return [_('The consultation was interrupted'), _('Something in this page failed. You can try again.')];
    default: return wasInCall
      ? [_('The consultation is over'), _('You can close this page.')]
      : [_('The clinic has ended the consultation'), _('You can close this page.')];
  }
}

/** What is true of each consultation: this page keeps nothing, the clinic keeps its record. */
const keptText = () => _('This page recorded no sound and no picture, and the chat is gone from it. The clinic keeps what you wrote before joining, your agreement, and the notes of the person treating you.');

export function endScreen(app) {
  const { reason, words, wasInCall } = app.outcome;
  const [title, text] = wording(reason, wasInCall);
  const again = ['left', 'failed', 'unsafe', 'unconnected'].includes(reason);
  return { content: [
    badge(['unsafe', 'failed', 'unconnected'].includes(reason) ? 'warning' : 'done', reason === 'unsafe' ? 'bad' : ''),
    h('h1', { id: 'end-title' }, title), h('p', { class: 'lead' }, text),
    words ? h('div', { class: 'note' }, h('b', {}, _('Message from the clinic')), h('p', { dir: 'auto' }, words)) : null,
    reason === 'replaced' ? null : h('section', { class: 'card padded' }, h('h2', {}, _('What was kept')), h('p', { id: 'kept' }, keptText())),
    again ? h('button', { id: 'again', class: 'button primary', type: 'button', on: { click: () => app.show('check') } }, _('Come back')) : null,
    reachClinic(app, _('A question?'))] };
}
