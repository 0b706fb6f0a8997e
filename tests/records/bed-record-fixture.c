/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-fixture.h"

#include "bed-db.h"

void
record_keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

GAsyncResult *
record_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

BedRecordStore *
record_open (Record *r)
{
  g_autoptr (GError) error = NULL;
  BedRecordStore *store = bed_record_store_open (r->base.vault, r->base.clock, "dr-1", &error);

  g_assert_no_error (error);
  return store;
}

void
record_set_up (Record *r, gconstpointer data)
{
  fixture_set_up (&r->base, NULL);
  r->store = record_open (r);
}

void
record_tear_down (Record *r, gconstpointer data)
{
  g_clear_object (&r->store);
  fixture_tear_down (&r->base, NULL);
}

void
record_reopen (Record *r)
{
  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
}

BedPatient *
record_add_patient (Record *r, const char *name, const char *birth_date)
{
  BedPatient *patient = bed_patient_new (name);
  g_autoptr (GError) error = NULL;

  bed_patient_set_birth_date (patient, birth_date);
  bed_record_store_save_patient (r->store, patient, &error);
  g_assert_no_error (error);
  return patient;
}

BedEncounter *
record_start_encounter (Record *r, gint64 patient_id, const char *typed_name)
{
  g_autoptr (GError) error = NULL;
  BedEncounter *encounter
      = bed_record_store_start_encounter (r->store, patient_id, typed_name, "+49 30 1", "Bonn",
                                          NULL, &error);

  g_assert_no_error (error);
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), G_USEC_PER_SEC);
  return encounter;
}

BedEncounter *
record_add_encounter (Record *r, gint64 patient_id)
{
  g_autoptr (GError) error = NULL;
  BedEncounter *encounter = record_start_encounter (r, patient_id, "Typed " MARKER);

  bed_record_store_end_encounter (r->store, encounter, &error);
  g_assert_no_error (error);
  return encounter;
}

BedNote *
record_add_note (Record *r, gint64 encounter_id, const char *text)
{
  g_autoptr (GError) error = NULL;
  BedNote *note = bed_record_store_create_note (r->store, encounter_id, "soap", &error);

  g_assert_no_error (error);
  g_assert_true (bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text));
  bed_note_draft_flush (r->store, &error);
  g_assert_no_error (error);
  return note;
}

void
record_wait_indexed (Record *r)
{
  while (bed_record_store_is_indexing (r->store))
    g_main_context_iteration (NULL, TRUE);
}

void
record_advance_days (Record *r, guint days)
{
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock),
                            days * G_TIME_SPAN_DAY);
}

typedef struct
{
  GString *lines;
  guint64 seen;
} Look;

static gboolean
take_entry (const BedAuditEntry *entry, gpointer user_data)
{
  Look *look = user_data;

  g_string_append (look->lines, bed_audit_event_get_name (entry->event));
  if (entry->subject[0] != '\0')
    g_string_append_printf (look->lines, " %s", entry->subject);
  g_string_append_c (look->lines, '\n');
  look->seen = entry->sequence;
  return TRUE;
}

static char *
take_events (Record *r)
{
  Look look = { g_string_new (NULL), r->seen };
  g_autoptr (GError) error = NULL;

  bed_audit_log_each (bed_record_store_get_audit (r->store), r->seen + 1, take_entry, &look,
                      &error);
  g_assert_no_error (error);
  r->seen = look.seen;
  return g_string_free (look.lines, FALSE);
}

void
record_expect (Record *r, const char *lines)
{
  g_autofree char *found = take_events (r);

  g_assert_cmpstr (found, ==, lines);
}

void
record_forget_events (Record *r)
{
  g_free (take_events (r));
}

void
record_assert_whole (Record *r)
{
  BedAuditVerdict verdict;
  guint64 position;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_check_integrity (bed_vault_get_db (r->base.vault), &error));
  g_assert_no_error (error);
  g_assert_true (bed_audit_log_verify (bed_record_store_get_audit (r->store), NULL, &verdict,
                                       &position, &error));
  g_assert_cmpint (verdict, ==, BED_AUDIT_INTACT);
}
