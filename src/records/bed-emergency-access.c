/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-emergency-access.h"

#include "bed-record-acts-private.h"

#include <string.h>

/* --- The key ---------------------------------------------------------------------------------- */

static int
find_slot (BedRecordStore *store)
{
  for (guint i = 0; store->db != NULL && i < BED_VAULT_SLOTS; i++)
    if (bed_vault_get_slot_kind (store->vault, i) == BED_VAULT_SLOT_EMERGENCY)
      return (int) i;
  return -1;
}

static gboolean
invalid (const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, message);
  return FALSE;
}

/* Whoever came in that way may not make it go unseen. */
static gboolean
is_owner (BedRecordStore *store, GError **error)
{
  return bed_record_require_open (store, error)
         && (!bed_emergency_access_is_open (store)
             || invalid ("Not while the record is open by the emergency key", error));
}

gboolean
bed_emergency_access_has_key (BedRecordStore *store)
{
  return find_slot (store) >= 0;
}

BedSecret *
bed_emergency_access_make_key (BedRecordStore *store, GError **error)
{
  g_autoptr (BedSecret) key = NULL;
  GError *inner = NULL;

  if (!is_owner (store, error))
    return NULL;
  key = bed_vault_make_emergency_key (store->vault, &inner);
  if (key == NULL)
    {
      bed_record_fail (inner, error);
      return NULL;
    }
  return bed_record_audit_append (store, BED_AUDIT_EMERGENCY_KEY_MADE, NULL, error)
             ? g_steal_pointer (&key) : NULL;
}

gboolean
bed_emergency_access_remove_key (BedRecordStore *store, GError **error)
{
  int slot = find_slot (store);
  GError *inner = NULL;

  if (!is_owner (store, error))
    return FALSE;
  if (slot < 0)
    return TRUE;
  if (!bed_vault_remove_slot (store->vault, (guint) slot, &inner))
    return bed_record_fail (inner, error);
  return bed_record_audit_append (store, BED_AUDIT_EMERGENCY_KEY_REMOVED, NULL, error);
}

/* --- Being inside ----------------------------------------------------------------------------- */

gboolean
bed_emergency_access_is_open (BedRecordStore *store)
{
  return store->db != NULL
         && bed_vault_get_slot_kind (store->vault, bed_vault_get_open_slot (store->vault))
                == BED_VAULT_SLOT_EMERGENCY;
}

gboolean
bed_record_note_emergency (BedRecordStore *self, GError **error)
{
  BedAuditHead head;

  if (!bed_audit_log_append (self->audit, BED_AUDIT_EMERGENCY_ACCESS, NULL, error)
      || !bed_audit_log_get_head (self->audit, &head, error))
    return FALSE;
  self->emergency_sequence = head.sequence;
  return bed_db_run (self->db, error, "INSERT INTO emergency_use (sequence, opened_us) VALUES (?, ?)",
                     "ii", (gint64) head.sequence, bed_clock_get_real_us (self->clock));
}

static gboolean
is_text (const char *text, gsize max)
{
  return text != NULL && *text != '\0' && strlen (text) <= max
         && g_utf8_validate (text, -1, NULL);
}

/* (transfer full): one line each, whatever was typed */
static char *
declaration (guint64 sequence, const char *who, const char *why)
{
  g_autofree char *who_line = g_strdelimit (g_strdup (who), "\r\n", ' ');
  g_autofree char *why_line = g_strdelimit (g_strdup (why), "\r\n", ' ');

  return g_strdup_printf ("access: %" G_GUINT64_FORMAT "\nwho: %s\nwhy: %s\n", sequence, who_line,
                          why_line);
}

gboolean
bed_emergency_access_declare (BedRecordStore *store, const char *who, const char *why,
                              GError **error)
{
  g_autofree char *text = NULL;
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_require_open (store, error))
    return FALSE;
  if (!bed_emergency_access_is_open (store) || !is_text (who, BED_EMERGENCY_WHO_MAX)
      || !is_text (why, BED_EMERGENCY_WHY_MAX))
    return invalid ("Who and why are needed", error);
  if (!bed_record_begin (store, error))
    return FALSE;
  text = declaration (store->emergency_sequence, who, why);
  ok = bed_db_run (store->db, &inner, "UPDATE emergency_use SET who = ?, why = ? WHERE sequence = ?",
                   "tti", who, why, (gint64) store->emergency_sequence)
       && bed_record_state (store->db, store->audit, "emergency",
                            bed_clock_get_real_us (store->clock), BED_EMERGENCY_ACCOUNT, text,
                            BED_AUDIT_EMERGENCY_DECLARED, &inner);
  return bed_record_end (store, ok, inner, error);
}

gboolean
bed_emergency_access_is_declared (BedRecordStore *store)
{
  g_autoptr (BedDbStatement) row = NULL;

  if (store->db == NULL)
    return FALSE;
  row = bed_db_query (store->db, NULL,
                      "SELECT 1 FROM emergency_use WHERE sequence = ? AND who <> ''", "i",
                      (gint64) store->emergency_sequence);
  return row != NULL && bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW;
}

char *
bed_emergency_access_dup_who (BedRecordStore *store, gint64 real_us)
{
  g_autoptr (BedDbStatement) row = NULL;

  if (store->db != NULL)
    row = bed_db_query (store->db, NULL,
                        "SELECT who FROM emergency_use WHERE opened_us <= ?"
                        " ORDER BY sequence DESC LIMIT 1", "i", real_us);
  return row != NULL && bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW
             ? bed_db_statement_dup_text (row, 0)
             : g_strdup ("");
}

/* --- Afterwards ------------------------------------------------------------------------------- */

struct _BedEmergencyUse
{
  GObject parent;

  guint64 sequence;
  gint64 opened_us;
  char *who;
  char *why;
};

G_DEFINE_FINAL_TYPE (BedEmergencyUse, bed_emergency_use, G_TYPE_OBJECT)

enum { PROP_SEQUENCE = 1, PROP_OPENED_US, PROP_WHO, PROP_WHY, N_PROPS };
static GParamSpec *properties[N_PROPS];

GListModel *
bed_emergency_access_list_unseen (BedRecordStore *store, GError **error)
{
  g_autoptr (GListStore) found = g_list_store_new (BED_TYPE_EMERGENCY_USE);
  g_autoptr (BedDbStatement) row = NULL;
  GError *inner = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!bed_record_require_open (store, error))
    return NULL;
  row = bed_db_prepare (store->db, "SELECT sequence, opened_us, who, why FROM emergency_use"
                                   " WHERE seen = 0 ORDER BY sequence DESC", &inner);
  while (row != NULL && (step = bed_db_statement_step (row, &inner)) == BED_DB_STEP_ROW)
    {
      g_autoptr (BedEmergencyUse) use = g_object_new (BED_TYPE_EMERGENCY_USE, NULL);

      use->sequence = (guint64) bed_db_statement_get_int64 (row, 0);
      use->opened_us = bed_db_statement_get_int64 (row, 1);
      use->who = bed_db_statement_dup_text (row, 2);
      use->why = bed_db_statement_dup_text (row, 3);
      g_list_store_append (found, use);
    }
  if (step == BED_DB_STEP_DONE)
    return G_LIST_MODEL (g_steal_pointer (&found));
  bed_record_fail (inner, error);
  return NULL;
}

gboolean
bed_emergency_access_confirm (BedRecordStore *store, BedEmergencyUse *use, GError **error)
{
  g_autofree char *subject = g_strdup_printf ("%" G_GUINT64_FORMAT, use->sequence);
  GError *inner = NULL;
  gboolean ok;

  if (!is_owner (store, error) || !bed_record_begin (store, error))
    return FALSE;
  ok = bed_db_run (store->db, &inner, "UPDATE emergency_use SET seen = 1 WHERE sequence = ?", "i",
                   (gint64) use->sequence)
       && bed_audit_log_append (store->audit, BED_AUDIT_EMERGENCY_REVIEWED, subject, &inner);
  return bed_record_end (store, ok, inner, error);
}

guint64
bed_emergency_use_get_sequence (BedEmergencyUse *self)
{
  return self->sequence;
}

gint64
bed_emergency_use_get_opened_us (BedEmergencyUse *self)
{
  return self->opened_us;
}

const char *
bed_emergency_use_get_who (BedEmergencyUse *self)
{
  return self->who;
}

const char *
bed_emergency_use_get_why (BedEmergencyUse *self)
{
  return self->why;
}

static void
bed_emergency_use_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedEmergencyUse *self = BED_EMERGENCY_USE (object);

  switch (id)
    {
    case PROP_SEQUENCE:
      g_value_set_uint64 (value, self->sequence);
      break;
    case PROP_OPENED_US:
      g_value_set_int64 (value, self->opened_us);
      break;
    case PROP_WHO:
      g_value_set_string (value, self->who);
      break;
    case PROP_WHY:
      g_value_set_string (value, self->why);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_emergency_use_finalize (GObject *object)
{
  BedEmergencyUse *self = BED_EMERGENCY_USE (object);

  g_free (self->who);
  g_free (self->why);
  G_OBJECT_CLASS (bed_emergency_use_parent_class)->finalize (object);
}

static void
bed_emergency_use_class_init (BedEmergencyUseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_emergency_use_get_property;
  object_class->finalize = bed_emergency_use_finalize;
  properties[PROP_SEQUENCE] = g_param_spec_uint64 ("sequence", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_OPENED_US] = g_param_spec_int64 ("opened-us", NULL, NULL, G_MININT64, G_MAXINT64,
                                                   0, flags);
  properties[PROP_WHO] = g_param_spec_string ("who", NULL, NULL, "", flags);
  properties[PROP_WHY] = g_param_spec_string ("why", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_emergency_use_init (BedEmergencyUse *self)
{
}
