/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-consent-book.h"
#include "bed-media-settings.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* One call: what is sent in it and heard of it; each switch is a grant. Used for the clinician and
 * for the guest. Main thread.
 * Signals: "changed" (): what is sent of the person; "ended" (int BedCallEnd). */
#define BED_TYPE_CALL_DESK (bed_call_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedCallDesk, bed_call_desk, BED, CALL_DESK, GObject)

BedCallDesk *bed_call_desk_new (BedMediaSettings *media, BedClock *clock, BedWindow *window,
                                BedConsentBook *consent);
/* Shows the call. camera, microphone: on from the start, as the person chose in the check.
 * guest: the other one is the clinician. number: to call when the connection is lost; (nullable) */
void bed_call_desk_run (BedCallDesk *self, BedCall *call, gboolean camera, gboolean microphone,
                        gboolean guest, const char *number, const char *language);
/* Returns: (transfer none) (nullable) */
BedCall *bed_call_desk_get_call (BedCallDesk *self);
void bed_call_desk_hang_up (BedCallDesk *self);
/* The window is locked: nobody is filmed by a camera they do not see. The sound goes on. */
void bed_call_desk_cover (BedCallDesk *self);
/* Whether the person's sound is sent. */
gboolean bed_call_desk_get_heard (BedCallDesk *self);

G_END_DECLS
