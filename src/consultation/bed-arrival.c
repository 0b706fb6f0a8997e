/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-arrival-private.h"

#include "bed-display-text-private.h"

#define NAME_MAX_CHARACTERS 100
#define LOCATION_MAX_CHARACTERS 300

struct _BedArrival
{
  GObject parent_instance;

  /* owned */
  char *room, *peer, *label;
  char *name, *callback, *location;
  BedSealedLink *link;
  BedPatientConsent *consent;

  gint64 since_us;
  gboolean ready, camera, microphone, speaker;
  gboolean second_device, online, returning;
  BedPasscode passcode;
  guint passcode_left;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_LABEL,
  PROP_SINCE,
  PROP_READY,
  PROP_CAMERA,
  PROP_MICROPHONE,
  PROP_SPEAKER,
  PROP_SECOND_DEVICE,
  PROP_ONLINE,
  PROP_RETURNING,
  PROP_PASSCODE,
  PROP_TEXT_KNOWN,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BedArrival, bed_arrival, G_TYPE_OBJECT)

static void
bed_arrival_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedArrival *self = BED_ARRIVAL (object);

  switch (id)
    {
    case PROP_NAME: g_value_set_string (value, self->name); break;
    case PROP_LABEL: g_value_set_string (value, self->label); break;
    case PROP_SINCE: g_value_set_int64 (value, self->since_us); break;
    case PROP_READY: g_value_set_boolean (value, self->ready); break;
    case PROP_CAMERA: g_value_set_boolean (value, self->camera); break;
    case PROP_MICROPHONE: g_value_set_boolean (value, self->microphone); break;
    case PROP_SPEAKER: g_value_set_boolean (value, self->speaker); break;
    case PROP_SECOND_DEVICE: g_value_set_boolean (value, self->second_device); break;
    case PROP_ONLINE: g_value_set_boolean (value, self->online); break;
    case PROP_RETURNING: g_value_set_boolean (value, self->returning); break;
    case PROP_PASSCODE: g_value_set_int (value, self->passcode); break;
    case PROP_TEXT_KNOWN: g_value_set_boolean (value, bed_arrival_get_text_known (self)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_arrival_dispose (GObject *object)
{
  g_clear_object (&BED_ARRIVAL (object)->link);
  G_OBJECT_CLASS (bed_arrival_parent_class)->dispose (object);
}

static void
bed_arrival_finalize (GObject *object)
{
  BedArrival *self = BED_ARRIVAL (object);

  g_free (self->room);
  g_free (self->peer);
  g_free (self->label);
  g_free (self->name);
  g_free (self->callback);
  g_free (self->location);
  g_clear_pointer (&self->consent, bed_patient_consent_free);
  G_OBJECT_CLASS (bed_arrival_parent_class)->finalize (object);
}

static void
add_flag (guint id, const char *name)
{
  properties[id]
      = g_param_spec_boolean (name, NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
bed_arrival_class_init (BedArrivalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_arrival_get_property;
  object_class->dispose = bed_arrival_dispose;
  object_class->finalize = bed_arrival_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  properties[PROP_SINCE] = g_param_spec_int64 ("since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  add_flag (PROP_READY, "ready");
  add_flag (PROP_CAMERA, "camera");
  add_flag (PROP_MICROPHONE, "microphone");
  add_flag (PROP_SPEAKER, "speaker");
  add_flag (PROP_SECOND_DEVICE, "second-device");
  add_flag (PROP_ONLINE, "online");
  add_flag (PROP_RETURNING, "returning");
  add_flag (PROP_TEXT_KNOWN, "text-known");
  properties[PROP_PASSCODE]
      = g_param_spec_int ("passcode", NULL, NULL, 0, BED_PASSCODE_RIGHT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_arrival_init (BedArrival *self)
{
  self->name = g_strdup ("");
  self->callback = g_strdup ("");
  self->location = g_strdup ("");
  self->online = TRUE;
}

BedArrival *
bed_arrival_new (const char *room, const char *peer, const char *label, gint64 since_us,
                 gboolean second_device, gboolean returning, BedSealedLink *link)
{
  BedArrival *self = g_object_new (BED_TYPE_ARRIVAL, NULL);

  self->room = g_strdup (room);
  self->peer = g_strdup (peer);
  self->label = g_strdup (label);
  self->since_us = since_us;
  self->second_device = second_device;
  self->returning = returning;
  self->link = g_object_ref (link);
  return self;
}

static BedPatientConsent *
read_consent (const BedSealedMessage *join)
{
  return bed_patient_consent_new (
      join->consent.version, join->consent.hash, sizeof join->consent.hash, join->consent.language,
      join->consent.time * G_USEC_PER_SEC, join->devices.camera, join->devices.microphone);
}

void
bed_arrival_set_details (BedArrival *self, const BedSealedMessage *join)
{
  g_free (self->name);
  g_free (self->callback);
  g_free (self->location);
  self->name = bed_display_text (join->name, NAME_MAX_CHARACTERS, FALSE);
  self->callback = bed_display_text (join->callback, NAME_MAX_CHARACTERS, FALSE);
  self->location = bed_display_text (join->location, LOCATION_MAX_CHARACTERS, FALSE);
  g_clear_pointer (&self->consent, bed_patient_consent_free);
  self->consent = read_consent (join);
  self->camera = join->devices.camera;
  self->microphone = join->devices.microphone;
  self->speaker = join->devices.speaker;
  /* Nobody is let in who has not agreed. */
  self->ready = self->consent != NULL && join->consent.agreed;
  for (guint id = PROP_NAME; id < N_PROPS; id++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

void
bed_arrival_clear_details (BedArrival *self)
{
  self->ready = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
set_flag (BedArrival *self, gboolean *flag, gboolean value, guint id)
{
  if (*flag == value)
    return;
  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

void
bed_arrival_set_passcode (BedArrival *self, BedPasscode passcode, guint left)
{
  self->passcode = passcode;
  self->passcode_left = left;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PASSCODE]);
}

BedPasscode
bed_arrival_get_passcode (BedArrival *self)
{
  return self->passcode;
}

guint
bed_arrival_get_passcode_left (BedArrival *self)
{
  return self->passcode_left;
}

gboolean
bed_arrival_get_admissible (BedArrival *self)
{
  return self->ready
         && (self->passcode == BED_PASSCODE_NONE || self->passcode == BED_PASSCODE_RIGHT);
}

void
bed_arrival_set_online (BedArrival *self, gboolean online)
{
  set_flag (self, &self->online, online, PROP_ONLINE);
}

void
bed_arrival_set_second_device (BedArrival *self, gboolean second_device)
{
  set_flag (self, &self->second_device, second_device, PROP_SECOND_DEVICE);
}

void
bed_arrival_set_returning (BedArrival *self, gboolean returning)
{
  set_flag (self, &self->returning, returning, PROP_RETURNING);
}

const BedPatientConsent *
bed_arrival_get_consent (BedArrival *self)
{
  return self->consent;
}

void
bed_arrival_set_text_unknown (BedArrival *self)
{
  g_autoptr (BedPatientConsent) before = g_steal_pointer (&self->consent);

  self->consent = bed_patient_consent_copy_unknown (before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT_KNOWN]);
}

gboolean
bed_arrival_get_text_known (BedArrival *self)
{
  return self->consent == NULL || bed_patient_consent_get_text_known (self->consent);
}

const char *
bed_arrival_get_room (BedArrival *self)
{
  return self->room;
}

const char *
bed_arrival_get_peer (BedArrival *self)
{
  return self->peer;
}

BedSealedLink *
bed_arrival_get_link (BedArrival *self)
{
  return self->link;
}

const char *
bed_arrival_get_name (BedArrival *self)
{
  return self->name;
}

const char *
bed_arrival_get_label (BedArrival *self)
{
  return self->label;
}

const char *
bed_arrival_get_callback (BedArrival *self)
{
  return self->callback;
}

const char *
bed_arrival_get_location (BedArrival *self)
{
  return self->location;
}

gint64
bed_arrival_get_since (BedArrival *self)
{
  return self->since_us;
}

gboolean
bed_arrival_get_ready (BedArrival *self)
{
  return self->ready;
}

gboolean
bed_arrival_get_camera (BedArrival *self)
{
  return self->camera;
}

gboolean
bed_arrival_get_microphone (BedArrival *self)
{
  return self->microphone;
}

gboolean
bed_arrival_get_speaker (BedArrival *self)
{
  return self->speaker;
}

gboolean
bed_arrival_get_second_device (BedArrival *self)
{
  return self->second_device;
}

gboolean
bed_arrival_get_online (BedArrival *self)
{
  return self->online;
}

gboolean
bed_arrival_get_returning (BedArrival *self)
{
  return self->returning;
}
