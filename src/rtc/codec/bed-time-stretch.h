/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes a little less or more sound out of a block without a click, by cutting out or doubling one
 * period where the signal repeats itself best (2.5 to 15 ms). S16 mono 48 kHz. Pure.
 */
/* Returns: samples left in place, `n` when there was no good place. n >= 960 to do anything. */
guint bed_time_stretch_shorten (gint16 *samples, guint n);
/* capacity >= n + 720. Returns: new number of samples. */
guint bed_time_stretch_lengthen (gint16 *samples, guint n, guint capacity);
/* Level of a block for RFC 6464: -dBov, 0 (loudest) to 127 (silence). */
guint8 bed_audio_level (const gint16 *samples, guint n);

G_END_DECLS
