/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's words: English in the source, the other languages from catalogs made of po/*.po. */

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);
let catalog = {};
let current = 'en';

/** Marks a text for translation where it is not shown at once. */
export const N_ = (text) => text;

/**
 * The text in the person's language. {name} in it is replaced by values.name, isolated so that a
 * name in another script does not turn the sentence round.
 */
export function _(text, values = {}) {
  const translated = catalog[text] || text;
  return translated.replace(/\{(\w+)\}/g, (whole, name) =>
    (name in values ? `\u2068${values[name]}\u2069` : whole));
}

export const language = () => current;

export function direction() {
  return RIGHT_TO_LEFT.has(current.split('-')[0]) ? 'rtl' : 'ltr';
}

/** [{ code, name }], English first. */
export async function fetchLanguages() {
  const response = await fetch('/web/i18n/languages.json');
  return response.ok ? response.json() : [{ code: 'en', name: 'English' }];
}

/** The first of `wanted` that is in `available`, by language before region; null when none is. */
export function match(wanted, available) {
  for (const tag of wanted) {
    const lower = String(tag ?? '').toLowerCase();
    const found = available.find((code) => code.toLowerCase() === lower) ??
      available.find((code) => code.toLowerCase().split('-')[0] === lower.split('-')[0] && lower !== '');
    if (found) return found;
  }
  return null;
}

export async function setLanguage(code) {
  if (code === 'en') catalog = {};
  else {
    const response = await fetch(`/web/i18n/${code}.json`);
    if (!response.ok) return;
    catalog = await response.json();
  }
  current = code;
  document.documentElement.lang = code;
  document.documentElement.dir = direction();
}
