/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit-memory.h"
#include "bed-audit-export.h"

#include <stdlib.h>
#include <string.h>

#define PATIENT "5f3cbd4c-9d0d-4f3a-8a33-0d6b4b1f0c01"
#define NOTE "5f3cbd4c-9d0d-4f3a-8a33-0d6b4b1f0c02"
#define VISIT "5f3cbd4c-9d0d-4f3a-8a33-0d6b4b1f0c03"

typedef struct
{
  Memory memory;
  BedClock *clock;
  BedAuditLog *log;
} Log;

static void
set_up (Log *l, gconstpointer data)
{
  memory_init (&l->memory);
  l->clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000123456));
  l->log = bed_audit_log_new (l->clock, &memory_sink, &l->memory);
}

static void
tear_down (Log *l, gconstpointer data)
{
  g_clear_object (&l->log);
  g_clear_object (&l->clock);
  memory_clear (&l->memory);
}

static void
add (Log *l, BedAuditEvent event, const char *subject)
{
  g_autoptr (GError) error = NULL;

  bed_manual_clock_advance (BED_MANUAL_CLOCK (l->clock), 61 * G_USEC_PER_SEC);
  bed_audit_log_append (l->log, event, subject, &error);
  g_assert_no_error (error);
}

/* Every event that has a number, each with the subject that it has in life. */
static void
add_every_event (Log *l)
{
  add (l, BED_AUDIT_UNLOCK_FAILED, NULL); /* before anybody has shown who they are */
  g_assert_true (bed_audit_log_set_actor (l->log, "dr-1", NULL));
  for (guint event = 1; event < 200; event++)
    {
      const char *name = bed_audit_event_get_name ((BedAuditEvent) event);
      const char *subject = NULL;

      if (name == NULL)
        continue;
      if (g_str_has_prefix (name, "patient-"))
        subject = g_str_has_prefix (name, "patient-consent") ? VISIT : PATIENT;
      else if (g_str_has_prefix (name, "encounter-") || g_str_has_prefix (name, "chat-"))
        subject = VISIT;
      else if (g_str_has_prefix (name, "note-") || event == BED_AUDIT_EXPORTED)
        subject = NOTE;
      else if (g_str_has_prefix (name, "consent-"))
        subject = "camera";
      else if (g_str_has_prefix (name, "template-"))
        subject = "own-6f1c1c5e-0d2a-4f53-9d6e-0a4c5a1b2c09";
      else if (g_str_has_prefix (name, "snippet-") || g_str_has_prefix (name, "spool-"))
        subject = "7";
      add (l, (BedAuditEvent) event, subject);
    }
  add (l, BED_AUDIT_EXPORTED, "all");
  add (l, BED_AUDIT_NOTE_OPENED, "of-nobody");
  add (l, BED_AUDIT_NOTE_CREATED, "of-nobody");
  add (l, BED_AUDIT_NOTE_CHANGED, "of-nobody");
  add (l, BED_AUDIT_ENCOUNTER_ERASED, "of-nobody");
}

static gboolean
patient_of (const char *subject, char patient[BED_AUDIT_ID_MAX + 1], gpointer user_data)
{
  if (strcmp (subject, NOTE) != 0 && strcmp (subject, VISIT) != 0)
    return FALSE;
  g_strlcpy (patient, PATIENT, BED_AUDIT_ID_MAX + 1);
  return TRUE;
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* (transfer full): NUL-terminated */
static char *
export_text (Log *l, BedAuditFormat format, gsize *length)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  BedAuditExport options = { .clinic = "clinic.example", .version = "1.0", .patient_of = patient_of,
                             .now_us = bed_clock_get_real_us (l->clock) };
  char *text;

  bed_audit_log_export_async (l->log, format, &options, out, NULL, NULL, NULL, keep_result,
                              &result);
  g_assert_true (bed_audit_log_export_finish (l->log, wait_for (&result), &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (out, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (out, NULL, NULL));
  *length = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out)) - 1;
  text = g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (out));
  return text;
}

/* With BED_GOLDEN_WRITE=1 the file is written anew, to be looked at and committed. */
static void
assert_golden (const char *text, const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "audit", "golden", name, NULL);
  g_autofree char *golden = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("BED_GOLDEN_WRITE") != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_file_get_contents (path, &golden, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, golden);
}

static void
test_fhir (Log *l, gconstpointer data)
{
  g_autofree char *text = NULL;
  gsize length;

  add_every_event (l);
  text = export_text (l, BED_AUDIT_FORMAT_FHIR, &length);
  assert_golden (text, "audit-bundle.json");
}

static void
test_csv (Log *l, gconstpointer data)
{
  g_autofree char *text = NULL;
  gsize length;
  BedAuditVerdict verdict;
  BedAuditHead head, own;
  guint64 position;
  g_autoptr (GError) error = NULL;

  add_every_event (l);
  text = export_text (l, BED_AUDIT_FORMAT_CSV, &length);
  assert_golden (text, "audit.csv");
  g_assert_true (bed_audit_csv_verify (text, length, NULL, &verdict, &position, &head, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, BED_AUDIT_INTACT);
  g_assert_true (bed_audit_log_get_head (l->log, &own, NULL));
  g_assert_cmpuint (head.sequence, ==, own.sequence);
  g_assert_cmpmem (head.hash, sizeof head.hash, own.hash, sizeof own.hash);
}

/* Every byte of the file, changed: it is refused, or what it says is found to be broken. */
static void
test_csv_changed (Log *l, gconstpointer data)
{
  g_autofree char *text = NULL;
  gsize length;
  BedAuditHead head;
  guint found = 0;

  add_every_event (l);
  text = export_text (l, BED_AUDIT_FORMAT_CSV, &length);
  g_assert_true (bed_audit_log_get_head (l->log, &head, NULL));
  for (gsize i = 0; i < length; i++)
    for (guint bit = 0; bit < 8; bit += 3)
      {
        char kept = text[i];
        BedAuditVerdict verdict = BED_AUDIT_INTACT;
        guint64 position;

        text[i] = (char) (text[i] ^ (1 << bit));
        if (!bed_audit_csv_verify (text, length, &head, &verdict, &position, NULL, NULL)
            || verdict != BED_AUDIT_INTACT)
          found++;
        text[i] = kept;
      }
  g_assert_cmpuint (found, ==, length * 3);
}

static void
test_csv_cut (Log *l, gconstpointer data)
{
  g_autofree char *text = NULL;
  gsize length;
  BedAuditHead head;

  add_every_event (l);
  text = export_text (l, BED_AUDIT_FORMAT_CSV, &length);
  g_assert_true (bed_audit_log_get_head (l->log, &head, NULL));
  for (gsize cut = 0; cut < length; cut++)
    {
      BedAuditVerdict verdict;
      guint64 position;
      g_assert_true (!bed_audit_csv_verify (text, cut, &head, &verdict, &position, NULL, NULL)
                     || verdict == BED_AUDIT_TRUNCATED);
    }
}

/* --- In pieces -------------------------------------------------------------------------------- */

static void
count_progress (guint64 done, guint64 total, gpointer user_data)
{
  guint64 *seen = user_data;

  g_assert_cmpuint (done, >=, *seen);
  g_assert_cmpuint (total, >=, done);
  *seen = done;
}

static void
add_many (Log *l, guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_true (bed_audit_log_append (l->log, BED_AUDIT_NOTE_CHANGED, NOTE, NULL));
}

static BedAuditVerdict
verify_in_pieces (Log *l, const BedAuditHead *anchor, guint64 *position, guint64 *seen)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  BedAuditVerdict verdict;

  *seen = 0;
  bed_audit_log_verify_async (l->log, anchor, count_progress, seen, NULL, keep_result, &result);
  g_assert_true (
      bed_audit_log_verify_finish (l->log, wait_for (&result), &verdict, position, &error));
  g_assert_no_error (error);
  return verdict;
}

static void
test_pieces (Log *l, gconstpointer data)
{
  static const guint lengths[] = { 0, 1, 499, 500, 501, 1000, 2345 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint64 position, seen = 0;
      BedAuditHead head;

      g_array_set_size (l->memory.entries, 0);
      add_many (l, lengths[i]);
      g_assert_true (bed_audit_log_get_head (l->log, &head, NULL));
      g_assert_cmpint (verify_in_pieces (l, &head, &position, &seen), ==, BED_AUDIT_INTACT);
      g_assert_cmpuint (seen, ==, lengths[i]);
      if (lengths[i] < 2)
        continue;
      g_array_index (l->memory.entries, BedAuditEntry, lengths[i] - 1).real_us++;
      g_assert_cmpint (verify_in_pieces (l, NULL, &position, &seen), ==, BED_AUDIT_ALTERED);
      g_assert_cmpuint (position, ==, lengths[i]);
      g_array_set_size (l->memory.entries, lengths[i] - 1);
      g_assert_cmpint (verify_in_pieces (l, &head, &position, &seen), ==, BED_AUDIT_TRUNCATED);
      g_assert_cmpuint (position, ==, lengths[i]);
    }
}

/* The record is locked, or the person gives up, half-way. */
static void
test_stopped (Log *l, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GError) error = NULL;
  BedAuditVerdict verdict;
  BedAuditHead head;
  guint64 position;

  add_many (l, 3000);
  bed_audit_log_verify_async (l->log, NULL, NULL, NULL, cancellable, keep_result, &cancelled);
  g_assert_true (g_main_context_iteration (NULL, TRUE));
  g_cancellable_cancel (cancellable);
  g_assert_false (
      bed_audit_log_verify_finish (l->log, wait_for (&cancelled), &verdict, &position, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  bed_audit_log_verify_async (l->log, NULL, NULL, NULL, NULL, keep_result, &closed);
  g_assert_true (g_main_context_iteration (NULL, TRUE));
  bed_audit_log_close (l->log);
  g_assert_false (
      bed_audit_log_verify_finish (l->log, wait_for (&closed), &verdict, &position, &error));
  g_assert_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (bed_audit_log_append (l->log, BED_AUDIT_LOCKED, NULL, &error));
  g_assert_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (bed_audit_log_get_head (l->log, &head, &error));
  g_assert_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Log, NULL, set_up, function, tear_down)
  ADD ("/audit/export/fhir", test_fhir);
  ADD ("/audit/export/csv", test_csv);
  ADD ("/audit/export/csv-changed", test_csv_changed);
  ADD ("/audit/export/csv-cut", test_csv_cut);
  ADD ("/audit/pieces/lengths", test_pieces);
  ADD ("/audit/pieces/stopped", test_stopped);
  return g_test_run ();
}
