/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-chat-private.h"

#include <string.h>

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"
#include "bed-record-acts-private.h"

#define KIND 0x4d /* 'M'; other kinds of record in the spool begin otherwise */
#define VERSION 1
#define HEAD_BYTES (2 + 8 + 8 + 1 + 2)

/* --- Waiting in the spool --------------------------------------------------------------------- */

GBytes *
bed_kept_chat_pack (const BedKeptChat *message)
{
  gsize length = strlen (message->text);
  g_autofree guint8 *bytes = NULL;
  BedByteWriter writer;

  if (length == 0 || length > BED_KEPT_CHAT_MAX)
    return NULL;
  bytes = g_malloc (HEAD_BYTES + length);
  bed_byte_writer_init (&writer, bytes, HEAD_BYTES + length);
  bed_byte_writer_u8 (&writer, KIND);
  bed_byte_writer_u8 (&writer, VERSION);
  bed_byte_writer_u64 (&writer, (guint64) message->real_us);
  bed_byte_writer_u64 (&writer, (guint64) message->encounter);
  bed_byte_writer_u8 (&writer, !!message->from_patient);
  bed_byte_writer_u16 (&writer, (guint16) length);
  bed_byte_writer_bytes (&writer, message->text, length);
  return g_bytes_new_take (g_steal_pointer (&bytes), HEAD_BYTES + length);
}

gboolean
bed_kept_chat_unpack (GBytes *record, BedKeptChat *message, char **text)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (record, &size), *bytes;
  BedByteReader reader;
  guint8 kind, version, from_patient;
  guint16 length;

  bed_byte_reader_init (&reader, data, size);
  kind = bed_byte_reader_u8 (&reader);
  version = bed_byte_reader_u8 (&reader);
  message->real_us = (gint64) bed_byte_reader_u64 (&reader);
  message->encounter = (gint64) bed_byte_reader_u64 (&reader);
  from_patient = bed_byte_reader_u8 (&reader);
  length = bed_byte_reader_u16 (&reader);
  bytes = bed_byte_reader_bytes (&reader, length);
  if (bed_byte_reader_failed (&reader) || bed_byte_reader_get_remaining (&reader) != 0
      || kind != KIND || version != VERSION || from_patient > 1 || length == 0
      || length > BED_KEPT_CHAT_MAX || !g_utf8_validate ((const char *) bytes, length, NULL))
    return FALSE;
  message->from_patient = from_patient;
  message->text = *text = g_strndup ((const char *) bytes, length);
  return TRUE;
}

/* --- Writing ---------------------------------------------------------------------------------- */

/* Within a transaction. */
static gboolean
write_message (BedRecordStore *self, const BedKeptChat *message, const char *uuid, GError **error)
{
  return bed_db_run (
             self->db, error,
             "INSERT INTO chat (encounter_id, real_us, from_patient, text) VALUES (?, ?, ?, ?)",
             "iiit", message->encounter, message->real_us, (gint64) !!message->from_patient,
             message->text)
         && bed_audit_log_append (self->audit, BED_AUDIT_CHAT_KEPT, uuid, error);
}

gboolean
bed_record_merge_kept_chat (BedRecordStore *self, const BedKeptChat *message, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->db, error, "SELECT uuid FROM encounter WHERE id = ? AND deleted_us IS NULL", "i",
      message->encounter);
  g_autofree char *uuid = NULL;
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_ERROR)
    return FALSE;
  if (step == BED_DB_STEP_DONE)
    {
      g_message ("A kept message came of an encounter that is gone, and was left out");
      return TRUE;
    }
  uuid = g_strdup (bed_db_statement_get_text (row, 0));
  g_clear_pointer (&row, bed_db_statement_free);
  return write_message (self, message, uuid, error);
}

static gboolean
spool_message (BedRecordStore *self, const BedKeptChat *message, GError **error)
{
  g_autoptr (GBytes) record = bed_kept_chat_pack (message);
  GError *inner = NULL;

  if (record == NULL)
    {
      g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_TOO_LARGE,
                           "The message is empty or too long to keep");
      return FALSE;
    }
  return bed_vault_spool_append (self->vault, record, &inner) || bed_record_fail (inner, error);
}

gboolean
bed_record_store_keep_chat (BedRecordStore *self,
                            gint64 encounter_id,
                            gint64 real_us,
                            gboolean from_patient,
                            const char *text,
                            GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  BedKeptChat message = { encounter_id, real_us, from_patient, valid };
  g_autoptr (BedEncounter) encounter = NULL;
  GError *inner = NULL;
  gboolean ok;

  if (self->db == NULL)
    return spool_message (self, &message, error);
  encounter = bed_record_store_get_encounter (self, encounter_id, error);
  if (encounter == NULL || !bed_record_begin (self, error))
    return FALSE;
  ok = write_message (self, &message, bed_encounter_get_uuid (encounter), &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_changed (self, BED_RECORD_CHANGED_BELONGINGS);
  return TRUE;
}

/* --- Reading ---------------------------------------------------------------------------------- */

/* A call that began before the record was locked may have gone on in the spool. */
gboolean
bed_record_store_each_chat (BedRecordStore *self,
                            gint64 encounter_id,
                            BedChatEach callback,
                            gpointer user_data,
                            GError **error)
{
  g_autoptr (BedDbStatement) row = NULL;
  GError *inner = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!bed_record_require_open (self, error) || !bed_record_acts_merge (self, error))
    return FALSE;
  row = bed_db_query (
      self->db, &inner,
      "SELECT real_us, from_patient, text FROM chat WHERE encounter_id = ? ORDER BY real_us, id",
      "i", encounter_id);
  while (row != NULL && (step = bed_db_statement_step (row, &inner)) == BED_DB_STEP_ROW)
    callback (bed_db_statement_get_int64 (row, 0), bed_db_statement_get_int64 (row, 1) != 0,
              bed_db_statement_get_text (row, 2), user_data);
  return step == BED_DB_STEP_DONE || bed_record_fail (inner, error);
}
