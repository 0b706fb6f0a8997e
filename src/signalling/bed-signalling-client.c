/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-signalling-client-private.h"

#define PATIENCE_SECONDS 30
#define RENEW_MIN_SECONDS 60

enum
{
  PROP_STATE = 1,
  PROP_HOST_ONLINE,
  PROP_POSITION,
  N_PROPS,
};

G_DEFINE_QUARK (bed-signalling-error-quark, bed_signalling_error)
G_DEFINE_FINAL_TYPE (BedSignallingClient, bed_signalling_client, G_TYPE_OBJECT)

static GParamSpec *props[N_PROPS];
static guint signals[BED_SIGNAL_COUNT];

GType
bed_signalling_state_get_type (void)
{
  static const GEnumValue values[] = {
    { BED_SIGNALLING_STATE_CLOSED, "BED_SIGNALLING_STATE_CLOSED", "closed" },
    { BED_SIGNALLING_STATE_CONNECTING, "BED_SIGNALLING_STATE_CONNECTING", "connecting" },
    { BED_SIGNALLING_STATE_ONLINE, "BED_SIGNALLING_STATE_ONLINE", "online" },
    { BED_SIGNALLING_STATE_WAITING, "BED_SIGNALLING_STATE_WAITING", "waiting" },
    { 0 },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BedSignallingState", values));
  return type;
}

static void
bed_signalling_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedSignallingClient *self = BED_SIGNALLING_CLIENT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_HOST_ONLINE:
      g_value_set_boolean (value, self->host_online);
      break;
    case PROP_POSITION:
      g_value_set_uint (value, self->position);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_signalling_client_dispose (GObject *object)
{
  BedSignallingClient *self = BED_SIGNALLING_CLIENT (object);

  g_cancellable_cancel (self->life);
  bed_signalling_client_stop_socket (self);
  if (self->http != NULL)
    soup_session_abort (self->http);
  g_clear_object (&self->http);
  G_OBJECT_CLASS (bed_signalling_client_parent_class)->dispose (object);
}

static void
bed_signalling_client_finalize (GObject *object)
{
  BedSignallingClient *self = BED_SIGNALLING_CLIENT (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->life);
  bed_trust_clear (&self->trust);
  g_clear_pointer (&self->access, bed_secret_unref);
  g_clear_pointer (&self->refresh, bed_secret_unref);
  g_clear_pointer (&self->token, bed_secret_unref);
  g_clear_pointer (&self->waiting_for_tokens, g_array_unref);
  g_clear_pointer (&self->hop, bed_hop_free);
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  g_free (self->authority);
  g_free (self->room);
  g_free (self->peer);
  G_OBJECT_CLASS (bed_signalling_client_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  signals[BED_SIGNAL_ARRIVED]
      = g_signal_new ("arrived", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 5,
                      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT64, G_TYPE_BOOLEAN, G_TYPE_BOOLEAN);
  signals[BED_SIGNAL_LEFT] = g_signal_new ("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[BED_SIGNAL_ROOM] = g_signal_new ("room", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
  signals[BED_SIGNAL_RELAY]
      = g_signal_new ("relay", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[BED_SIGNAL_OVER] = g_signal_new ("over", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_INT);
  signals[BED_SIGNAL_REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                              NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[BED_SIGNAL_WELCOME] = g_signal_new ("welcome", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                              NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[BED_SIGNAL_TOKENS]
      = g_signal_new ("tokens", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BED_SIGNAL_SIGNED_OUT]
      = g_signal_new ("signed-out", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_signalling_client_class_init (BedSignallingClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_signalling_client_get_property;
  object_class->dispose = bed_signalling_client_dispose;
  object_class->finalize = bed_signalling_client_finalize;
  props[PROP_STATE] = g_param_spec_enum (
      "state", NULL, NULL, BED_TYPE_SIGNALLING_STATE, BED_SIGNALLING_STATE_CLOSED,
      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_HOST_ONLINE]
      = g_param_spec_boolean ("host-online", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_POSITION]
      = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
bed_signalling_client_init (BedSignallingClient *self)
{
  self->life = g_cancellable_new ();
  self->patience_s = PATIENCE_SECONDS;
  self->renew_min_s = RENEW_MIN_SECONDS;
  self->hop = bed_hop_new ();
  self->waiting_for_tokens = g_array_new (FALSE, FALSE, 2 * sizeof (gpointer));
  bed_random_bytes (self->seat, sizeof self->seat);
  bed_signalling_client_init_http (self);
}

BedSignallingClient *
bed_signalling_client_new (const char *authority, BedClock *clock)
{
  BedSignallingClient *self = g_object_new (BED_TYPE_SIGNALLING_CLIENT, NULL);

  self->authority = g_strdup (authority);
  self->clock = g_object_ref (clock);
  return self;
}

const char *
bed_signalling_client_get_authority (BedSignallingClient *self)
{
  return self->authority;
}

void
bed_signalling_client_set_pin (BedSignallingClient *self, const guint8 pin[BED_HASH_BYTES])
{
  self->trust.pinned = TRUE;
  memcpy (self->trust.pin, pin, BED_HASH_BYTES);
  soup_session_set_tls_database (self->http, NULL);
}

gboolean
bed_signalling_client_set_ca_file (BedSignallingClient *self, const char *path, GError **error)
{
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, error);

  if (database == NULL)
    return FALSE;
  g_set_object (&self->trust.database, database);
  if (!self->trust.pinned)
    soup_session_set_tls_database (self->http, database);
  return TRUE;
}

void
bed_signalling_client_set_admission (BedSignallingClient *self, const char *room, BedSecret *token)
{
  g_free (self->room);
  g_clear_pointer (&self->token, bed_secret_unref);
  self->room = g_strdup (room);
  self->token = bed_secret_ref (token);
}

guint
bed_signalling_client_get_signal (BedSignallingSignal signal)
{
  return signals[signal];
}

void
bed_signalling_client_set_state (BedSignallingClient *self, BedSignallingState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
bed_signalling_client_set_position (BedSignallingClient *self, guint position)
{
  if (self->position == position)
    return;
  self->position = position;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_POSITION]);
}

void
bed_signalling_client_set_host_online (BedSignallingClient *self, gboolean online)
{
  if (self->host_online == online)
    return;
  self->host_online = online;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOST_ONLINE]);
}

BedSignallingState
bed_signalling_client_get_state (BedSignallingClient *self)
{
  return self->state;
}

GPtrArray *
bed_signalling_client_get_ice_servers (BedSignallingClient *self)
{
  return self->ice_servers;
}

guint
bed_signalling_client_get_position (BedSignallingClient *self)
{
  return self->position;
}

gboolean
bed_signalling_client_get_host_online (BedSignallingClient *self)
{
  return self->host_online;
}

gint64
bed_signalling_client_get_clock_offset_us (BedSignallingClient *self)
{
  return self->clock_offset_us;
}
