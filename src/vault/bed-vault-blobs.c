/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <string.h>

static gboolean
check_name (BedVault *self, const char *name, GError **error)
{
  gsize length = strlen (name);

  if (!bed_vault_require_unlocked (self, error))
    return FALSE;
  if (length <= BED_VAULT_BLOB_NAME_MAX && g_utf8_validate (name, -1, NULL))
    return TRUE;
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IO, "This name cannot be kept");
  return FALSE;
}

static gboolean
check_value (BedSecret *value, GError **error)
{
  if (value == NULL || bed_secret_get_length (value) <= BED_VAULT_BLOB_MAX)
    return TRUE;
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IO, "This value is too large");
  return FALSE;
}

/* value: (nullable): none removes it. */
static gboolean
put_blob (BedDb *db, const char *name, BedSecret *value, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (value == NULL)
    ok = bed_db_run (db, &inner, "DELETE FROM vault_blob WHERE name = ?", "t", name);
  else
    ok = bed_db_run (db, &inner, "INSERT OR REPLACE INTO vault_blob (name, value) VALUES (?, ?)",
                     "tb", name, bed_secret_get_data (value), bed_secret_get_length (value));
  return ok || bed_vault_fail_db (inner, error);
}

gboolean
bed_vault_set_blob (BedVault *self, const char *name, BedSecret *value, GError **error)
{
  BedDb *db = bed_vault_get_db (self);
  GError *inner = NULL;

  if (!check_name (self, name, error) || !check_value (value, error))
    return FALSE;
  if (!bed_db_begin (db, &inner))
    return bed_vault_fail_db (inner, error);
  if (put_blob (db, name, value, error))
    return bed_vault_commit (self, db, error);
  bed_db_rollback (db);
  return FALSE;
}

BedSecret *
bed_vault_get_blob (BedVault *self, const char *name, GError **error)
{
  g_autoptr (BedDbStatement) statement = NULL;
  g_autoptr (GError) db_error = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!check_name (self, name, error))
    return NULL;
  statement = bed_db_query (bed_vault_get_db (self), &db_error,
                            "SELECT value FROM vault_blob WHERE name = ?", "t", name);
  if (statement != NULL)
    step = bed_db_statement_step (statement, &db_error);
  if (step == BED_DB_STEP_ROW)
    {
      gsize length;
      const guint8 *data = bed_db_statement_get_blob (statement, 0, &length);
      return bed_secret_new (data, length);
    }
  if (step == BED_DB_STEP_ERROR)
    bed_vault_fail_db (g_steal_pointer (&db_error), error);
  return NULL;
}

gboolean
bed_vault_set_text (BedVault *self, const char *name, const char *text, GError **error)
{
  g_autoptr (BedSecret) value = text != NULL ? bed_secret_new (text, strlen (text)) : NULL;

  return bed_vault_set_blob (self, name, value, error);
}

gboolean
bed_vault_put_text (BedVault *self, const char *name, const char *text, GError **error)
{
  g_autoptr (BedSecret) value = text != NULL ? bed_secret_new (text, strlen (text)) : NULL;

  return check_name (self, name, error) && check_value (value, error)
         && put_blob (bed_vault_get_db (self), name, value, error);
}

char *
bed_vault_dup_text (BedVault *self, const char *name)
{
  g_autoptr (BedSecret) value = bed_vault_get_blob (self, name, NULL);

  if (value == NULL)
    return NULL;
  return g_strndup ((const char *) bed_secret_get_data (value), bed_secret_get_length (value));
}

GStrv
bed_vault_list_blobs (BedVault *self, const char *prefix, GError **error)
{
  g_autoptr (BedDbStatement) statement = NULL;
  g_autoptr (GError) db_error = NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!check_name (self, prefix, error))
    return NULL;
  statement = bed_db_query (bed_vault_get_db (self), &db_error,
                            "SELECT name FROM vault_blob WHERE name >= ? ORDER BY name", "t",
                            prefix);
  if (statement != NULL)
    while ((step = bed_db_statement_step (statement, &db_error)) == BED_DB_STEP_ROW
           && g_str_has_prefix (bed_db_statement_get_text (statement, 0), prefix))
      g_strv_builder_add (names, bed_db_statement_get_text (statement, 0));
  if (step != BED_DB_STEP_ERROR)
    return g_strv_builder_end (names);
  bed_vault_fail_db (g_steal_pointer (&db_error), error);
  return NULL;
}
