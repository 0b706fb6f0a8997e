/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"

G_BEGIN_DECLS

#define BED_ATTACHMENT_MAX (16 * 1024 * 1024)           /* bytes of one */
#define BED_ATTACHMENTS_OF_ENCOUNTER_MAX (64 * 1024 * 1024) /* bytes of all of an encounter */
#define BED_ATTACHMENT_NAME_MAX 200                     /* bytes */
#define BED_ATTACHMENT_HASH_LENGTH 32

/* A file that somebody chose to keep with an encounter; its bytes lie in the encrypted database.
 * Immutable. Read only: "id", "uuid", "encounter-id", "name" (one line, no folder, no control or
 * direction characters), "media-type" (RFC 6838, "application/octet-stream" when what came was
 * none), "size" (bytes), "from-patient", "signed" (a signature covers it: it stays), "real-us" (when
 * it was sent or added). Main thread.
 */
#define BED_TYPE_ATTACHMENT (bed_attachment_get_type ())
G_DECLARE_FINAL_TYPE (BedAttachment, bed_attachment, BED, ATTACHMENT, GObject)
gint64 bed_attachment_get_id (BedAttachment *self);
const char *bed_attachment_get_uuid (BedAttachment *self);
gint64 bed_attachment_get_encounter_id (BedAttachment *self);
const char *bed_attachment_get_name (BedAttachment *self);
const char *bed_attachment_get_media_type (BedAttachment *self);
guint64 bed_attachment_get_size (BedAttachment *self);
gboolean bed_attachment_get_from_patient (BedAttachment *self);
gboolean bed_attachment_get_signed (BedAttachment *self);
gint64 bed_attachment_get_real_us (BedAttachment *self);
/* SHA-256, 32 bytes. */
const guint8 *bed_attachment_get_hash (BedAttachment *self);

/* What the bytes are by what they begin with, whatever their name says: "image/png", "image/jpeg",
 * "application/pdf", "text/plain" (UTF-8 without controls), or "application/octet-stream". Any
 * thread. Returns: (transfer none) */
const char *bed_attachment_guess_media_type (const void *data, gsize length);

/* The name under which a copy is opened as what it is: a picture or PDF by its media type ends in
 * .png, .jpg or .pdf, whatever it was called; others keep their name. Any thread. Returns: (transfer
 * full) */
char *bed_attachment_dup_file_name (const char *name, const char *media_type);

/* Name and media type may have come from the other side: what is unfit in them is replaced.
 * TOO_LARGE: one of the limits above; INVALID: no bytes. Returns: (transfer full) (nullable) */
BedAttachment *bed_record_store_keep_attachment (BedRecordStore *self,
                                                 gint64 encounter_id,
                                                 gint64 real_us,
                                                 gboolean from_patient,
                                                 const char *name,
                                                 const char *media_type,
                                                 GBytes *content,
                                                 GError **error);
/* Oldest first; follows by itself. Returns: (transfer full): of BedAttachment */
GListModel *bed_record_store_list_attachments (BedRecordStore *self, gint64 encounter_id);
/* Those that were deleted and can be taken back. Returns: (transfer full): of BedAttachment */
GListModel *bed_record_store_list_deleted_attachments (BedRecordStore *self, gint64 encounter_id);
/* Returns: (transfer full) (nullable) */
BedAttachment *bed_record_store_get_attachment (BedRecordStore *self, gint64 id, GError **error);
/* The bytes, held against their hash. DAMAGED when they do not fit it.
 * Returns: (transfer full) (nullable) */
GBytes *bed_record_store_read_attachment (BedRecordStore *self, gint64 id, GError **error);
/* A copy outside the record, readable by its owner alone; the trail says so first. Errors of
 * BED_RECORD_ERROR and BED_EXPORT_ERROR. */
gboolean bed_record_store_save_attachment (BedRecordStore *self, gint64 id, const char *path,
                                           GError **error);
/* Out of sight; can be taken back. SIGNED when a signature covers it. */
gboolean bed_record_store_delete_attachment (BedRecordStore *self, gint64 id, GError **error);
gboolean bed_record_store_restore_attachment (BedRecordStore *self, gint64 id, GError **error);

G_END_DECLS
