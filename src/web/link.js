/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The invitation in the address. The secret stands in the fragment, which no browser sends. It is
 * taken out of the address bar at once (screens are shared, addresses are copied and synchronised)
 * and kept in this tab's session storage, so that a reload works; it goes with the tab, or when the
 * consultation is over.
 */

import { fromBase64url, random, toBase64url } from './crypto/bytes.js';

const keyOf = (room) => `bedside:${room}`;

/** { room, secret, roomText } of a path and a fragment, or null. */
export function parseLink(path, fragment) {
  const roomText = /^\/j\/([A-Za-z0-9_-]{22})\/?$/.exec(path)?.[1];
  const room = fromBase64url(roomText, 16);
  const secret = fromBase64url(fragment.replace(/^#/, ''), 32);
  return room && secret ? { room, secret, roomText } : null;
}

function remember(storage, roomText, entry) {
  storage.setItem(keyOf(roomText), JSON.stringify(entry));
}

function recall(storage, roomText) {
  try {
    const entry = JSON.parse(storage.getItem(keyOf(roomText)) ?? '{}');
    return entry && typeof entry === 'object' ? entry : {};
  } catch {
    return {};
  }
}

export class Invitation {
  #storage;

  constructor({ room, secret, roomText }, storage) {
    this.room = room;
    this.secret = secret;
    this.roomText = roomText;
    this.#storage = storage;
  }

  /** From the address, or from what this tab kept; null when there is no whole link. */
  static take(location, history, storage) {
    const roomText = /^\/j\/([A-Za-z0-9_-]{22})\/?$/.exec(location.pathname)?.[1];
    if (!roomText) return null;
    const kept = recall(storage, roomText);
    const link = parseLink(location.pathname, location.hash || `#${kept.secret ?? ''}`);
    if (!link) return null;
    remember(storage, roomText, { ...kept, secret: toBase64url(link.secret) });
    if (location.hash) history.replaceState(null, '', location.pathname);
    return new Invitation(link, storage);
  }

  /** What lets the same tab back in; made at the first Join. */
  takeSeat() {
    const kept = recall(this.#storage, this.roomText);
    const seat = fromBase64url(kept.seat, 16) ?? random(16);
    remember(this.#storage, this.roomText, { ...kept, seat: toBase64url(seat) });
    return seat;
  }

  get language() { return recall(this.#storage, this.roomText).language ?? null; }

  set language(language) {
    remember(this.#storage, this.roomText, { ...recall(this.#storage, this.roomText), language });
  }

  forget() { this.#storage.removeItem(keyOf(this.roomText)); }
}
