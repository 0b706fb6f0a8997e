/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unlock-probe make DIRECTORY PASSWORD NOTES: fills the record of a profile.
 * unlock-probe measure DIRECTORY PASSWORD ROUNDS: from the typed password to the text of the newest note in its list,
 * with no network; `unlock|open|list|total|derive` in milliseconds for each round; derive is Argon2id at the same cost alone.
 * unlock-probe derive DIRECTORY PASSWORD COUNT: for each line of its input, Argon2id alone at the cost of this vault.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed-record-store.h"
#include "bed-session.h"

#define TEXT "Cough for six days, worse at night; no fever. Lungs sounded clear over the phone's microphone. Plan: rest."

static double
now_ms (void)
{
  return (double) g_get_monotonic_time () / 1e3;
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
unlock (BedSession *session, const char *password)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_session_unlock_async (session, password, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!bed_session_unlock_finish (session, result, &error))
    g_error ("unlock: %s", error->message);
}

static BedRecordStore *
open_store (BedSession *session, BedClock *clock)
{
  g_autoptr (GError) error = NULL;
  BedRecordStore *store = bed_record_store_open (bed_session_get_vault (session), clock, "okafor", &error);

  if (store == NULL)
    g_error ("record: %s", error->message);
  return store;
}

static void
write_note (BedRecordStore *store, guint number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = NULL;
  g_autofree char *name = g_strdup_printf ("Patient %u", number), *text = g_strdup_printf ("%u. %s", number, TEXT);
  g_autoptr (BedEncounter) encounter = bed_record_store_start_encounter (store, 0, name, NULL, NULL, NULL, &error);

  if (encounter == NULL || !bed_record_store_end_encounter (store, encounter, &error)
      || (note = bed_record_store_create_note (store, bed_encounter_get_id (encounter), "soap", &error)) == NULL)
    g_error ("note: %s", error->message);
  bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text);
  if (!bed_note_draft_flush (store, &error))
    g_error ("note: %s", error->message);
}

static void
read_newest (BedRecordStore *store)
{
  g_autoptr (GListModel) notes = bed_record_store_list_notes (store, 0);
  g_autoptr (BedNote) note = g_list_model_get_item (notes, 0);

  if (note == NULL || strstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), TEXT) == NULL)
    g_error ("the newest note is not the one that was written");
}

static BedVaultCost
open_cost (BedSession *session)
{
  BedVault *vault = bed_session_get_vault (session);

  return bed_vault_get_slot_cost (vault, bed_vault_get_open_slot (vault));
}

static double
derive (const char *password, BedVaultCost cost)
{
  guint8 key[32], salt[crypto_pwhash_SALTBYTES] = { 1 };
  double before = now_ms ();

  if (crypto_pwhash (key, sizeof key, password, strlen (password), salt, cost.passes, cost.memory_bytes,
                     crypto_pwhash_ALG_ARGON2ID13) != 0)
    g_error ("Argon2id");
  return now_ms () - before;
}

static void
measure (const char *directory, const char *password, BedClock *clock)
{
  g_autoptr (BedSession) session = bed_session_new (directory, clock, NULL);
  double t0 = now_ms (), t1, t2, t3;
  BedRecordStore *store;
  BedVaultCost cost;

  unlock (session, password);
  t1 = now_ms ();
  store = open_store (session, clock);
  t2 = now_ms ();
  read_newest (store);
  t3 = now_ms ();
  cost = open_cost (session);
  g_object_unref (store);
  bed_session_lock (session);
  printf ("%.3f|%.3f|%.3f|%.3f|%.3f\n", t1 - t0, t2 - t1, t3 - t2, t3 - t0, derive (password, cost));
  fflush (stdout);
}

static void
derive_when_told (const char *directory, const char *password, BedClock *clock, int count)
{
  g_autoptr (BedSession) session = bed_session_new (directory, clock, NULL);
  BedVaultCost cost;
  char line[16];

  unlock (session, password);
  cost = open_cost (session);
  bed_session_lock (session);
  for (int i = 0; i < count && fgets (line, sizeof line, stdin) != NULL; i++)
    {
      printf ("%.3f\n", derive (password, cost));
      fflush (stdout);
    }
}

static void
make (const char *directory, const char *password, BedClock *clock, guint notes)
{
  g_autoptr (BedSession) session = bed_session_new (directory, clock, NULL);
  g_autoptr (BedRecordStore) store = NULL;

  unlock (session, password);
  store = open_store (session, clock);
  for (guint i = 0; i < notes; i++)
    write_note (store, i);
  g_clear_object (&store);
  bed_session_lock (session);
}

int
main (int argc, char **argv)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  int count = argc == 5 ? atoi (argv[4]) : 0;

  if (count <= 0 || sodium_init () < 0)
    {
      fprintf (stderr, "usage: unlock-probe make|measure|derive DIRECTORY PASSWORD COUNT\n");
      return 2;
    }
  if (strcmp (argv[1], "make") == 0)
    make (argv[2], argv[3], clock, (guint) count);
  else if (strcmp (argv[1], "derive") == 0)
    derive_when_told (argv[2], argv[3], clock, count);
  else
    for (int i = 0; i < count; i++)
      measure (argv[2], argv[3], clock);
  return 0;
}
