/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sealed-link-private.h"

#include <string.h>

#define HELLOS_PER_MINUTE 3
#define MINUTE_US (60 * G_USEC_PER_SEC)
#define ASK_AFTER_MS 1000

struct _BedSealedLink
{
  GObject parent_instance;

  BedRole role;
  /* owned */
  BedSealedChannel *channel;
  BedSignallingClient *client;
  BedClock *clock;
  char *room;
  char *peer;
  guint again;
  gint64 hellos[HELLOS_PER_MINUTE]; /* µs monotonic, oldest first */
};

enum { BEGUN, MESSAGE, LOST, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedSealedLink, bed_sealed_link, G_TYPE_OBJECT)

static void
say_hello (BedSealedLink *self)
{
  g_autofree char *hello = NULL;

  memmove (self->hellos, self->hellos + 1, sizeof self->hellos - sizeof self->hellos[0]);
  self->hellos[HELLOS_PER_MINUTE - 1] = bed_clock_get_monotonic_us (self->clock);
  hello = bed_sealed_channel_start (self->channel);
  bed_signalling_client_relay (self->client, self->room, self->peer, hello);
}

static gboolean
on_again (gpointer data)
{
  BedSealedLink *self = data;

  self->again = 0;
  say_hello (self);
  return G_SOURCE_REMOVE;
}

/* The patient's side begins anew after a loss, but not without end. */
static void
begin_again (BedSealedLink *self)
{
  gint64 now = bed_clock_get_monotonic_us (self->clock);
  gint64 wait_us = self->hellos[0] == 0 ? 0 : self->hellos[0] + MINUTE_US - now;

  if (self->role != BED_ROLE_PATIENT || self->again != 0)
    return;
  if (wait_us <= 0)
    say_hello (self);
  else
    self->again = g_timeout_add (wait_us / 1000 + 1, on_again, self);
}

/* A page that was there before this app was has a session with the one before it. */
static gboolean
on_ask (gpointer data)
{
  BedSealedLink *self = data;
  g_autofree char *ask = NULL;

  self->again = 0;
  if (!bed_sealed_channel_is_open (self->channel))
    {
      ask = bed_sealed_channel_ask_hello (self->channel);
      bed_signalling_client_relay (self->client, self->room, self->peer, ask);
    }
  return G_SOURCE_REMOVE;
}

void
bed_sealed_link_start (BedSealedLink *self)
{
  if (self->role == BED_ROLE_PATIENT)
    begin_again (self);
  else if (self->again == 0)
    self->again = g_timeout_add (ASK_AFTER_MS, on_ask, self);
}

static void
take_message (BedSealedLink *self, const BedSealedOutput *output)
{
  BedRole sender = self->role == BED_ROLE_PATIENT ? BED_ROLE_CLINICIAN : BED_ROLE_PATIENT;
  g_autoptr (BedSealedMessage) message
    = bed_sealed_message_decode (sender, output->type, output->text, output->length, NULL);

  /* A word that this version does not know is passed over, as the protocol asks. */
  if (message != NULL)
    g_signal_emit (self, signals[MESSAGE], 0, message);
}

void
bed_sealed_link_receive (BedSealedLink *self, const char *data)
{
  g_auto (BedSealedOutput) output = { 0 };
  g_autoptr (BedSealedLink) keep = g_object_ref (self);
  BedSealedEvent event = bed_sealed_channel_receive (self->channel, data, strlen (data), &output);

  if (output.reply != NULL)
    bed_signalling_client_relay (self->client, self->room, self->peer, output.reply);
  switch (event)
    {
    case BED_SEALED_BEGUN:
      g_signal_emit (self, signals[BEGUN], 0);
      break;
    case BED_SEALED_MESSAGE:
      take_message (self, &output);
      break;
    case BED_SEALED_LOST:
    case BED_SEALED_PEER_LOST:
      g_signal_emit (self, signals[LOST], 0, event == BED_SEALED_LOST);
      begin_again (self);
      break;
    case BED_SEALED_IGNORED:
    case BED_SEALED_MALFORMED:
    default:
      break;
    }
}

gboolean
bed_sealed_link_send (BedSealedLink *self, const BedSealedMessage *message)
{
  g_autofree char *json = bed_sealed_message_encode (message);
  g_autofree char *sealed = bed_sealed_channel_seal (
      self->channel, bed_sealed_type_to_string (message->type), json, NULL);

  return sealed != NULL
         && bed_signalling_client_relay (self->client, self->room, self->peer, sealed);
}

gboolean
bed_sealed_link_is_open (BedSealedLink *self)
{
  return bed_sealed_channel_is_open (self->channel);
}

BedRole
bed_sealed_link_get_role (BedSealedLink *self)
{
  return self->role;
}

const guint8 *
bed_sealed_link_get_id (BedSealedLink *self, BedRole role)
{
  return bed_sealed_channel_get_id (self->channel, role);
}

static void
bed_sealed_link_dispose (GObject *object)
{
  BedSealedLink *self = BED_SEALED_LINK (object);

  g_clear_handle_id (&self->again, g_source_remove);
  g_clear_object (&self->channel);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->room, g_free);
  g_clear_pointer (&self->peer, g_free);
  G_OBJECT_CLASS (bed_sealed_link_parent_class)->dispose (object);
}

static void
bed_sealed_link_class_init (BedSealedLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_sealed_link_dispose;
  signals[BEGUN] = g_signal_new ("begun", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
bed_sealed_link_init (BedSealedLink *self)
{
}

BedSealedLink *
bed_sealed_link_new (BedRole role, BedInvite *invite, BedSignallingClient *client, const char *room,
                     const char *peer, BedClock *clock)
{
  BedSealedLink *self = g_object_new (BED_TYPE_SEALED_LINK, NULL);

  self->role = role;
  self->channel = bed_sealed_channel_new (role, invite);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  self->room = g_strdup (room);
  self->peer = g_strdup (peer);
  return self;
}
