/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock: what is private in words, and the four words to read to each other. */

import { h, icon } from '../dom.js';
import { _ } from '../i18n.js';
import { ICONS } from '../icons.js';

async function fetchList(name) {
  const response = await fetch(`/web/sas/${name}.txt`);
  if (!response.ok) return null;
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.length === 256 ? lines : null;
}

/** The words in the invitation's language, which both sides have; else in English. */
export async function wordsFor(bytes, cardLanguage) {
  const language = /^[a-z]{2,3}/.exec(cardLanguage.toLowerCase())?.[0] ?? 'en';
  const words = (await fetchList(language)) ?? (await fetchList('en'));
  return words && [...bytes].map((byte) => words[byte]);
}

/** The state of the lock: { text, detail, kind }. */
export function lockState({ connected, unsafe, own, other }) {
  if (unsafe) return { kind: 'bad', text: _('Not private'), detail: _('The words differ. Somebody may be listening. Leave the call and telephone the clinic.') };
  if (!connected) return { kind: 'off', text: _('No connection'), detail: _('Nothing is being sent.') };
  if (own || other) {
    return { kind: 'good', text: _('Private, checked'),
      detail: _('Only you and {clinician} can see and hear this call. The words were compared.') };
  }
  return { kind: 'good', text: _('Private'),
    detail: _('Only you and {clinician} can see and hear this call. To be quite sure, read these words to each other.') };
}

/** The dialog; `onAnswer(match)` is called once for each answer. */
export function wordsDialog(clinician, onAnswer) {
  const detail = h('p', { id: 'words-detail' });
  const list = h('ol', { id: 'words', class: 'words', 'aria-label': _('The four words') });
  const match = h('button', { id: 'words-match', type: 'button', class: 'button primary', on: { click: () => { onAnswer(true); dialog.close(); } } }, _('They match'));
  const differ = h('button', { id: 'words-differ', type: 'button', class: 'button', on: { click: () => { onAnswer(false); dialog.close(); } } }, _('They differ'));
  const buttons = h('div', { class: 'dialog-buttons' }, match, differ);
  const dialog = h('dialog', { id: 'words-dialog', 'aria-labelledby': 'words-title', 'aria-describedby': 'words-detail' },
    h('div', { class: 'dialog-head' }, h('h2', { id: 'words-title' }),
      h('button', { id: 'words-close', type: 'button', class: 'round-button', 'aria-label': _('Close'), on: { click: () => dialog.close() } }, icon(ICONS.close))),
    detail, list, buttons);
  dialog.update = (state, words, answered) => {
    dialog.querySelector('h2').textContent = state.text;
    detail.textContent = state.detail.replace('{clinician}', clinician);
    list.hidden = !words;
    list.replaceChildren(...(words ?? []).map((word, place) =>
      h('li', {}, h('span', { 'aria-hidden': 'true' }, String(place + 1)), h('b', {}, word))));
    buttons.hidden = !words || answered;
  };
  return dialog;
}
