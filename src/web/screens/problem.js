/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A link that does not open: which way, and how to reach the clinic. */

import { h } from '../dom.js';
import { _ } from '../i18n.js';
import { badge, reachClinic } from './parts.js';

function wording(code) {
  switch (code) {
    case 'used': return [_('This invitation was used'), _('The consultation it was for is over. For a new one, please ask the clinic for a new link.')];
    case 'expired': return [_('This invitation has run out'), _('Please ask the clinic for a new link.')];
    case 'revoked': return [_('The clinic has withdrawn this invitation'), _('Please ask the clinic for a new link.')];
    case 'mangled': return [_('This link is not whole'), _('A part of it is missing. Please open it again from the message you got, or copy all of it.')];
    case 'not-found': case 'unauthorized': case 'bad-request': case 'forbidden':
      return [_('This link is not right'), _('The clinic does not know it. Please open it again from the message you got, or ask for a new link.')];
    case 'altered': return [_('This invitation cannot be trusted'), _('What the server sent does not belong to your link. Please do not go on; call the clinic.')];
    case 'unready': return [_('The clinic is not ready yet'), _('It has not written what you would agree to. Please call the clinic.')];
    case 'offline': return [_('There is no connection'), _('Please check your Wi-Fi or mobile network. This page tries again when the network is back.')];
    case 'rate-limited': return [_('Too many tries'), _('Please wait a minute, then try again.')];
    default: return [_('The clinic’s server does not answer'), _('Please try again in a moment.')];
  }
}

const LASTING = new Set(['used', 'expired', 'revoked', 'mangled', 'altered', 'unready']);

export function problemScreen(app) {
  const { code } = app.failure;
  const [title, text] = wording(code);
  const retry = LASTING.has(code) ? null : h('button', { id: 'retry', class: 'button primary', type: 'button',
    on: { click: () => app.load() } }, _('Try again'));
  return { content: [badge('warning'), h('h1', { id: 'problem-title' }, title),
    h('p', { class: 'lead', id: 'problem-text' }, text), retry, reachClinic(app, null)] };
}
