/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data channel of a peer connection. */
#include "bed-peer-connection-private.h"

#include <string.h>

#define CHANNEL_LABEL "chat"
#define MAX_WAITING_DATA 1024 /* binary messages until the channel has nothing before them */

static void
tell_data_sent (BedPeerConnection *self, gboolean sent)
{
  if (!self->closed)
    g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_DATA_SENT], 0, sent);
}

static BedDataChannelResult
send_binary (BedPeerConnection *self, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (self->channel == NULL || length > BED_PEER_MAX_DATA)
    return BED_DATA_CHANNEL_NOT_OPEN;
  return bed_data_channel_send_binary (self->channel, data, length);
}

static gboolean
has_room (BedPeerConnection *self)
{
  return self->channel == NULL || bed_data_channel_get_buffered_amount (self->channel) == 0;
}

/* In their order, and behind the texts. Sending may come back here by way of
 * ::buffered-amount-low. */
static void
send_waiting (BedPeerConnection *self)
{
  while (!g_queue_is_empty (&self->waiting_data) && has_room (self))
    {
      g_autoptr (GBytes) bytes = g_queue_pop_head (&self->waiting_data);
      BedDataChannelResult result = send_binary (self, bytes);

      if (result == BED_DATA_CHANNEL_FULL)
        {
          g_queue_push_head (&self->waiting_data, g_steal_pointer (&bytes));
          return;
        }
      tell_data_sent (self, result == BED_DATA_CHANNEL_SENT);
    }
}

static void
on_channel_state (BedDataChannel *channel, BedPeerConnection *self)
{
  send_waiting (self); /* of a channel that is gone: told that it does not go */
  if (!self->closed)
    g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_DATA_CHANNEL_STATE_CHANGED], 0,
                   bed_data_channel_get_state (channel) == BED_DATA_CHANNEL_OPEN);
}

static void
on_channel_message (BedDataChannel *channel, gboolean is_text, GBytes *data,
                    BedPeerConnection *self)
{
  gsize length;
  const char *bytes = g_bytes_get_data (data, &length);
  g_autofree char *text = NULL;

  if (!is_text && length <= BED_PEER_MAX_DATA && !self->closed)
    g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_DATA], 0, data);
  /* Counted by the channel; chat is text. */
  if (!is_text || length > BED_PEER_MAX_TEXT || self->closed
      || (length > 0 && memchr (bytes, '\0', length) != NULL))
    return;
  text = g_strndup (bytes != NULL ? bytes : "", length);
  g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_MESSAGE], 0, text);
}

static void
on_channel_low (BedDataChannel *channel, BedPeerConnection *self)
{
  send_waiting (self);
}

static void
take_channel (BedPeerConnection *self, BedDataChannel *channel)
{
  self->channel = channel;
  g_signal_connect_object (channel, "state-changed", G_CALLBACK (on_channel_state), self, 0);
  g_signal_connect_object (channel, "message", G_CALLBACK (on_channel_message), self, 0);
  g_signal_connect_object (channel, "buffered-amount-low", G_CALLBACK (on_channel_low), self, 0);
}

void
bed_peer_on_data_channel (BedSctpTransport *sctp, BedDataChannel *channel, BedPeerConnection *self)
{
  if (self->channel != NULL || strcmp (bed_data_channel_get_label (channel), CHANNEL_LABEL) != 0)
    {
      bed_data_channel_close (channel);
      return;
    }
  take_channel (self, g_object_ref (channel));
  on_channel_state (channel, self);
}

void
bed_peer_ensure_channel (BedPeerConnection *self)
{
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  g_autoptr (GError) error = NULL;
  BedDataChannel *channel;

  if (self->channel != NULL)
    return;
  init.label = CHANNEL_LABEL;
  channel = bed_sctp_transport_create_channel (self->sctp, &init, &error);
  if (channel != NULL)
    take_channel (self, channel);
  else
    bed_peer_report (self, error);
}

gboolean
bed_peer_connection_send_text (BedPeerConnection *self, const char *text)
{
  gsize length = strlen (text);

  return self->channel != NULL && length <= BED_PEER_MAX_TEXT
         && bed_data_channel_send_text (self->channel, text, length) == BED_DATA_CHANNEL_SENT;
}

void
bed_peer_connection_send_data (BedPeerConnection *self, GBytes *bytes)
{
  if (self->waiting_data.length < MAX_WAITING_DATA)
    {
      g_queue_push_tail (&self->waiting_data, g_bytes_ref (bytes));
      send_waiting (self);
    }
  else
    tell_data_sent (self, FALSE);
}
