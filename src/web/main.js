/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boots the page: the language, the link, the card, then the first screen. */

import { App } from './app.js';

if (!window.bedsideTooOld) {
  const app = new App();
  app.start();
}
