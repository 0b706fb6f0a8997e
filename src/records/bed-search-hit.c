/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-records-private.h"

#include <string.h>

struct _BedSearchHit
{
  GObject parent;

  gint64 note_id;
  gint64 encounter_id;
  gint64 created_us;
  BedNoteState state;
  char *patient_name; /* owned */
  char *snippet;      /* owned */
  GArray *ranges;     /* owned: BedTextRange */
};

G_DEFINE_FINAL_TYPE (BedSearchHit, bed_search_hit, G_TYPE_OBJECT)

static void
bed_search_hit_finalize (GObject *object)
{
  BedSearchHit *self = BED_SEARCH_HIT (object);

  g_free (self->patient_name);
  bed_secret_wipe (self->snippet, strlen (self->snippet));
  g_free (self->snippet);
  g_array_unref (self->ranges);
  G_OBJECT_CLASS (bed_search_hit_parent_class)->finalize (object);
}

static void
bed_search_hit_class_init (BedSearchHitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_search_hit_finalize;
}

static void
bed_search_hit_init (BedSearchHit *self)
{
}

BedSearchHit *
bed_search_hit_new (const BedSearchHitRow *row)
{
  BedSearchHit *self = g_object_new (BED_TYPE_SEARCH_HIT, NULL);

  self->note_id = row->note_id;
  self->encounter_id = row->encounter_id;
  self->patient_name = g_strdup (row->patient_name);
  self->created_us = row->created_us;
  self->state = row->state;
  self->snippet = g_strdup (row->snippet);
  self->ranges = row->ranges != NULL ? row->ranges
                                     : g_array_new (FALSE, FALSE, sizeof (BedTextRange));
  return self;
}

gint64
bed_search_hit_get_note_id (BedSearchHit *self)
{
  return self->note_id;
}

gint64
bed_search_hit_get_encounter_id (BedSearchHit *self)
{
  return self->encounter_id;
}

const char *
bed_search_hit_get_patient_name (BedSearchHit *self)
{
  return self->patient_name;
}

gint64
bed_search_hit_get_created_us (BedSearchHit *self)
{
  return self->created_us;
}

guint
bed_search_hit_get_state (BedSearchHit *self)
{
  return self->state;
}

const char *
bed_search_hit_get_snippet (BedSearchHit *self)
{
  return self->snippet;
}

const BedTextRange *
bed_search_hit_get_ranges (BedSearchHit *self, guint *n_ranges)
{
  *n_ranges = self->ranges->len;
  return (const BedTextRange *) (void *) self->ranges->data;
}
