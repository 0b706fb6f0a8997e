/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who invites, when, and what is not happening yet. */

import { h, icon } from '../dom.js';
import { _, language } from '../i18n.js';
import { ICONS } from '../icons.js';
import { reachClinic } from './parts.js';

/** Two letters at most, for the round sign where there is no picture. */
export function initials(name) {
  const words = name.replace(/\b(dr|prof|mr|mrs|ms|med|herr|frau)\b\.?/gi, ' ').trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase();
}

function startOfDay(time) {
  const day = new Date(time);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/** "Today at 10:30", in the person's language and clock. */
export function whenText(time, now = new Date()) {
  const clock = new Intl.DateTimeFormat(language(), { hour: 'numeric', minute: '2-digit' }).format(time).replaceAll(' ', '\u00a0');
  const days = Math.round((startOfDay(time) - startOfDay(now)) / 86400000);
  if (days === 0) return _('Today at {time}', { time: clock });
  if (days === 1) return _('Tomorrow at {time}', { time: clock });
  const date = new Intl.DateTimeFormat(language(), { weekday: 'long', day: 'numeric', month: 'long' }).format(time);
  return _('{date} at {time}', { date, time: clock });
}

const fact = (name, text) => h('li', {}, icon(ICONS[name]), h('span', {}, text));

export function landingScreen(app) {
  const { clinician, time } = app.card;
  const next = h('button', { id: 'continue', class: 'button primary', type: 'button',
    on: { click: () => app.show('details') } }, _('Continue'));
  return { content: [
    h('h1', {}, _('You are invited to a video consultation')),
    h('section', { class: 'card' },
      h('div', { class: 'who' }, h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(clinician)),
        h('div', {}, h('b', {}, h('bdi', {}, clinician)), h('bdi', { class: 'dim' }, app.clinicName))),
      h('ul', { class: 'facts' },
        fact('clock', time ? whenText(time) : _('Whenever you are ready')),
        fact('lock', _('Only you and the person treating you can see and hear the call.')),
        fact('camera', _('Your camera and microphone are off until you turn them on.')))),
    next, reachClinic(app, _('Not for you, or a question?'))] };
}
