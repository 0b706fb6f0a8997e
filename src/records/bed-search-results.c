/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-search-results-private.h"

#include "bed-search-words-private.h"

#include <string.h>

struct _BedSearchResults
{
  GObject parent;

  BedRecordStore *store; /* weak */

  /* owned */
  char *typed;
  GArray *index_ids;
  GPtrArray *hits; /* NULL where nobody has asked yet */
};

static void model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (BedSearchResults, bed_search_results, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, model_init))

static char *
joined_sections (BedDbStatement *row, int first)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    {
      const char *section = bed_db_statement_get_text (row, first + i);

      if (*section == '\0')
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, section);
    }
  return g_string_free (text, FALSE);
}

static BedSearchHit *
hit_from_row (BedSearchResults *self, BedDbStatement *row)
{
  BedSearchHitRow values = {
    .note_id = bed_db_statement_get_int64 (row, 0),
    .encounter_id = bed_db_statement_get_int64 (row, 1),
    .patient_name = bed_db_statement_get_text (row, 2),
    .created_us = bed_db_statement_get_int64 (row, 3),
    .state = (BedNoteState) bed_db_statement_get_int64 (row, 4),
  };
  g_autofree char *text = joined_sections (row, 5);
  g_autofree char *snippet = bed_search_snippet (self->typed, text, &values.ranges);

  bed_secret_wipe (text, strlen (text));
  values.snippet = snippet;
  return bed_search_hit_new (&values);
}

/* A list model has no way to fail: what cannot be read, or is gone, shows up empty. */
static BedSearchHit *
read_hit (BedSearchResults *self, gint64 index_id)
{
  static const BedSearchHitRow nothing = { .patient_name = "", .snippet = "" };
  g_autoptr (BedDbStatement) row = NULL;
  g_autoptr (GError) error = NULL;
  BedDbStep step = BED_DB_STEP_DONE;

  if (self->store != NULL && self->store->db != NULL)
    {
      row = bed_db_query (
          self->store->db, &error,
          "SELECT n.id, n.encounter_id, coalesce (p.name, e.typed_name), n.created_us, n.state,"
          " n.subjective, n.objective, n.assessment, n.plan, n.section_5, n.section_6, n.section_7,"
          " n.section_8 FROM note n JOIN encounter e ON e.id = n.encounter_id"
          " LEFT JOIN patient p ON p.id = e.patient_id WHERE n.index_id = ?",
          "i", index_id);
      step = row != NULL ? bed_db_statement_step (row, &error) : BED_DB_STEP_ERROR;
    }
  if (step == BED_DB_STEP_ROW)
    return hit_from_row (self, row);
  if (step == BED_DB_STEP_ERROR)
    bed_record_unread (self->store, "What was found", error);
  return bed_search_hit_new (&nothing);
}

static GType
get_item_type (GListModel *model)
{
  return BED_TYPE_SEARCH_HIT;
}

static guint
get_n_items (GListModel *model)
{
  return BED_SEARCH_RESULTS (model)->index_ids->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  BedSearchResults *self = BED_SEARCH_RESULTS (model);

  if (position >= self->index_ids->len)
    return NULL;
  if (self->hits->pdata[position] == NULL)
    self->hits->pdata[position]
        = read_hit (self, g_array_index (self->index_ids, gint64, position));
  return g_object_ref (self->hits->pdata[position]);
}

static void
model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
unref_hit (gpointer hit)
{
  g_clear_object (&hit);
}

static void
bed_search_results_finalize (GObject *object)
{
  BedSearchResults *self = BED_SEARCH_RESULTS (object);

  g_clear_weak_pointer (&self->store);
  bed_secret_wipe (self->typed, strlen (self->typed));
  g_free (self->typed);
  g_array_unref (self->index_ids);
  g_ptr_array_unref (self->hits);
  G_OBJECT_CLASS (bed_search_results_parent_class)->finalize (object);
}

static void
bed_search_results_class_init (BedSearchResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_search_results_finalize;
}

static void
bed_search_results_init (BedSearchResults *self)
{
  self->hits = g_ptr_array_new_with_free_func (unref_hit);
}

GListModel *
bed_search_results_new (BedRecordStore *store, const char *typed, GArray *index_ids)
{
  BedSearchResults *self = g_object_new (BED_TYPE_SEARCH_RESULTS, NULL);

  g_set_weak_pointer (&self->store, store);
  self->typed = g_strdup (typed != NULL ? typed : "");
  self->index_ids = index_ids;
  g_ptr_array_set_size (self->hits, (gint) index_ids->len);
  return G_LIST_MODEL (self);
}
