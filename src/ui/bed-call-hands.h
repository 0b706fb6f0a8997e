/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What hands do over the picture of a call: Space is held to talk while the picture has the focus, and the
 * buttons fade when the pointer rests and none of them is used. Main thread.
 * Signal "talk" (gboolean down). */
#define BED_TYPE_CALL_HANDS (bed_call_hands_get_type ())
G_DECLARE_FINAL_TYPE (BedCallHands, bed_call_hands, BED, CALL_HANDS, GObject)

/* The widgets are borrowed and outlive this. */
BedCallHands *bed_call_hands_new (GtkWidget *stage, GtkWidget *picture, GtkWidget *controls);
/* FALSE while the buttons must be seen: muted, connecting, reconnecting. */
void bed_call_hands_set_may_fade (BedCallHands *self, gboolean may_fade);

G_END_DECLS
