/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment-private.h"

struct _BedAttachment
{
  GObject parent;

  BedAttachmentRow row; /* owned texts */
};

enum
{
  PROP_UUID = 1,
  PROP_NAME,
  PROP_MEDIA_TYPE,
  PROP_ID,
  PROP_ENCOUNTER_ID,
  PROP_REAL_US,
  PROP_SIZE,
  PROP_FROM_PATIENT,
  PROP_SIGNED,
};

G_DEFINE_FINAL_TYPE (BedAttachment, bed_attachment, G_TYPE_OBJECT)

static void
bed_attachment_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const BedAttachmentRow *row = &BED_ATTACHMENT (object)->row;

  switch (id)
    {
    case PROP_UUID:
      g_value_set_string (value, row->uuid);
      break;
    case PROP_NAME:
      g_value_set_string (value, row->name);
      break;
    case PROP_MEDIA_TYPE:
      g_value_set_string (value, row->media_type);
      break;
    case PROP_ID:
      g_value_set_int64 (value, row->id);
      break;
    case PROP_ENCOUNTER_ID:
      g_value_set_int64 (value, row->encounter_id);
      break;
    case PROP_REAL_US:
      g_value_set_int64 (value, row->real_us);
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, row->size);
      break;
    case PROP_FROM_PATIENT:
      g_value_set_boolean (value, row->from_patient);
      break;
    case PROP_SIGNED:
      g_value_set_boolean (value, row->is_signed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_attachment_finalize (GObject *object)
{
  BedAttachmentRow *row = &BED_ATTACHMENT (object)->row;

  g_free (row->uuid);
  g_free (row->name);
  g_free (row->media_type);
  G_OBJECT_CLASS (bed_attachment_parent_class)->finalize (object);
}

static void
bed_attachment_class_init (BedAttachmentClass *klass)
{
  static const char *const names[]
      = { NULL, "uuid", "name", "media-type", "id", "encounter-id", "real-us" };
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_attachment_get_property;
  object_class->finalize = bed_attachment_finalize;
  for (guint i = PROP_UUID; i < PROP_ID; i++)
    g_object_class_install_property (object_class, i,
                                     g_param_spec_string (names[i], NULL, NULL, "", flags));
  for (guint i = PROP_ID; i <= PROP_REAL_US; i++)
    g_object_class_install_property (
        object_class, i,
        g_param_spec_int64 (names[i], NULL, NULL, G_MININT64, G_MAXINT64, 0, flags));
  g_object_class_install_property (
      object_class, PROP_SIZE, g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags));
  g_object_class_install_property (object_class, PROP_FROM_PATIENT,
                                   g_param_spec_boolean ("from-patient", NULL, NULL, FALSE, flags));
  g_object_class_install_property (object_class, PROP_SIGNED,
                                   g_param_spec_boolean ("signed", NULL, NULL, FALSE, flags));
}

static void
bed_attachment_init (BedAttachment *self)
{
}

BedAttachment *
bed_attachment_new (const BedAttachmentRow *row)
{
  BedAttachment *self = g_object_new (BED_TYPE_ATTACHMENT, NULL);

  self->row = *row;
  self->row.uuid = g_strdup (row->uuid);
  self->row.name = g_strdup (row->name);
  self->row.media_type = g_strdup (row->media_type);
  return self;
}

gint64
bed_attachment_get_id (BedAttachment *self)
{
  return self->row.id;
}

const char *
bed_attachment_get_uuid (BedAttachment *self)
{
  return self->row.uuid;
}

gint64
bed_attachment_get_encounter_id (BedAttachment *self)
{
  return self->row.encounter_id;
}

const char *
bed_attachment_get_name (BedAttachment *self)
{
  return self->row.name;
}

const char *
bed_attachment_get_media_type (BedAttachment *self)
{
  return self->row.media_type;
}

guint64
bed_attachment_get_size (BedAttachment *self)
{
  return self->row.size;
}

gboolean
bed_attachment_get_from_patient (BedAttachment *self)
{
  return self->row.from_patient;
}

gboolean
bed_attachment_get_signed (BedAttachment *self)
{
  return self->row.is_signed;
}

gint64
bed_attachment_get_real_us (BedAttachment *self)
{
  return self->row.real_us;
}

const guint8 *
bed_attachment_get_hash (BedAttachment *self)
{
  return self->row.hash;
}
