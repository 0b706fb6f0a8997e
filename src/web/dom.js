/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements from code. Text is only ever set as text, so nothing typed or received becomes markup. */

const SVG = 'http://www.w3.org/2000/svg';

function apply(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === 'on') {
    for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
  } else if (name === 'class') element.className = value;
  else if (['checked', 'value', 'disabled', 'hidden', 'muted', 'autoplay', 'playsInline', 'open'].includes(name)) {
    element[name] = value;
  } else element.setAttribute(name, value === true ? '' : String(value));
}

/** h('button', { id: 'x', on: { click } }, 'Text', child, null) */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) apply(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A picture of the icon set in icons.js; never the only name of a control. */
export function icon(path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  shape.setAttribute('fill-rule', 'evenodd');
  svg.append(shape);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Says something to a screen reader without moving the focus. */
export function announce(text, { urgent = false } = {}) {
  const region = byId(urgent ? 'alert' : 'status');
  region.textContent = '';
  // An empty region first, or the same sentence twice is not read twice.
  setTimeout(() => { region.textContent = text; }, 50);
}
