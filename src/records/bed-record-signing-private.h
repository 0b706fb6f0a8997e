/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-version-private.h"
#include "bed-record-signing.h"
#include "bed-records-private.h"

G_BEGIN_DECLS

/* The public key of an account. known: (out): FALSE when it never signed here. */
gboolean bed_record_read_key (BedRecordStore *self, const char *account, guint8 *key,
                              gboolean *known, GError **error);
/* The account's signing key, made if there is none. Not in a transaction. (transfer full) */
BedSecret *bed_record_take_signing_key (BedRecordStore *self, guint8 *key, GError **error);
/* In the database's words. (transfer full) */
BedNoteFacts *bed_record_read_facts (BedDb *db, gint64 encounter_id, GError **error);
/* The note as its row says: everything but who signs, when and why. NOT_FOUND: no such note.
 * state: (out). (transfer full) */
BedNoteContent *bed_record_read_content (BedDb *db, gint64 note_id, BedNoteState *state,
                                         GError **error);
/* Version 1 first. (transfer full): of BedNoteVersion */
GPtrArray *bed_record_read_versions (BedDb *db, gint64 note_id, GError **error);

G_END_DECLS
