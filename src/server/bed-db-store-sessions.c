/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-store-private.h"

#define SESSION_COLUMNS \
  "id, account, created, last_used, family_hash, access_hash, access_expires, old_access_hash," \
  " old_access_expires, refresh_hash, old_refresh_hash, refresh_expires"

static void
read_session (BedDbStatement *row, BedServerSession *s)
{
  s->id = bed_db_statement_get_int64 (row, 0);
  s->account = bed_db_statement_get_int64 (row, 1);
  s->created = bed_db_statement_get_int64 (row, 2);
  s->last_used = bed_db_statement_get_int64 (row, 3);
  bed_db_store_get_bytes (row, 4, BYTES (s->family_hash));
  bed_db_store_get_bytes (row, 5, BYTES (s->access_hash));
  s->access_expires = bed_db_statement_get_int64 (row, 6);
  bed_db_store_get_bytes (row, 7, BYTES (s->old_access_hash));
  s->old_access_expires = bed_db_statement_get_int64 (row, 8);
  bed_db_store_get_bytes (row, 9, BYTES (s->refresh_hash));
  bed_db_store_get_bytes (row, 10, BYTES (s->old_refresh_hash));
  s->refresh_expires = bed_db_statement_get_int64 (row, 11);
}

static gboolean
one_session (BedDbStatement *row, BedServerSession *session, gboolean *found, GError **error)
{
  g_autoptr (BedDbStatement) owned = row;
  BedDbStep step = row ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  *found = step == BED_DB_STEP_ROW;
  if (*found)
    read_session (row, session);
  return step != BED_DB_STEP_ERROR;
}

static gboolean
add_session (BedStore *store, BedServerSession *s, GError **error)
{
  if (!bed_db_run (
          STORE_DB (store), error,
          "INSERT INTO session (account, created, last_used, family_hash, access_hash,"
          " access_expires, old_access_hash, old_access_expires, refresh_hash, old_refresh_hash,"
          " refresh_expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "iiibbibibbi", s->account, s->created, s->last_used, BYTES (s->family_hash),
          BYTES (s->access_hash), s->access_expires, BYTES (s->old_access_hash),
          s->old_access_expires, BYTES (s->refresh_hash), BYTES (s->old_refresh_hash),
          s->refresh_expires))
    return FALSE;
  s->id = bed_db_get_last_rowid (STORE_DB (store));
  return TRUE;
}

/* A disabled account has no sessions, however they came about. */
#define OF_ENABLED " AND account IN (SELECT id FROM account WHERE disabled = 0)"

static gboolean
find_session_by_access (BedStore *store, const guint8 *hash, gint64 now, BedServerSession *session,
                        gboolean *found, GError **error)
{
  return one_session (
      bed_db_query (STORE_DB (store), error,
                    "SELECT " SESSION_COLUMNS " FROM session WHERE"
                    " ((access_hash = ? AND access_expires > ?)"
                    " OR (old_access_hash = ? AND old_access_expires > ?))" OF_ENABLED,
                    "bibi", hash, (gsize)BED_HASH_LENGTH, now, hash, (gsize)BED_HASH_LENGTH, now),
      session, found, error);
}

static gboolean
find_session_by_family (BedStore *store, const guint8 *hash, gint64 now, BedServerSession *session,
                        gboolean *found, GError **error)
{
  return one_session (
      bed_db_query (STORE_DB (store), error,
                    "SELECT " SESSION_COLUMNS
                    " FROM session WHERE family_hash = ? AND refresh_expires > ?" OF_ENABLED,
                    "bi", hash, (gsize)BED_HASH_LENGTH, now),
      session, found, error);
}

static gboolean
update_session (BedStore *store, const BedServerSession *s, GError **error)
{
  return bed_db_run (
      STORE_DB (store), error,
      "UPDATE session SET last_used = ?, access_hash = ?, access_expires = ?,"
      " old_access_hash = ?, old_access_expires = ?, refresh_hash = ?, old_refresh_hash = ?,"
      " refresh_expires = ? WHERE id = ?",
      "ibibibbii", s->last_used, BYTES (s->access_hash), s->access_expires,
      BYTES (s->old_access_hash), s->old_access_expires, BYTES (s->refresh_hash),
      BYTES (s->old_refresh_hash), s->refresh_expires, s->id);
}

static gboolean
delete_session (BedStore *store, gint64 account, gint64 id, gboolean *found, GError **error)
{
  if (!bed_db_run (STORE_DB (store), error, "DELETE FROM session WHERE account = ? AND id = ?",
                   "ii", account, id))
    return FALSE;
  *found = bed_db_get_changes (STORE_DB (store)) == 1;
  return TRUE;
}

static GArray *
list_sessions (BedStore *store, gint64 account, gint64 now, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (BedServerSession));
  g_autoptr (BedDbStatement) row = bed_db_query (
      STORE_DB (store), error,
      "SELECT " SESSION_COLUMNS " FROM session WHERE account = ? AND refresh_expires > ?" OF_ENABLED
      " ORDER BY id",
      "ii", account, now);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      BedServerSession session;
      read_session (row, &session);
      g_array_append_val (list, session);
    }
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

void
bed_db_store_fill_sessions (BedStoreInterface *iface)
{
  iface->add_session = add_session;
  iface->find_session_by_access = find_session_by_access;
  iface->find_session_by_family = find_session_by_family;
  iface->update_session = update_session;
  iface->delete_session = delete_session;
  iface->list_sessions = list_sessions;
}
