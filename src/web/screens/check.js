/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Camera, microphone and sound: each off until the person turns it on, none of them needed. */

import { announce, byId, h, icon } from '../dom.js';
import { _ } from '../i18n.js';
import { ICONS } from '../icons.js';
import { browserKind, permissionHelp } from './permission.js';

const HEARD_LEVEL = 0.35;
const IDS = { video: 'camera', audio: 'microphone' };

/** What happened to a device, what still works, and the one thing to do. */
export function problemText(kind, problem) {
  const camera = kind === 'video';
  switch (problem) {
    case 'denied': return camera ? _('This page may not use the camera.') : _('This page may not use the microphone.');
    case 'missing': return camera
      ? _('No camera was found. Plug one in and try again, or join without it.')
      : _('No microphone was found. Plug one in and try again; without it you can still listen and write.');
    case 'busy': return camera
      ? _('Another program is using the camera. Close it and try again, or join without it.')
      : _('Another program is using the microphone. Close it and try again.');
    case 'lost': return camera
      ? _('The camera was disconnected. Turn it on again when it is back.')
      : _('The microphone was disconnected. Turn it on again when it is back.');
    default: return camera
      ? _('The camera did not start. Try again, or join without it.')
      : _('The microphone did not start. Try again.');
  }
}

function stateText(app, kind, heard) {
  const on = app.media.isOn(kind);
  if (kind === 'video') return on ? _('Your camera is on') : _('Your camera is off');
  if (!on) return _('Your microphone is off');
  return heard ? _('We hear you well') : _('Say something: the bar should move');
}

function row(app, kind) {
  const id = IDS[kind];
  const name = kind === 'video' ? _('Camera') : _('Microphone');
  return h('div', { class: 'row' }, icon(ICONS[id]),
    h('div', { class: 'row-text' }, h('span', { id: `${id}-state`, 'aria-live': 'polite' }),
      kind === 'audio' ? h('div', { class: 'meter', id: 'meter', 'aria-hidden': 'true' }, h('i', { id: 'level' })) : null),
    h('button', { id: `check-${id}`, class: 'switch', type: 'button', role: 'switch', 'aria-checked': 'false',
      'aria-label': name, 'aria-describedby': `${id}-state`, on: { click: () => toggle(app, kind) } }, h('i', {})));
}

async function toggle(app, kind) {
  const button = byId(`check-${IDS[kind]}`);
  if (app.media.isOn(kind)) app.media.turnOff(kind);
  else {
    button.setAttribute('aria-busy', 'true');
    await app.media.turnOn(kind);
    button.removeAttribute('aria-busy');
  }
}

function choice(app, kind) {
  const id = `${IDS[kind]}-choice`;
  return h('label', { class: 'choice', id: `${id}-field`, hidden: true },
    h('span', {}, kind === 'video' ? _('Which camera') : _('Which microphone')),
    h('select', { id, on: { change: (event) => app.media.turnOn(kind, event.target.value) } }));
}

async function fillChoice(app, kind) {
  const devices = await app.media.list(kind);
  const select = byId(`${IDS[kind]}-choice`);
  if (!select) return;
  byId(`${IDS[kind]}-choice-field`).hidden = devices.length < 2 || !app.media.isOn(kind);
  select.replaceChildren(...devices.map((device, i) => h('option', { value: device.id },
    device.label || (kind === 'video' ? _('Camera {number}', { number: i + 1 }) : _('Microphone {number}', { number: i + 1 })))));
  select.value = app.media.chosen(kind) ?? '';
}

function soundRow(app) {
  const question = h('span', { id: 'sound-state', 'aria-live': 'polite' });
  const answers = h('div', { class: 'answers', hidden: true });
  const say = () => {
    question.textContent = app.answers.heard === true ? _('You hear the sound')
      : app.answers.heard === false ? _('Turn the volume up and check the loudspeaker, then play it again.') : _('Do you hear the sound?');
  };
  const answer = (heard) => () => {
    app.answers.heard = heard;
    answers.hidden = true;
    say();
    byId('check-sound').focus();
  };
  answers.append(h('button', { id: 'sound-yes', class: 'small-button', type: 'button', on: { click: answer(true) } }, _('Yes')),
    h('button', { id: 'sound-no', class: 'small-button', type: 'button', on: { click: answer(false) } }, _('No')));
  say();
  return h('div', { class: 'row' }, icon(ICONS.speaker), h('div', { class: 'row-text' }, question, answers),
    h('button', { id: 'check-sound', class: 'small-button', type: 'button', 'aria-describedby': 'sound-state', on: { click: () => {
      if (!app.media.playTone()) {
        question.textContent = _('This browser has no sound to play.');
        return;
      }
      app.answers.heard = null;
      say();
      answers.hidden = false;
    } } }, _('Play')));
}

function helpFor(app) {
  const parts = ['video', 'audio'].filter((kind) => app.media.problems[kind]);
  const help = parts.map((kind) => h('p', {}, icon(ICONS.warning), h('span', {}, problemText(kind, app.media.problems[kind]))));
  const denied = parts.filter((kind) => app.media.problems[kind] === 'denied');
  return denied.length === 0 ? help : [...help, permissionHelp(browserKind(navigator))];
}

export function checkScreen(app) {
  let heard = false;
  let frame = 0;
  const preview = h('video', { id: 'preview', class: 'mirrored', autoplay: true, muted: true, playsInline: true,
    'aria-label': _('Your own picture') });
  const empty = h('div', { class: 'view-off' }, icon(ICONS.cameraOff), h('span', {}, _('Your camera is off')));
  const help = h('div', { id: 'device-help', class: 'help', role: 'alert' });
  const note = h('p', { class: 'dim small centred', id: 'ready-note' });

  function refresh() {
    for (const kind of ['video', 'audio']) {
      byId(`check-${IDS[kind]}`).setAttribute('aria-checked', String(app.media.isOn(kind)));
      const text = stateText(app, kind, heard);
      const state = byId(`${IDS[kind]}-state`);
      if (state.textContent !== text) state.textContent = text;
    }
    const camera = app.media.track('video');
    const shown = preview.srcObject?.getTracks()[0] ?? null;
    if (shown !== camera) preview.srcObject = camera ? new MediaStream([camera]) : null;
    empty.hidden = camera !== null;
    byId('meter').hidden = !app.media.isOn('audio');
    help.replaceChildren(...helpFor(app));
    note.textContent = app.media.isOn('video') || app.media.isOn('audio')
      ? _('Only you can see and hear this until you are let in.')
      : _('You can join without a camera, and turn it on later.');
  }

  function meter() {
    const level = app.media.level();
    byId('level').style.transform = `scaleX(${level.toFixed(3)})`;
    if (level > HEARD_LEVEL && !heard) {
      heard = true;
      refresh();
    }
    frame = requestAnimationFrame(meter);
  }

  return {
    content: [
      h('h1', {}, _('Can you see and hear?')),
      h('div', { class: 'view' }, preview, empty, h('span', { class: 'tag' }, _('Only you can see this'))),
      h('section', { class: 'card rows' }, row(app, 'video'), choice(app, 'video'), row(app, 'audio'), choice(app, 'audio'), soundRow(app)),
      help,
      h('button', { id: 'ready', class: 'button primary', type: 'button', on: { click: () => {
        app.media.wakeSound();
        app.enterWaitingRoom();
      } } }, _('Go to the waiting room')),
      note,
      h('button', { id: 'check-back', class: 'button plain', type: 'button', on: { click: () => {
        app.media.turnAllOff();
        app.show('details');
      } } }, _('Back'))],
    shown: () => { refresh(); meter(); fillChoice(app, 'video'); fillChoice(app, 'audio'); },
    mediaChanged: (kind) => {
      if (kind === 'audio' && !app.media.isOn('audio')) heard = false;
      refresh();
      fillChoice(app, 'video');
      fillChoice(app, 'audio');
      const problem = app.media.problems[kind];
      if (problem) announce(problemText(kind, problem), { urgent: true });
    },
    close: () => { cancelAnimationFrame(frame); preview.srcObject = null; },
  };
}
