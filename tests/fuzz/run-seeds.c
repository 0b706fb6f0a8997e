/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target without a fuzzer: over each seed, each of its beginnings up to a length, and copies with
 * bytes changed in a way that is the same every time.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define CUTS_MAX 512
#define CHANGES 2000

/* A copy of its own, so that the sanitizer sees the first byte beyond it. */
static void
run_copy (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  if (size > 0)
    memcpy (copy, data, size);
  LLVMFuzzerTestOneInput (copy, size);
}

static void
run_changed (const guint8 *data, gsize size, GRand *random)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  guint changes = 1 + g_rand_int_range (random, 0, 4);

  for (guint i = 0; i < changes; i++)
    copy[g_rand_int_range (random, 0, size)] ^= 1 << g_rand_int_range (random, 0, 8);
  run_copy (copy, size);
}

static void
run_seed (const char *path)
{
  g_autofree char *data = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (20260314);
  gsize size;

  if (!g_file_get_contents (path, &data, &size, NULL))
    g_error ("cannot read a seed");
  run_copy ((guint8 *) data, size);
  for (gsize cut = 0; cut < MIN (size, CUTS_MAX); cut++)
    run_copy ((guint8 *) data, cut);
  for (guint i = 0; size > 0 && i < CHANGES; i++)
    run_changed ((guint8 *) data, size, random);
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = g_dir_open (argc > 1 ? argv[1] : "", 0, NULL);
  const char *name;
  guint seeds = 0;

  if (dir == NULL)
    g_error ("there is no folder of seeds");
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);

      run_seed (path);
      seeds++;
    }
  printf ("%u seeds\n", seeds);
  return seeds > 0 ? 0 : 1;
}
