/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-consent.h"
#include "bed-session.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* Keeps the person's grants of camera and microphone, and writes each into the record, or while it
 * is closed into the vault's spool. A guest has no record here: what they agreed to reaches the
 * clinician's sealed. Main thread. */
#define BED_TYPE_CONSENT_BOOK (bed_consent_book_get_type ())
G_DECLARE_FINAL_TYPE (BedConsentBook, bed_consent_book, BED, CONSENT_BOOK, GObject)

BedConsentBook *bed_consent_book_new (BedSession *session, BedClock *clock, BedWindow *window);
/* Returns: (transfer none) */
BedConsentDesk *bed_consent_book_get_desk (BedConsentBook *self);
void bed_consent_book_set_store (BedConsentBook *self, BedRecordStore *store);
/* From now on the grants are for this call; NULL: for none. */
void bed_consent_book_set_call (BedConsentBook *self, BedCall *call, gboolean guest);

G_END_DECLS
