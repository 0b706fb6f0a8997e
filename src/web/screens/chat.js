/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chat beside the picture. What cannot be sent stays in the field. */

import { announce, h, icon } from '../dom.js';
import { _, language } from '../i18n.js';
import { ICONS } from '../icons.js';
import { MAX_CHAT_BYTES } from '../call.js';
import { MAX_FILE, typeOf } from '../transfers.js';
import { ChatFile, isOver } from './chat-file.js';
import { utf8Length } from '../wire.js';

const MAX_SHOWN = 500;

export class Chat {
  #clinician; #send; #files; #shown = new Map(); #onUnread; #unread = 0; #open = false; #full = false;

  /**
   * `send(text)` gives false when it could not go; `files` gives send(name, bytes), null when it could not, and
   * stop(file); `onUnread(count)` for the badge.
   */
  constructor(clinician, send, files, onUnread, onToggle) {
    this.#files = files;
    this.#clinician = clinician;
    this.#send = send;
    this.#onUnread = onUnread;
    this.onToggle = onToggle;
    this.log = h('div', { id: 'chat-log', class: 'chat-log', role: 'log', 'aria-label': _('Messages'), tabindex: '0' },
      h('p', { class: 'chat-empty' }, _('Only you and {clinician} can read this. It is gone when you leave.', { clinician })));
    this.earlier = h('p', { id: 'chat-earlier', class: 'chat-earlier' }, _('Earlier messages are no longer shown here.'));
    this.text = h('textarea', { id: 'chat-text', rows: 1, dir: 'auto', placeholder: _('Write a message'), 'aria-label': _('Write a message'),
      maxlength: 4000, autocomplete: 'off', on: { keydown: (event) => this.#key(event), input: () => this.#grow() } });
    this.picker = h('input', { id: 'chat-picker', type: 'file', hidden: true, accept: 'image/png,image/jpeg,application/pdf',
      on: { change: () => this.#pick() } });
    this.note = h('p', { class: 'chat-note', id: 'chat-note', role: 'status' });
    this.keeping = h('p', { class: 'chat-note', id: 'chat-kept', hidden: true });
    this.element = h('aside', { id: 'chat-panel', class: 'chat', hidden: true, 'aria-labelledby': 'chat-title' },
      h('div', { class: 'chat-head' }, h('h2', { id: 'chat-title' }, _('Chat')),
        h('button', { id: 'chat-close', type: 'button', class: 'round-button', 'aria-label': _('Close the chat'), on: { click: () => this.toggle(false) } }, icon(ICONS.close))),
      this.keeping, this.log, this.note,
      h('form', { class: 'chat-form', on: { submit: (event) => { event.preventDefault(); this.#submit(); } } }, this.picker,
        h('button', { id: 'chat-attach', type: 'button', class: 'round-button', 'aria-label': _('Send a picture or PDF, up to 10 MB'),
          title: _('Send a picture or PDF, up to 10 MB'), on: { click: () => this.picker.click() } }, icon(ICONS.attach)), this.text,
        h('button', { id: 'chat-send', type: 'submit', class: 'round-button accent', 'aria-label': _('Send') }, icon(ICONS.send))));
  }

  /** The clinic keeps the chat: said where it is read, and aloud. */
  kept() {
    const text = _('The clinic keeps this chat with your record.');
    const empty = this.log.querySelector('.chat-empty');
    if (empty) empty.textContent = _('Only you and {clinician} can read this.', { clinician: this.#clinician });
    this.keeping.textContent = text;
    this.keeping.hidden = false;
    announce(text);
  }

  get isOpen() { return this.#open; }

  toggle(open = !this.#open) {
    this.#open = open;
    this.element.hidden = !open;
    this.onToggle(open);
    if (open) {
      this.#count(0);
      this.text.focus();
      this.log.scrollTop = this.log.scrollHeight;
    }
  }

  /** No text finds room any more, of either side: said where it is written, and aloud. */
  beFull() {
    this.#full = true;
    this.available(true);
    this.#tell(this.note.textContent);
  }

  /** Whether the channel is there. */
  available(open) {
    if (this.#full) this.note.textContent = _('This chat is full: nothing more can be written here. Say it aloud, or call by telephone.');
    else this.note.textContent = open ? '' : _('The chat is not connected at the moment. What you write stays here.');
  }

  received(text) {
    this.#add([h('p', { dir: 'auto' }, text)], this.#clinician, 'theirs');
    this.#tell(_('New message: {text}', { text }));
  }

  fileAdded(file) {
    this.#addFile(file, this.#clinician, 'theirs');
    this.#tell(_('A file is coming: {name}', { name: file.name }));
  }

  fileChanged(file) {
    this.#shown.get(file)?.show();
    if (isOver(file)) this.#shown.delete(file); // It does not change again.
  }

  #tell(text) {
    if (this.#open) return;
    this.#count(this.#unread + 1);
    announce(text);
  }

  #addFile(file, who, side) {
    const shown = new ChatFile(file, () => this.#files.stop(file));
    this.#shown.set(file, shown);
    this.#add(shown.element, who, side);
  }

  async #pick() {
    const [chosen] = this.picker.files;
    this.picker.value = '';
    if (chosen) this.note.textContent = await this.#sendFile(chosen);
  }

  /* The size is looked at before it is read. Gives why it could not go, or ''. */
  async #sendFile(chosen) {
    if (chosen.size > MAX_FILE) return _('Not sent: a file in the chat may have up to 10 MB.');
    let bytes;
    try {
      bytes = new Uint8Array(await chosen.arrayBuffer());
    } catch {
      return _('Not sent: this file cannot be read.');
    }
    if (typeOf(bytes) === 0) return _('Not sent: only pictures (PNG, JPEG) and PDF.');
    const file = this.#files.send(chosen.name, bytes);
    if (!file) return _('Not sent: no connection, or another file is on its way.');
    this.#addFile(file, _('You'), 'mine');
    return '';
  }

  #count(count) {
    this.#unread = count;
    this.#onUnread(count);
  }

  #key(event) {
    if (event.key === 'Escape') this.toggle(false);
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #grow() {
    this.text.style.height = 'auto';
    this.text.style.height = `${Math.min(this.text.scrollHeight, 140)}px`;
  }

  #submit() {
    const text = this.text.value.trim();
    if (text === '') return;
    if (utf8Length(text) > MAX_CHAT_BYTES) {
      this.note.textContent = _('This is too long for one message.');
      return;
    }
    if (!this.#send(text)) {
      this.available(false);
      return;
    }
    this.available(true);
    this.text.value = '';
    this.#grow();
    this.#add([h('p', { dir: 'auto' }, text)], _('You'), 'mine');
  }

  #add(content, who, side) {
    const clock = new Intl.DateTimeFormat(language(), { hour: 'numeric', minute: '2-digit' }).format(new Date());
    this.log.querySelector('.chat-empty')?.remove();
    this.log.append(h('div', { class: `bubble ${side}` },
      h('span', { class: 'bubble-who' }, h('bdi', {}, who), ` · ${clock}`), content));
    this.#dropOldest();
    this.log.scrollTop = this.log.scrollHeight;
  }

  /* What goes is told in its place. */
  #dropOldest() {
    const bubbles = this.log.getElementsByClassName('bubble');
    if (bubbles.length <= MAX_SHOWN) return;
    while (bubbles.length > MAX_SHOWN) bubbles[0].remove();
    if (!this.earlier.isConnected) this.log.prepend(this.earlier);
  }
}
