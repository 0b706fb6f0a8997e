/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-signing-private.h"

#include <sodium.h>
#include <string.h>

static gboolean
fail (BedRecordError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, code, message);
  return FALSE;
}

static gboolean
is_text (const char *text, gsize least, gsize most)
{
  return text != NULL && strlen (text) >= least && strlen (text) <= most
         && g_utf8_validate (text, -1, NULL);
}

static void
replace (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

/* --- Writing a version ------------------------------------------------------------------------ */

typedef struct
{
  BedRecordStore *store;
  gint64 note_id;
  const char *author_name;
  const char *reason;
  const char *text;
  const char *const *sections; /* nullable */
  const BedSecret *secret;
  const guint8 *key;
} Signing;

static gboolean
insert_version (const Signing *signing, const BedNoteContent *content, GError **error)
{
  g_autoptr (GBytes) bytes = bed_note_content_write (content);
  guint8 signature[BED_NOTE_SIGNATURE_LENGTH];
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  crypto_sign_detached (signature, NULL, data, length, bed_secret_get_data (signing->secret));
  return bed_db_run (signing->store->db, error,
                     "INSERT INTO note_version (note_id, number, content, signature, signer_key,"
                     " signed_us) VALUES (?, ?, ?, ?, ?, ?)",
                     "iibbbi", signing->note_id, (gint64) content->number, data, length, signature,
                     sizeof signature, signing->key, (gsize) BED_NOTE_KEY_LENGTH,
                     content->signed_us);
}

/* What is fixed by it beside the version itself. */
static gboolean
write_state (const Signing *signing, const BedNoteContent *content, GError **error)
{
  BedDb *db = signing->store->db;
  gboolean first = content->number == 1;

  return bed_db_run (db, error,
                     "UPDATE attachment SET signed = 1 WHERE signed = 0 AND deleted_us IS NULL AND"
                     " encounter_id = (SELECT encounter_id FROM note WHERE id = ?)",
                     "i", signing->note_id)
         && (first ? bed_db_run (db, error,
                                 "UPDATE note SET state = 1, signed_us = ?, indexed = 0"
                                 " WHERE id = ?", "ii", content->signed_us, signing->note_id)
                   : bed_db_run (db, error,
                                 "UPDATE note SET state = 2, indexed = 0 WHERE id = ?", "i",
                                 signing->note_id))
         && bed_audit_log_append (signing->store->audit,
                                  first ? BED_AUDIT_NOTE_SIGNED : BED_AUDIT_NOTE_AMENDED,
                                  content->note_uuid, error);
}

static gboolean
write_version (const Signing *signing, BedNoteContent *content, GError **error)
{
  replace (&content->author, signing->store->author);
  replace (&content->author_name, signing->author_name);
  replace (&content->reason, signing->reason);
  replace (&content->text, signing->text);
  return insert_version (signing, content, error) && write_state (signing, content, error);
}

static gboolean
is_blank (const BedNoteContent *content)
{
  for (guint i = 0; i < content->n_sections; i++)
    {
      g_autofree char *words = g_strstrip (g_strdup (content->sections[i]));

      if (*words != '\0')
        return FALSE;
    }
  return TRUE;
}

static gboolean
sign_first (const Signing *signing, GError **error)
{
  BedNoteState state;
  g_autoptr (BedNoteContent) content
      = bed_record_read_content (signing->store->db, signing->note_id, &state, error);

  if (content == NULL)
    return FALSE;
  if (state != BED_NOTE_DRAFT)
    return fail (BED_RECORD_ERROR_NOT_DRAFT, "The note is signed already", error);
  if (is_blank (content))
    return fail (BED_RECORD_ERROR_EMPTY, "The note is empty", error);
  if (content->facts->ended_us == 0)
    return fail (BED_RECORD_ERROR_RUNNING, "The encounter has not ended", error);
  content->number = 1;
  content->signed_us = bed_clock_get_real_us (signing->store->clock);
  return write_version (signing, content, error);
}

/* --- Addenda ---------------------------------------------------------------------------------- */

/* The sections of the version before, or those that are given. */
static void
take_sections (const Signing *signing, BedNoteContent *content, const BedNoteContent *before)
{
  for (guint i = 0; i < content->n_sections; i++)
    {
      const char *section = signing->sections != NULL ? signing->sections[i] : before->sections[i];

      if (!g_str_equal (section, before->sections[i]))
        content->corrects = TRUE;
      replace (&content->sections[i], section);
    }
}

static gboolean
sign_next (const Signing *signing, BedNoteContent *content, BedNoteVersion *last, GError **error)
{
  const BedNoteContent *before = bed_note_version_get_content (last);

  if (before->n_sections != content->n_sections)
    return fail (BED_RECORD_ERROR_DAMAGED, "The note is not as it was signed", error);
  content->number = before->number + 1;
  bed_note_version_hash (last, content->previous);
  take_sections (signing, content, before);
  if (*signing->text == '\0' && !content->corrects)
    return fail (BED_RECORD_ERROR_EMPTY, "The addendum is empty", error);
  content->signed_us = bed_clock_get_real_us (signing->store->clock);
  return write_version (signing, content, error);
}

static gboolean
sign_addendum (const Signing *signing, GError **error)
{
  BedNoteState state;
  g_autoptr (BedNoteContent) content
      = bed_record_read_content (signing->store->db, signing->note_id, &state, error);
  g_autoptr (GPtrArray) versions = NULL;

  if (content == NULL)
    return FALSE;
  if (state == BED_NOTE_DRAFT)
    return fail (BED_RECORD_ERROR_NOT_SIGNED, "The note is a draft", error);
  versions = bed_record_read_versions (signing->store->db, signing->note_id, error);
  if (versions == NULL)
    return FALSE;
  if (versions->len == 0)
    return fail (BED_RECORD_ERROR_DAMAGED, "The signed version is missing", error);
  return sign_next (signing, content, versions->pdata[versions->len - 1], error);
}

static gboolean
check_sections (BedNote *note, const char *const *sections)
{
  for (guint i = 0; sections != NULL && i < bed_note_get_n_sections (note); i++)
    if (!is_text (sections[i], 0, BED_NOTE_SECTION_MAX))
      return FALSE;
  return TRUE;
}

/* --- Both ------------------------------------------------------------------------------------- */

static gboolean
sign (BedRecordStore *self, BedNote *note, Signing *signing,
      gboolean (*write) (const Signing *signing, GError **error), GError **error)
{
  guint8 key[BED_NOTE_KEY_LENGTH];
  g_autoptr (BedSecret) secret = bed_record_take_signing_key (self, key, error);
  GError *inner = NULL;
  gboolean ok;

  if (secret == NULL || !bed_record_begin (self, error))
    return FALSE;
  signing->store = self;
  signing->note_id = bed_note_get_id (note);
  signing->secret = secret;
  signing->key = key;
  ok = write (signing, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_checkpoint (self);
  return TRUE;
}

/* The object, from the row. */
static void
show_state (BedRecordStore *self, BedNote *note)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, &error, "SELECT state, signed_us FROM note WHERE id = ?", "i",
                          bed_note_get_id (note));

  if (row != NULL && bed_db_statement_step (row, &error) == BED_DB_STEP_ROW)
    bed_note_set_state (note, (BedNoteState) bed_db_statement_get_int64 (row, 0),
                        bed_db_statement_get_int64 (row, 1));
  else
    bed_record_unread (self, "A signed note", error);
  bed_record_changed (self, BED_RECORD_CHANGED_NOTES | BED_RECORD_CHANGED_BELONGINGS);
  bed_record_index_later (self);
}

gboolean
bed_record_store_sign_note (BedRecordStore *self, BedNote *note, const char *author_name,
                            GError **error)
{
  Signing signing = { .author_name = author_name, .reason = "", .text = "" };

  if (!is_text (author_name, 1, BED_AUTHOR_NAME_MAX))
    return fail (BED_RECORD_ERROR_INVALID, "This name cannot be kept", error);
  if (bed_note_get_state (note) != BED_NOTE_DRAFT)
    return fail (BED_RECORD_ERROR_NOT_DRAFT, "The note is signed already", error);
  if (!bed_note_draft_flush (self, error) || !sign (self, note, &signing, sign_first, error))
    return FALSE;
  show_state (self, note);
  return TRUE;
}

gboolean
bed_record_store_add_addendum (BedRecordStore *self,
                               BedNote *note,
                               const char *author_name,
                               const char *reason,
                               const char *text,
                               const char *const *sections,
                               GError **error)
{
  Signing signing = {
    .author_name = author_name, .reason = reason, .text = text, .sections = sections
  };

  if (!is_text (author_name, 1, BED_AUTHOR_NAME_MAX) || !is_text (reason, 1, BED_ADDENDUM_REASON_MAX)
      || !is_text (text, 0, BED_NOTE_SECTION_MAX) || !check_sections (note, sections))
    return fail (BED_RECORD_ERROR_INVALID, "This addendum cannot be kept", error);
  if (!sign (self, note, &signing, sign_addendum, error))
    return FALSE;
  show_state (self, note);
  return TRUE;
}
