/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody else typed, made safe to show: valid UTF-8, no control characters (a line break
 * becomes a space unless `lines`), none that is not seen and could rearrange or hide words (but the
 * joiners of some languages), at most eight marks on a letter, at most `max` characters. It is still plain text, never markup. Any thread. Returns:
 * (transfer full) */
char *bed_display_text (const char *text, glong max, gboolean lines);

G_END_DECLS
