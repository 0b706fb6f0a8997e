/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment-private.h"
#include "bed-record-acts-private.h"
#include "bed-record-live-private.h"
#include "bed-retention-private.h"

#include <sodium.h>
#include <string.h>

#define ANY_MEDIA_TYPE "application/octet-stream"
#define MEDIA_TYPE_MAX 127 /* of each half */

static gboolean
fail (BedRecordError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, code, message);
  return FALSE;
}

/* --- What came from the other side ------------------------------------------------------------ */

/* Controls, line breaks, and what changes the direction of text or is not seen at all. */
static gboolean
is_unfit (gunichar c)
{
  return g_unichar_iscntrl (c) || c == '/' || c == '\\'
         || g_unichar_type (c) == G_UNICODE_FORMAT
         || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
         || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* What comes behind the last separator; too long a name keeps its beginning. */
char *
bed_attachment_clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *start = valid;

  for (const char *c = valid; *c != '\0'; c++)
    if (*c == '/' || *c == '\\')
      start = c + 1;
  for (const char *c = start; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);

      if (out->len + 6 > BED_ATTACHMENT_NAME_MAX)
        break;
      if (!is_unfit (u))
        g_string_append_unichar (out, u);
    }
  g_strstrip (out->str);
  if (*out->str == '\0' || g_str_equal (out->str, ".") || g_str_equal (out->str, ".."))
    return g_strdup ("attachment");
  return g_strdup (out->str);
}

static gboolean
is_media_name (const char *text, gsize length)
{
  if (length == 0 || length > MEDIA_TYPE_MAX || !g_ascii_isalnum (text[0]))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("!#$&-^_.+", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

char *
bed_attachment_clean_media_type (const char *media_type)
{
  const char *slash = media_type != NULL ? strchr (media_type, '/') : NULL;
  gsize second = slash != NULL ? strcspn (slash + 1, "; ") : 0;

  if (slash == NULL || !is_media_name (media_type, (gsize) (slash - media_type))
      || !is_media_name (slash + 1, second))
    return g_strdup (ANY_MEDIA_TYPE);
  return g_ascii_strdown (media_type, (gssize) ((gsize) (slash + 1 - media_type) + second));
}

static gboolean
is_plain_text (const char *text, gsize length)
{
  if (!g_utf8_validate_len (text, length, NULL))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]) && strchr ("\t\n\f\r", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

const char *
bed_attachment_guess_media_type (const void *data, gsize length)
{
  static const struct
  {
    const char *begins, *media_type;
  } kinds[] = { { "\x89PNG\r\n\x1a\n", "image/png" },
                { "\xff\xd8\xff", "image/jpeg" },
                { "%PDF-", "application/pdf" } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (length >= strlen (kinds[i].begins)
        && memcmp (data, kinds[i].begins, strlen (kinds[i].begins)) == 0)
      return kinds[i].media_type;
  return length > 0 && is_plain_text (data, length) ? "text/plain" : ANY_MEDIA_TYPE;
}

static gboolean
ends_in (const char *name, const char *ending)
{
  gsize length = strlen (name), n = strlen (ending);

  return length > n && g_ascii_strcasecmp (name + length - n, ending) == 0;
}

char *
bed_attachment_dup_file_name (const char *name, const char *media_type)
{
  static const struct
  {
    const char *media_type, *ending, *other;
  } kinds[] = { { "image/png", ".png", NULL },
                { "image/jpeg", ".jpg", ".jpeg" },
                { "application/pdf", ".pdf", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (media_type, kinds[i].media_type) && !ends_in (name, kinds[i].ending)
        && (kinds[i].other == NULL || !ends_in (name, kinds[i].other)))
      return g_strconcat (name, kinds[i].ending, NULL);
  return g_strdup (name);
}

/* --- Reading ---------------------------------------------------------------------------------- */

#define COLUMNS "id, uuid, encounter_id, name, media_type, size, from_patient, real_us, hash, signed"

static BedAttachment *
attachment_from_row (BedDbStatement *statement)
{
  gsize length;
  const guint8 *hash = bed_db_statement_get_blob (statement, 8, &length);
  BedAttachmentRow row = {
    .id = bed_db_statement_get_int64 (statement, 0),
    .uuid = (char *) bed_db_statement_get_text (statement, 1),
    .encounter_id = bed_db_statement_get_int64 (statement, 2),
    .name = (char *) bed_db_statement_get_text (statement, 3),
    .media_type = (char *) bed_db_statement_get_text (statement, 4),
    .size = (guint64) bed_db_statement_get_int64 (statement, 5),
    .from_patient = bed_db_statement_get_int64 (statement, 6) != 0,
    .real_us = bed_db_statement_get_int64 (statement, 7),
    .is_signed = bed_db_statement_get_int64 (statement, 9) != 0,
  };

  if (length == sizeof row.hash)
    memcpy (row.hash, hash, length);
  return bed_attachment_new (&row);
}

static gboolean
fill (BedRecordStore *self, gint64 encounter_id, gboolean deleted, GPtrArray *items,
      GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT " COLUMNS " FROM attachment WHERE encounter_id = ?"
                          " AND (deleted_us IS NOT NULL) = ? ORDER BY real_us, id", "ii",
                          encounter_id, (gint64) deleted);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_ptr_array_add (items, attachment_from_row (row));
  return step == BED_DB_STEP_DONE;
}

static gboolean
fill_attachments (BedRecordStore *self, gint64 encounter_id, GPtrArray *items, GError **error)
{
  return fill (self, encounter_id, FALSE, items, error);
}

static gboolean
fill_deleted (BedRecordStore *self, gint64 encounter_id, GPtrArray *items, GError **error)
{
  return fill (self, encounter_id, TRUE, items, error);
}

GListModel *
bed_record_store_list_attachments (BedRecordStore *self, gint64 encounter_id)
{
  return bed_record_live_list (self, BED_TYPE_ATTACHMENT, BED_RECORD_CHANGED_BELONGINGS,
                               fill_attachments, encounter_id);
}

GListModel *
bed_record_store_list_deleted_attachments (BedRecordStore *self, gint64 encounter_id)
{
  return bed_record_live_list (self, BED_TYPE_ATTACHMENT, BED_RECORD_CHANGED_BELONGINGS,
                               fill_deleted, encounter_id);
}

static BedAttachment *
read_attachment (BedRecordStore *self, gint64 id, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT " COLUMNS " FROM attachment WHERE id = ? AND deleted_us IS NULL",
                          "i", id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_ROW)
    return attachment_from_row (row);
  if (step == BED_DB_STEP_DONE)
    fail (BED_RECORD_ERROR_NOT_FOUND, "There is no such attachment", error);
  return NULL;
}

BedAttachment *
bed_record_store_get_attachment (BedRecordStore *self, gint64 id, GError **error)
{
  BedAttachment *attachment;
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return NULL;
  attachment = read_attachment (self, id, &inner);
  if (attachment == NULL)
    bed_record_fail (inner, error);
  return attachment;
}

static GBytes *
read_content (BedRecordStore *self, BedAttachment *attachment, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT content FROM attachment_content WHERE attachment_id = ?", "i",
                          bed_attachment_get_id (attachment));
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;
  g_autoptr (GBytes) content = NULL;
  guint8 hash[BED_ATTACHMENT_HASH_LENGTH] = { 0 };

  if (step == BED_DB_STEP_ERROR)
    return NULL;
  if (step == BED_DB_STEP_ROW)
    content = bed_db_statement_dup_blob (row, 0);
  if (content != NULL)
    crypto_hash_sha256 (hash, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  if (content != NULL && memcmp (hash, bed_attachment_get_hash (attachment), sizeof hash) == 0)
    return g_steal_pointer (&content);
  fail (BED_RECORD_ERROR_DAMAGED, "The attachment is not what was kept", error);
  return NULL;
}

GBytes *
bed_record_store_read_attachment (BedRecordStore *self, gint64 id, GError **error)
{
  g_autoptr (BedAttachment) attachment = bed_record_store_get_attachment (self, id, error);
  g_autoptr (GBytes) content = NULL;
  GError *inner = NULL;

  if (attachment == NULL)
    return NULL;
  content = read_content (self, attachment, &inner);
  if (content == NULL)
    {
      bed_record_fail (inner, error);
      return NULL;
    }
  return bed_record_audit_append (self, BED_AUDIT_ATTACHMENT_OPENED,
                                  bed_attachment_get_uuid (attachment), error)
             ? g_steal_pointer (&content)
             : NULL;
}

gboolean
bed_record_store_save_attachment (BedRecordStore *self, gint64 id, const char *path,
                                  GError **error)
{
  g_autoptr (GBytes) content = bed_record_store_read_attachment (self, id, error);
  g_autoptr (BedAttachment) attachment
      = content != NULL ? bed_record_store_get_attachment (self, id, error) : NULL;

  return attachment != NULL
         && bed_record_hand_over (self, BED_AUDIT_EXPORTED, bed_attachment_get_uuid (attachment),
                                  path, g_bytes_get_data (content, NULL),
                                  g_bytes_get_size (content), error);
}

/* --- Writing ---------------------------------------------------------------------------------- */

static gboolean
check_room (BedRecordStore *self, gint64 encounter_id, gsize size, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT coalesce (sum (size), 0) FROM attachment WHERE encounter_id = ?"
                          " AND deleted_us IS NULL", "i", encounter_id);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  return bed_db_statement_get_int64 (row, 0) + (gint64) size <= BED_ATTACHMENTS_OF_ENCOUNTER_MAX
         || fail (BED_RECORD_ERROR_TOO_LARGE, "The encounter has too many attachments", error);
}

static gboolean
insert_attachment (BedRecordStore *self, BedAttachmentRow *row, GBytes *content, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);

  crypto_hash_sha256 (row->hash, data, size);
  if (!check_room (self, row->encounter_id, size, error)
      || !bed_db_run (self->db, error,
                      "INSERT INTO attachment (uuid, encounter_id, name, media_type, size, hash,"
                      " from_patient, real_us, kept_us, author) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      "tittibiiit", row->uuid, row->encounter_id, row->name, row->media_type,
                      (gint64) size, row->hash, sizeof row->hash, (gint64) (row->from_patient != 0),
                      row->real_us, bed_clock_get_real_us (self->clock), self->author))
    return FALSE;
  row->id = bed_db_get_last_rowid (self->db);
  return bed_db_run (self->db, error, "INSERT INTO attachment_content VALUES (?, ?)", "ib", row->id,
                     data, size)
         && bed_audit_log_append (self->audit, BED_AUDIT_ATTACHMENT_KEPT, row->uuid, error);
}

BedAttachment *
bed_record_store_keep_attachment (BedRecordStore *self,
                                  gint64 encounter_id,
                                  gint64 real_us,
                                  gboolean from_patient,
                                  const char *name,
                                  const char *media_type,
                                  GBytes *content,
                                  GError **error)
{
  g_autoptr (BedEncounter) encounter = bed_record_store_get_encounter (self, encounter_id, error);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *clean_name = bed_attachment_clean_name (name);
  g_autofree char *clean_type = bed_attachment_clean_media_type (media_type);
  BedAttachmentRow row = { .uuid = uuid, .encounter_id = encounter_id, .name = clean_name,
                           .media_type = clean_type, .size = g_bytes_get_size (content),
                           .from_patient = from_patient, .real_us = real_us };
  GError *inner = NULL;
  gboolean ok;

  if (encounter == NULL)
    return NULL;
  if (row.size == 0 || row.size > BED_ATTACHMENT_MAX)
    {
      fail (row.size == 0 ? BED_RECORD_ERROR_INVALID : BED_RECORD_ERROR_TOO_LARGE,
            "This attachment cannot be kept", error);
      return NULL;
    }
  if (!bed_record_begin (self, error))
    return NULL;
  ok = insert_attachment (self, &row, content, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return NULL;
  bed_record_changed (self, BED_RECORD_CHANGED_BELONGINGS);
  return bed_attachment_new (&row);
}

static gboolean
mark (BedRecordStore *self, gint64 id, gint64 deleted_us, BedAuditEvent event, GError **error)
{
  g_autofree char *uuid = NULL;
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->db, error,
      "SELECT a.uuid, a.signed, e.patient_id FROM attachment a"
      " JOIN encounter e ON e.id = a.encounter_id"
      " WHERE a.id = ? AND (a.deleted_us IS NULL) = ?", "ii", id, (gint64) (deleted_us != 0));
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_ERROR)
    return FALSE;
  if (step == BED_DB_STEP_DONE)
    return fail (BED_RECORD_ERROR_NOT_FOUND, "There is no such attachment", error);
  if (bed_db_statement_get_int64 (row, 1) != 0)
    return fail (BED_RECORD_ERROR_SIGNED, "A signature covers the attachment", error);
  if (deleted_us != 0
      && !bed_retention_require_free (self, bed_db_statement_get_int64 (row, 2), error))
    return FALSE;
  uuid = bed_db_statement_dup_text (row, 0);
  return bed_db_run (self->db, error,
                     "UPDATE attachment SET deleted_us = nullif (?, 0) WHERE id = ?", "ii",
                     deleted_us, id)
         && bed_audit_log_append (self->audit, event, uuid, error);
}

static gboolean
change_mark (BedRecordStore *self, gint64 id, gint64 deleted_us, BedAuditEvent event, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = mark (self, id, deleted_us, event, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_changed (self, BED_RECORD_CHANGED_BELONGINGS);
  return TRUE;
}

gboolean
bed_record_store_delete_attachment (BedRecordStore *self, gint64 id, GError **error)
{
  return change_mark (self, id, bed_clock_get_real_us (self->clock), BED_AUDIT_ATTACHMENT_DELETED,
                      error);
}

gboolean
bed_record_store_restore_attachment (BedRecordStore *self, gint64 id, GError **error)
{
  return change_mark (self, id, 0, BED_AUDIT_ATTACHMENT_RECOVERED, error);
}
