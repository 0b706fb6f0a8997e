/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-timeline-private.h"

struct _BedTimelineEntry
{
  GObject parent;

  BedTimelineValues values; /* owned text, author, object */
};

enum
{
  PROP_KIND = 1,
  PROP_REAL_US,
  PROP_ENCOUNTER_ID,
  PROP_OBJECT,
  PROP_TEXT,
  PROP_AUTHOR,
  PROP_SINCE_US,
  PROP_NUMBER,
  PROP_FLAG,
};

G_DEFINE_FINAL_TYPE (BedTimelineEntry, bed_timeline_entry, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (BedTimelineKind, bed_timeline_kind,
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_ENCOUNTER, "encounter"),
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_NOTE, "note"),
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_ADDENDUM, "addendum"),
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_CHAT, "chat"),
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_CONSENT, "consent"),
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_DEVICE_CONSENT, "device-consent"),
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_ATTACHMENT, "attachment"),
                    G_DEFINE_ENUM_VALUE (BED_TIMELINE_HOLD_LIFTED, "hold-lifted"))

static void
bed_timeline_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const BedTimelineValues *values = &BED_TIMELINE_ENTRY (object)->values;

  switch (id)
    {
    case PROP_KIND:
      g_value_set_enum (value, (gint) values->kind);
      break;
    case PROP_REAL_US:
      g_value_set_int64 (value, values->real_us);
      break;
    case PROP_ENCOUNTER_ID:
      g_value_set_int64 (value, values->encounter_id);
      break;
    case PROP_OBJECT:
      g_value_set_object (value, values->object);
      break;
    case PROP_TEXT:
      g_value_set_string (value, values->text);
      break;
    case PROP_AUTHOR:
      g_value_set_string (value, values->author);
      break;
    case PROP_SINCE_US:
      g_value_set_int64 (value, values->since_us);
      break;
    case PROP_NUMBER:
      g_value_set_uint (value, values->number);
      break;
    case PROP_FLAG:
      g_value_set_boolean (value, values->flag);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_timeline_entry_finalize (GObject *object)
{
  BedTimelineEntry *self = BED_TIMELINE_ENTRY (object);

  g_clear_object (&self->values.object);
  g_free (self->values.text);
  g_free (self->values.author);
  G_OBJECT_CLASS (bed_timeline_entry_parent_class)->finalize (object);
}

static void
bed_timeline_entry_class_init (BedTimelineEntryClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamSpec *properties[] = {
    NULL,
    g_param_spec_enum ("kind", NULL, NULL, BED_TYPE_TIMELINE_KIND, 0, flags),
    g_param_spec_int64 ("real-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags),
    g_param_spec_int64 ("encounter-id", NULL, NULL, 0, G_MAXINT64, 0, flags),
    g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, flags),
    g_param_spec_string ("text", NULL, NULL, "", flags),
    g_param_spec_string ("author", NULL, NULL, "", flags),
    g_param_spec_int64 ("since-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags),
    g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, flags),
    g_param_spec_boolean ("flag", NULL, NULL, FALSE, flags),
  };

  object_class->get_property = bed_timeline_entry_get_property;
  object_class->finalize = bed_timeline_entry_finalize;
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
bed_timeline_entry_init (BedTimelineEntry *self)
{
}

BedTimelineEntry *
bed_timeline_entry_new (const BedTimelineValues *values)
{
  BedTimelineEntry *self = g_object_new (BED_TYPE_TIMELINE_ENTRY, NULL);

  self->values = *values;
  self->values.text = g_strdup (values->text != NULL ? values->text : "");
  self->values.author = g_strdup (values->author != NULL ? values->author : "");
  if (values->object != NULL)
    g_object_ref (values->object);
  return self;
}

BedTimelineKind
bed_timeline_entry_get_kind (BedTimelineEntry *self)
{
  return self->values.kind;
}

gint64
bed_timeline_entry_get_real_us (BedTimelineEntry *self)
{
  return self->values.real_us;
}

gint64
bed_timeline_entry_get_encounter_id (BedTimelineEntry *self)
{
  return self->values.encounter_id;
}

GObject *
bed_timeline_entry_get_object (BedTimelineEntry *self)
{
  return self->values.object;
}

const char *
bed_timeline_entry_get_text (BedTimelineEntry *self)
{
  return self->values.text;
}

const char *
bed_timeline_entry_get_author (BedTimelineEntry *self)
{
  return self->values.author;
}

gint64
bed_timeline_entry_get_since_us (BedTimelineEntry *self)
{
  return self->values.since_us;
}

guint
bed_timeline_entry_get_number (BedTimelineEntry *self)
{
  return self->values.number;
}

gboolean
bed_timeline_entry_get_flag (BedTimelineEntry *self)
{
  return self->values.flag;
}
