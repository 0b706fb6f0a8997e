/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-doorbell-private.h"
#include "bed-log.h"

#define SEATS_MAX 256

struct _BedDoorbell
{
  GObject parent_instance;
  BedClock *clock;             /* owned */
  BedSignallingClient *client; /* owned */
  GHashTable *present, *known; /* owned sets of "room peer": there now; and those rung for */
  guint8 pin[BED_HASH_BYTES];
  gint64 since_s; /* who was there before was announced before */
  gboolean ended;
};

enum { RANG, N_SIGNALS };
static guint signals[N_SIGNALS];
enum { PROP_0, PROP_N_WAITING, PROP_STATE, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BedDoorbell, bed_doorbell, G_TYPE_OBJECT)

GType
bed_doorbell_state_get_type (void)
{
  static const GEnumValue values[] = {
    { BED_DOORBELL_STATE_AWAY, "BED_DOORBELL_STATE_AWAY", "away" },
    { BED_DOORBELL_STATE_READY, "BED_DOORBELL_STATE_READY", "ready" },
    { BED_DOORBELL_STATE_ENDED, "BED_DOORBELL_STATE_ENDED", "ended" },
    { 0 },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BedDoorbellState", values));
  return type;
}

static void
notify (BedDoorbell *self, guint id)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[id]);
}

static void
on_arrived (BedSignallingClient *client, const char *room, const char *peer, gint64 since_s,
            gboolean second_device, gboolean admitted, BedDoorbell *self)
{
  g_autofree char *seat = g_strconcat (room, " ", peer, NULL);
  gboolean news;

  /* A second browser with the same link is not a second person. */
  if (second_device || g_hash_table_size (self->present) >= SEATS_MAX)
    return;
  if (g_hash_table_size (self->known) >= SEATS_MAX)
    g_hash_table_remove_all (self->known);
  news = since_s >= self->since_s && !g_hash_table_contains (self->known, seat);
  g_hash_table_add (self->known, g_strdup (seat));
  g_hash_table_add (self->present, g_steal_pointer (&seat));
  notify (self, PROP_N_WAITING);
  if (news)
    g_signal_emit (self, signals[RANG], 0);
}

static void
on_left (BedSignallingClient *client, const char *room, const char *peer, BedDoorbell *self)
{
  g_autofree char *seat = g_strconcat (room, " ", peer, NULL);

  if (g_hash_table_remove (self->present, seat))
    notify (self, PROP_N_WAITING);
}

static void
forget_seats (BedDoorbell *self)
{
  g_hash_table_remove_all (self->present);
  notify (self, PROP_N_WAITING);
}

/* Who is there is told next. */
static void
on_welcome (BedSignallingClient *client, gboolean admitted, BedDoorbell *self)
{
  forget_seats (self);
}

static void
on_state (BedSignallingClient *client, GParamSpec *pspec, BedDoorbell *self)
{
  if (bed_signalling_client_get_state (client) != BED_SIGNALLING_STATE_ONLINE)
    forget_seats (self);
  notify (self, PROP_STATE);
}

static void
on_signed_out (BedSignallingClient *client, BedDoorbell *self)
{
  self->ended = TRUE;
  forget_seats (self);
  notify (self, PROP_STATE);
}

guint
bed_doorbell_get_n_waiting (BedDoorbell *self)
{
  return g_hash_table_size (self->present);
}

BedDoorbellState
bed_doorbell_get_state (BedDoorbell *self)
{
  if (self->ended)
    return BED_DOORBELL_STATE_ENDED;
  return bed_signalling_client_get_state (self->client) == BED_SIGNALLING_STATE_ONLINE
             ? BED_DOORBELL_STATE_READY
             : BED_DOORBELL_STATE_AWAY;
}

static void
stop (BedDoorbell *self)
{
  g_signal_handlers_disconnect_by_data (self->client, self);
  bed_signalling_client_close (self->client);
  bed_signalling_client_set_tokens (self->client, NULL, 0, NULL);
}

BedSecret *
bed_doorbell_take_down (BedDoorbell *self)
{
  BedSecret *keys
      = self->ended ? NULL : bed_doorbell_pack (self->client, self->pin, self->clock);

  stop (self);
  self->ended = TRUE;
  forget_seats (self);
  notify (self, PROP_STATE);
  return keys;
}

static void
bed_doorbell_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedDoorbell *self = BED_DOORBELL (object);

  if (id == PROP_N_WAITING)
    g_value_set_uint (value, bed_doorbell_get_n_waiting (self));
  else if (id == PROP_STATE)
    g_value_set_enum (value, bed_doorbell_get_state (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_doorbell_dispose (GObject *object)
{
  BedDoorbell *self = BED_DOORBELL (object);

  if (self->client != NULL)
    stop (self);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->present, g_hash_table_unref);
  g_clear_pointer (&self->known, g_hash_table_unref);
  G_OBJECT_CLASS (bed_doorbell_parent_class)->dispose (object);
}

static void
bed_doorbell_class_init (BedDoorbellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = bed_doorbell_dispose;
  object_class->get_property = bed_doorbell_get_property;
  props[PROP_N_WAITING] = g_param_spec_uint ("n-waiting", NULL, NULL, 0, SEATS_MAX, 0, flags);
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BED_TYPE_DOORBELL_STATE, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[RANG] = g_signal_new ("rang", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_doorbell_init (BedDoorbell *self)
{
  self->present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
follow (BedDoorbell *self)
{
  g_signal_connect (self->client, "arrived", G_CALLBACK (on_arrived), self);
  g_signal_connect (self->client, "left", G_CALLBACK (on_left), self);
  g_signal_connect (self->client, "welcome", G_CALLBACK (on_welcome), self);
  g_signal_connect (self->client, "notify::state", G_CALLBACK (on_state), self);
  g_signal_connect (self->client, "signed-out", G_CALLBACK (on_signed_out), self);
  bed_signalling_client_watch (self->client);
}

BedDoorbell *
bed_doorbell_new (BedSecret *packed, BedClock *clock, const char *ca_file)
{
  g_autoptr (BedDoorbellKeys) keys = bed_doorbell_unpack (packed);
  g_autoptr (BedDoorbell) self = NULL;
  g_autoptr (GError) error = NULL;

  if (keys == NULL)
    return NULL;
  self = g_object_new (BED_TYPE_DOORBELL, NULL);
  self->clock = g_object_ref (clock);
  self->since_s = keys->since_s;
  memcpy (self->pin, keys->pin, sizeof self->pin);
  self->client = bed_signalling_client_new (keys->authority, clock);
  if (ca_file == NULL)
    bed_signalling_client_set_pin (self->client, keys->pin);
  else if (!bed_signalling_client_set_ca_file (self->client, ca_file, &error))
    g_warning ("the authorities' file cannot be read: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
  bed_doorbell_keys_give (keys, self->client, clock);
  /* The vault has this one and is closed: however the lock ends, the unlock can go on with it. */
  bed_signalling_client_keep_refresh_token (self->client);
  follow (self);
  return g_steal_pointer (&self);
}
