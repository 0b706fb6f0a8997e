/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody else typed, made safe to show: valid UTF-8, no control characters (a line break
 * becomes a space unless `lines`), no bidirectional controls that could rearrange the words around
 * it, at most `max` characters. It is still plain text, never markup. Any thread. Returns:
 * (transfer full) */
char *bed_display_text (const char *text, glong max, gboolean lines);

G_END_DECLS
