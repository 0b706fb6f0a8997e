/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-records-private.h"

enum
{
  PROP_ID = 1,
  PROP_PATIENT_ID,
  PROP_STARTED_US,
  PROP_ENDED_US,
  PROP_UUID, /* texts from here */
  PROP_PATIENT_NAME,
  PROP_TYPED_NAME,
  PROP_CALLBACK,
  PROP_LOCATION,
  PROP_CIPHER,
  PROP_PATH,
  PROP_STATE, /* the rest */
  PROP_VERIFICATION,
  PROP_CONSENT,
  N_PROPS
};

struct _BedEncounter
{
  GObject parent;

  gint64 numbers[PROP_UUID];
  char *texts[PROP_STATE]; /* owned */
  BedEncounterState state;
  BedVerification verification;
  BedPatientConsent *consent; /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (BedEncounter, bed_encounter, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (BedEncounterState, bed_encounter_state,
                    G_DEFINE_ENUM_VALUE (BED_ENCOUNTER_PLANNED, "planned"),
                    G_DEFINE_ENUM_VALUE (BED_ENCOUNTER_IN_PROGRESS, "in-progress"),
                    G_DEFINE_ENUM_VALUE (BED_ENCOUNTER_FINISHED, "finished"))
G_DEFINE_ENUM_TYPE (BedVerification, bed_verification,
                    G_DEFINE_ENUM_VALUE (BED_VERIFICATION_NOT_CHECKED, "not-checked"),
                    G_DEFINE_ENUM_VALUE (BED_VERIFICATION_MATCHED, "matched"),
                    G_DEFINE_ENUM_VALUE (BED_VERIFICATION_DIFFERED, "differed"))

static GParamSpec *properties[N_PROPS];

static void
set_text (BedEncounter *self, guint property, const char *text)
{
  text = text != NULL ? text : "";
  if (g_str_equal (self->texts[property], text))
    return;
  g_free (self->texts[property]);
  self->texts[property] = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_number (BedEncounter *self, guint property, gint64 number)
{
  if (self->numbers[property] == number)
    return;
  self->numbers[property] = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_consent (BedEncounter *self, const BedPatientConsent *consent)
{
  if (self->consent == consent
      || (self->consent != NULL && consent != NULL
          && bed_patient_consent_equal (self->consent, consent)))
    return;
  g_clear_pointer (&self->consent, bed_patient_consent_free);
  self->consent = consent != NULL ? bed_patient_consent_copy (consent) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONSENT]);
}

void
bed_encounter_fill (BedEncounter *self, const BedEncounterRow *row)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_number (self, PROP_ID, row->id);
  set_number (self, PROP_PATIENT_ID, row->patient_id);
  set_number (self, PROP_STARTED_US, row->started_us);
  set_number (self, PROP_ENDED_US, row->ended_us);
  set_text (self, PROP_UUID, row->uuid);
  set_text (self, PROP_PATIENT_NAME, row->patient_name);
  set_text (self, PROP_TYPED_NAME, row->typed_name);
  set_text (self, PROP_CALLBACK, row->callback);
  set_text (self, PROP_LOCATION, row->location);
  set_text (self, PROP_CIPHER, row->cipher);
  set_text (self, PROP_PATH, row->path);
  set_consent (self, row->consent);
  if (self->state != row->state)
    {
      self->state = row->state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (self->verification != row->verification)
    {
      self->verification = row->verification;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERIFICATION]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
bed_encounter_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedEncounter *self = BED_ENCOUNTER (object);

  if (id < PROP_UUID)
    g_value_set_int64 (value, self->numbers[id]);
  else if (id < PROP_STATE)
    g_value_set_string (value, self->texts[id]);
  else if (id == PROP_STATE)
    g_value_set_enum (value, (gint) self->state);
  else if (id == PROP_VERIFICATION)
    g_value_set_enum (value, (gint) self->verification);
  else if (id == PROP_CONSENT)
    g_value_set_boxed (value, self->consent);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_encounter_finalize (GObject *object)
{
  BedEncounter *self = BED_ENCOUNTER (object);

  for (guint i = PROP_UUID; i < PROP_STATE; i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->consent, bed_patient_consent_free);
  G_OBJECT_CLASS (bed_encounter_parent_class)->finalize (object);
}

static void
bed_encounter_class_init (BedEncounterClass *klass)
{
  static const char *const names[N_PROPS]
      = { NULL,         "id",       "patient-id", "started-us", "ended-us", "uuid", "patient-name",
          "typed-name", "callback", "location",   "cipher",     "path" };
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_encounter_get_property;
  object_class->finalize = bed_encounter_finalize;
  for (guint i = PROP_ID; i < PROP_UUID; i++)
    properties[i] = g_param_spec_int64 (names[i], NULL, NULL, 0, G_MAXINT64, 0, flags);
  for (guint i = PROP_UUID; i < PROP_STATE; i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, "", flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BED_TYPE_ENCOUNTER_STATE,
                                              BED_ENCOUNTER_PLANNED, flags);
  properties[PROP_VERIFICATION] = g_param_spec_enum ("verification", NULL, NULL,
                                                     BED_TYPE_VERIFICATION,
                                                     BED_VERIFICATION_NOT_CHECKED, flags);
  properties[PROP_CONSENT] = g_param_spec_boxed ("consent", NULL, NULL, BED_TYPE_PATIENT_CONSENT,
                                                 flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_encounter_init (BedEncounter *self)
{
  for (guint i = PROP_UUID; i < PROP_STATE; i++)
    self->texts[i] = g_strdup ("");
}

gint64
bed_encounter_get_id (BedEncounter *self)
{
  return self->numbers[PROP_ID];
}

const char *
bed_encounter_get_uuid (BedEncounter *self)
{
  return self->texts[PROP_UUID];
}

gint64
bed_encounter_get_patient_id (BedEncounter *self)
{
  return self->numbers[PROP_PATIENT_ID];
}

const char *
bed_encounter_get_patient_name (BedEncounter *self)
{
  return self->texts[PROP_PATIENT_NAME];
}

const char *
bed_encounter_get_typed_name (BedEncounter *self)
{
  return self->texts[PROP_TYPED_NAME];
}

const char *
bed_encounter_get_callback (BedEncounter *self)
{
  return self->texts[PROP_CALLBACK];
}

const char *
bed_encounter_get_location (BedEncounter *self)
{
  return self->texts[PROP_LOCATION];
}

BedEncounterState
bed_encounter_get_state (BedEncounter *self)
{
  return self->state;
}

gint64
bed_encounter_get_started_us (BedEncounter *self)
{
  return self->numbers[PROP_STARTED_US];
}

gint64
bed_encounter_get_ended_us (BedEncounter *self)
{
  return self->numbers[PROP_ENDED_US];
}

const BedPatientConsent *
bed_encounter_get_consent (BedEncounter *self)
{
  return self->consent;
}

const char *
bed_encounter_get_cipher (BedEncounter *self)
{
  return self->texts[PROP_CIPHER];
}

const char *
bed_encounter_get_path (BedEncounter *self)
{
  return self->texts[PROP_PATH];
}

BedVerification
bed_encounter_get_verification (BedEncounter *self)
{
  return self->verification;
}
