/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-records-private.h"

enum
{
  PROP_ID = 1,
  PROP_UUID,
  PROP_NAME,
  PROP_BIRTH_DATE,
  PROP_TELEPHONE,
  PROP_LANGUAGE,
  PROP_IDENTIFIERS,
  N_PROPS
};

struct _BedPatient
{
  GObject parent;

  gint64 id;
  char *texts[N_PROPS]; /* owned; PROP_UUID to PROP_IDENTIFIERS, never NULL */
};

G_DEFINE_FINAL_TYPE (BedPatient, bed_patient, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
set_text (BedPatient *self, guint property, const char *text)
{
  text = text != NULL ? text : "";
  if (g_str_equal (self->texts[property], text) || !g_utf8_validate (text, -1, NULL))
    return;
  g_free (self->texts[property]);
  self->texts[property] = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
bed_patient_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedPatient *self = BED_PATIENT (object);

  if (id == PROP_ID)
    g_value_set_int64 (value, self->id);
  else if (id < N_PROPS)
    g_value_set_string (value, self->texts[id]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_patient_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id >= PROP_NAME && id < N_PROPS)
    set_text (BED_PATIENT (object), id, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_patient_finalize (GObject *object)
{
  BedPatient *self = BED_PATIENT (object);

  for (guint i = PROP_UUID; i < N_PROPS; i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (bed_patient_parent_class)->finalize (object);
}

static void
bed_patient_class_init (BedPatientClass *klass)
{
  static const char *const names[N_PROPS]
      = { NULL, "id", "uuid", "name", "birth-date", "telephone", "language", "identifiers" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_patient_get_property;
  object_class->set_property = bed_patient_set_property;
  object_class->finalize = bed_patient_finalize;
  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  for (guint i = PROP_UUID; i < N_PROPS; i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, "",
                                         (i == PROP_UUID ? G_PARAM_READABLE : G_PARAM_READWRITE)
                                             | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_patient_init (BedPatient *self)
{
  for (guint i = PROP_UUID; i < N_PROPS; i++)
    self->texts[i] = g_strdup ("");
}

BedPatient *
bed_patient_new (const char *name)
{
  return g_object_new (BED_TYPE_PATIENT, "name", name, NULL);
}

void
bed_patient_fill (BedPatient *self, gint64 id, const char *uuid)
{
  self->id = id;
  set_text (self, PROP_UUID, uuid);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

gint64
bed_patient_get_id (BedPatient *self)
{
  return self->id;
}

const char *
bed_patient_get_uuid (BedPatient *self)
{
  return self->texts[PROP_UUID];
}

const char *
bed_patient_get_name (BedPatient *self)
{
  return self->texts[PROP_NAME];
}

const char *
bed_patient_get_birth_date (BedPatient *self)
{
  return self->texts[PROP_BIRTH_DATE];
}

const char *
bed_patient_get_telephone (BedPatient *self)
{
  return self->texts[PROP_TELEPHONE];
}

const char *
bed_patient_get_language (BedPatient *self)
{
  return self->texts[PROP_LANGUAGE];
}

const char *
bed_patient_get_identifiers (BedPatient *self)
{
  return self->texts[PROP_IDENTIFIERS];
}

void
bed_patient_set_name (BedPatient *self, const char *name)
{
  set_text (self, PROP_NAME, name);
}

void
bed_patient_set_birth_date (BedPatient *self, const char *birth_date)
{
  set_text (self, PROP_BIRTH_DATE, birth_date);
}

void
bed_patient_set_telephone (BedPatient *self, const char *telephone)
{
  set_text (self, PROP_TELEPHONE, telephone);
}

void
bed_patient_set_language (BedPatient *self, const char *language)
{
  set_text (self, PROP_LANGUAGE, language);
}

void
bed_patient_set_identifiers (BedPatient *self, const char *identifiers)
{
  set_text (self, PROP_IDENTIFIERS, identifiers);
}
