/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call-desk.h"
#include "bed-check-desk.h"
#include "bed-guest-visit.h"

G_BEGIN_DECLS

/* Somebody who was invited and joins with the app. Main thread.
 * Signals: "changed" (): how it is with the visit; "finished" (): back to where the app was. */
#define BED_TYPE_GUEST_DESK (bed_guest_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedGuestDesk, bed_guest_desk, BED, GUEST_DESK, GObject)

/* ca_file: (nullable): an authority (PEM) beside the system's, for a clinic that has its own. */
BedGuestDesk *bed_guest_desk_new (BedClock *clock, BedWindow *window, BedCallDesk *calls,
                                  BedCheckDesk *checks, BedMediaSettings *media,
                                  const char *ca_file);

void bed_guest_desk_open (BedGuestDesk *self, const char *link);
gboolean bed_guest_desk_is_open (BedGuestDesk *self);
/* Open, and not over: what is only left to be read does not count. */
gboolean bed_guest_desk_goes_on (BedGuestDesk *self);
/* Who locks by hand has read how a visit ended: it is closed, and told no more. */
void bed_guest_desk_close_over (BedGuestDesk *self);
/* The window is locked: a visit goes on with camera and microphone off, also when it is let in. */
void bed_guest_desk_cover (BedGuestDesk *self);

G_END_DECLS
