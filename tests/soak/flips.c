/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flips [COUNT]: single bits changed in the database, its WAL and the key file, one at a time.
 *
 * Never wrong content. Never a committed note lost in silence: where one is missing, either the
 * vault refuses to open, or a read or the check of all pages fails, or the counter outside says that the
 * database is older than it was. */
#include "bed-soak.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "bed-db.h"

#define NOTES 48
#define IN_WAL 8

typedef struct
{
  char *name;
  guint8 *bytes;
  gsize length;
} Kept;

typedef struct
{
  char *dir;
  Kept files[4]; /* keys, db, wal, seen */
  GRand *rand;
  guint refused, noticed, by_counter, harmless;
} Flips;

static const char *const names[] = { "vault.keys", "vault.db", "vault.db-wal", "vault.seen" };

static char *
text_of (guint i)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "note %u ", i);
  while (text->len < 2500)
    g_string_append_printf (text, "%u ", i * 7919 % 1000);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
write_note (BedVault *vault, guint i)
{
  g_autofree char *name = g_strdup_printf ("note/%02u", i);
  g_autofree char *text = text_of (i);

  fixture_set_text (vault, name, text);
}

static void
keep (Flips *self, guint i, const char *from)
{
  g_autofree char *path = g_build_filename (from, names[i], NULL);

  self->files[i].name = g_build_filename (self->dir, names[i], NULL);
  g_assert_true (g_file_get_contents (path, (char **) &self->files[i].bytes,
                                      &self->files[i].length, NULL));
}

/* As it lies there while in use: the last notes in the WAL, the others in the database. */
static void
set_up (Flips *self)
{
  g_autofree char *live = soak_make_folder ();
  g_autoptr (SoakVault) vault = NULL;

  soak_make_vault (live, NULL);
  vault = soak_open_vault (live);
  for (guint i = 0; i < NOTES - IN_WAL; i++)
    write_note (vault, i);
  g_assert_true (bed_db_checkpoint (bed_vault_get_db (vault), NULL));
  for (guint i = NOTES - IN_WAL; i < NOTES; i++)
    write_note (vault, i);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    keep (self, i, live);
  g_assert_cmpuint (self->files[2].length, >, 4096);
  g_clear_pointer (&vault, soak_close_vault);
  fixture_remove (live);
}

static void
lay_out (Flips *self)
{
  g_autofree char *shm = g_build_filename (self->dir, "vault.db-shm", NULL);

  g_unlink (shm);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (g_file_set_contents_full (self->files[i].name, (char *) self->files[i].bytes,
                                             (gssize) self->files[i].length,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* Returns: notes that are not there. Wrong content ends the program. */
static guint
count_missing (BedVault *vault, gboolean *failed)
{
  guint missing = 0;

  for (guint i = 0; i < NOTES; i++)
    {
      g_autofree char *name = g_strdup_printf ("note/%02u", i);
      g_autofree char *text = text_of (i);
      g_autoptr (GError) error = NULL;
      g_autoptr (BedSecret) value = bed_vault_get_blob (vault, name, &error);

      if (error != NULL)
        *failed = TRUE;
      else if (value == NULL)
        missing++;
      else
        g_assert_cmpmem (bed_secret_get_data (value), bed_secret_get_length (value), text,
                         strlen (text));
    }
  return missing;
}

static void
look (Flips *self)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  g_autoptr (SoakVault) vault = bed_vault_new (self->dir, clock, &cheap);
  gboolean failed = FALSE;
  guint missing;

  if (!fixture_try_unlock (vault, PASSPHRASE, NULL))
    {
      self->refused++;
      return;
    }
  missing = count_missing (vault, &failed);
  failed = failed || !bed_db_check_integrity (bed_vault_get_db (vault), NULL);
  if (failed)
    self->noticed++;
  else if (missing > 0)
    {
      g_assert_cmpint (bed_vault_get_freshness (vault), ==, BED_VAULT_FRESH_ROLLED_BACK);
      self->by_counter++;
    }
  else
    self->harmless++;
}

int
main (int argc, char **argv)
{
  guint count = soak_count (argc, argv, 10000);
  guint32 seed = (guint32) g_get_real_time ();
  guint harmless;
  Flips self = { .dir = soak_make_folder (), .rand = g_rand_new_with_seed (seed) };

  g_print ("flips: seed %u\n", seed);
  set_up (&self);
  for (guint i = 0; i < count; i++)
    {
      /* Key file, database, WAL; the counter's own file says nothing when it is damaged. */
      Kept *file = &self.files[i % 10 == 0 ? 0 : i % 2 + 1];
      guint32 bit = (guint32) g_rand_int_range (self.rand, 0, (gint32) (file->length * 8));

      file->bytes[bit / 8] ^= (guint8) (1 << (bit % 8));
      lay_out (&self);
      file->bytes[bit / 8] ^= (guint8) (1 << (bit % 8));
      look (&self);
    }
  lay_out (&self);
  harmless = self.harmless;
  look (&self);
  g_assert_cmpuint (self.harmless, ==, harmless + 1);
  g_print ("flips: %u flips: %u refused, %u noticed in reading or checking, %u by the "
           "counter, %u in bytes that hold nothing; no wrong content, nothing lost unsaid\n",
           count, self.refused, self.noticed, self.by_counter, harmless);
  fixture_remove (self.dir);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_free (self.files[i].name);
      g_free (self.files[i].bytes);
    }
  g_free (self.dir);
  g_rand_free (self.rand);
  return 0;
}
