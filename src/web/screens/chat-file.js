/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file in the chat: how it gets on, and what can be done with it. */

import { h } from '../dom.js';
import { _, language } from '../i18n.js';

function sizeText(size) {
  const unit = size < 1e6 ? 'kilobyte' : 'megabyte';
  const value = unit === 'kilobyte' ? Math.max(1, Math.round(size / 1e3)) : size / 1e6;
  return new Intl.NumberFormat(language(), { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

function stateText({ state, mine }) {
  switch (state) {
    case 'waiting': return _('Waiting for the other side');
    case 'moving': return mine ? _('Being sent') : _('Being received');
    case 'done': return mine ? _('Sent') : _('Received');
    case 'stopped': return _('Stopped');
    case 'refused': return mine ? _('Not taken by the other side: only pictures (PNG, JPEG) and PDF, 64 MB in a call')
      : _('Not taken: it was not what it was said to be');
    default: return _('Did not get through. Send it again.');
  }
}

/** Whether nothing of it is on its way, or will be. */
export function isOver({ state }) { return !['waiting', 'moving'].includes(state); }

export class ChatFile {
  #file; #about; #progress; #stop; #save = null;

  constructor(file, stop) {
    this.#file = file;
    this.#about = h('span', { class: 'file-about' });
    this.#progress = h('progress', { max: file.size, 'aria-label': file.name });
    this.#stop = h('button', { type: 'button', class: 'file-act', on: { click: stop } }, _('Stop'));
    this.element = h('div', { class: 'chat-file' }, h('p', { dir: 'auto', class: 'file-name' }, file.name),
      this.#about, this.#progress, this.#stop);
    this.show();
  }

  show() {
    const open = !isOver(this.#file);
    this.#about.textContent = `${sizeText(this.#file.size)} · ${stateText(this.#file)}`;
    this.#progress.value = this.#file.moved;
    this.#progress.hidden = !open;
    this.#stop.hidden = !open;
    if (this.#file.blob && !this.#save) this.#offerCopy();
  }

  /* The browser's own download: nothing is opened in this page. */
  #offerCopy() {
    this.#save = h('button', { type: 'button', class: 'file-act', on: { click: () => this.#download() } }, _('Save a copy…'));
    this.element.append(this.#save);
  }

  #download() {
    const url = URL.createObjectURL(this.#file.blob);
    h('a', { href: url, download: this.#file.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }
}
