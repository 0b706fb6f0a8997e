/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-records-private.h"

G_BEGIN_DECLS

/* --- bed-record-acts.c: what goes into the trail by itself ------------------------------------ */

/* After the schema is up to date: takes what waits in the spool into the trail and notes who
 * unlocked. */
gboolean bed_record_acts_begin (BedRecordStore *self, GError **error);
/* Just before the database is closed: notes that, and closes the trail. Never fails. */
void bed_record_acts_end (BedRecordStore *self);
/* What waits in the spool, before the trail is looked at. */
gboolean bed_record_acts_merge (BedRecordStore *self, GError **error);
/* Writes a whole file that leaves the record, and notes that once it is on the disk and before it has
 * its name: what cannot be noted is not done. */
gboolean bed_record_hand_over (BedRecordStore *self, BedAuditEvent event, const char *subject,
                               const char *path, const void *data, gsize length, GError **error);
/* Somebody searches: noted once for a run of keystrokes. */
void bed_record_searched (BedRecordStore *self);

/* --- bed-record-rollback.c --------------------------------------------------------------------- */

/* Remembers where the trail ends, before this session writes to it. */
void bed_record_find_end (BedRecordStore *self);
gboolean bed_record_note_rollback (BedRecordStore *self, GError **error);

/* --- bed-emergency-access.c -------------------------------------------------------------------- */

/* The record was opened with the emergency key; inside a transaction. */
gboolean bed_record_note_emergency (BedRecordStore *self, GError **error);

/* --- bed-record-statement.c -------------------------------------------------------------------- */

/* Inside a transaction, on any connection of the record: keeps the text and notes its hash in the
 * trail as the subject of `event`. text: lines of "name: value". */
gboolean bed_record_state (BedDb *db,
                           BedAuditLog *trail,
                           const char *kind,
                           gint64 real_us,
                           const char *actor,
                           const char *text,
                           BedAuditEvent event,
                           GError **error);
/* Whether every statement is the one that the trail knows, and none is missing. position: (out):
 * the entry that has no statement of its own, or the end of the trail for one too many; 0: all is
 * well. */
gboolean bed_record_statements_check (BedDb *db, guint64 *position, GError **error);

/* --- bed-record-value.c ------------------------------------------------------------------------ */

/* Small values by name; 0 or NULL for one that is not there. */
gboolean bed_record_get_number (BedDb *db, const char *name, gint64 *value, GError **error);
gboolean bed_record_set_number (BedDb *db, const char *name, gint64 value, GError **error);
/* Returns: (transfer full) (nullable) */
char *bed_record_dup_text (BedDb *db, const char *name, GError **error);
gboolean bed_record_set_text (BedDb *db, const char *name, const char *value, GError **error);
/* The uuid of the patient whom a patient's, encounter's or note's uuid belongs to; id: (out)
 * (optional). (transfer full) (nullable) */
char *bed_record_patient_of (BedDb *db, const char *uuid, gint64 *id);

G_END_DECLS
