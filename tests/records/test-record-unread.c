/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cannot be read is told, where lists and searches have no way to fail. */
#include "bed-db.h"
#include "bed-record-fixture.h"
#include "bed-timeline.h"

#include <fcntl.h>
#include <unistd.h>

#define PAGE 4096
#define NOTES 40

typedef struct
{
  Record r;
  char *path, *whole;
  gsize length;
  guint told;
} Unread;

static void
write_over (Unread *u, const char *bytes)
{
  int fd = open (u->path, O_WRONLY);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, bytes, u->length, 0), ==, (gssize) u->length);
  close (fd);
}

/* Every page but the first, and what is in memory of them is let go. */
static void
damage (Unread *u)
{
  BedDb *db = bed_vault_get_db (u->r.base.vault);
  g_autofree char *bad = NULL;

  g_assert_true (bed_db_checkpoint (db, NULL));
  u->path = g_build_filename (u->r.base.directory, "vault.db", NULL);
  g_assert_true (g_file_get_contents (u->path, &u->whole, &u->length, NULL));
  bad = g_memdup2 (u->whole, u->length);
  for (gsize at = PAGE + 50; at < u->length; at += PAGE)
    bad[at] ^= 0x40;
  write_over (u, bad);
  g_assert_true (bed_db_exec (db, "PRAGMA shrink_memory", NULL));
}

static void
on_unread (BedRecordStore *store, const GError *error, Unread *u)
{
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED);
  u->told++;
}

static void
set_up (Unread *u, gconstpointer data)
{
  g_autoptr (BedPatient) patient = NULL;
  g_autoptr (BedEncounter) encounter = NULL;

  record_set_up (&u->r, NULL);
  patient = record_add_patient (&u->r, "Greta Holm", "1950-01-02");
  encounter = record_add_encounter (&u->r, bed_patient_get_id (patient));
  for (guint i = 0; i < NOTES; i++)
    g_object_unref (record_add_note (&u->r, bed_encounter_get_id (encounter), "Slept well."));
  record_wait_indexed (&u->r);
  record_reopen (&u->r); /* no object is held in memory */
  g_signal_connect (u->r.store, "unread", G_CALLBACK (on_unread), u);
}

static void
tear_down (Unread *u, gconstpointer data)
{
  write_over (u, u->whole);
  g_free (u->path);
  g_free (u->whole);
  record_tear_down (&u->r, NULL);
}

static void
expect (const char *what)
{
  g_autofree char *pattern = g_strdup_printf ("%s could not be read: *", what);

  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, pattern);
}

/* Later, since who asks may be in the middle of drawing, and once. */
static void
assert_told (Unread *u)
{
  g_test_assert_expected_messages ();
  g_assert_cmpuint (u->told, ==, 0);
  while (u->told == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (u->told, ==, 1);
  u->told = 0;
}

static void
test_lists (Unread *u, gconstpointer data)
{
  g_autoptr (GListModel) notes = bed_record_store_list_notes (u->r.store, 0);
  g_autoptr (GListModel) timeline = NULL;
  g_autoptr (BedNote) first = NULL;
  g_autoptr (BedNote) second = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (notes), ==, NOTES);
  damage (u);
  expect ("A list of the record");
  expect ("An entry of the record");
  first = g_list_model_get_item (notes, 0);
  g_assert_cmpint (bed_note_get_id (first), ==, 0);
  assert_told (u);
  expect ("A list of the record");
  expect ("An entry of the record");
  second = g_list_model_get_item (notes, 1);
  assert_told (u);
  expect ("A timeline");
  timeline = bed_record_store_list_timeline (u->r.store, 1);
  g_assert_cmpuint (g_list_model_get_n_items (timeline), ==, 0);
  assert_told (u);
}

static void
test_search (Unread *u, gconstpointer data)
{
  BedSearchQuery query = BED_SEARCH_QUERY_INIT;
  g_autoptr (GListModel) hits = NULL;
  g_autoptr (GListModel) patients = NULL;
  g_autoptr (BedSearchHit) hit = NULL;

  query.text = "slept";
  hits = bed_record_store_search (u->r.store, &query, NULL);
  g_assert_nonnull (hits);
  g_assert_cmpuint (g_list_model_get_n_items (hits), >, 0);
  damage (u);
  expect ("What was found");
  hit = g_list_model_get_item (hits, 0);
  assert_told (u);
  expect ("The index of patients");
  patients = bed_record_store_find_patients (u->r.store, "holm");
  g_assert_cmpuint (g_list_model_get_n_items (patients), ==, 0);
  assert_told (u);
}

/* What waits to be told goes with the record. */
static void
test_locked (Unread *u, gconstpointer data)
{
  g_autoptr (GListModel) notes = bed_record_store_list_notes (u->r.store, 0);
  g_autoptr (BedNote) note = NULL;

  damage (u);
  expect ("A list of the record");
  expect ("An entry of the record");
  note = g_list_model_get_item (notes, 0);
  g_test_assert_expected_messages ();
  write_over (u, u->whole);
  bed_vault_lock (u->r.base.vault);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (u->told, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Unread, NULL, set_up, function, tear_down)
  ADD ("/records/unread/lists", test_lists);
  ADD ("/records/unread/search", test_search);
  ADD ("/records/unread/locked", test_locked);
  return g_test_run ();
}
