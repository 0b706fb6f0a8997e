/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-store-private.h"

#include "bed-protocol.h"

static GBytes *
get_anchor (BedStore *store, gint64 account, const guint8 *vault, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (STORE_DB (store), error,
                      "SELECT value FROM anchor WHERE account = ? AND vault = ?", "ib", account,
                      vault, (gsize) BED_VAULT_ID_BYTES);
  const guint8 *data;
  gsize length;

  if (!row || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return NULL;
  data = bed_db_statement_get_blob (row, 0, &length);
  return g_bytes_new (data, length);
}

static gboolean
put_anchor (BedStore *store, gint64 account, const guint8 *vault, GBytes *value, gint64 now,
            guint most, GError **error)
{
  BedDb *db = STORE_DB (store);

  if (!bed_db_begin (db, error))
    return FALSE;
  if (bed_db_run (db, error, "DELETE FROM anchor WHERE account = ? AND vault = ?", "ib", account,
                  vault, (gsize) BED_VAULT_ID_BYTES)
      && bed_db_run (db, error,
                     "DELETE FROM anchor WHERE account = ?1 AND vault NOT IN (SELECT vault FROM"
                     " anchor WHERE account = ?1 ORDER BY written DESC LIMIT ?2)",
                     "ii", account, (gint64) most - 1)
      && bed_db_run (db, error, "INSERT INTO anchor VALUES (?, ?, ?, ?)", "ibbi", account, vault,
                     (gsize) BED_VAULT_ID_BYTES, g_bytes_get_data (value, NULL),
                     g_bytes_get_size (value), now))
    return bed_db_commit (db, error);
  bed_db_rollback (db);
  return FALSE;
}

void
bed_db_store_fill_anchors (BedStoreInterface *iface)
{
  iface->get_anchor = get_anchor;
  iface->put_anchor = put_anchor;
}
