/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-retention-private.h"

struct _BedRetentionItem
{
  GObject parent;

  BedRetentionRow row; /* its strings are owned */
};

G_DEFINE_FINAL_TYPE (BedRetentionItem, bed_retention_item, G_TYPE_OBJECT)

enum { PROP_KIND = 1, PROP_ID, PROP_UUID, PROP_NAME, PROP_PATIENT, PROP_LAST_US, PROP_DUE_US, PROP_HELD,
       PROP_ENCOUNTERS, PROP_NOTES, N_PROPS };
static GParamSpec *properties[N_PROPS];

GType
bed_retention_kind_get_type (void)
{
  static gsize type;
  static const GEnumValue values[]
      = { { BED_RETENTION_PATIENT, "BED_RETENTION_PATIENT", "patient" },
          { BED_RETENTION_VISIT, "BED_RETENTION_VISIT", "visit" },
          { BED_RETENTION_CHAT, "BED_RETENTION_CHAT", "chat" },
          { BED_RETENTION_DRAFT, "BED_RETENTION_DRAFT", "draft" },
          { BED_RETENTION_FILE, "BED_RETENTION_FILE", "file" },
          { BED_RETENTION_TEMPLATE, "BED_RETENTION_TEMPLATE", "template" },
          { BED_RETENTION_SNIPPET, "BED_RETENTION_SNIPPET", "snippet" },
          { 0, NULL, NULL } };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BedRetentionKind", values));
  return type;
}

BedRetentionItem *
bed_retention_item_new (const BedRetentionRow *row)
{
  BedRetentionItem *self = g_object_new (BED_TYPE_RETENTION_ITEM, NULL);

  self->row = *row;
  self->row.uuid = g_strdup (row->uuid);
  self->row.name = g_strdup (row->name);
  self->row.patient = g_strdup (row->patient);
  return self;
}

BedRetentionKind
bed_retention_item_get_kind (BedRetentionItem *self)
{
  return self->row.kind;
}

gint64
bed_retention_item_get_id (BedRetentionItem *self)
{
  return self->row.id;
}

const char *
bed_retention_item_get_uuid (BedRetentionItem *self)
{
  return self->row.uuid;
}

const char *
bed_retention_item_get_name (BedRetentionItem *self)
{
  return self->row.name;
}

const char *
bed_retention_item_get_patient (BedRetentionItem *self)
{
  return self->row.patient;
}

gint64
bed_retention_item_get_last_us (BedRetentionItem *self)
{
  return self->row.last_us;
}

gint64
bed_retention_item_get_due_us (BedRetentionItem *self)
{
  return self->row.due_us;
}

gboolean
bed_retention_item_get_held (BedRetentionItem *self)
{
  return self->row.held;
}

static void
bed_retention_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const BedRetentionRow *row = &BED_RETENTION_ITEM (object)->row;

  switch (id)
    {
    case PROP_KIND:
      g_value_set_enum (value, row->kind);
      break;
    case PROP_ID:
      g_value_set_int64 (value, row->id);
      break;
    case PROP_UUID:
      g_value_set_string (value, row->uuid);
      break;
    case PROP_NAME:
      g_value_set_string (value, row->name);
      break;
    case PROP_PATIENT:
      g_value_set_string (value, row->patient);
      break;
    case PROP_LAST_US:
      g_value_set_int64 (value, row->last_us);
      break;
    case PROP_DUE_US:
      g_value_set_int64 (value, row->due_us);
      break;
    case PROP_HELD:
      g_value_set_boolean (value, row->held);
      break;
    case PROP_ENCOUNTERS:
      g_value_set_uint (value, row->encounters);
      break;
    case PROP_NOTES:
      g_value_set_uint (value, row->notes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_retention_item_finalize (GObject *object)
{
  BedRetentionItem *self = BED_RETENTION_ITEM (object);

  g_free ((char *) self->row.uuid);
  g_free ((char *) self->row.name);
  g_free ((char *) self->row.patient);
  G_OBJECT_CLASS (bed_retention_item_parent_class)->finalize (object);
}

static void
bed_retention_item_class_init (BedRetentionItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_retention_item_get_property;
  object_class->finalize = bed_retention_item_finalize;
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, BED_TYPE_RETENTION_KIND,
                                             BED_RETENTION_PATIENT, flags);
  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_UUID] = g_param_spec_string ("uuid", NULL, NULL, "", flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  properties[PROP_PATIENT] = g_param_spec_string ("patient", NULL, NULL, "", flags);
  properties[PROP_LAST_US] = g_param_spec_int64 ("last-us", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                                 flags);
  properties[PROP_DUE_US] = g_param_spec_int64 ("due-us", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                                flags);
  properties[PROP_HELD] = g_param_spec_boolean ("held", NULL, NULL, FALSE, flags);
  properties[PROP_ENCOUNTERS] = g_param_spec_uint ("encounters", NULL, NULL, 0, G_MAXUINT, 0,
                                                   flags);
  properties[PROP_NOTES] = g_param_spec_uint ("notes", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_retention_item_init (BedRetentionItem *self)
{
}
