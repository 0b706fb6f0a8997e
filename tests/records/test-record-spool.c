/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call leaves in the record: consent, chat and events, also while it is locked. */
#include "bed-db.h"
#include "bed-record-chat-private.h"
#include "bed-record-fixture.h"
#include "bed-record-trail.h"

#include <string.h>

/* As they lie in the record; encounter 0: of none. */
static char *
dup_consents (Record *r, gint64 encounter_id)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      bed_vault_get_db (r->base.vault), NULL,
      "SELECT device || scope || granted || text_version FROM consent_event"
      " WHERE coalesce (encounter_id, 0) = ? ORDER BY id", "i", encounter_id);
  g_autoptr (GString) seen = g_string_new (NULL);

  while (bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW)
    g_string_append_printf (seen, "%s ", bed_db_statement_get_text (row, 0));
  return g_string_free (g_steal_pointer (&seen), FALSE);
}

static void
test_consent_ledger (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autofree char *seen = NULL;
  BedConsentEvent event = { 1, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, TRUE, "device-1" };
  gint64 id = bed_encounter_get_id (encounter);

  g_assert_true (bed_record_store_add_consent_event (r->store, id, &event, NULL));
  event.granted = FALSE;
  g_assert_true (bed_record_store_add_consent_event (r->store, id, &event, NULL));
  event.scope = BED_CONSENT_SCOPE_PREVIEW;
  g_assert_true (bed_record_store_add_consent_event (r->store, 0, &event, NULL));
  seen = dup_consents (r, id);
  g_assert_cmpstr (seen, ==, "011device-1 010device-1 ");
  record_assert_whole (r);
}

static gboolean
list_event (const BedAuditEntry *entry, gpointer user_data)
{
  g_string_append_printf (user_data, "%s/%s@%" G_GINT64_FORMAT " ", bed_audit_event_get_name (entry->event),
                          entry->subject, entry->real_us);
  return TRUE;
}

static void
test_spool (Record *r, gconstpointer data)
{
  g_autoptr (GBytes) failed = bed_audit_event_pack (7, BED_AUDIT_UNLOCK_FAILED, NULL);
  g_autoptr (GBytes) ended = bed_audit_event_pack (8, BED_AUDIT_ENCOUNTER_ENDED, "e-1");
  g_autoptr (GString) seen = g_string_new (NULL);

  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
  g_assert_true (bed_vault_spool_append (r->base.vault, failed, NULL));
  g_assert_true (bed_vault_spool_append (r->base.vault, ended, NULL));
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  g_clear_object (&r->store);
  r->store = record_open (r);
  g_assert_true (bed_audit_log_each (bed_record_store_get_audit (r->store), 1, list_event, seen, NULL));
#define AT "@1750000000000000 "
  g_assert_cmpstr (seen->str, ==,
                   "vault-created/" AT "unlocked/" AT "locked/" AT
                   "unlock-failed/@7 encounter-ended/e-1@8 unlocked/" AT "locked/" AT "unlocked/" AT);
#undef AT
  record_assert_whole (r);
}

static void
list_chat (gint64 real_us, gboolean from_patient, const char *text, gpointer user_data)
{
  g_string_append_printf (user_data, "%d:%s@%" G_GINT64_FORMAT " ", from_patient, text, real_us);
}

static char *
dup_chat (Record *r, gint64 id)
{
  g_autoptr (GString) seen = g_string_new (NULL);

  g_assert_true (bed_record_store_each_chat (r->store, id, list_chat, seen, NULL));
  return g_string_free (g_steal_pointer (&seen), FALSE);
}

/* The record is locked while a call goes on whose chat is kept: the store that the call has goes on
 * keeping it, and so it does after the unlock, when somebody else's store is the open one. */
static void
test_spooled_chat (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  gint64 id = bed_encounter_get_id (encounter);
  g_autofree char *uuid = g_strdup (bed_encounter_get_uuid (encounter));
  g_autofree char *trail_end = g_strdup_printf ("chat-kept/%s@", uuid);
  g_autofree char *after = NULL, *twice = NULL, *late = NULL, *gone = NULL;
  g_autoptr (BedRecordStore) of_call = g_object_ref (r->store);
  g_autoptr (GString) trail = g_string_new (NULL);
  g_auto (GStrv) events = NULL;
  g_autofree char *too_long = g_strnfill (BED_KEPT_CHAT_MAX + 1, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_record_store_keep_chat (of_call, id, 10, TRUE, "before", NULL));
  bed_vault_lock (r->base.vault);
  g_assert_true (bed_record_store_keep_chat (of_call, id, 30, FALSE, "gr\xc3\xbc\xc3\x9f", NULL));
  g_assert_true (bed_record_store_keep_chat (of_call, id, 20, TRUE, "while locked", NULL));
  g_assert_true (bed_record_store_keep_chat (of_call, 4711, 20, TRUE, "of nothing", NULL));
  g_assert_false (bed_record_store_keep_chat (of_call, id, 21, TRUE, too_long, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_TOO_LARGE);
  g_clear_object (&r->store);
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  after = dup_chat (r, id);
  g_assert_cmpstr (after, ==, "1:before@10 1:while locked@20 0:gr\xc3\xbc\xc3\x9f@30 ");
  g_assert_true (bed_record_store_keep_chat (of_call, id, 40, TRUE, "unlocked", NULL));
  late = dup_chat (r, id);
  g_assert_true (g_str_has_suffix (late, " 1:unlocked@40 "));
  g_clear_object (&encounter);
  g_clear_object (&of_call);
  record_reopen (r);
  twice = dup_chat (r, id);
  g_assert_cmpstr (twice, ==, late);
  gone = dup_chat (r, 4711);
  g_assert_cmpstr (gone, ==, "");
  g_assert_true (bed_audit_log_each (bed_record_store_get_audit (r->store), 1, list_event, trail,
                                     NULL));
  events = g_strsplit (trail->str, trail_end, -1);
  g_assert_cmpuint (g_strv_length (events), ==, 4 + 1);
  record_assert_whole (r);
}

/* The message cannot be kept now: the caller is told, and keeps it for the next try. */
static void
test_spooled_chat_full (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  gint64 id = bed_encounter_get_id (encounter);
  g_autofree char *large = g_strnfill (BED_KEPT_CHAT_MAX, 'x');
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_clear_object (&encounter);
  bed_vault_lock (r->base.vault);
  while (bed_record_store_keep_chat (r->store, id, n, TRUE, large, &error) && n < 200)
    n++;
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_FULL);
  g_assert_cmpuint (n, >, 50);
}

/* Every byte of what is foreign counts: cut short, drawn out or altered it is another message or
 * none, and never one that would be packed in another way. */
static void
test_kept_chat_pack (void)
{
  BedKeptChat message = { 3, 7, TRUE, "gr\xc3\xbc\xc3\x9f" }, read;
  g_autoptr (GBytes) record = bed_kept_chat_pack (&message);
  g_autofree char *text = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (record, &size);

  g_assert_true (bed_kept_chat_unpack (record, &read, &text));
  g_assert_cmpint (read.encounter, ==, 3);
  g_assert_cmpint (read.real_us, ==, 7);
  g_assert_true (read.from_patient);
  g_assert_cmpstr (text, ==, message.text);
  for (gsize length = 0; length < size; length++)
    {
      g_autoptr (GBytes) cut = g_bytes_new (data, length);
      g_assert_false (bed_kept_chat_unpack (cut, &read, &text));
    }
  for (gsize at = 0; at < size; at++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autofree guint8 *copy = g_memdup2 (data, size);
        g_autoptr (GBytes) altered = NULL, again = NULL;
        g_autofree char *other = NULL;

        copy[at] ^= 1u << bit;
        altered = g_bytes_new (copy, size);
        if (!bed_kept_chat_unpack (altered, &read, &other))
          continue;
        again = bed_kept_chat_pack (&read);
        g_assert_true (g_bytes_equal (again, altered));
        g_assert_true (at >= 2);
      }
  {
    g_autofree guint8 *longer = g_malloc0 (size + 1);
    g_autoptr (GBytes) drawn = NULL;

    memcpy (longer, data, size);
    drawn = g_bytes_new (longer, size + 1);
    g_assert_false (bed_kept_chat_unpack (drawn, &read, &text));
  }
  g_assert_null (bed_kept_chat_pack (&(BedKeptChat){ 3, 7, TRUE, "" }));
}

/* Switched on and off while the record was locked: nothing of it is lost at the unlock. */
static void
test_spooled_consent (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  gint64 id = bed_encounter_get_id (encounter);
  BedConsentEvent on = { 7, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, TRUE, "device-1" };
  BedConsentEvent off = { 9, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, FALSE, "device-2" };
  g_autoptr (GBytes) first = bed_consent_event_pack (&on, id);
  g_autoptr (GBytes) second = bed_consent_event_pack (&off, id);
  g_autoptr (GBytes) gone = bed_consent_event_pack (&off, 4711);
  g_autofree char *seen = NULL, *of_none = NULL;
  g_autoptr (GString) trail = g_string_new (NULL);

  g_clear_object (&encounter);
  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
  g_assert_true (bed_vault_spool_append (r->base.vault, first, NULL));
  g_assert_true (bed_vault_spool_append (r->base.vault, second, NULL));
  g_assert_true (bed_vault_spool_append (r->base.vault, gone, NULL));
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  seen = dup_consents (r, id);
  g_assert_cmpstr (seen, ==, "111device-1 110device-2 ");
  of_none = dup_consents (r, 0);
  g_assert_cmpstr (of_none, ==, "110device-2 ");
  g_assert_true (bed_audit_log_each (bed_record_store_get_audit (r->store), 1, list_event, trail, NULL));
  g_assert_nonnull (strstr (trail->str, "consent-granted/microphone@7 consent-withdrawn/microphone@9 "));
  record_assert_whole (r);
}

static gint64
count_commits (Record *r)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (bed_vault_get_db (r->base.vault), NULL,
                      "SELECT value FROM vault_meta WHERE name = 'commits'", "");

  g_assert_nonnull (row);
  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  return bed_db_statement_get_int64 (row, 0);
}

/* Damaged while it was locked: in the trail, and told until a person has seen it. */
static void
test_spool_damaged (Record *r, gconstpointer data)
{
  g_autoptr (GBytes) failed = bed_audit_event_pack (7, BED_AUDIT_UNLOCK_FAILED, NULL);
  g_autofree char *path = g_build_filename (r->base.directory, "vault.spool", NULL);
  gint64 commits;

  record_forget_events (r);
  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
  g_assert_true (g_file_set_contents (path, "no record\n", 10, NULL));
  g_assert_true (bed_vault_spool_append (r->base.vault, failed, NULL));
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  record_expect (r, "locked\nunlock-failed\nspool-damaged 10\nunlocked\n");
  g_assert_cmpint (bed_record_store_get_spool_damage (r->store), ==, 10);
  record_reopen (r);
  g_assert_cmpint (bed_record_store_get_spool_damage (r->store), ==, 10);
  commits = count_commits (r);
  record_forget_events (r);
  g_assert_true (bed_record_store_accept_spool_damage (r->store, NULL));
  record_expect (r, "spool-damage-seen 10\n");
  g_assert_cmpint (count_commits (r), ==, commits + 1);
  record_reopen (r);
  g_assert_cmpint (bed_record_store_get_spool_damage (r->store), ==, 0);
  record_assert_whole (r);
}

/* What the record does not hold leaves for outside, also while it is locked. */
static void
test_copy (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autoptr (BedRecordStore) of_call = g_object_ref (r->store);
  g_autofree char *events = g_strdup_printf ("exported %s\nlocked\nexported %s\nunlocked\n",
                                             bed_encounter_get_uuid (encounter),
                                             bed_encounter_get_uuid (encounter));

  record_forget_events (r);
  g_assert_true (bed_record_store_note_copy (of_call, encounter, NULL));
  bed_vault_lock (r->base.vault);
  g_assert_true (bed_record_store_note_copy (of_call, encounter, NULL));
  g_clear_object (&r->store);
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  record_expect (r, events);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Record, NULL, record_set_up, function, record_tear_down)
  ADD ("/records/consent-ledger", test_consent_ledger);
  ADD ("/records/spool/audit", test_spool);
  ADD ("/records/spool/consent", test_spooled_consent);
  ADD ("/records/spool/damaged", test_spool_damaged);
  ADD ("/records/spool/copy", test_copy);
  ADD ("/records/spool/chat", test_spooled_chat);
  ADD ("/records/spool/chat-full", test_spooled_chat_full);
  g_test_add_func ("/records/spool/chat-pack", test_kept_chat_pack);
#undef ADD
  return g_test_run ();
}
