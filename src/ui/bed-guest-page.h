/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-check-page.h"
#include "bed-guest-visit.h"

G_BEGIN_DECLS

/* The patient's path inside the app, but for the call itself. Follows a visit. Main thread.
 * Signals: "join" (): from the device check; bed_guest_page_join () then hands over what was typed.
 * "leave" (), "close" (): after the end. */
#define BED_TYPE_GUEST_PAGE (bed_guest_page_get_type ())
G_DECLARE_FINAL_TYPE (BedGuestPage, bed_guest_page, BED, GUEST_PAGE, AdwBin)

BedGuestPage *bed_guest_page_new (void);
/* NULL lets go and forgets what was typed. clock: for the words of its time. */
void bed_guest_page_set_visit (BedGuestPage *self, BedGuestVisit *visit, BedClock *clock);
BedCheckPage *bed_guest_page_get_check (BedGuestPage *self);
/* The person's Join with what was typed and agreed to. */
void bed_guest_page_join (BedGuestPage *self, gboolean speaker);
/* Shows what the visit is at: after the call's end. */
void bed_guest_page_refresh (BedGuestPage *self);

/* The parts below are set by it from the visit; they stand alone for a test of the looks. */
typedef enum { BED_GUEST_STEP_OPENING, BED_GUEST_STEP_INVITED, BED_GUEST_STEP_DETAILS, BED_GUEST_STEP_CHECK,
               BED_GUEST_STEP_WAITING, BED_GUEST_STEP_OVER } BedGuestStep;
void bed_guest_page_show_step (BedGuestPage *self, BedGuestStep step);
void bed_guest_page_set_card (BedGuestPage *self, const char *clinic, const char *clinician, const char *telephone,
                              const char *time);
void bed_guest_page_set_consent (BedGuestPage *self, const char *summary, const char *text);
/* How the clinic handles data; "" hides it. */
void bed_guest_page_set_privacy_notice (BedGuestPage *self, const char *text);
/* lost: the connection to the server. */
void bed_guest_page_set_waiting (BedGuestPage *self, const char *clinician, guint position,
                                 gboolean host_online, gboolean lost);
/* Whether the clinic told one by telephone; what it says to the one that was typed. left: tries. */
void bed_guest_page_set_asks_passcode (BedGuestPage *self, gboolean asks);
void bed_guest_page_set_passcode_answer (BedGuestPage *self, gboolean right, guint left);
void bed_guest_page_set_over (BedGuestPage *self, BedGuestOver over, const char *reason);
/* What the page says of how a visit ended, as plain text in one. Returns: (transfer full) */
char *bed_guest_page_dup_over (BedGuestPage *self);

G_END_DECLS
