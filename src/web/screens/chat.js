/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chat beside the picture. What cannot be sent stays in the field. */

import { announce, h, icon } from '../dom.js';
import { _, language } from '../i18n.js';
import { ICONS } from '../icons.js';
import { MAX_CHAT_BYTES } from '../call.js';
import { utf8Length } from '../wire.js';

const MAX_SHOWN = 500;

export class Chat {
  #clinician; #send; #onUnread; #unread = 0; #open = false;

  /** `send(text)` gives false when it could not go; `onUnread(count)` for the badge. */
  constructor(clinician, send, onUnread, onToggle) {
    this.#clinician = clinician;
    this.#send = send;
    this.#onUnread = onUnread;
    this.onToggle = onToggle;
    this.log = h('div', { id: 'chat-log', class: 'chat-log', role: 'log', 'aria-label': _('Messages'), tabindex: '0' },
      h('p', { class: 'chat-empty' }, _('Only you and {clinician} can read this. It is gone when you leave.', { clinician })));
    this.text = h('textarea', { id: 'chat-text', rows: 1, dir: 'auto', placeholder: _('Write a message'), 'aria-label': _('Write a message'),
      maxlength: 4000, autocomplete: 'off', on: { keydown: (event) => this.#key(event), input: () => this.#grow() } });
    this.note = h('p', { class: 'chat-note', id: 'chat-note', role: 'status' });
    this.keeping = h('p', { class: 'chat-note', id: 'chat-kept', hidden: true });
    this.element = h('aside', { id: 'chat-panel', class: 'chat', hidden: true, 'aria-labelledby': 'chat-title' },
      h('div', { class: 'chat-head' }, h('h2', { id: 'chat-title' }, _('Chat')),
        h('button', { id: 'chat-close', type: 'button', class: 'round-button', 'aria-label': _('Close the chat'), on: { click: () => this.toggle(false) } }, icon(ICONS.close))),
      this.keeping, this.log, this.note,
      h('form', { class: 'chat-form', on: { submit: (event) => { event.preventDefault(); this.#submit(); } } }, this.text,
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

  /** Whether the channel is there. */
  available(open) { this.note.textContent = open ? '' : _('The chat is not connected at the moment. What you write stays here.'); }

  received(text) {
    this.#add(text, this.#clinician, 'theirs');
    if (this.#open) return;
    this.#count(this.#unread + 1);
    announce(_('New message: {text}', { text }));
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
    this.note.textContent = '';
    this.text.value = '';
    this.#grow();
    this.#add(text, _('You'), 'mine');
  }

  #add(text, who, side) {
    const clock = new Intl.DateTimeFormat(language(), { hour: 'numeric', minute: '2-digit' }).format(new Date());
    this.log.querySelector('.chat-empty')?.remove();
    this.log.append(h('div', { class: `bubble ${side}` },
      h('span', { class: 'bubble-who' }, h('bdi', {}, who), ` · ${clock}`), h('p', { dir: 'auto' }, text)));
    while (this.log.childElementCount > MAX_SHOWN) this.log.firstElementChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }
}
