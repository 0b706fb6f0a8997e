/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-private.h"

/* As with GLib, what is small and cannot be had ends the process: SQLCipher 3.4 does not look at
 * each of its own, and a number that no text can be made of would read as none. What is larger is
 * an error of the call that wanted it. */
#define SMALL (64 * 1024)

static sqlite3_mem_methods given;

static void *
insist (void *memory, int size)
{
  if (memory == NULL && size <= SMALL)
    g_error ("The database library has no memory left");
  return memory;
}

static void *
allocate (int size)
{
  return insist (given.xMalloc (size), size);
}

static void *
reallocate (void *old, int size)
{
  return insist (given.xRealloc (old, size), size);
}

void
bed_db_set_up_memory (void)
{
  static gsize done = 0;
  sqlite3_mem_methods own;

  if (!g_once_init_enter (&done))
    return;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &given), ==, SQLITE_OK);
  own = given;
  own.xMalloc = allocate;
  own.xRealloc = reallocate;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &own), ==, SQLITE_OK);
  g_once_init_leave (&done, 1);
}
