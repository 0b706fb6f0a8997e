/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-store-private.h"

#define ACCOUNT_COLUMNS "id, login, name, disabled, salt, ops, mem, verifier, otp_secret"

static BedAccount *
read_account (BedDbStatement *row)
{
  BedAccount *account = g_new0 (BedAccount, 1);

  account->id = bed_db_statement_get_int64 (row, 0);
  account->login = bed_db_statement_dup_text (row, 1);
  account->display_name = bed_db_statement_dup_text (row, 2);
  account->disabled = bed_db_statement_get_int64 (row, 3) != 0;
  bed_db_store_get_bytes (row, 4, BYTES (account->salt));
  account->ops = bed_db_statement_get_int64 (row, 5);
  account->mem = bed_db_statement_get_int64 (row, 6);
  account->verifier = bed_db_statement_dup_text (row, 7);
  account->otp_secret = bed_db_store_get_secret (row, 8);
  account->active = account->verifier && account->otp_secret;
  return account;
}

static BedAccount *
one_account (BedDbStatement *row, GError **error)
{
  g_autoptr (BedDbStatement) owned = row;

  if (!row || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return NULL;
  return read_account (row);
}

static BedAccount *
find_account (BedStore *store, const char *login, GError **error)
{
  return one_account (bed_db_query (STORE_DB (store), error,
                                    "SELECT " ACCOUNT_COLUMNS " FROM account WHERE login = ?", "t",
                                    login),
                      error);
}

static BedAccount *
get_account (BedStore *store, gint64 id, GError **error)
{
  return one_account (bed_db_query (STORE_DB (store), error,
                                    "SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = ?", "i",
                                    id),
                      error);
}

static GPtrArray *
list_accounts (BedStore *store, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_account_free);
  g_autoptr (BedDbStatement) row = bed_db_query (
      STORE_DB (store), error, "SELECT " ACCOUNT_COLUMNS " FROM account ORDER BY login", "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_ptr_array_add (list, read_account (row));
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

static GArray *
list_costs (BedStore *store, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (BedKdfCost));
  g_autoptr (BedDbStatement) row
      = bed_db_query (STORE_DB (store), error,
                      "SELECT DISTINCT ops, mem FROM account WHERE disabled = 0"
                      " AND verifier IS NOT NULL AND otp_secret IS NOT NULL",
                      "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      BedKdfCost cost
          = { bed_db_statement_get_int64 (row, 0), bed_db_statement_get_int64 (row, 1) };
      g_array_append_val (list, cost);
    }
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

static gboolean
add_account (BedStore *store, const char *login, const char *name, gint64 *id, GError **error)
{
  if (!bed_db_run (STORE_DB (store), error, "INSERT INTO account (login, name) VALUES (?, ?)", "tt",
                   login, name))
    return FALSE;
  *id = bed_db_get_last_rowid (STORE_DB (store));
  return TRUE;
}

static gboolean
set_disabled (BedStore *store, gint64 id, gboolean disabled, GError **error)
{
  BedDb *db = STORE_DB (store);

  if (!bed_db_begin (db, error))
    return FALSE;
  if (bed_db_run (db, error, "UPDATE account SET disabled = ? WHERE id = ?", "ii", (gint64)disabled,
                  id)
      && (!disabled || bed_db_run (db, error, "DELETE FROM session WHERE account = ?", "i", id))
      && (!disabled || bed_db_run (db, error, "DELETE FROM activation WHERE account = ?", "i", id)))
    return bed_db_commit (db, error);
  bed_db_rollback (db);
  return FALSE;
}

static gboolean
set_password (BedStore *store, const BedAccount *account, gint64 keep_session, GError **error)
{
  BedDb *db = STORE_DB (store);

  if (!bed_db_begin (db, error))
    return FALSE;
  if (bed_db_run (db, error,
                  "UPDATE account SET salt = ?, ops = ?, mem = ?, verifier = ? WHERE id = ?",
                  "biiti", BYTES (account->salt), account->ops, account->mem, account->verifier,
                  account->id)
      && bed_db_run (db, error, "DELETE FROM session WHERE account = ? AND id <> ?", "ii",
                     account->id, keep_session))
    return bed_db_commit (db, error);
  bed_db_rollback (db);
  return FALSE;
}

static gboolean
put_activation (BedStore *store, const guint8 *code_hash, const BedActivation *activation,
                GError **error)
{
  return bed_db_run (
      STORE_DB (store), error,
      "INSERT OR REPLACE INTO activation (code_hash, account, keeps_password, expires, salt)"
      " VALUES (?, ?, ?, ?, ?)",
      "biiib", code_hash, (gsize)BED_HASH_LENGTH, activation->account,
      (gint64)activation->keeps_password, activation->expires, BYTES (activation->salt));
}

static BedActivation *
find_activation (BedStore *store, const guint8 *code_hash, gint64 now, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (STORE_DB (store), error,
                                                 "SELECT account, keeps_password, expires, salt, "
                                                 "verifier, otp_secret, ticket_hash FROM activation"
                                                 " WHERE code_hash = ? AND expires > ?",
                                                 "bi", code_hash, (gsize)BED_HASH_LENGTH, now);
  BedActivation *activation;

  if (!row || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return NULL;
  activation = g_new0 (BedActivation, 1);
  activation->account = bed_db_statement_get_int64 (row, 0);
  activation->keeps_password = bed_db_statement_get_int64 (row, 1) != 0;
  activation->expires = bed_db_statement_get_int64 (row, 2);
  bed_db_store_get_bytes (row, 3, BYTES (activation->salt));
  activation->verifier = bed_db_statement_dup_text (row, 4);
  activation->otp_secret = bed_db_store_get_secret (row, 5);
  bed_db_store_get_bytes (row, 6, BYTES (activation->ticket_hash));
  return activation;
}

static gboolean
update_activation (BedStore *store, const guint8 *code_hash, const BedActivation *activation,
                   GError **error)
{
  return bed_db_run (STORE_DB (store), error,
                     "UPDATE activation SET verifier = ?, otp_secret = ?, ticket_hash = ?"
                     " WHERE code_hash = ?",
                     "tbbb", activation->verifier, bed_secret_get_data (activation->otp_secret),
                     bed_secret_get_length (activation->otp_secret),
                     BYTES (activation->ticket_hash), code_hash, (gsize)BED_HASH_LENGTH);
}

static gboolean
add_recovery (BedDb *db, gint64 account, GPtrArray *hashes, GError **error)
{
  for (guint i = 0; i < hashes->len; i++)
    if (!bed_db_run (db, error, "INSERT INTO recovery VALUES (?, ?)", "ib", account,
                     g_bytes_get_data (hashes->pdata[i], NULL),
                     g_bytes_get_size (hashes->pdata[i])))
      return FALSE;
  return TRUE;
}

static gboolean
apply_activation (BedDb *db, const BedActivation *a, gint64 ops, gint64 mem, gint64 step,
                  GPtrArray *hashes, GError **error)
{
  return bed_db_run (db, error,
                     "UPDATE account SET salt = ?, ops = ?, mem = ?, verifier = ?, otp_secret = ?,"
                     " otp_step = ? WHERE id = ?",
                     "biitbii", BYTES (a->salt), ops, mem, a->verifier,
                     bed_secret_get_data (a->otp_secret), bed_secret_get_length (a->otp_secret),
                     step, a->account)
         && bed_db_run (db, error, "DELETE FROM session WHERE account = ?", "i", a->account)
         && bed_db_run (db, error, "DELETE FROM recovery WHERE account = ?", "i", a->account)
         && bed_db_run (db, error, "DELETE FROM proven WHERE account = ?", "i", a->account)
         && add_recovery (db, a->account, hashes, error);
}

static gboolean
finish_activation (BedStore *store, const guint8 *code_hash, const BedActivation *activation,
                   gint64 ops, gint64 mem, gint64 step, GPtrArray *recovery_hashes, gboolean *done,
                   GError **error)
{
  BedDb *db = STORE_DB (store);

  *done = FALSE;
  if (!bed_db_begin (db, error))
    return FALSE;
  if (!bed_db_run (db, error, "DELETE FROM activation WHERE code_hash = ?", "b", code_hash,
                   (gsize) BED_HASH_LENGTH))
    goto fail;
  if (bed_db_get_changes (db) != 1)
    return bed_db_commit (db, error);
  if (!apply_activation (db, activation, ops, mem, step, recovery_hashes, error))
    goto fail;
  *done = bed_db_commit (db, error);
  return *done;

fail:
  bed_db_rollback (db);
  return FALSE;
}

static gboolean
use_step (BedStore *store, gint64 account, gint64 step, gboolean *first, GError **error)
{
  if (!bed_db_run (STORE_DB (store), error,
                   "UPDATE account SET otp_step = ? WHERE id = ? AND otp_step < ?", "iii", step,
                   account, step))
    return FALSE;
  *first = bed_db_get_changes (STORE_DB (store)) == 1;
  return TRUE;
}

static gboolean
use_recovery (BedStore *store, gint64 account, const guint8 *hash, gboolean *found, GError **error)
{
  if (!bed_db_run (STORE_DB (store), error, "DELETE FROM recovery WHERE account = ? AND hash = ?",
                   "ib", account, hash, (gsize)BED_HASH_LENGTH))
    return FALSE;
  *found = bed_db_get_changes (STORE_DB (store)) == 1;
  return TRUE;
}

static gboolean
prove_address (BedStore *store, gint64 account, const guint8 *hash, gint64 now, GError **error)
{
  return bed_db_run (STORE_DB (store), error, "INSERT OR REPLACE INTO proven VALUES (?, ?, ?)",
                     "ibi", account, hash, (gsize)BED_HASH_LENGTH, now);
}

static gboolean
is_proven (BedStore *store, gint64 account, const guint8 *hash, gint64 since, gboolean *proven,
           GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      STORE_DB (store), error, "SELECT 1 FROM proven WHERE account = ? AND hash = ? AND time > ?",
      "ibi", account, hash, (gsize)BED_HASH_LENGTH, since);
  BedDbStep step = row ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  *proven = step == BED_DB_STEP_ROW;
  return step != BED_DB_STEP_ERROR;
}

void
bed_db_store_fill_accounts (BedStoreInterface *iface)
{
  iface->find_account = find_account;
  iface->get_account = get_account;
  iface->list_accounts = list_accounts;
  iface->list_costs = list_costs;
  iface->add_account = add_account;
  iface->set_disabled = set_disabled;
  iface->set_password = set_password;
  iface->put_activation = put_activation;
  iface->find_activation = find_activation;
  iface->update_activation = update_activation;
  iface->finish_activation = finish_activation;
  iface->use_step = use_step;
  iface->use_recovery = use_recovery;
  iface->prove_address = prove_address;
  iface->is_proven = is_proven;
}
