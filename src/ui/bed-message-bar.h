/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  BED_GRAVITY_LIGHT,    /* a device, a file: it goes on without */
  BED_GRAVITY_ORDINARY, /* something did not succeed */
  BED_GRAVITY_GRAVE,    /* who is there, or what is in the record, is at stake */
  BED_N_GRAVITIES
} BedGravity;

/* What must not pass unseen: sentences at the top of a window, above everything, so that they cover
 * nothing. One is shown at a time, the gravest first, of those the newest, each until it is closed
 * or withdrawn. Main thread. */
#define BED_TYPE_MESSAGE_BAR (bed_message_bar_get_type ())
G_DECLARE_FINAL_TYPE (BedMessageBar, bed_message_bar, BED, MESSAGE_BAR, AdwBin)

BedMessageBar *bed_message_bar_new (void);
/* Plain text. One that waits already becomes the newest. of_call: it goes with
 * bed_message_bar_end_call. */
void bed_message_bar_add (BedMessageBar *self, BedGravity gravity, const char *text,
                          gboolean of_call);
/* It does not hold any more. Returns: whether it waited. */
gboolean bed_message_bar_withdraw (BedMessageBar *self, const char *text);
/* What was said of the call does not hold any more. */
void bed_message_bar_end_call (BedMessageBar *self);
/* Returns: (transfer full): what waits of this gravity, the newest last. */
GStrv bed_message_bar_dup_texts (BedMessageBar *self, BedGravity gravity);

G_END_DECLS
