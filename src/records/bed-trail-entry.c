/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-trail-private.h"

struct _BedTrailEntry
{
  GObject parent;

  guint64 sequence;
  gint64 real_us;
  BedAuditEvent event;
  char *actor;
  char *person;
  char *subject;
  gint64 patient_id;
};

G_DEFINE_FINAL_TYPE (BedTrailEntry, bed_trail_entry, G_TYPE_OBJECT)

enum { PROP_SEQUENCE = 1, PROP_REAL_US, PROP_EVENT, PROP_ACTOR, PROP_SUBJECT, PROP_PATIENT_ID,
       N_PROPS };
static GParamSpec *properties[N_PROPS];

BedTrailEntry *
bed_trail_entry_new (const BedAuditEntry *entry, const char *person, gint64 patient_id)
{
  BedTrailEntry *self = g_object_new (BED_TYPE_TRAIL_ENTRY, NULL);

  self->sequence = entry->sequence;
  self->real_us = entry->real_us;
  self->event = entry->event;
  self->actor = g_strdup (entry->actor);
  self->person = g_strdup (person != NULL ? person : "");
  self->subject = g_strdup (entry->subject);
  self->patient_id = patient_id;
  return self;
}

guint64
bed_trail_entry_get_sequence (BedTrailEntry *self)
{
  return self->sequence;
}

gint64
bed_trail_entry_get_real_us (BedTrailEntry *self)
{
  return self->real_us;
}

BedAuditEvent
bed_trail_entry_get_event (BedTrailEntry *self)
{
  return self->event;
}

const char *
bed_trail_entry_get_person (BedTrailEntry *self)
{
  return self->person;
}

const char *
bed_trail_entry_get_actor (BedTrailEntry *self)
{
  return self->actor;
}

const char *
bed_trail_entry_get_subject (BedTrailEntry *self)
{
  return self->subject;
}

gint64
bed_trail_entry_get_patient_id (BedTrailEntry *self)
{
  return self->patient_id;
}

static void
bed_trail_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedTrailEntry *self = BED_TRAIL_ENTRY (object);

  switch (id)
    {
    case PROP_SEQUENCE:
      g_value_set_uint64 (value, self->sequence);
      break;
    case PROP_REAL_US:
      g_value_set_int64 (value, self->real_us);
      break;
    case PROP_EVENT:
      g_value_set_int (value, (int) self->event);
      break;
    case PROP_ACTOR:
      g_value_set_string (value, self->actor);
      break;
    case PROP_SUBJECT:
      g_value_set_string (value, self->subject);
      break;
    case PROP_PATIENT_ID:
      g_value_set_int64 (value, self->patient_id);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_trail_entry_finalize (GObject *object)
{
  BedTrailEntry *self = BED_TRAIL_ENTRY (object);

  g_free (self->actor);
  g_free (self->person);
  g_free (self->subject);
  G_OBJECT_CLASS (bed_trail_entry_parent_class)->finalize (object);
}

static void
bed_trail_entry_class_init (BedTrailEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_trail_entry_get_property;
  object_class->finalize = bed_trail_entry_finalize;
  properties[PROP_SEQUENCE] = g_param_spec_uint64 ("sequence", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_REAL_US] = g_param_spec_int64 ("real-us", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                                 flags);
  properties[PROP_EVENT] = g_param_spec_int ("event", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_ACTOR] = g_param_spec_string ("actor", NULL, NULL, "", flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, "", flags);
  properties[PROP_PATIENT_ID] = g_param_spec_int64 ("patient-id", NULL, NULL, 0, G_MAXINT64, 0,
                                                    flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_trail_entry_init (BedTrailEntry *self)
{
}
