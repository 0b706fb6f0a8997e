/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that several screens have. */

import { h, icon } from '../dom.js';
import { _ } from '../i18n.js';
import { ICONS } from '../icons.js';

/** A telephone number that can be pressed; digits and a plus are all that a tel: address gets. */
export function telephoneLink(telephone) {
  return h('a', { href: `tel:${telephone.replace(/[^\d+]/g, '')}`, class: 'telephone', dir: 'ltr' }, telephone);
}

/** "Not for you, or a question? Call 01632 960 100." or null when no number is known. */
export function reachClinic(app, question) {
  if (!app.telephone) return null;
  return h('p', { class: 'reach dim' }, question ? `${question} ` : null,
    h('span', { class: 'reach-number' }, icon(ICONS.phone), _('Call the clinic:'), ' ', telephoneLink(app.telephone)));
}

/** A round sign with an icon above the title of a page that says one thing. */
export const badge = (name, kind = '') => h('div', { class: `badge ${kind}`, 'aria-hidden': 'true' }, icon(ICONS[name]));

/** What is said when the server, or somebody on the way, changed a sealed message. */
export const ALTERED = () => _('A message was altered on its way and was not taken. The private connection was made anew. If this happens again, telephone the clinic.');
