/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-store-private.h"

#include <string.h>

G_DEFINE_INTERFACE (BedStore, bed_store, G_TYPE_OBJECT)

static void bed_db_store_iface_init (BedStoreInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (BedDbStore, bed_db_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_STORE, bed_db_store_iface_init))

static const BedDbMigration migrations[] = {
  { "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL UNIQUE,"
    "  name TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, salt BLOB, ops INTEGER, mem "
    "INTEGER,"
    "  verifier TEXT, otp_secret BLOB, otp_step INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE activation (code_hash BLOB PRIMARY KEY, account INTEGER NOT NULL UNIQUE"
    "  REFERENCES account ON DELETE CASCADE, keeps_password INTEGER NOT NULL, expires INTEGER NOT "
    "NULL,"
    "  salt BLOB NOT NULL, verifier TEXT, otp_secret BLOB, ticket_hash BLOB) WITHOUT ROWID;"
    "CREATE TABLE recovery (account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
    "  hash BLOB NOT NULL, PRIMARY KEY (account, hash)) WITHOUT ROWID;"
    "CREATE TABLE session (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL"
    "  REFERENCES account ON DELETE CASCADE, created INTEGER NOT NULL, last_used INTEGER NOT NULL,"
    "  family_hash BLOB NOT NULL UNIQUE, access_hash BLOB NOT NULL, access_expires INTEGER NOT "
    "NULL,"
    "  old_access_hash BLOB NOT NULL, old_access_expires INTEGER NOT NULL, refresh_hash BLOB NOT "
    "NULL,"
    "  old_refresh_hash BLOB NOT NULL, refresh_expires INTEGER NOT NULL);"
    "CREATE INDEX session_access ON session (access_hash);"
    "CREATE INDEX session_old_access ON session (old_access_hash);"
    "CREATE INDEX session_account ON session (account);"
    "CREATE TABLE proven (account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
    "  hash BLOB NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (account, hash)) WITHOUT ROWID;"
    "CREATE TABLE room (id BLOB PRIMARY KEY, owner INTEGER NOT NULL REFERENCES account ON DELETE "
    "CASCADE,"
    "  state INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,"
    "  token_hash BLOB NOT NULL, card BLOB NOT NULL);"
    "CREATE INDEX room_owner ON room (owner);"
    "CREATE INDEX room_expires ON room (expires) WHERE state < 4;"
    "CREATE TABLE seat (room BLOB NOT NULL REFERENCES room ON DELETE CASCADE, peer BLOB NOT NULL,"
    "  since INTEGER NOT NULL, last_seen INTEGER NOT NULL, admitted INTEGER NOT NULL,"
    "  PRIMARY KEY (room, peer)) WITHOUT ROWID;" },
  { "CREATE TABLE anchor (account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
    "  vault BLOB NOT NULL, value BLOB NOT NULL, written INTEGER NOT NULL,"
    "  PRIMARY KEY (account, vault)) WITHOUT ROWID;" },
};

void
bed_account_free (BedAccount *self)
{
  g_free (self->login);
  g_free (self->display_name);
  g_free (self->verifier);
  g_clear_pointer (&self->otp_secret, bed_secret_unref);
  g_free (self);
}

void
bed_activation_free (BedActivation *self)
{
  g_free (self->verifier);
  g_clear_pointer (&self->otp_secret, bed_secret_unref);
  g_free (self);
}

void
bed_room_record_free (BedRoomRecord *self)
{
  g_clear_pointer (&self->card, g_bytes_unref);
  g_free (self);
}

void
bed_db_store_get_bytes (BedDbStatement *row, int column, void *out, gsize length)
{
  gsize have;
  const guint8 *data = bed_db_statement_get_blob (row, column, &have);

  memset (out, 0, length);
  if (data && have == length)
    memcpy (out, data, length);
}

BedSecret *
bed_db_store_get_secret (BedDbStatement *row, int column)
{
  gsize length;
  const guint8 *data = bed_db_statement_get_blob (row, column, &length);

  return data ? bed_secret_new (data, length) : NULL;
}

static gboolean
get_pepper (BedStore *store, guint8 pepper[BED_HASH_LENGTH], GError **error)
{
  g_autoptr (BedDbStatement) row = NULL;
  guint8 fresh[BED_HASH_LENGTH];
  BedDbStep step;

  bed_random_bytes (fresh, sizeof fresh);
  if (!bed_db_run (STORE_DB (store), error, "INSERT OR IGNORE INTO meta VALUES ('pepper', ?)", "b",
                   BYTES (fresh)))
    return FALSE;
  row = bed_db_query (STORE_DB (store), error, "SELECT value FROM meta WHERE name = 'pepper'", "");
  step = row ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;
  if (step != BED_DB_STEP_ROW)
    return FALSE;
  bed_db_store_get_bytes (row, 0, pepper, BED_HASH_LENGTH);
  return TRUE;
}

static gboolean
purge (BedStore *store, gint64 now, GError **error)
{
  const gint64 month = 30 * 24 * 3600;
  BedDb *db = STORE_DB (store);

  if (!bed_db_begin (db, error))
    return FALSE;
  if (bed_db_run (db, error, "DELETE FROM session WHERE refresh_expires < ?", "i", now)
      && bed_db_run (db, error, "DELETE FROM activation WHERE expires < ?", "i", now)
      && bed_db_run (db, error, "DELETE FROM proven WHERE time < ?", "i", now - 3 * month)
      && bed_db_run (db, error, "DELETE FROM room WHERE state >= 4 AND expires < ?", "i",
                     now - month))
    return bed_db_commit (db, error);
  bed_db_rollback (db);
  return FALSE;
}

char *
bed_db_store_path (const char *folder)
{
  return g_build_filename (folder, "store.db", NULL);
}

BedStore *
bed_db_store_open (const char *folder, const BedSecret *key, GError **error)
{
  g_autoptr (BedDbStore) self = g_object_new (BED_TYPE_DB_STORE, NULL);
  g_autofree char *path = bed_db_store_path (folder);

  self->db = bed_db_open (path, key, BED_DB_CREATE, error);
  if (!self->db || !bed_db_migrate (self->db, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  self->folder = g_strdup (folder);
  self->relay = bed_db_store_open_relay (folder, key, error);
  if (!self->relay)
    return NULL;
  return BED_STORE (g_steal_pointer (&self));
}

gboolean
bed_db_store_backup (BedDbStore *self, const char *path, const BedSecret *key, GError **error)
{
  return bed_db_copy (self->db, path, key, error);
}

static void
bed_db_store_finalize (GObject *object)
{
  BedDbStore *self = BED_DB_STORE (object);

  g_clear_pointer (&self->db, bed_db_unref);
  g_clear_pointer (&self->relay, bed_db_unref);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (bed_db_store_parent_class)->finalize (object);
}

static void
bed_store_default_init (BedStoreInterface *iface)
{
}

static void
bed_db_store_iface_init (BedStoreInterface *iface)
{
  iface->get_pepper = get_pepper;
  iface->purge = purge;
  bed_db_store_fill_accounts (iface);
  bed_db_store_fill_sessions (iface);
  bed_db_store_fill_anchors (iface);
  bed_db_store_fill_rooms (iface);
  bed_db_store_fill_relay (iface);
  bed_db_store_fill_probe (iface);
}

static void
bed_db_store_class_init (BedDbStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_db_store_finalize;
}

static void
bed_db_store_init (BedDbStore *self)
{
}
