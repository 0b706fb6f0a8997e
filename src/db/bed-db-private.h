/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-db.h"

#include <sqlite3.h>

#define BED_DB_BUSY_TIMEOUT_MS 5000

struct _BedDb
{
  gatomicrefcount ref_count;
  sqlite3 *handle;
  int depth;
  gboolean lost; /* SQLite rolled back by itself inside a nested transaction */

  guint patience_ms;
  gboolean hasty; /* after it waited in vain: not at all, until something was written */
  gint64 waits_since_us;
  gboolean failing;
  int changes; /* of the last commit or failure */
};

/* Before anything else of the library. */
void bed_db_set_up_memory (void);
/* Of a BedDb that waits for the lock: what gives way is ended, then waits on, up to the timeout. */
int bed_db_on_busy (void *data, int n);
/* Something was committed, perhaps nothing that changed anything. */
void bed_db_note_written (BedDb *self);
/* Sets `error` from the result code; always FALSE. */
gboolean bed_db_fail (BedDb *self, int rc, GError **error);
/* One pragma set (value may be NULL) and read back: FAILED unless the row equals `expected`. */
gboolean bed_db_pragma (BedDb *self, const char *name, const char *value, const char *expected,
                        GError **error);
BedDb *bed_db_open_plain_journal (const char *path, const BedSecret *key, GError **error);
