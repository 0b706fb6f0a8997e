/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-search-private.h"

#include "bed-record-acts-private.h"
#include "bed-search-results-private.h"
#include "bed-search-words-private.h"

/* What a search indexes by itself; the writer does the rest when typing pauses. */
#define AT_ONCE 8
#define PATIENTS_MAX 200

static gboolean
index_now (BedRecordStore *self, guint rows, GError **error)
{
  GError *inner = NULL;
  gboolean more;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_index_work (self->db, self->engine, rows, &more, &inner);
  return bed_record_end (self, ok, inner, error);
}

/* So that what was just written is found. */
static gboolean
index_few (BedRecordStore *self, GError **error)
{
  GError *inner = NULL;
  int due = bed_index_count_due (self->db, AT_ONCE + 1, &inner);

  if (due < 0)
    return bed_record_fail (inner, error);
  if (due > AT_ONCE)
    bed_record_index_later (self);
  return due == 0 || due > AT_ONCE || index_now (self, AT_ONCE, error);
}

gboolean
bed_record_store_is_indexing (BedRecordStore *self)
{
  g_autoptr (GError) error = NULL;
  int due = self->db != NULL ? bed_index_count_due (self->db, 1, &error) : 0;

  if (due < 0)
    bed_record_unread (self, "The index", error);
  return due > 0;
}

static char *
match_expression (BedIndexEngine engine, const BedSearchQuery *query)
{
  g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func (g_free);

  if (query->patient_id != 0)
    g_ptr_array_add (filters, g_strdup_printf (BED_INDEX_MARK "p%" G_GINT64_FORMAT,
                                               query->patient_id));
  if (query->state >= 0)
    g_ptr_array_add (filters, g_strdup_printf (BED_INDEX_MARK "s%d", query->state));
  if (query->template_id != NULL)
    g_ptr_array_add (filters, bed_index_template_word (query->template_id));
  if (filters->len == 0 && (query->from_us != 0 || query->to_us != 0))
    g_ptr_array_add (filters, g_strdup (BED_INDEX_MARK "a"));
  g_ptr_array_add (filters, NULL);
  return bed_index_expression (engine, query->text, (const char *const *) filters->pdata);
}

GListModel *
bed_record_store_search (BedRecordStore *self, const BedSearchQuery *query, GError **error)
{
  g_autofree char *match = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return NULL;
  match = match_expression (self->engine, query);
  if (*match == '\0')
    return bed_search_results_new (self, query->text, g_steal_pointer (&ids));
  bed_record_searched (self);
  if (!index_few (self, error))
    return NULL;
  if (bed_index_find_notes (self->db, self->engine, match, query->from_us, query->to_us,
                            query->limit != 0 ? query->limit : BED_SEARCH_LIMIT, ids, &inner))
    return bed_search_results_new (self, query->text, g_steal_pointer (&ids));
  bed_record_fail (inner, error);
  return NULL;
}

GListModel *
bed_record_store_find_patients (BedRecordStore *self, const char *text)
{
  g_autofree char *match = bed_index_expression (self->engine, text, NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  GListStore *found = g_list_store_new (BED_TYPE_PATIENT);

  if (self->db == NULL || *match == '\0')
    return G_LIST_MODEL (found);
  bed_record_searched (self);
  if (!bed_index_find_patients (self->db, self->engine, match, PATIENTS_MAX, ids, &error))
    bed_record_unread (self, "The index of patients", error);
  for (guint i = 0; error == NULL && i < ids->len; i++)
    {
      g_autoptr (BedPatient)
          patient = bed_record_store_get_patient (self, g_array_index (ids, gint64, i), &error);

      if (patient != NULL)
        g_list_store_append (found, patient);
      else
        bed_record_unread (self, "A patient", error);
    }
  return G_LIST_MODEL (found);
}
