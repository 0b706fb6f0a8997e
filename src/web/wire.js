/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign JSON: measured before it is parsed, an object at the top, never trusted to have a type. */

export const MAX_FRAME = 64 * 1024;
const MAX_DEPTH = 16;

/** How many bytes the text takes in UTF-8. */
export function utf8Length(text) {
  return new TextEncoder().encode(text).length;
}

function tooDeep(text) {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{' || c === '[') {
      if (++depth > MAX_DEPTH) return true;
    } else if (c === '}' || c === ']') depth--;
  }
  return false;
}

/** The object in `text`; throws when it is too large, too deep, not JSON or not an object. */
export function parseJson(text, limit = MAX_FRAME) {
  if (typeof text !== 'string' || text.length > limit || utf8Length(text) > limit) throw new Error('too large');
  if (tooDeep(text)) throw new Error('too deep');
  const value = JSON.parse(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error('not an object');
  return value;
}

export const isText = (value, min, max) =>
  typeof value === 'string' && value.length >= min && value.length <= max;

export const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
