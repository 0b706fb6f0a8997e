/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-store-private.h"

#include <glib/gstdio.h>

/* The relay's queue has a file of its own that is not synced: it has to outlive this process, and
 * after a power cut the clients begin new sessions anyway. */
static const BedDbMigration migrations[] = {
  { "CREATE TABLE hop (owner BLOB PRIMARY KEY, hop BLOB NOT NULL, last_in INTEGER NOT NULL,"
    "  last_out INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE parcel (owner BLOB NOT NULL, n INTEGER NOT NULL, room BLOB NOT NULL, peer BLOB "
    "NOT NULL,"
    "  data TEXT NOT NULL, PRIMARY KEY (owner, n)) WITHOUT ROWID;" },
};

#define RELAY_DB(store) (BED_DB_STORE (store)->relay)
#define OWNER(bytes) g_bytes_get_data ((bytes), NULL), g_bytes_get_size (bytes)

static BedDb *
open_once (const char *path, const BedSecret *key, GError **error)
{
  g_autoptr (BedDb) db = bed_db_open (path, key, BED_DB_CREATE, error);

  if (db && bed_db_migrate (db, migrations, G_N_ELEMENTS (migrations), error)
      && bed_db_exec (db, "PRAGMA synchronous = OFF; SELECT count(*) FROM parcel", error))
    return g_steal_pointer (&db);
  return NULL;
}

BedDb *
bed_db_store_open_relay (const char *folder, const BedSecret *key, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "relay.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_autoptr (GError) problem = NULL;
  BedDb *db = open_once (path, key, &problem);

  if (db)
    return db;
  if (!g_error_matches (problem, BED_DB_ERROR, BED_DB_ERROR_WRONG_KEY)
      && !g_error_matches (problem, BED_DB_ERROR, BED_DB_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  g_unlink (path);
  g_unlink (wal);
  g_unlink (shm);
  return open_once (path, key, error);
}

static gboolean
begin_relay (BedStore *store, GError **error)
{
  return bed_db_begin (RELAY_DB (store), error);
}

static gboolean
end_relay (BedStore *store, gboolean keep, GError **error)
{
  if (keep)
    return bed_db_commit (RELAY_DB (store), error);
  bed_db_rollback (RELAY_DB (store));
  return TRUE;
}

static gboolean
put_hop (BedStore *store, const BedHopRecord *hop, GError **error)
{
  return bed_db_run (RELAY_DB (store), error, "INSERT OR REPLACE INTO hop VALUES (?, ?, ?, ?)",
                     "bbii", OWNER (hop->owner), BYTES (hop->hop), hop->last_in, hop->last_out);
}

static gboolean
delete_hop (BedStore *store, GBytes *owner, GError **error)
{
  return bed_db_run (RELAY_DB (store), error, "DELETE FROM hop WHERE owner = ?", "b", OWNER (owner))
         && bed_db_run (RELAY_DB (store), error, "DELETE FROM parcel WHERE owner = ?", "b",
                        OWNER (owner));
}

static gboolean
put_parcel (BedStore *store, const BedParcelRecord *parcel, GError **error)
{
  return bed_db_run (
      RELAY_DB (store), error, "INSERT OR REPLACE INTO parcel VALUES (?, ?, ?, ?, ?)", "bibbt",
      OWNER (parcel->owner), parcel->n, BYTES (parcel->room), BYTES (parcel->peer), parcel->data);
}

static gboolean
delete_parcels (BedStore *store, GBytes *owner, gint64 up_to, GError **error)
{
  return bed_db_run (RELAY_DB (store), error, "DELETE FROM parcel WHERE owner = ? AND n <= ?", "bi",
                     OWNER (owner), up_to);
}

static gboolean
delete_parcel (BedStore *store, GBytes *owner, gint64 n, GError **error)
{
  return bed_db_run (RELAY_DB (store), error, "DELETE FROM parcel WHERE owner = ? AND n = ?", "bi",
                     OWNER (owner), n);
}

static gboolean
load_hops (BedDb *db, BedStoreHopFunc func, gpointer data, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (db, error, "SELECT owner, hop, last_in, last_out FROM hop", "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      g_autoptr (GBytes) owner = bed_db_statement_dup_blob (row, 0);
      BedHopRecord hop = { .owner = owner };
      bed_db_store_get_bytes (row, 1, BYTES (hop.hop));
      hop.last_in = bed_db_statement_get_int64 (row, 2);
      hop.last_out = bed_db_statement_get_int64 (row, 3);
      func (&hop, data);
    }
  return step == BED_DB_STEP_DONE;
}

static gboolean
load_parcels (BedDb *db, BedStoreParcelFunc func, gpointer data, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, error, "SELECT owner, n, room, peer, data FROM parcel ORDER BY owner, n", "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      g_autoptr (GBytes) owner = bed_db_statement_dup_blob (row, 0);
      g_autofree char *text = bed_db_statement_dup_text (row, 4);
      BedParcelRecord parcel
          = { .owner = owner, .n = bed_db_statement_get_int64 (row, 1), .data = text };
      bed_db_store_get_bytes (row, 2, BYTES (parcel.room));
      bed_db_store_get_bytes (row, 3, BYTES (parcel.peer));
      func (&parcel, data);
    }
  return step == BED_DB_STEP_DONE;
}

static gboolean
load_relay (BedStore *store, BedStoreHopFunc hop, BedStoreParcelFunc parcel, gpointer data,
            GError **error)
{
  return load_hops (RELAY_DB (store), hop, data, error)
         && load_parcels (RELAY_DB (store), parcel, data, error);
}

void
bed_db_store_fill_relay (BedStoreInterface *iface)
{
  iface->begin_relay = begin_relay;
  iface->end_relay = end_relay;
  iface->put_hop = put_hop;
  iface->delete_hop = delete_hop;
  iface->put_parcel = put_parcel;
  iface->delete_parcels = delete_parcels;
  iface->delete_parcel = delete_parcel;
  iface->load_relay = load_relay;
}
