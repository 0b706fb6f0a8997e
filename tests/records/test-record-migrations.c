/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment.h"
#include "bed-db.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-vault-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* Records as earlier versions wrote them (files/schema-N, by make-record of that version). */

#define SIGNED_SINCE 4 /* the first schema with signed notes, attachments and templates */
#define WITHOUT 6      /* was kept before make-record signed one */

static const char *const kept[] = { "vault.keys", "vault.db" };

static char *
copy_record (const char *name)
{
  char *dir = g_dir_make_tmp ("bed-record-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *from = g_build_filename (FILES, name, kept[i], NULL);
      g_autofree char *to = g_build_filename (dir, kept[i], NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents_full (to, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE,
                                               0600, NULL));
    }
  return dir;
}

static BedVault *
open_vault (const char *dir, BedClock *clock)
{
  BedVault *vault = bed_vault_new (dir, clock, &cheap);

  fixture_unlock (vault, PASSPHRASE);
  return vault;
}

static void
assert_note (BedRecordStore *store, gint64 id, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, text);
}

/* The note that make-record signs, with what belongs to it. */
static void
assert_signed (BedRecordStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (store, 3, &error);
  g_autoptr (GListModel) versions = bed_record_store_list_versions (store, 3, &error);
  g_autoptr (GBytes) content = bed_record_store_read_attachment (store, 1, &error);
  g_autofree char *snippet = bed_record_store_expand_snippet (store, "kpt");
  BedNoteVerdict verdict;

  g_assert_no_error (error);
  g_assert_true (bed_record_store_verify_note (store, 3, &verdict, NULL, &error));
  g_assert_cmpint (verdict, ==, BED_NOTE_VERDICT_INTACT);
  g_assert_cmpint (bed_note_get_state (note), ==, BED_NOTE_AMENDED);
  g_assert_cmpuint (g_list_model_get_n_items (versions), ==, 2);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), "a kept file", 11);
  g_assert_cmpstr (snippet, ==, "a kept snippet");
}

static void
assert_kept (BedVault *vault, BedClock *clock, int schema)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedRecordStore) store = bed_record_store_open (vault, clock, "dr-1", &error);
  g_autoptr (BedPatient) patient = NULL;
  BedAuditVerdict verdict;
  guint64 position;

  g_assert_no_error (error);
  g_assert_true (bed_db_check_integrity (bed_vault_get_db (vault), &error));
  g_assert_no_error (error);
  patient = bed_record_store_get_patient (store, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bed_patient_get_name (patient), ==, "Kept Patient");
  assert_note (store, 1, "the first kept note");
  assert_note (store, 2, "the second kept note");
  if (schema >= SIGNED_SINCE && schema != WITHOUT)
    assert_signed (store);
  fixture_assert_text (vault, "kept", "a value");
  bed_audit_log_verify (bed_record_store_get_audit (store), NULL, &verdict, &position, &error);
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, BED_AUDIT_INTACT);
  bed_vault_lock (vault);
}

static int
read_version (BedVault *vault)
{
  g_autoptr (GError) error = NULL;
  int version = bed_db_get_version (bed_vault_get_db (vault), &error);

  g_assert_no_error (error);
  return version;
}

/* Opened, brought up to date, and opened again; also by the recovery key of its day. */
static void
test_earlier (gconstpointer data)
{
  g_autofree char *dir = copy_record (data);
  g_autofree char *path = g_build_filename (FILES, data, "recovery.txt", NULL);
  g_autofree char *recovery = NULL;
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1760000000000000));
  g_autoptr (BedVault) vault = open_vault (dir, clock);
  g_autoptr (BedSecret) renewed = NULL;
  g_autoptr (GError) error = NULL;
  int before = read_version (vault);

  g_assert_cmpint (before, ==, (int) strtol (strrchr (data, '-') + 1, NULL, 10));
  assert_kept (vault, clock, before);
  fixture_unlock (vault, PASSPHRASE);
  g_assert_cmpint (read_version (vault), >=, before);
  assert_kept (vault, clock, before);
  g_assert_true (g_file_get_contents (path, &recovery, NULL, NULL));
  g_assert_true (fixture_try_recovery (vault, recovery, &error));
  g_assert_no_error (error);
  assert_kept (vault, clock, before);
  /* The header of today, and a new key. */
  fixture_unlock (vault, PASSPHRASE);
  fixture_change_passphrase (vault, PASSPHRASE);
  renewed = fixture_rekey (vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  assert_kept (vault, clock, before);
  fixture_remove (dir);
}

/* The schema of today is kept too: there is a folder for each that there ever was. */
static void
test_every (gconstpointer data)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1760000000000000));
  g_autofree char *dir = copy_record ("schema-1");
  g_autoptr (BedVault) vault = open_vault (dir, clock);
  g_autoptr (BedRecordStore) store = bed_record_store_open (vault, clock, "dr-1", NULL);

  g_assert_nonnull (store);
  for (int schema = read_version (vault); schema > 0; schema--)
    {
      g_autofree char *path = g_strdup_printf (FILES "/schema-%d", schema);
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
    }
  g_clear_object (&store);
  bed_vault_lock (vault);
  fixture_remove (dir);
}

/* Refused, and left as it is. */
static void
test_later (gconstpointer data)
{
  g_autofree char *dir = copy_record (data);
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1760000000000000));
  g_autoptr (BedVault) vault = open_vault (dir, clock);
  g_autoptr (BedRecordStore) store = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_exec (bed_vault_get_db (vault), "PRAGMA user_version = 9999", NULL));
  store = bed_record_store_open (vault, clock, "dr-1", &error);
  g_assert_null (store);
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NEWER);
  bed_vault_lock (vault);
  fixture_unlock (vault, PASSPHRASE);
  g_assert_cmpint (read_version (vault), ==, 9999);
  bed_vault_lock (vault);
  fixture_remove (dir);
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = g_dir_open (FILES, 0, NULL);
  const char *name;

  g_test_init (&argc, &argv, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "schema-"))
      {
        g_autofree char *path = g_strconcat ("/records/migrations/", name, NULL);

        g_test_add_data_func_full (path, g_strdup (name), test_earlier, g_free);
      }
  g_test_add_data_func ("/records/migrations/every", NULL, test_every);
  g_test_add_data_func ("/records/migrations/later", "schema-2", test_later);
  return g_test_run ();
}
