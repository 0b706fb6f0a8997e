/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-acts-private.h"
#include "bed-record-trail.h"

#include <sodium.h>
#include <string.h>

#include "bed-encoding.h"

struct _BedRecordStatement
{
  GObject parent;

  char *kind;
  gint64 real_us;
  char *actor;
  char *text;
};

G_DEFINE_FINAL_TYPE (BedRecordStatement, bed_record_statement, G_TYPE_OBJECT)

enum { PROP_KIND = 1, PROP_REAL_US, PROP_ACTOR, PROP_TEXT, N_PROPS };
static GParamSpec *properties[N_PROPS];

/* (transfer full): the subject in the trail */
static char *
hash_of (const char *kind, gint64 real_us, const char *actor, const char *text,
         guint8 hash[BED_AUDIT_HASH_LENGTH])
{
  g_autofree char *whole = g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n%s\n%s", kind, real_us,
                                            actor, text);

  crypto_hash_sha256 (hash, (const guint8 *) whole, strlen (whole));
  return bed_base64url_encode (hash, BED_AUDIT_HASH_LENGTH);
}

/* base64url has "_", which is an id's letter too. */
gboolean
bed_record_state (BedDb *db,
                  BedAuditLog *trail,
                  const char *kind,
                  gint64 real_us,
                  const char *actor,
                  const char *text,
                  BedAuditEvent event,
                  GError **error)
{
  guint8 hash[BED_AUDIT_HASH_LENGTH];
  g_autofree char *subject = hash_of (kind, real_us, actor, text, hash);

  return bed_db_run (db, error, "INSERT INTO statement VALUES (?, ?, ?, ?, ?)", "btitt", hash,
                     sizeof hash, kind, real_us, actor, text)
         && bed_audit_log_append (trail, event, subject, error);
}

/* --- Check ------------------------------------------------------------------------------------ */

static gint64
first_number (BedDb *db, const char *sql, const char *types, const char *subject, GError **error)
{
  g_autoptr (BedDbStatement) row = *types != '\0' ? bed_db_query (db, error, sql, types, subject)
                                                  : bed_db_query (db, error, sql, "");
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_ERROR)
    return -1;
  return step == BED_DB_STEP_ROW ? bed_db_statement_get_int64 (row, 0) : 0;
}

/* Notes in `known` that the trail's subject has its statement. */
static gboolean
check_row (BedDb *db, BedDbStatement *row, GHashTable *known, gint64 *sequence, GError **error)
{
  guint8 hash[BED_AUDIT_HASH_LENGTH];
  g_autofree char *subject = hash_of (bed_db_statement_get_text (row, 1),
                                      bed_db_statement_get_int64 (row, 2),
                                      bed_db_statement_get_text (row, 3),
                                      bed_db_statement_get_text (row, 4), hash);
  gsize length;
  const guint8 *kept = bed_db_statement_get_blob (row, 0, &length);

  *sequence = 0;
  if (length == sizeof hash && memcmp (kept, hash, sizeof hash) == 0)
    *sequence = first_number (db, "SELECT sequence FROM audit WHERE subject = ?"
                                  " AND event IN (101, 14) LIMIT 1", "t", subject, error);
  g_hash_table_add (known, g_steal_pointer (&subject));
  return *sequence >= 0;
}

static gboolean
check_statements (BedDb *db, GHashTable *known, gboolean *foreign, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (db, error, "SELECT hash, kind, real_us, actor, text FROM statement", "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      gint64 sequence;

      if (!check_row (db, row, known, &sequence, error))
        return FALSE;
      *foreign = *foreign || sequence == 0;
    }
  return step == BED_DB_STEP_DONE;
}

static gboolean
check_entries (BedDb *db, GHashTable *known, guint64 *position, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, error, "SELECT sequence, subject FROM audit WHERE event IN (101, 14) ORDER BY sequence",
      "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    if (!g_hash_table_contains (known, bed_db_statement_get_text (row, 1)))
      {
        *position = (guint64) bed_db_statement_get_int64 (row, 0);
        return TRUE;
      }
  return step == BED_DB_STEP_DONE;
}

gboolean
bed_record_statements_check (BedDb *db, guint64 *position, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean foreign = FALSE;
  gint64 end;

  G_STATIC_ASSERT (BED_AUDIT_ERASURE_RECORDED == 101 && BED_AUDIT_EMERGENCY_DECLARED == 14);
  *position = 0;
  if (!check_statements (db, known, &foreign, error)
      || !check_entries (db, known, position, error))
    return FALSE;
  if (*position != 0 || !foreign)
    return TRUE;
  end = first_number (db, "SELECT coalesce (max (sequence), 0) + 1 FROM audit", "", NULL, error);
  *position = (guint64) end;
  return end >= 0;
}

/* --- For the screen --------------------------------------------------------------------------- */

GListModel *
bed_record_store_list_statements (BedRecordStore *self, const char *kind, GError **error)
{
  g_autoptr (GListStore) found = g_list_store_new (BED_TYPE_RECORD_STATEMENT);
  g_autoptr (BedDbStatement) row = NULL;
  GError *inner = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!bed_record_require_open (self, error))
    return NULL;
  row = bed_db_query (self->db, &inner,
                      "SELECT kind, real_us, actor, text FROM statement WHERE kind = coalesce (?,"
                      " kind) ORDER BY real_us DESC", "t", kind);
  while (row != NULL && (step = bed_db_statement_step (row, &inner)) == BED_DB_STEP_ROW)
    {
      g_autoptr (BedRecordStatement) one = g_object_new (BED_TYPE_RECORD_STATEMENT, NULL);

      one->kind = bed_db_statement_dup_text (row, 0);
      one->real_us = bed_db_statement_get_int64 (row, 1);
      one->actor = bed_db_statement_dup_text (row, 2);
      one->text = bed_db_statement_dup_text (row, 3);
      g_list_store_append (found, one);
    }
  if (step == BED_DB_STEP_DONE)
    return G_LIST_MODEL (g_steal_pointer (&found));
  bed_record_fail (inner, error);
  return NULL;
}

static void
append_statement (GString *out, BedRecordStatement *one)
{
  guint8 hash[BED_AUDIT_HASH_LENGTH];
  g_autofree char *subject = hash_of (one->kind, one->real_us, one->actor, one->text, hash);
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (one->real_us / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format_iso8601 (at);

  g_string_append_printf (out, "%s%s: %s\nby: %s\n%shash: %s\n", out->len > 0 ? "\n" : "",
                          one->kind, time, one->actor, one->text, subject);
}

gboolean
bed_record_store_export_statements (BedRecordStore *self, const char *kind, const char *path,
                                    GError **error)
{
  g_autoptr (GListModel) found = bed_record_store_list_statements (self, kind, error);
  g_autoptr (GString) out = g_string_new (NULL);

  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr (BedRecordStatement) one = g_list_model_get_item (found, i);
      append_statement (out, one);
    }
  return bed_record_hand_over (self, BED_AUDIT_TRAIL_EXPORTED, NULL, path, out->str, out->len,
                               error);
}

const char *
bed_record_statement_get_kind (BedRecordStatement *self)
{
  return self->kind;
}

gint64
bed_record_statement_get_real_us (BedRecordStatement *self)
{
  return self->real_us;
}

const char *
bed_record_statement_get_actor (BedRecordStatement *self)
{
  return self->actor;
}

const char *
bed_record_statement_get_text (BedRecordStatement *self)
{
  return self->text;
}

static void
bed_record_statement_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedRecordStatement *self = BED_RECORD_STATEMENT (object);

  switch (id)
    {
    case PROP_KIND:
      g_value_set_string (value, self->kind);
      break;
    case PROP_REAL_US:
      g_value_set_int64 (value, self->real_us);
      break;
    case PROP_ACTOR:
      g_value_set_string (value, self->actor);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_record_statement_finalize (GObject *object)
{
  BedRecordStatement *self = BED_RECORD_STATEMENT (object);

  g_free (self->kind);
  g_free (self->actor);
  g_free (self->text);
  G_OBJECT_CLASS (bed_record_statement_parent_class)->finalize (object);
}

static void
bed_record_statement_class_init (BedRecordStatementClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_record_statement_get_property;
  object_class->finalize = bed_record_statement_finalize;
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, "", flags);
  properties[PROP_REAL_US] = g_param_spec_int64 ("real-us", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                                 flags);
  properties[PROP_ACTOR] = g_param_spec_string ("actor", NULL, NULL, "", flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_record_statement_init (BedRecordStatement *self)
{
}
