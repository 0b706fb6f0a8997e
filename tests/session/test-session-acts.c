/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-fixture.h"
#include "bed-record-trail.h"
#include "bed-session.h"

#include <string.h>

/* What is done at the door stands in the trail, whoever does it and whether the record is open. */
typedef struct
{
  Record r;
  BedSession *session;
} Door;

static void
set_up (Door *d, gconstpointer data)
{
  record_set_up (&d->r, NULL);
  bed_vault_lock (d->r.base.vault);
  g_clear_object (&d->r.store);
  g_clear_object (&d->r.base.vault);
  d->session = bed_session_new (d->r.base.directory, d->r.base.clock, &cheap);
  d->r.base.vault = g_object_ref (bed_session_get_vault (d->session));
}

static void
tear_down (Door *d, gconstpointer data)
{
  bed_session_lock (d->session);
  g_clear_object (&d->session);
  record_tear_down (&d->r, NULL);
}

static gboolean
unlock (Door *d, const char *typed)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_session_unlock_async (d->session, typed, NULL, record_keep_result, &result);
  return bed_session_unlock_finish (d->session, record_wait (&result), NULL);
}

static gboolean
unlock_with_recovery (Door *d, const char *typed)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_session_unlock_with_recovery_async (d->session, typed, NULL, record_keep_result, &result);
  return bed_session_unlock_finish (d->session, record_wait (&result), NULL);
}

static void
open_record (Door *d)
{
  d->r.store = record_open (&d->r);
}

static void
test_unlock (Door *d, gconstpointer data)
{
  g_assert_false (unlock (d, "wrong"));
  g_assert_false (unlock (d, "wrong again"));
  g_assert_false (unlock_with_recovery (d, "nonsense")); /* mistyped: nothing was tried */
  g_assert_true (unlock (d, PASSPHRASE));
  open_record (d);
  record_expect (&d->r, "vault-created\nunlocked\nlocked\nunlock-failed\nunlock-failed\n"
                        "unlocked\n");
}

static void
look_at_trail (Door *d, const char *expected)
{
  g_autoptr (GListModel) trail = NULL;

  record_forget_events (&d->r);
  trail = bed_record_store_list_trail (d->r.store, 0, NULL);
  g_assert_nonnull (trail);
  record_expect (&d->r, expected);
}

static void
test_keys (Door *d, gconstpointer data)
{
  g_autoptr (BedSecret) key = NULL;
  int slot;

  g_assert_true (unlock (d, PASSPHRASE));
  open_record (d);
  key = bed_session_renew_recovery_key (d->session, NULL);
  g_assert_nonnull (key);
  look_at_trail (d, "recovery-renewed\ntrail-opened\n");
  slot = fixture_add_passphrase (d->r.base.vault, "another", NULL);
  g_assert_cmpint (slot, >=, 0);
  g_assert_true (bed_vault_remove_slot (d->r.base.vault, (guint) slot, NULL));
  fixture_change_passphrase (d->r.base.vault, "and another");
  look_at_trail (d, "slot-added\nslot-removed\npassphrase-changed\ntrail-opened\n");
}

/* The window was covered while the record stayed open. */
static void
test_covered (Door *d, gconstpointer data)
{
  g_assert_true (unlock (d, PASSPHRASE));
  open_record (d);
  g_assert_false (fixture_try_unlock (d->r.base.vault, "wrong", NULL));
  g_assert_true (fixture_try_unlock (d->r.base.vault, PASSPHRASE, NULL));
  look_at_trail (d, "unlock-failed\nunlocked\ntrail-opened\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Door, NULL, set_up, function, tear_down)
  ADD ("/session/acts/unlock", test_unlock);
  ADD ("/session/acts/keys", test_keys);
  ADD ("/session/acts/covered", test_covered);
  return g_test_run ();
}
