/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-signing.h"

G_BEGIN_DECLS

/* When the clinician cannot come: a key of its own, printed once and kept by the clinic in a sealed
 * envelope. It opens the record as the recovery key does (typed on the same page), but every use
 * stands in the trail by that name, the person says who they are and why, and the clinician sees it
 * at the next unlock until they have confirmed having seen it. Main thread.
 */
gboolean bed_emergency_access_has_key (BedRecordStore *store);
/* A new key; an earlier one opens nothing any more. Not while the record is open by it (INVALID).
 * Returns: (transfer full) (nullable): the text to print, UTF-8 without a terminating zero */
BedSecret *bed_emergency_access_make_key (BedRecordStore *store, GError **error);
gboolean bed_emergency_access_remove_key (BedRecordStore *store, GError **error);

/* Whether the record was opened with it this time. */
gboolean bed_emergency_access_is_open (BedRecordStore *store);
/* The account by which the record then knows who writes; their name is what they declared. */
#define BED_EMERGENCY_ACCOUNT "emergency"
/* In bytes. They sign by that name, so it has the length of one. */
#define BED_EMERGENCY_WHO_MAX BED_AUTHOR_NAME_MAX
#define BED_EMERGENCY_WHY_MAX 1000
/* Who opened it and why, in their words, kept in the record with its hash in the trail. The screen
 * asks for it before it shows anything else. INVALID: empty or too long, or the record is not open
 * that way. */
gboolean bed_emergency_access_declare (BedRecordStore *store, const char *who, const char *why,
                                       GError **error);
gboolean bed_emergency_access_is_declared (BedRecordStore *store);
/* The name that who had come by then had given; "" when there was none. Returns: (transfer full) */
char *bed_emergency_access_dup_who (BedRecordStore *store, gint64 real_us);

/* A use. Read only: "sequence" (uint64, its entry in the trail), "opened-us", "who", "why" ("" when
 * nothing was declared). */
#define BED_TYPE_EMERGENCY_USE (bed_emergency_use_get_type ())
G_DECLARE_FINAL_TYPE (BedEmergencyUse, bed_emergency_use, BED, EMERGENCY_USE, GObject)
guint64 bed_emergency_use_get_sequence (BedEmergencyUse *self);
gint64 bed_emergency_use_get_opened_us (BedEmergencyUse *self);
const char *bed_emergency_use_get_who (BedEmergencyUse *self);
const char *bed_emergency_use_get_why (BedEmergencyUse *self);
/* Uses that the clinician has not confirmed, newest first; to be shown after each unlock while it
 * is not empty. Returns: (transfer full) (nullable): of BedEmergencyUse */
GListModel *bed_emergency_access_list_unseen (BedRecordStore *store, GError **error);
/* Not while the record is open by the emergency key (INVALID). */
gboolean bed_emergency_access_confirm (BedRecordStore *store, BedEmergencyUse *use, GError **error);

G_END_DECLS
