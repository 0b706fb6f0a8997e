/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-emergency-access.h"
#include "bed-record-fixture.h"
#include "bed-record-trail.h"

#include <string.h>

static char *
make_key (Record *r)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) key = bed_emergency_access_make_key (r->store, &error);

  g_assert_no_error (error);
  return g_strndup ((const char *) bed_secret_get_data (key), bed_secret_get_length (key));
}

static void
close_record (Record *r)
{
  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
}

static void
open_with_key (Record *r, const char *key)
{
  g_autoptr (GError) error = NULL;

  fixture_try_recovery (r->base.vault, key, &error);
  g_assert_no_error (error);
  r->store = record_open (r);
}

static void
open_as_owner (Record *r)
{
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
}

static guint
count_unseen (Record *r)
{
  g_autoptr (GListModel) unseen = bed_emergency_access_list_unseen (r->store, NULL);

  return g_list_model_get_n_items (unseen);
}

/* The window of an open record is covered in a call: only the owner uncovers it. */
static void
test_covered (Record *r, gconstpointer data)
{
  g_autofree char *key = make_key (r);
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_try_recovery (r->base.vault, key, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  g_assert_true (fixture_try_recovery (r->base.vault, r->base.recovery, NULL));
  close_record (r);
  open_with_key (r, key);
  g_assert_true (fixture_try_recovery (r->base.vault, key, NULL));
}

/* What was done with the key stands in the trail by the name that was given, what came before not. */
static void
check_names (Record *r)
{
  g_autoptr (GListModel) trail = bed_record_store_list_trail (r->store, 0, NULL);
  g_autofree char *who = bed_emergency_access_dup_who (r->store, G_MAXINT64);
  g_autofree char *before = bed_emergency_access_dup_who (r->store, 0);
  guint n = g_list_model_get_n_items (trail), named = 0;

  g_assert_cmpstr (who, ==, "Dr. Vera Vertretung");
  g_assert_cmpstr (before, ==, "");
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedTrailEntry) entry = g_list_model_get_item (trail, i);
      gboolean emergency
          = g_str_equal (bed_trail_entry_get_actor (entry), BED_EMERGENCY_ACCOUNT);

      g_assert_cmpstr (bed_trail_entry_get_person (entry), ==,
                       emergency ? "Dr. Vera Vertretung" : "");
      named += emergency;
    }
  g_assert_cmpuint (named, ==, 4); /* unlocked, the key's use, who and why, the trail opened */
  g_assert_cmpuint (n, >, named);
}

/* From the envelope to the owner who has seen it. */
static void
test_use (Record *r, gconstpointer data)
{
  g_autofree char *key = make_key (r);
  g_autoptr (GListModel) unseen = NULL;
  g_autoptr (GListModel) statements = NULL;
  g_autoptr (BedEmergencyUse) use = NULL;
  g_autoptr (BedRecordStatement) statement = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  BedTrailReport report;
  g_autofree char *too_long = g_strnfill (BED_EMERGENCY_WHO_MAX + 1, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_emergency_access_has_key (r->store));
  g_assert_false (bed_emergency_access_is_open (r->store));
  g_assert_false (bed_emergency_access_declare (r->store, "me", "because", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  close_record (r);

  open_with_key (r, key);
  g_assert_true (bed_emergency_access_is_open (r->store));
  g_assert_false (bed_emergency_access_is_declared (r->store));
  g_assert_false (bed_emergency_access_declare (r->store, "", "because", NULL));
  g_assert_false (bed_emergency_access_declare (r->store, too_long, "because", NULL));
  g_assert_true (bed_emergency_access_declare (r->store, "Dr. Vera Vertretung",
                                               "the patient\nis in hospital", &error));
  g_assert_no_error (error);
  g_assert_true (bed_emergency_access_is_declared (r->store));
  check_names (r);
  close_record (r);

  open_as_owner (r);
  unseen = bed_emergency_access_list_unseen (r->store, &error);
  g_assert_cmpuint (g_list_model_get_n_items (unseen), ==, 1);
  use = g_list_model_get_item (unseen, 0);
  g_assert_cmpstr (bed_emergency_use_get_who (use), ==, "Dr. Vera Vertretung");
  statements = bed_record_store_list_statements (r->store, "emergency", &error);
  statement = g_list_model_get_item (statements, 0);
  g_assert_nonnull (strstr (bed_record_statement_get_text (statement), "is in hospital"));
  g_assert_cmpstr (bed_record_statement_get_actor (statement), ==, "emergency");
  g_assert_true (bed_emergency_access_confirm (r->store, use, &error));
  g_assert_cmpuint (count_unseen (r), ==, 0);
  bed_record_store_verify_trail_async (r->store, NULL, NULL, NULL, record_keep_result, &result);
  g_assert_true (bed_record_store_verify_trail_finish (r->store, record_wait (&result), &report,
                                                       &error));
  g_assert_cmpint (report.verdict, ==, BED_AUDIT_INTACT);
  g_assert_cmpuint (bed_emergency_use_get_sequence (use), ==, 6);
}


static gboolean
take_actor (const BedAuditEntry *entry, gpointer user_data)
{
  g_string_append_printf (user_data, "%s %s\n", entry->actor,
                          bed_audit_event_get_name (entry->event));
  return TRUE;
}

/* Nobody acts under the owner's name, and the key cannot hide that it was used. */
static void
test_actor (Record *r, gconstpointer data)
{
  g_autofree char *key = make_key (r);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GListModel) unseen = NULL;
  g_autoptr (BedEmergencyUse) use = NULL;
  g_autoptr (GError) error = NULL;

  close_record (r);
  open_with_key (r, key);
  unseen = bed_emergency_access_list_unseen (r->store, NULL);
  use = g_list_model_get_item (unseen, 0);
  g_assert_false (bed_emergency_access_confirm (r->store, use, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_assert_false (bed_emergency_access_remove_key (r->store, NULL));
  g_assert_null (bed_emergency_access_make_key (r->store, NULL));
  close_record (r);
  open_as_owner (r);
  g_assert_cmpuint (count_unseen (r), ==, 1);
  bed_audit_log_each (bed_record_store_get_audit (r->store), 4, take_actor, lines, NULL);
  g_assert_cmpstr (lines->str, ==, "dr-1 locked\nemergency unlocked\nemergency emergency-access\n"
                                   "emergency locked\ndr-1 unlocked\n");
}

static void
test_replaced_and_removed (Record *r, gconstpointer data)
{
  g_autofree char *old = make_key (r);
  g_autofree char *key = make_key (r);
  g_autoptr (GError) error = NULL;

  close_record (r);
  g_assert_false (fixture_try_recovery (r->base.vault, old, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  g_clear_error (&error);
  open_with_key (r, key);
  close_record (r);
  g_assert_true (fixture_try_recovery (r->base.vault, r->base.recovery, NULL));
  r->store = record_open (r);
  g_assert_false (bed_emergency_access_is_open (r->store));
  record_forget_events (r);
  g_assert_true (bed_emergency_access_remove_key (r->store, &error));
  g_assert_false (bed_emergency_access_has_key (r->store));
  record_expect (r, "emergency-key-removed\n");
  close_record (r);
  g_assert_false (fixture_try_recovery (r->base.vault, key, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add (path, Record, NULL, record_set_up, function, record_tear_down)
  ADD ("/records/emergency/covered", test_covered);
  ADD ("/records/emergency/use", test_use);
  ADD ("/records/emergency/actor", test_actor);
  ADD ("/records/emergency/replaced-and-removed", test_replaced_and_removed);
  return g_test_run ();
}
