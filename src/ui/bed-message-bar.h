/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What must not pass unseen: sentences at the top of a window, above everything, so that they cover
 * nothing. One is shown at a time, the newest first, each until it is closed or
 * withdrawn. Main thread. */
#define BED_TYPE_MESSAGE_BAR (bed_message_bar_get_type ())
G_DECLARE_FINAL_TYPE (BedMessageBar, bed_message_bar, BED, MESSAGE_BAR, AdwBin)

BedMessageBar *bed_message_bar_new (void);
/* Plain text. One that waits already comes to the front. */
void bed_message_bar_add (BedMessageBar *self, const char *text);
/* It does not hold any more. Does nothing when it does not wait. */
void bed_message_bar_withdraw (BedMessageBar *self, const char *text);
/* Returns: (transfer full): what waits, the one that is shown at last. */
GStrv bed_message_bar_dup_texts (BedMessageBar *self);

G_END_DECLS
