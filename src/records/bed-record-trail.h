/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audit-export.h"
#include "bed-record-store.h"

G_BEGIN_DECLS

/* The audit trail for the screen. Main thread.
 *
 * One entry. Read only: "sequence" (uint64), "real-us" (int64, µs since 1970 UTC), "event" (int, a
 * BedAuditEvent), "actor", "subject" (ids; may be ""), "patient-id" (int64: the patient whom the
 * subject belongs to as far as the record still knows; 0: none).
 */
#define BED_TYPE_TRAIL_ENTRY (bed_trail_entry_get_type ())
G_DECLARE_FINAL_TYPE (BedTrailEntry, bed_trail_entry, BED, TRAIL_ENTRY, GObject)
guint64 bed_trail_entry_get_sequence (BedTrailEntry *self);
gint64 bed_trail_entry_get_real_us (BedTrailEntry *self);
BedAuditEvent bed_trail_entry_get_event (BedTrailEntry *self);
const char *bed_trail_entry_get_actor (BedTrailEntry *self);
/* The name that who came with the emergency key gave; "" for accounts, and when none was given. */
const char *bed_trail_entry_get_person (BedTrailEntry *self);
const char *bed_trail_entry_get_subject (BedTrailEntry *self);
gint64 bed_trail_entry_get_patient_id (BedTrailEntry *self);

/* The trail as it stands now, newest first; entries are read when they are asked for, so its length
 * does not matter. patient_id: 0: everything; else what concerns this patient. Noted in the trail
 * itself. Returns: (transfer full): of BedTrailEntry */
GListModel *bed_record_store_list_trail (BedRecordStore *self, gint64 patient_id, GError **error);

/* Goes through the whole chain, compares it with the head that was kept outside the database, and
 * every record of an erasure or emergency with its hash in the chain. Noted in the trail. */
typedef struct
{
  BedAuditVerdict verdict;
  guint64 position; /* of the first break; 0: none */
  guint64 length;   /* entries that were read and are in order */
  gboolean anchored; /* there was a head outside to compare with */
} BedTrailReport;
void bed_record_store_verify_trail_async (BedRecordStore *self,
                                          BedAuditProgress progress,
                                          gpointer progress_data,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean bed_record_store_verify_trail_finish (BedRecordStore *self,
                                               GAsyncResult *result,
                                               BedTrailReport *report,
                                               GError **error);

/* until_us: when what is there ends, so that what was saved later is missing; 0: unknown.
 * restored: it ends with the restoring of a backup, which is then why. */
typedef struct
{
  gint64 until_us;
  gboolean restored;
} BedRollback;
/* An older copy was put back, and nobody has gone on with it on purpose: as long as the vault says
 * so, and beyond the next unlock, when what it was found by may be gone. */
gboolean bed_record_store_get_rollback (BedRecordStore *self, BedRollback *rollback);
/* Goes on with what is there: noted in the trail, and the vault's anchors take it over. */
gboolean bed_record_store_accept_rollback (BedRecordStore *self, GError **error);

/* Entries from while the record was locked that could not be opened when it was unlocked: bytes that
 * were set aside beside the record, until a person has seen that. Both are in the trail for good. */
gint64 bed_record_store_get_spool_damage (BedRecordStore *self);
gboolean bed_record_store_accept_spool_damage (BedRecordStore *self, GError **error);

/* Writes the trail into the file of that path (synced, and replaced only when it is whole). clinic:
 * (nullable). Noted in the trail before. BED_RECORD_ERROR, BED_AUDIT_ERROR, BED_EXPORT_ERROR,
 * G_IO_ERROR_CANCELLED. */
void bed_record_store_export_trail_async (BedRecordStore *self,
                                          const char *path,
                                          BedAuditFormat format,
                                          const char *clinic,
                                          BedAuditProgress progress,
                                          gpointer progress_data,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean bed_record_store_export_trail_finish (BedRecordStore *self, GAsyncResult *result,
                                               GError **error);

/* --- What the screen has to say -------------------------------------------------------------- */

/* A person opened this on the screen: called once each time it comes to be seen. opened: a patient,
 * an encounter or a note. */
gboolean bed_record_store_opened (BedRecordStore *self, GObject *opened, GError **error);

/* --- Records of acts, bound to the trail by their hash ---------------------------------------- */

/* Read only: "kind" ("erasure", "emergency"), "real-us", "actor", "text" (lines of "name: value",
 * in English, ids and numbers; of an emergency also who and why). */
#define BED_TYPE_RECORD_STATEMENT (bed_record_statement_get_type ())
G_DECLARE_FINAL_TYPE (BedRecordStatement, bed_record_statement, BED, RECORD_STATEMENT, GObject)
const char *bed_record_statement_get_kind (BedRecordStatement *self);
gint64 bed_record_statement_get_real_us (BedRecordStatement *self);
const char *bed_record_statement_get_actor (BedRecordStatement *self);
const char *bed_record_statement_get_text (BedRecordStatement *self);
/* kind: (nullable): all. Newest first. Returns: (transfer full): of BedRecordStatement */
GListModel *bed_record_store_list_statements (BedRecordStore *self, const char *kind,
                                              GError **error);
/* Writes them into a text file, with time, account and the hash that the trail has of each; the
 * file is replaced only when it is whole. Noted in the trail. */
gboolean bed_record_store_export_statements (BedRecordStore *self, const char *kind,
                                             const char *path, GError **error);

G_END_DECLS
