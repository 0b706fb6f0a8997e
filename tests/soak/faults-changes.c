/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is there already and is changed, taken away or brought back, on the ground of a record: a
 * hold, and what is the clinician's own. */
#include "faults.h"

#include "bed-db.h"
#include "bed-record-templates.h"
#include "bed-retention.h"

#define BEFORE "as it was"
#define AFTER "as it is now"
#define HELD_FOR "a claim"
#define KEPT "kept"
#define SECOND "second"
#define GONE "gone"
#define WORD "Melperon"

/* As a screen has them before it. The ids of templates are random, and grounds are made twice. */
static char *kept_template, *second_template, *gone_template;
static BedSnippet *kept_snippet, *gone_snippet;

/* --- The ground --------------------------------------------------------------------------------- */

static void
add_template (BedRecordStore *store, const char *name)
{
  g_autoptr (BedTemplate) own = bed_template_new (name);
  g_autoptr (GError) error = NULL;

  bed_template_add_section (own, "plan", BEFORE);
  bed_record_store_save_template (store, own, &error);
  g_assert_no_error (error);
}

static void
find_id (FaultPlace *place, const char *name, char **id)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      bed_vault_get_db (place->vault), NULL, "SELECT id FROM template WHERE name = ?", "t", name);

  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  g_free (*id);
  *id = bed_db_statement_dup_text (row, 0);
}

void
fault_find_changeable (FaultPlace *place)
{
  find_id (place, KEPT, &kept_template);
  find_id (place, SECOND, &second_template);
  find_id (place, GONE, &gone_template);
}

static BedSnippet *
add_snippet (BedRecordStore *store, const char *abbreviation)
{
  BedSnippet *snippet = bed_snippet_new (abbreviation, BEFORE);
  g_autoptr (GError) error = NULL;

  bed_record_store_save_snippet (store, snippet, &error);
  g_assert_no_error (error);
  return snippet;
}

void
fault_add_changeable (FaultPlace *place)
{
  BedRecordStore *store = place->store;

  add_template (store, KEPT);
  add_template (store, SECOND);
  add_template (store, GONE);
  fault_find_changeable (place);
  g_clear_object (&kept_snippet);
  g_clear_object (&gone_snippet);
  kept_snippet = add_snippet (store, KEPT);
  gone_snippet = add_snippet (store, GONE);
  g_assert_true (bed_record_store_delete_template (store, gone_template, NULL));
  g_assert_true (bed_record_store_delete_snippet (store, bed_snippet_get_id (gone_snippet), NULL));
  g_assert_true (bed_record_store_set_hold (store, FAULT_PATIENT_ID, TRUE, HELD_FOR, NULL));
}

/* --- The acts ----------------------------------------------------------------------------------- */

static gboolean
act_release (FaultPlace *place, GError **error)
{
  return bed_record_store_set_hold (place->store, FAULT_PATIENT_ID, FALSE, NULL, error);
}

static gboolean
act_template_change (FaultPlace *place, GError **error)
{
  g_autoptr (BedTemplate) own
      = bed_record_store_get_template (place->store, kept_template, error);

  if (own == NULL)
    return FALSE;
  g_assert_true (bed_template_set_section (own, 0, "plan", AFTER));
  return bed_record_store_save_template (place->store, own, error);
}

static gboolean
act_template_move (FaultPlace *place, GError **error)
{
  return bed_record_store_move_template (place->store, second_template, 0, error);
}

static gboolean
act_template_remove (FaultPlace *place, GError **error)
{
  return bed_record_store_delete_template (place->store, kept_template, error);
}

static gboolean
act_template_take_back (FaultPlace *place, GError **error)
{
  return bed_record_store_restore_template (place->store, gone_template, error);
}

static gboolean
act_snippet_change (FaultPlace *place, GError **error)
{
  bed_snippet_set_text (kept_snippet, AFTER);
  return bed_record_store_save_snippet (place->store, kept_snippet, error);
}

static gboolean
act_snippet_remove (FaultPlace *place, GError **error)
{
  return bed_record_store_delete_snippet (place->store, bed_snippet_get_id (kept_snippet), error);
}

static gboolean
act_snippet_take_back (FaultPlace *place, GError **error)
{
  return bed_record_store_restore_snippet (place->store, bed_snippet_get_id (gone_snippet), error);
}

static gboolean
act_word (FaultPlace *place, GError **error)
{
  return bed_record_store_add_word (place->store, WORD, error);
}

/* --- What is there afterwards ------------------------------------------------------------------- */

/* Among those that are shown; -1: it is not. */
static int
find_template (GListModel *list, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedTemplate) one = g_list_model_get_item (list, i);

      if (g_str_equal (bed_template_get_id (one), id))
        return (int) i;
    }
  return -1;
}

static gboolean
is_deleted (BedRecordStore *store, BedRetentionKind kind, const char *name)
{
  g_autoptr (GListModel) deleted = bed_record_store_list_deleted (store, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (deleted); i++)
    {
      g_autoptr (BedRetentionItem) item = g_list_model_get_item (deleted, i);

      if (bed_retention_item_get_kind (item) == kind
          && g_str_equal (bed_retention_item_get_name (item), name))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_after (const char *text)
{
  g_assert_true (g_str_equal (text, BEFORE) || g_str_equal (text, AFTER));
  return g_str_equal (text, AFTER);
}

static void
check_templates (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (GListModel) list = bed_record_store_list_templates (place->store);
  int at = find_template (list, kept_template);
  int second = find_template (list, second_template);
  gboolean gone = is_deleted (place->store, BED_RETENTION_TEMPLATE, KEPT);

  g_assert_true ((at < 0) == gone);
  g_assert_cmpint (second, >=, 0);
  fault_expect (gone, act, FAULT_TEMPLATE_GONE, done);
  fault_expect (!gone && second < at, act, FAULT_TEMPLATE_MOVED, done);
  fault_expect (find_template (list, gone_template) >= 0, act, FAULT_TEMPLATE_BACK, done);
  if (!gone)
    {
      g_autoptr (BedTemplate) kept = g_list_model_get_item (list, (guint) at);

      g_assert_cmpuint (bed_template_get_n_sections (kept), ==, 1);
      fault_expect (is_after (bed_template_get_text (kept, 0)), act, FAULT_TEMPLATE_CHANGED, done);
    }
}

static void
check_snippets (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autofree char *kept = bed_record_store_expand_snippet (place->store, KEPT);
  g_autofree char *back = bed_record_store_expand_snippet (place->store, GONE);
  gboolean gone = is_deleted (place->store, BED_RETENTION_SNIPPET, KEPT);

  g_assert_true ((kept == NULL) == gone);
  fault_expect (gone, act, FAULT_SNIPPET_GONE, done);
  fault_expect (back != NULL, act, FAULT_SNIPPET_BACK, done);
  if (!gone)
    fault_expect (is_after (kept), act, FAULT_SNIPPET_CHANGED, done);
}

static void
check_hold (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_auto (BedHold) hold = { 0 };
  gboolean held = bed_record_store_get_hold (place->store, FAULT_PATIENT_ID, &hold);

  fault_expect (!held, act, FAULT_RELEASED, done);
  if (held)
    g_assert_cmpstr (hold.reason, ==, HELD_FOR);
}

void
fault_check_changes (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_auto (GStrv) words = bed_record_store_list_words (place->store);

  check_templates (place, act, done);
  check_snippets (place, act, done);
  check_hold (place, act, done);
  fault_expect (g_strv_contains ((const char *const *) words, WORD), act, FAULT_WORD, done);
}

#define ON &fault_record_ground
const FaultAct fault_changes_acts[] = {
  { .name = "release", ON, .again = TRUE, .run = act_release, .changes = FAULT_RELEASED,
    .event = BED_AUDIT_PATIENT_RELEASED },
  { .name = "template-change", ON, .again = TRUE, .run = act_template_change,
    .changes = FAULT_TEMPLATE_CHANGED, .event = BED_AUDIT_TEMPLATE_SAVED },
  { .name = "template-move", ON, .again = TRUE, .run = act_template_move,
    .changes = FAULT_TEMPLATE_MOVED, .event = BED_AUDIT_TEMPLATE_MOVED },
  { .name = "template-remove", ON, .again = TRUE, .run = act_template_remove,
    .changes = FAULT_TEMPLATE_GONE, .event = BED_AUDIT_TEMPLATE_DELETED },
  { .name = "template-take-back", ON, .again = TRUE, .run = act_template_take_back,
    .changes = FAULT_TEMPLATE_BACK, .event = BED_AUDIT_TEMPLATE_RECOVERED },
  { .name = "snippet-change", ON, .again = TRUE, .run = act_snippet_change,
    .changes = FAULT_SNIPPET_CHANGED, .event = BED_AUDIT_SNIPPET_SAVED },
  { .name = "snippet-remove", ON, .again = TRUE, .run = act_snippet_remove,
    .changes = FAULT_SNIPPET_GONE, .event = BED_AUDIT_SNIPPET_DELETED },
  { .name = "snippet-take-back", ON, .again = TRUE, .run = act_snippet_take_back,
    .changes = FAULT_SNIPPET_BACK, .event = BED_AUDIT_SNIPPET_RECOVERED },
  { .name = "word", ON, .again = TRUE, .run = act_word, .changes = FAULT_WORD,
    .event = BED_AUDIT_WORD_ADDED },
  { .name = NULL },
};
