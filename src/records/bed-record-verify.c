/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-signing-private.h"

#include <sodium.h>
#include <string.h>

/* Each look returns FALSE only with an error; what is wrong goes into the verdict. */
typedef struct
{
  BedRecordStore *store;
  gint64 note_id;
  BedNoteState state;
  const BedNoteContent *now; /* as the record shows it */
  GPtrArray *versions;
  BedNoteVerdict verdict;
  guint version;
} Check;

static void
found (Check *check, BedNoteVerdict verdict, guint version)
{
  check->verdict = verdict;
  check->version = version;
}

static gboolean
check_key (Check *check, BedNoteVersion *version, GError **error)
{
  guint8 key[BED_NOTE_KEY_LENGTH];
  gboolean known;

  if (!bed_record_read_key (check->store, bed_note_version_get_author (version), key, &known, error))
    return FALSE;
  if (!known || memcmp (key, bed_note_version_get_key (version), sizeof key) != 0)
    found (check, BED_NOTE_VERDICT_UNKNOWN_KEY, bed_note_version_get_number (version));
  return TRUE;
}

static gboolean
is_linked (Check *check, guint i)
{
  const BedNoteContent *content = bed_note_version_get_content (check->versions->pdata[i]);
  guint8 previous[BED_NOTE_HASH_LENGTH] = { 0 };

  if (i > 0)
    bed_note_version_hash (check->versions->pdata[i - 1], previous);
  return content->number == i + 1 && g_str_equal (content->note_uuid, check->now->note_uuid)
         && memcmp (content->previous, previous, sizeof previous) == 0;
}

/* Order of the looks: a signature that does not fit says nothing of what it is over. */
static gboolean
check_version (Check *check, guint i, GError **error)
{
  BedNoteVersion *version = check->versions->pdata[i];

  if (!bed_note_version_check_signature (version))
    found (check, BED_NOTE_VERDICT_FORGED, i + 1);
  else if (!is_linked (check, i))
    found (check, BED_NOTE_VERDICT_UNLINKED, i + 1);
  else if (!check_key (check, version, error))
    return FALSE;
  if (check->verdict == BED_NOTE_VERDICT_INTACT
      && !bed_note_facts_agree (bed_note_version_get_facts (version), check->now->facts))
    found (check, BED_NOTE_VERDICT_FACTS_CHANGED, i + 1);
  return TRUE;
}

static gboolean
is_shown_as_signed (const BedNoteContent *now, const BedNoteContent *then)
{
  if (now->n_sections != then->n_sections || !g_str_equal (now->template_id, then->template_id)
      || now->created_us != then->created_us || now->updated_us != then->updated_us
      || now->signed_us != then->signed_us)
    return FALSE;
  for (guint i = 0; i < now->n_sections; i++)
    if (!g_str_equal (now->headings[i], then->headings[i])
        || !g_str_equal (now->sections[i], then->sections[i]))
      return FALSE;
  return TRUE;
}

/* The trail tells how many times a note was signed: a version cut off at the end is missed there. */
static gboolean
check_count (Check *check, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (check->store->db, error,
                          "SELECT count (*) FROM audit WHERE subject = ? AND event IN (?, ?)", "tii",
                          check->now->note_uuid, (gint64) BED_AUDIT_NOTE_SIGNED,
                          (gint64) BED_AUDIT_NOTE_AMENDED);
  guint n = check->versions->len;
  BedNoteState expected = n == 0 ? BED_NOTE_DRAFT : n == 1 ? BED_NOTE_SIGNED : BED_NOTE_AMENDED;

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  if (bed_db_statement_get_int64 (row, 0) != (gint64) n || check->state != expected)
    found (check, BED_NOTE_VERDICT_UNLINKED, n + 1);
  return TRUE;
}

/* --- Attachments ------------------------------------------------------------------------------ */

static gboolean
has_bytes (BedDbStatement *row, const BedNoteSignedAttachment *covered)
{
  guint8 hash[BED_NOTE_HASH_LENGTH];
  gsize length;
  const guint8 *data = bed_db_statement_get_blob (row, 0, &length);

  crypto_hash_sha256 (hash, data, length);
  return length == covered->size && memcmp (hash, covered->hash, sizeof hash) == 0
         && g_str_equal (bed_db_statement_get_text (row, 1), covered->name)
         && g_str_equal (bed_db_statement_get_text (row, 2), covered->media_type);
}

static gboolean
check_attachment (Check *check, guint number, const BedNoteSignedAttachment *covered, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      check->store->db, error,
      "SELECT c.content, a.name, a.media_type FROM attachment a"
      " JOIN attachment_content c ON c.attachment_id = a.id WHERE a.uuid = ? AND a.deleted_us IS NULL"
      " AND a.encounter_id = (SELECT encounter_id FROM note WHERE id = ?)",
      "ti", covered->uuid, check->note_id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_DONE || (step == BED_DB_STEP_ROW && !has_bytes (row, covered)))
    found (check, BED_NOTE_VERDICT_ATTACHMENT_CHANGED, number);
  return step != BED_DB_STEP_ERROR;
}

/* A later version covers the same ones again: they are read once. */
static gboolean
check_attachments (Check *check, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < check->versions->len; i++)
    {
      GPtrArray *covered = bed_note_version_get_attachments (check->versions->pdata[i]);

      for (guint j = 0; j < covered->len && check->verdict == BED_NOTE_VERDICT_INTACT; j++)
        {
          BedNoteSignedAttachment *attachment = covered->pdata[j];

          if (g_hash_table_add (seen, attachment->uuid)
              && !check_attachment (check, i + 1, attachment, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* --- All of it -------------------------------------------------------------------------------- */

static gboolean
check_all (Check *check, GError **error)
{
  for (guint i = 0; i < check->versions->len && check->verdict == BED_NOTE_VERDICT_INTACT; i++)
    if (!check_version (check, i, error))
      return FALSE;
  if (check->verdict == BED_NOTE_VERDICT_INTACT && !check_count (check, error))
    return FALSE;
  if (check->verdict == BED_NOTE_VERDICT_INTACT && check->versions->len > 0
      && !is_shown_as_signed (check->now,
                              bed_note_version_get_content (check->versions->pdata[0])))
    found (check, BED_NOTE_VERDICT_TEXT_CHANGED, 1);
  if (check->verdict == BED_NOTE_VERDICT_INTACT && check->versions->len == 0)
    found (check, BED_NOTE_VERDICT_DRAFT, 0);
  return check_attachments (check, error);
}

static gboolean
run_check (Check *check, GError **error)
{
  g_autoptr (BedNoteContent)
      now = bed_record_read_content (check->store->db, check->note_id, &check->state, error);
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GError) inner = NULL;

  if (now == NULL)
    return FALSE;
  versions = bed_record_read_versions (check->store->db, check->note_id, &inner);
  if (versions == NULL && g_error_matches (inner, BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED))
    {
      found (check, BED_NOTE_VERDICT_FORGED, 1);
      return TRUE;
    }
  if (versions == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  check->now = now;
  check->versions = versions;
  return check_all (check, error);
}

gboolean
bed_record_store_verify_note (BedRecordStore *self, gint64 note_id, BedNoteVerdict *verdict,
                              guint *version, GError **error)
{
  Check check = { .store = self, .note_id = note_id, .verdict = BED_NOTE_VERDICT_INTACT };
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return FALSE;
  if (!run_check (&check, &inner))
    return bed_record_fail (inner, error);
  *verdict = check.verdict;
  if (version != NULL)
    *version = check.version;
  return TRUE;
}
