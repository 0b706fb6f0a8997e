/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-session-private.h"

enum
{
  PROP_ROOM = 1,
  PROP_LABEL,
  PROP_PATIENT_ID,
  PROP_TIME,
  PROP_CREATED,
  PROP_EXPIRES,
  PROP_STATE,
  PROP_LINK,
  N_PROPS,
};

struct _BedSessionInvite
{
  GObject parent;
  /* owned */
  BedInvite *invite;
  BedInviteRecord *record;
  char *link;
};

G_DEFINE_FINAL_TYPE (BedSessionInvite, bed_session_invite, G_TYPE_OBJECT)
static GParamSpec *props[N_PROPS];

static const char *const state_words[] = {
  "created", "opened", "waiting", "admitted", "ended", "revoked", "expired", NULL,
};
static const BedWireField record_fields[] = {
  { "label", BED_WIRE_STRING, G_STRUCT_OFFSET (BedInviteRecord, label), 1024 },
  { "patient_id", BED_WIRE_INT, G_STRUCT_OFFSET (BedInviteRecord, patient_id), G_MAXINT64 },
  { "time", BED_WIRE_INT, G_STRUCT_OFFSET (BedInviteRecord, time), G_MAXINT64 },
  { "created", BED_WIRE_INT, G_STRUCT_OFFSET (BedInviteRecord, created), G_MAXINT64 },
  { "expires", BED_WIRE_INT, G_STRUCT_OFFSET (BedInviteRecord, expires), G_MAXINT64 },
  { "language", BED_WIRE_STRING, G_STRUCT_OFFSET (BedInviteRecord, language), 35 },
  { "relay_only", BED_WIRE_BOOL, G_STRUCT_OFFSET (BedInviteRecord, relay_only) },
  { "passcode", BED_WIRE_STRING_OPTIONAL, G_STRUCT_OFFSET (BedInviteRecord, passcode), 32 },
  { "passcode_tries", BED_WIRE_INT_OPTIONAL, G_STRUCT_OFFSET (BedInviteRecord, passcode_tries),
    1000 },
  { "state", BED_WIRE_ENUM, G_STRUCT_OFFSET (BedInviteRecord, state), 0, state_words },
  { NULL },
};
BED_WIRE_SCHEMA (BedInviteRecord, bed_invite_record, record_fields)

static void
bed_session_invite_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedSessionInvite *self = BED_SESSION_INVITE (object);

  switch (id)
    {
    case PROP_ROOM:
      g_value_set_string (value, bed_session_invite_get_room (self));
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->record->label);
      break;
    case PROP_PATIENT_ID:
      g_value_set_int64 (value, self->record->patient_id);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->record->time);
      break;
    case PROP_CREATED:
      g_value_set_int64 (value, self->record->created);
      break;
    case PROP_EXPIRES:
      g_value_set_int64 (value, self->record->expires);
      break;
    case PROP_STATE:
      g_value_set_int (value, (int) self->record->state);
      break;
    case PROP_LINK:
      g_value_set_string (value, self->link);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_session_invite_finalize (GObject *object)
{
  BedSessionInvite *self = BED_SESSION_INVITE (object);

  bed_invite_unref (self->invite);
  bed_invite_record_free (self->record);
  bed_secret_wipe (self->link, strlen (self->link));
  g_free (self->link);
  G_OBJECT_CLASS (bed_session_invite_parent_class)->finalize (object);
}

static void
bed_session_invite_class_init (BedSessionInviteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bed_session_invite_get_property;
  object_class->finalize = bed_session_invite_finalize;
  props[PROP_ROOM] = g_param_spec_string ("room", NULL, NULL, NULL, flags);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  props[PROP_PATIENT_ID] = g_param_spec_int64 ("patient-id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_CREATED] = g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_EXPIRES] = g_param_spec_int64 ("expires", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, BED_ROOM_STATE_EXPIRED, 0, flags);
  props[PROP_LINK] = g_param_spec_string ("link", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bed_session_invite_init (BedSessionInvite *self)
{
}

BedSessionInvite *
bed_session_invite_new (const char *authority, BedInvite *invite, BedInviteRecord *record)
{
  BedSessionInvite *self = g_object_new (BED_TYPE_SESSION_INVITE, NULL);

  self->invite = bed_invite_ref (invite);
  self->record = record;
  self->link = bed_invite_dup_link (invite, authority, FALSE);
  return self;
}

void
bed_session_invite_set_state (BedSessionInvite *self, BedRoomState state)
{
  if (self->record->state == state)
    return;
  self->record->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

const BedInviteRecord *
bed_session_invite_get_record (BedSessionInvite *self)
{
  return self->record;
}

const char *
bed_session_invite_get_room (BedSessionInvite *self)
{
  return bed_invite_get_room (self->invite);
}

const char *
bed_session_invite_get_label (BedSessionInvite *self)
{
  return self->record->label;
}

gint64
bed_session_invite_get_patient_id (BedSessionInvite *self)
{
  return self->record->patient_id;
}

gint64
bed_session_invite_get_time (BedSessionInvite *self)
{
  return self->record->time;
}

gint64
bed_session_invite_get_created (BedSessionInvite *self)
{
  return self->record->created;
}

gint64
bed_session_invite_get_expires (BedSessionInvite *self)
{
  return self->record->expires;
}

const char *
bed_session_invite_get_language (BedSessionInvite *self)
{
  return self->record->language;
}

gboolean
bed_session_invite_get_relay_only (BedSessionInvite *self)
{
  return self->record->relay_only;
}

const char *
bed_session_invite_get_passcode (BedSessionInvite *self)
{
  return self->record->passcode != NULL ? self->record->passcode : "";
}

guint
bed_session_invite_get_passcode_left (BedSessionInvite *self)
{
  gint64 tries = CLAMP (self->record->passcode_tries, 0, BED_PASSCODE_TRIES);

  return BED_PASSCODE_TRIES - tries;
}

void
bed_session_invite_add_wrong_try (BedSessionInvite *self)
{
  self->record->passcode_tries = MAX (self->record->passcode_tries, 0) + 1;
}

BedRoomState
bed_session_invite_get_state (BedSessionInvite *self)
{
  return self->record->state;
}

const char *
bed_session_invite_get_link (BedSessionInvite *self)
{
  return self->link;
}

BedQr *
bed_session_invite_dup_qr (BedSessionInvite *self)
{
  return bed_qr_new (self->link);
}

BedInvite *
bed_session_invite_get_invite (BedSessionInvite *self)
{
  return self->invite;
}
