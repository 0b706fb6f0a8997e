/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define ROOM_BYTES (256 * 1024)

static gboolean
write_store (BedDb *db, GError **error)
{
  return bed_db_run (db, error, "INSERT OR REPLACE INTO meta VALUES ('probe', randomblob (16))", "");
}

/* An owner without a name is nobody's. */
static gboolean
write_relay (BedDb *db, GError **error)
{
  if (!bed_db_begin (db, error))
    return FALSE;
  if (bed_db_run (db, error, "INSERT OR REPLACE INTO hop VALUES (x'', x'', 0, 0)", "")
      && bed_db_run (db, error, "DELETE FROM hop WHERE owner = x''", ""))
    return bed_db_commit (db, error);
  bed_db_rollback (db);
  return FALSE;
}

/* A file of the database takes what fits into its pages as they are, also when the disk is full. A
 * file without a name leaves nothing behind; where there is none such, the databases have to do. */
static gboolean
has_room (const char *folder, GError **error)
{
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  int problem = fd >= 0 ? posix_fallocate (fd, 0, ROOM_BYTES) : errno;

  if (fd >= 0)
    close (fd);
  if (problem == 0 || problem == EOPNOTSUPP || problem == EISDIR)
    return TRUE;
  g_set_error (error, BED_DB_ERROR, problem == ENOSPC ? BED_DB_ERROR_FULL : BED_DB_ERROR_IO,
               "No room in the state directory: %s", g_strerror (problem));
  return FALSE;
}

static gboolean
probe (BedStore *store, GError **error)
{
  BedDbStore *self = BED_DB_STORE (store);

  return write_store (self->db, error) && write_relay (self->relay, error)
         && has_room (self->folder, error);
}

static gboolean
is_failing (BedStore *store)
{
  BedDbStore *self = BED_DB_STORE (store);

  return bed_db_get_failing (self->db) || bed_db_get_failing (self->relay);
}

void
bed_db_store_limit_waiting (BedDbStore *self, guint ms)
{
  bed_db_limit_waiting (self->db, ms);
  bed_db_limit_waiting (self->relay, ms);
}

void
bed_db_store_fill_probe (BedStoreInterface *iface)
{
  iface->probe = probe;
  iface->is_failing = is_failing;
}
