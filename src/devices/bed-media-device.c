/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media-device.h"

struct _BedMediaDevice
{
  GObject parent_instance;
  BedMediaDeviceKind kind;
  char *id;
  char *label;
};

enum { PROP_0, PROP_LABEL, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BedMediaDevice, bed_media_device, G_TYPE_OBJECT)

static void
bed_media_device_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LABEL)
    g_value_set_string (value, BED_MEDIA_DEVICE (object)->label);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_media_device_finalize (GObject *object)
{
  BedMediaDevice *self = BED_MEDIA_DEVICE (object);

  g_free (self->id);
  g_free (self->label);
  G_OBJECT_CLASS (bed_media_device_parent_class)->finalize (object);
}

static void
bed_media_device_class_init (BedMediaDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_media_device_get_property;
  object_class->finalize = bed_media_device_finalize;
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "",
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_media_device_init (BedMediaDevice *self)
{
}

BedMediaDevice *
bed_media_device_new (BedMediaDeviceKind kind, const char *id, const char *label)
{
  BedMediaDevice *self = g_object_new (BED_TYPE_MEDIA_DEVICE, NULL);

  self->kind = kind;
  self->id = g_strdup (id);
  self->label = g_strdup (label);
  return self;
}

BedMediaDeviceKind
bed_media_device_get_kind (BedMediaDevice *self)
{
  return self->kind;
}

const char *
bed_media_device_get_id (BedMediaDevice *self)
{
  return self->id;
}

const char *
bed_media_device_get_label (BedMediaDevice *self)
{
  return self->label;
}
