/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sealed card: what is shown before anybody talks. */

import { concat, fromBase64url, fromUtf8, utf8 } from './bytes.js';
import { decrypt, importPublicKey, importSealKey, keyBelongsToRoom } from './keys.js';
import { isText, parseJson } from '../wire.js';

export const MAX_CARD = 48 * 1024;
const MAX_CONSENTS = 32;

/** The consent texts of a card; throws when one is malformed. */
function readConsents(list) {
  if (!Array.isArray(list) || list.length > MAX_CONSENTS) throw new Error('consent');
  return list.map((entry) => {
    const { version, language, summary, text } = entry ?? {};
    if (!isText(version, 1, 64) || !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language) ||
        !isText(summary, 0, 4000) || !isText(text, 1, MAX_CARD)) throw new Error('consent');
    return { version, language, summary, text };
  });
}

function readPlain(plain) {
  const card = parseJson(plain, MAX_CARD);
  const key = fromBase64url(card.key, 65);
  const time = card.time === null ? null : new Date(card.time);
  if (card.v !== 1 || !key || !isText(card.clinic, 1, 300) || !isText(card.clinician, 1, 300) ||
      !isText(card.telephone, 0, 64) || !isText(card.language, 0, 35) ||
      typeof card.relay_only !== 'boolean') throw new Error('card');
  if (time && (typeof card.time !== 'string' || Number.isNaN(time.getTime()))) throw new Error('time');
  return { key, time, clinic: card.clinic, clinician: card.clinician, language: card.language,
    telephone: card.telephone, relayOnly: card.relay_only, passcode: card.passcode === true, consents: readConsents(card.consent) };
}

/**
 * Opens the card that the server handed out for this link.
 * Throws when it was altered, is malformed, or its key does not belong to the room of the link.
 */
export async function openCard(text, { room, secret, cardKey }) {
  const sealed = fromBase64url(text);
  if (!sealed || sealed.length < 28 || sealed.length > MAX_CARD + 28) throw new Error('card size');
  const key = await importSealKey(cardKey);
  const associated = concat(utf8('bedside card v1'), room);
  const plain = fromUtf8(await decrypt(key, sealed.subarray(0, 12), sealed.subarray(12), associated));
  const card = readPlain(plain);
  if (!(await keyBelongsToRoom(secret, room, card.key))) throw new Error('key of another room');
  await importPublicKey(card.key);
  return card;
}
