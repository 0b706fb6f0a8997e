/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-retention-private.h"

#include <stdio.h>
#include <string.h>

#define ADULT_AGE 18

static const BedRetentionRule defaults[BED_RETENTION_N_RULES]
    = { { .years = 10, .minor_until = 28 }, { .years = 10 }, { .years = 10 } };

/* --- The rules -------------------------------------------------------------------------------- */

/* A date that is not whole gives no age. */
static GDateTime *
parse_birth (const char *birth_date)
{
  int year, month, day;

  if (sscanf (birth_date, "%4d-%2d-%2d", &year, &month, &day) != 3)
    return NULL;
  return g_date_time_new_utc (year, month, day, 0, 0, 0);
}

/* Years later; on 28 February for one who was born on the 29th. */
static gint64
add_years (GDateTime *from, guint years)
{
  g_autoptr (GDateTime) later = g_date_time_add_years (from, (int) years);

  return later != NULL ? g_date_time_to_unix (later) * G_USEC_PER_SEC : G_MAXINT64;
}

gint64
bed_retention_due_us (const BedRetentionRule *rule, gint64 last_us, const char *birth_date)
{
  g_autoptr (GDateTime) last = g_date_time_new_from_unix_utc (last_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) birth = rule->minor_until > 0 ? parse_birth (birth_date) : NULL;
  gint64 due;

  if (rule->years == 0 || last == NULL)
    return 0;
  due = add_years (last, rule->years);
  if (birth != NULL && last_us < add_years (birth, ADULT_AGE))
    due = MAX (due, add_years (birth, rule->minor_until));
  return due;
}

gboolean
bed_record_store_get_retention (BedRecordStore *self, BedRetentionKind kind, BedRetentionRule *rule,
                                GError **error)
{
  g_autoptr (BedDbStatement) row = NULL;
  GError *inner = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;

  g_return_val_if_fail (kind < BED_RETENTION_N_RULES, FALSE);
  *rule = defaults[kind];
  if (!bed_record_require_open (self, error))
    return FALSE;
  row = bed_db_query (self->db, &inner, "SELECT years, minor_until FROM retention WHERE kind = ?",
                      "i", (gint64) kind);
  if (row != NULL)
    step = bed_db_statement_step (row, &inner);
  if (step == BED_DB_STEP_ROW)
    *rule = (BedRetentionRule) { (guint) bed_db_statement_get_int64 (row, 0),
                                 (guint) bed_db_statement_get_int64 (row, 1) };
  return step != BED_DB_STEP_ERROR || bed_record_fail (inner, error);
}

static gboolean
invalid (const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, message);
  return FALSE;
}

gboolean
bed_record_store_set_retention (BedRecordStore *self, BedRetentionKind kind,
                                const BedRetentionRule *rule, GError **error)
{
  /* What stands in the trail is the rule itself: no content, and all that an auditor asks. */
  g_autofree char *subject = NULL;
  GError *inner = NULL;
  gboolean ok;

  g_return_val_if_fail (kind < BED_RETENTION_N_RULES, FALSE);
  if (rule->years > BED_RETENTION_YEARS_MAX || rule->minor_until > BED_RETENTION_YEARS_MAX
      || (rule->minor_until > 0 && rule->minor_until < ADULT_AGE)
      || (rule->minor_until > 0 && kind != BED_RETENTION_PATIENT))
    return invalid ("This rule cannot be kept", error);
  if (!bed_record_begin (self, error))
    return FALSE;
  subject = g_strdup_printf ("kind-%u:years-%u:minor-%u", (guint) kind, rule->years,
                             rule->minor_until);
  ok = bed_db_run (self->db, &inner, "INSERT OR REPLACE INTO retention VALUES (?, ?, ?)", "iii",
                   (gint64) kind, (gint64) rule->years, (gint64) rule->minor_until)
       && bed_audit_log_append (self->audit, BED_AUDIT_RETENTION_CHANGED, subject, &inner);
  return bed_record_end (self, ok, inner, error);
}

char *
bed_retention_rule_text (BedRetentionKind kind, const BedRetentionRule *rule)
{
  static const char *const names[BED_RETENTION_N_RULES] = { "patient", "visit", "chat" };

  if (rule->minor_until == 0)
    return g_strdup_printf ("%s: %u years", names[kind], rule->years);
  return g_strdup_printf ("%s: %u years, minors until %u", names[kind], rule->years,
                          rule->minor_until);
}

/* --- What they let go ------------------------------------------------------------------------- */

/* Columns: id, uuid, name, birth date, last, deleted, held, encounters, notes; of a file whose it is.
 * ?1: one uuid, or NULL. */
static const char *const queries[] = {
  [BED_RETENTION_PATIENT]
  = "SELECT p.id, p.uuid, p.name, p.birth_date, coalesce ((SELECT max (max (started_us, ended_us))"
    " FROM encounter WHERE patient_id = p.id), p.created_us), p.deleted_us,"
    " EXISTS (SELECT 1 FROM patient_hold WHERE patient_id = p.id),"
    " (SELECT count (*) FROM encounter WHERE patient_id = p.id), (SELECT count (*) FROM encounter e"
    " JOIN note n ON n.encounter_id = e.id WHERE e.patient_id = p.id) FROM patient p"
    " WHERE p.uuid = coalesce (?1, p.uuid)",
  [BED_RETENTION_VISIT]
  = "SELECT e.id, e.uuid, e.typed_name, '', max (e.started_us, e.ended_us), e.deleted_us, 0, 1,"
    " (SELECT count (*) FROM note WHERE encounter_id = e.id) FROM encounter e"
    " WHERE e.patient_id IS NULL AND e.state = 2 AND e.uuid = coalesce (?1, e.uuid)",
  [BED_RETENTION_CHAT]
  = "SELECT e.id, e.uuid, coalesce (p.name, e.typed_name), '', max (e.started_us, e.ended_us), NULL,"
    " EXISTS (SELECT 1 FROM patient_hold WHERE patient_id = e.patient_id), 1, 0 FROM encounter e"
    " LEFT JOIN patient p ON p.id = e.patient_id WHERE e.deleted_us IS NULL"
    " AND EXISTS (SELECT 1 FROM chat WHERE encounter_id = e.id)"
    " AND e.uuid = coalesce (?1, e.uuid)",
  [BED_RETENTION_DRAFT]
  = "SELECT n.id, n.uuid, coalesce (p.name, e.typed_name), '', n.updated_us, n.deleted_us,"
    " EXISTS (SELECT 1 FROM patient_hold WHERE patient_id = e.patient_id), 0, 1 FROM note n"
    " JOIN encounter e ON e.id = n.encounter_id LEFT JOIN patient p ON p.id = e.patient_id"
    " WHERE n.state = 0 AND n.deleted_us IS NOT NULL AND e.deleted_us IS NULL"
    " AND n.uuid = coalesce (?1, n.uuid)",
  [BED_RETENTION_FILE]
  = "SELECT a.id, a.uuid, a.name, '', a.real_us, a.deleted_us,"
    " EXISTS (SELECT 1 FROM patient_hold WHERE patient_id = e.patient_id), 0, 0,"
    " coalesce (p.name, e.typed_name) FROM attachment a JOIN encounter e ON e.id = a.encounter_id"
    " LEFT JOIN patient p ON p.id = e.patient_id WHERE a.deleted_us IS NOT NULL AND a.signed = 0"
    " AND e.deleted_us IS NULL AND a.uuid = coalesce (?1, a.uuid)",
  [BED_RETENTION_TEMPLATE]
  = "SELECT 0, id, name, '', updated_us, deleted_us, 0, 0, 0 FROM template"
    " WHERE deleted_us IS NOT NULL AND id = coalesce (?1, id)",
  [BED_RETENTION_SNIPPET]
  = "SELECT id, CAST (id AS TEXT), abbreviation, '', updated_us, deleted_us, 0, 0, 0 FROM snippet"
    " WHERE deleted_us IS NOT NULL AND CAST (id AS TEXT) = coalesce (?1, CAST (id AS TEXT))",
};

static gboolean
each_row (BedDbStatement *found, BedRetentionKind kind, const BedRetentionRule *rule,
          BedRetentionEach callback, gpointer user_data)
{
  BedRetentionRow row = {
    .kind = kind,
    .id = bed_db_statement_get_int64 (found, 0),
    .uuid = bed_db_statement_get_text (found, 1),
    .name = bed_db_statement_get_text (found, 2),
    .patient = kind == BED_RETENTION_FILE ? bed_db_statement_get_text (found, 9) : "",
    .last_us = bed_db_statement_get_int64 (found, 4),
    .held = bed_db_statement_get_int64 (found, 6) != 0,
    .encounters = (guint) bed_db_statement_get_int64 (found, 7),
    .notes = (guint) bed_db_statement_get_int64 (found, 8),
  };
  gboolean deleted = !bed_db_statement_is_null (found, 5);

  row.due_us = deleted ? bed_db_statement_get_int64 (found, 5)
                       : bed_retention_due_us (rule, row.last_us,
                                               bed_db_statement_get_text (found, 3));
  return callback (&row, deleted, user_data);
}

gboolean
bed_retention_get_rule (BedRecordStore *self, BedRetentionKind kind, BedRetentionRule *rule,
                        GError **error)
{
  *rule = (BedRetentionRule) { 0 };
  return kind >= BED_RETENTION_N_RULES || bed_record_store_get_retention (self, kind, rule, error);
}

gboolean
bed_retention_each (BedRecordStore *self,
                    BedRetentionKind kind,
                    const char *uuid,
                    BedRetentionEach callback,
                    gpointer user_data,
                    GError **error)
{
  g_autoptr (BedDbStatement) found = NULL;
  BedRetentionRule rule;
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!bed_retention_get_rule (self, kind, &rule, error))
    return FALSE;
  found = bed_db_query (self->db, error, queries[kind], "t", uuid);
  while (found != NULL && (step = bed_db_statement_step (found, error)) == BED_DB_STEP_ROW)
    if (!each_row (found, kind, &rule, callback, user_data))
      return TRUE;
  return step == BED_DB_STEP_DONE;
}

typedef struct
{
  GListStore *found;
  gint64 until_us;
  gboolean deleted; /* those that are, instead of those that are due */
} Look;

static gboolean
take_row (const BedRetentionRow *row, gboolean deleted, gpointer user_data)
{
  Look *look = user_data;

  if (deleted == look->deleted && (deleted || (row->due_us != 0 && row->due_us <= look->until_us)))
    {
      g_autoptr (BedRetentionItem) item = bed_retention_item_new (row);
      g_list_store_append (look->found, item);
    }
  return TRUE;
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer newest_first)
{
  gint64 x = bed_retention_item_get_due_us ((BedRetentionItem *) a);
  gint64 y = bed_retention_item_get_due_us ((BedRetentionItem *) b);
  int order = (x > y) - (x < y);

  return GPOINTER_TO_INT (newest_first) ? -order : order;
}

static GListModel *
list (BedRecordStore *self, Look *look, GError **error)
{
  g_autoptr (GListStore) found = g_list_store_new (BED_TYPE_RETENTION_ITEM);
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return NULL;
  look->found = found;
  for (guint kind = 0; kind < BED_RETENTION_N_KINDS; kind++)
    if (!bed_retention_each (self, (BedRetentionKind) kind, NULL, take_row, look, &inner))
      {
        bed_record_fail (inner, error);
        return NULL;
      }
  g_list_store_sort (found, compare_due, GINT_TO_POINTER (look->deleted));
  return G_LIST_MODEL (g_steal_pointer (&found));
}

GListModel *
bed_record_store_list_due (BedRecordStore *self, guint within_days, GError **error)
{
  Look look = { .until_us = bed_clock_get_real_us (self->clock)
                            + (gint64) within_days * G_TIME_SPAN_DAY };

  return list (self, &look, error);
}

GListModel *
bed_record_store_list_deleted (BedRecordStore *self, GError **error)
{
  Look look = { .deleted = TRUE };

  return list (self, &look, error);
}

/* --- Legal hold ------------------------------------------------------------------------------- */

void
bed_hold_clear (BedHold *hold)
{
  g_clear_pointer (&hold->author, g_free);
  g_clear_pointer (&hold->reason, g_free);
}

static void
take_hold (BedDbStatement *row, BedHold *hold)
{
  hold->since_us = bed_db_statement_get_int64 (row, 0);
  hold->author = bed_db_statement_dup_text (row, 1);
  hold->reason = bed_db_statement_dup_text (row, 2);
}

/* hold: (nullable). */
static gboolean
read_hold (BedRecordStore *self, gint64 patient_id, BedHold *hold, gboolean *held, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error, "SELECT since_us, author, reason FROM patient_hold"
                                           " WHERE patient_id = ?", "i", patient_id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  *held = step == BED_DB_STEP_ROW;
  if (*held && hold != NULL)
    take_hold (row, hold);
  return step != BED_DB_STEP_ERROR;
}

static gboolean
place_hold (BedRecordStore *self, gint64 patient_id, const char *reason, GError **error)
{
  return bed_db_run (self->db, error, "INSERT INTO patient_hold VALUES (?, ?, ?, ?)", "iitt",
                     patient_id, bed_clock_get_real_us (self->clock), self->author, reason);
}

/* Why it was placed stays with the patient. */
static gboolean
lift_hold (BedRecordStore *self, gint64 patient_id, GError **error)
{
  return bed_db_run (self->db, error,
                     "INSERT INTO patient_hold_lifted (patient_id, since_us, author, reason,"
                     " until_us, lifted_by) SELECT patient_id, since_us, author, reason, ?1, ?2"
                     " FROM patient_hold WHERE patient_id = ?3", "iti",
                     bed_clock_get_real_us (self->clock), self->author, patient_id)
         && bed_db_run (self->db, error, "DELETE FROM patient_hold WHERE patient_id = ?", "i",
                        patient_id);
}

gboolean
bed_record_store_set_hold (BedRecordStore *self, gint64 patient_id, gboolean held,
                           const char *reason, GError **error)
{
  g_autoptr (BedPatient) patient = bed_record_store_get_patient (self, patient_id, error);
  GError *inner = NULL;
  gboolean ok, already;

  if (patient == NULL)
    return FALSE;
  if (held && (reason == NULL || *reason == '\0' || strlen (reason) > BED_HOLD_REASON_MAX
               || !g_utf8_validate (reason, -1, NULL)))
    return invalid ("A hold needs a reason", error);
  if (!read_hold (self, patient_id, NULL, &already, &inner))
    return bed_record_fail (inner, error);
  if (held == already)
    return TRUE;
  if (!bed_record_begin (self, error))
    return FALSE;
  ok = (held ? place_hold (self, patient_id, reason, &inner)
             : lift_hold (self, patient_id, &inner))
       && bed_audit_log_append (self->audit,
                                held ? BED_AUDIT_PATIENT_HELD : BED_AUDIT_PATIENT_RELEASED,
                                bed_patient_get_uuid (patient), &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_changed (self, BED_RECORD_CHANGED_BELONGINGS);
  return TRUE;
}

gboolean
bed_record_store_get_hold (BedRecordStore *self, gint64 patient_id, BedHold *hold)
{
  g_autoptr (GError) error = NULL;
  gboolean held = FALSE;

  if (hold != NULL)
    *hold = (BedHold) { 0 };
  if (!bed_record_require_open (self, NULL))
    return FALSE;
  if (read_hold (self, patient_id, hold, &held, &error))
    return held;
  bed_record_unread (self, "A hold", error);
  return TRUE; /* what cannot be read is not free to go */
}

gboolean
bed_retention_require_free (BedRecordStore *self, gint64 patient_id, GError **error)
{
  GError *inner = NULL;
  gboolean held;

  if (!bed_record_require_open (self, error))
    return FALSE;
  if (!read_hold (self, patient_id, NULL, &held, &inner))
    return bed_record_fail (inner, error);
  if (!held)
    return TRUE;
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_HELD,
                       "This patient is under legal hold");
  return FALSE;
}
