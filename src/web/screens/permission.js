/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each browser lets a page have the camera again after it was denied, with a drawing. */

import { h } from '../dom.js';
import { _ } from '../i18n.js';

/** safari-touch, safari, firefox, chrome or other. */
export function browserKind({ userAgent = '', maxTouchPoints = 0 }) {
  const touchApple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  if (touchApple) return 'safari-touch';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\/|Chromium\/|CriOS\//.test(userAgent)) return 'chrome';
  if (/Safari\//.test(userAgent)) return 'safari';
  return 'other';
}

function steps(kind) {
  switch (kind) {
    case 'chrome': return [_('Press the sign at the left end of the address bar.'), _('Switch camera and microphone on there.'), _('Then turn them on here again.')];
    case 'firefox': return [_('Press the crossed-out camera or microphone sign at the left end of the address bar.'), _('Remove the block there.'), _('Then turn them on here again.')];
    case 'safari': return [_('Open the Safari menu at the top of the screen and choose “Settings for This Website”.'), _('Set camera and microphone to “Allow”.'), _('Then turn them on here again.')];
    case 'safari-touch': return [_('Press the page sign at one end of the address bar and choose “Website Settings”.'), _('Set camera and microphone to “Allow”.'), _('Then turn them on here again.')];
    default: return [_('Open your browser’s settings for this page.'), _('Allow camera and microphone there.'), _('Then turn them on here again.')];
  }
}

export function permissionHelp(kind) {
  return h('div', { class: 'permission', id: 'permission-help' },
    kind === 'other' ? null : h('img', { src: `/web/img/permission-${kind}.svg`, width: 320, height: 120,
      alt: _('A drawing of the address bar with the place to press marked.') }),
    h('ol', {}, steps(kind).map((step) => h('li', {}, step))));
}
