/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-version.h"
#include "bed-record-store.h"

G_BEGIN_DECLS

#define BED_ADDENDUM_REASON_MAX 1000       /* bytes */
#define BED_AUTHOR_NAME_MAX 200            /* bytes */

/* The vault's blobs of an addendum that is begun, each followed by the note's uuid: what is typed,
 * and how the sections are to read. They are erased with the note. */
#define BED_ADDENDUM_DRAFT "addendum-"
#define BED_ADDENDUM_DRAFT_SECTIONS "correction-"

/* What the machine knows of an encounter now: to be shown beside a draft, and what signing fixes.
 * Returns: (transfer full) (nullable) */
BedNoteFacts *bed_record_store_get_facts (BedRecordStore *self, gint64 encounter_id,
                                          GError **error);

/* Saves the draft, and signs it with the account's key (made at the first signature, kept in the
 * vault). From then on the note does not change. It is on disk, out of the WAL, when this returns.
 * author_name: as prints show it (1..200 bytes). NOT_DRAFT: signed already; RUNNING: the encounter
 * has not ended; INVALID: an empty note or name. The note's state notifies. */
gboolean bed_record_store_sign_note (BedRecordStore *self, BedNote *note, const char *author_name,
                                     GError **error);
/* reason: 1..1000 bytes. text: the addendum's words. sections: (nullable): the note's sections as
 * they should read now, as many as it has; the signed ones stay readable in their version. text may
 * be "" when there are sections that differ. INVALID: neither, or too long; NOT_DRAFT is never
 * given: NOT_SIGNED when the note is still a draft. */
gboolean bed_record_store_add_addendum (BedRecordStore *self,
                                        BedNote *note,
                                        const char *author_name,
                                        const char *reason,
                                        const char *text,
                                        const char *const *sections,
                                        GError **error);
/* Version 1 first; empty for a draft. Returns: (transfer full) (nullable): of BedNoteVersion.
 * DAMAGED: bytes that are no version. */
GListModel *bed_record_store_list_versions (BedRecordStore *self, gint64 note_id, GError **error);
/* Holds every version against its signature, its key, the one before, the note as the record shows
 * it, the encounter's facts and the attachments. version: (out) (optional): the first that fails,
 * else 0. FALSE only when the record cannot be read. */
gboolean bed_record_store_verify_note (BedRecordStore *self,
                                       gint64 note_id,
                                       BedNoteVerdict *verdict,
                                       guint *version,
                                       GError **error);
/* The public key that this account signs with, 32 bytes; made if there is none yet. */
gboolean bed_record_store_get_signing_key (BedRecordStore *self,
                                           guint8 key[BED_NOTE_KEY_LENGTH],
                                           GError **error);

/* A draft goes out of sight and can be taken back. NOT_DRAFT for a signed one. */
gboolean bed_record_store_delete_note (BedRecordStore *self, BedNote *note, GError **error);
/* Returns: (transfer full) (nullable) */
BedNote *bed_record_store_restore_note (BedRecordStore *self, gint64 note_id, GError **error);

G_END_DECLS
