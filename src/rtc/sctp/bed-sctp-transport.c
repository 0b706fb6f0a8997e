/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sctp-transport.h"

#include "bed-data-channel-private.h"
#include "bed-sctp-stack-private.h"

#include <string.h>

#define MAX_CHANNELS 64 /* open at the same time, and waiting */

struct _BedSctpTransport
{
  GObject parent_instance;
  /* owned */
  BedSctpStack *stack;
  BedSctpAssociation *association;
  GHashTable *channels; /* stream -> BedDataChannel */
  GQueue waiting;       /* of BedDataChannel without a stream yet */
  GHashTable *partial;  /* stream -> GByteArray; NULL: a message over the limit, thrown away */
  GArray *resets;       /* of guint16, to be asked for */
  /* borrowed */
  BedSctpSendFunc send_func;
  gpointer send_user_data;

  BedSctpState state;
  guint64 remote_max_message;
  gsize partial_bytes;
  guint id;
  guint n_streams; /* that both sides can use */
  guint dropped;
  gboolean dtls_client;
};

enum { STATE_CHANGED, DATA_CHANNEL, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedSctpTransport, bed_sctp_transport, G_TYPE_OBJECT)

/*        START             UP
 *   new ------> connecting ---> connected      DOWN: to closed, from all; closed is final.
 */
static const BedSctpState table[BED_SCTP_N_STATES][BED_SCTP_N_EVENTS] = {
  [BED_SCTP_STATE_NEW] = { BED_SCTP_STATE_CONNECTING, BED_SCTP_STATE_NEW, BED_SCTP_STATE_CLOSED },
  [BED_SCTP_STATE_CONNECTING] = { BED_SCTP_STATE_CONNECTING, BED_SCTP_STATE_CONNECTED,
                                  BED_SCTP_STATE_CLOSED },
  [BED_SCTP_STATE_CONNECTED] = { BED_SCTP_STATE_CONNECTED, BED_SCTP_STATE_CONNECTED,
                                 BED_SCTP_STATE_CLOSED },
  [BED_SCTP_STATE_CLOSED] = { BED_SCTP_STATE_CLOSED, BED_SCTP_STATE_CLOSED, BED_SCTP_STATE_CLOSED },
};

BedSctpState
bed_sctp_state_next (BedSctpState state, BedSctpEvent event)
{
  g_return_val_if_fail (state < BED_SCTP_N_STATES && event < BED_SCTP_N_EVENTS, state);
  return table[state][event];
}

const char *
bed_sctp_state_to_string (BedSctpState state)
{
  static const char *const names[] = { "new", "connecting", "connected", "closed" };

  g_return_val_if_fail (state < G_N_ELEMENTS (names), "closed");
  return names[state];
}

static void
handle_event (BedSctpTransport *self, BedSctpEvent event)
{
  BedSctpState next = bed_sctp_state_next (self->state, event);

  if (next == self->state)
    return;
  self->state = next;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
partial_free (gpointer data)
{
  if (data != NULL)
    g_byte_array_unref (data);
}

static void
lose_channels (BedSctpTransport *self)
{
  g_autoptr (GList) channels = g_hash_table_get_values (self->channels);
  BedDataChannel *waiting;

  g_list_foreach (channels, (GFunc) g_object_ref, NULL);
  g_hash_table_remove_all (self->channels);
  for (GList *l = channels; l != NULL; l = l->next)
    {
      _bed_data_channel_lose (l->data);
      g_object_unref (l->data);
    }
  while ((waiting = g_queue_pop_head (&self->waiting)) != NULL)
    {
      _bed_data_channel_lose (waiting);
      g_object_unref (waiting);
    }
}

/* Frees the socket: what usrsctp still wants to say (ABORT) goes out before the id is forgotten. */
static void
end (BedSctpTransport *self)
{
  g_autoptr (BedSctpTransport) keep = g_object_ref (self);

  g_clear_pointer (&self->association, _bed_sctp_association_free);
  if (self->id != 0)
    _bed_sctp_stack_remove (self->stack, self->id);
  self->id = 0;
  g_hash_table_remove_all (self->partial);
  self->partial_bytes = 0;
  lose_channels (self);
  handle_event (self, BED_SCTP_EVENT_DOWN);
}

static void
bed_sctp_transport_dispose (GObject *object)
{
  BedSctpTransport *self = BED_SCTP_TRANSPORT (object);

  self->send_func = NULL;
  if (self->state != BED_SCTP_STATE_CLOSED)
    end (self);
  G_OBJECT_CLASS (bed_sctp_transport_parent_class)->dispose (object);
}

static void
bed_sctp_transport_finalize (GObject *object)
{
  BedSctpTransport *self = BED_SCTP_TRANSPORT (object);

  g_hash_table_unref (self->channels);
  g_hash_table_unref (self->partial);
  g_array_unref (self->resets);
  g_clear_object (&self->stack);
  G_OBJECT_CLASS (bed_sctp_transport_parent_class)->finalize (object);
}

static void
bed_sctp_transport_class_init (BedSctpTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_sctp_transport_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_sctp_transport_finalize;
  signals[STATE_CHANGED] = g_signal_new ("state-changed", BED_TYPE_SCTP_TRANSPORT,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DATA_CHANNEL] = g_signal_new ("data-channel", BED_TYPE_SCTP_TRANSPORT, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 1, BED_TYPE_DATA_CHANNEL);
}

static void
bed_sctp_transport_init (BedSctpTransport *self)
{
  self->channels = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->partial = g_hash_table_new_full (NULL, NULL, NULL, partial_free);
  self->resets = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_queue_init (&self->waiting);
}

BedSctpTransport *
bed_sctp_transport_new (BedSctpStack *stack)
{
  BedSctpTransport *self;

  g_return_val_if_fail (BED_IS_SCTP_STACK (stack), NULL);
  self = g_object_new (BED_TYPE_SCTP_TRANSPORT, NULL);
  self->stack = g_object_ref (stack);
  return self;
}

void
bed_sctp_transport_set_send_func (BedSctpTransport *self, BedSctpSendFunc func, gpointer user_data)
{
  g_return_if_fail (BED_IS_SCTP_TRANSPORT (self));
  self->send_func = func;
  self->send_user_data = user_data;
}

static void
wake (gpointer user_data)
{
  BedSctpTransport *self = user_data;

  if (self->association != NULL)
    _bed_sctp_stack_drain (self->stack);
}

/* Opening */

static gboolean
assign_stream (BedSctpTransport *self, guint16 *stream)
{
  for (guint i = self->dtls_client ? 0 : 1; i < self->n_streams; i += 2)
    if (!g_hash_table_contains (self->channels, GUINT_TO_POINTER (i)))
      {
        *stream = (guint16) i;
        return TRUE;
      }
  return FALSE;
}

static void
open_waiting (BedSctpTransport *self)
{
  BedDataChannel *channel;
  guint16 stream;

  while (self->state == BED_SCTP_STATE_CONNECTED
         && (channel = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (bed_data_channel_get_state (channel) != BED_DATA_CHANNEL_CONNECTING
          || !assign_stream (self, &stream))
        {
          _bed_data_channel_lose (channel);
          g_object_unref (channel);
          continue;
        }
      _bed_data_channel_set_max_message (channel, self->remote_max_message);
      g_hash_table_insert (self->channels, GUINT_TO_POINTER (stream), channel);
      _bed_data_channel_announce (channel, stream, TRUE);
    }
}

static void
drop (BedSctpTransport *self)
{
  self->dropped++;
}

static void
take_open (BedSctpTransport *self, guint16 stream, const BedDcepOpen *open)
{
  gboolean theirs = (stream % 2 == 0) != self->dtls_client;
  BedDataChannel *channel;

  if (g_hash_table_contains (self->channels, GUINT_TO_POINTER (stream)))
    {
      drop (self);
      return;
    }
  if (!theirs || stream >= self->n_streams || g_hash_table_size (self->channels) >= MAX_CHANNELS)
    {
      drop (self);
      g_array_append_val (self->resets, stream);
      return;
    }
  channel = _bed_data_channel_new (open, wake, self);
  _bed_data_channel_set_max_message (channel, self->remote_max_message);
  g_hash_table_insert (self->channels, GUINT_TO_POINTER (stream), channel);
  _bed_data_channel_announce (channel, stream, FALSE);
  g_signal_emit (self, signals[DATA_CHANNEL], 0, channel);
}

/* Reading */

static void
take_dcep (BedSctpTransport *self, guint16 stream, const guint8 *data, gsize length)
{
  BedDataChannel *channel = g_hash_table_lookup (self->channels, GUINT_TO_POINTER (stream));
  BedDcepOpen open;

  switch (bed_dcep_parse (data, length, &open))
    {
    case BED_DCEP_OPEN:
      take_open (self, stream, &open);
      break;
    case BED_DCEP_ACK:
      if (channel != NULL)
        _bed_data_channel_take_ack (channel);
      else
        drop (self);
      break;
    case BED_DCEP_MALFORMED:
    default:
      drop (self);
      break;
    }
}

static void
take_message (BedSctpTransport *self, const BedSctpRead *read, const guint8 *data, gsize length)
{
  g_autoptr (BedDataChannel) channel = NULL;

  if (read->ppid == BED_PPID_DCEP)
    {
      take_dcep (self, read->stream, data, length);
      return;
    }
  channel = g_hash_table_lookup (self->channels, GUINT_TO_POINTER (read->stream));
  if (channel != NULL)
    g_object_ref (channel);
  if (channel == NULL || !_bed_data_channel_take_message (channel, read->ppid, data, length))
    drop (self);
  else /* data on the stream proves that OPEN arrived, should its ACK be late */
    _bed_data_channel_take_ack (channel);
}

/* A message longer than we said we take: the rest is thrown away and the channel closed. */
static void
refuse_message (BedSctpTransport *self, guint16 stream, GByteArray *partial)
{
  BedDataChannel *channel = g_hash_table_lookup (self->channels, GUINT_TO_POINTER (stream));

  self->partial_bytes -= partial != NULL ? partial->len : 0;
  g_hash_table_insert (self->partial, GUINT_TO_POINTER (stream), NULL);
  drop (self);
  if (channel != NULL)
    bed_data_channel_close (channel);
}

static void
finish_partial (BedSctpTransport *self, const BedSctpRead *read)
{
  gpointer stream = GUINT_TO_POINTER (read->stream), stored = NULL;

  if (!g_hash_table_steal_extended (self->partial, stream, NULL, &stored) || stored == NULL)
    return;
  self->partial_bytes -= ((GByteArray *) stored)->len;
  take_message (self, read, ((GByteArray *) stored)->data, ((GByteArray *) stored)->len);
  g_byte_array_unref (stored);
}

static void
take_piece (BedSctpTransport *self, const BedSctpRead *read)
{
  gpointer stream = GUINT_TO_POINTER (read->stream), stored = NULL;
  gboolean begun = g_hash_table_lookup_extended (self->partial, stream, NULL, &stored);

  if (!begun && read->last)
    {
      take_message (self, read, read->data, read->length);
      return;
    }
  if (!begun)
    {
      stored = g_byte_array_new ();
      g_hash_table_insert (self->partial, stream, stored);
    }
  if (stored != NULL && self->partial_bytes + read->length > BED_DATA_CHANNEL_MAX_MESSAGE)
    {
      refuse_message (self, read->stream, stored);
      stored = NULL;
    }
  if (stored != NULL)
    {
      g_byte_array_append (stored, read->data, (guint) read->length);
      self->partial_bytes += read->length;
    }
  if (read->last)
    finish_partial (self, read);
}

static void
reset_one (BedSctpTransport *self, guint16 stream, const BedSctpRead *read)
{
  g_autoptr (BedDataChannel)
      channel = g_hash_table_lookup (self->channels, GUINT_TO_POINTER (stream));

  if (channel == NULL)
    return;
  g_object_ref (channel);
  /* A peer that refuses to have a stream reset does not keep it open that way. */
  _bed_data_channel_take_reset (channel, read->incoming_reset || read->reset_refused,
                                read->outgoing_reset || read->reset_refused);
  if (bed_data_channel_get_state (channel) == BED_DATA_CHANNEL_CLOSED)
    g_hash_table_remove (self->channels, GUINT_TO_POINTER (stream));
}

static void
take_reset (BedSctpTransport *self, const BedSctpRead *read)
{
  guint16 streams[BED_SCTP_MAX_STREAMS];
  gsize n = MIN (read->n_streams, BED_SCTP_MAX_STREAMS);

  if (n > 0)
    memcpy (streams, read->streams, n * sizeof streams[0]);
  else
    for (; n < BED_SCTP_MAX_STREAMS; n++)
      streams[n] = (guint16) n;
  for (gsize i = 0; i < n; i++)
    reset_one (self, streams[i], read);
}

static void
take_up (BedSctpTransport *self, const BedSctpRead *read)
{
  self->n_streams = MIN (MIN (read->outgoing_streams, read->incoming_streams),
                         BED_SCTP_MAX_STREAMS);
  handle_event (self, BED_SCTP_EVENT_UP);
  open_waiting (self);
}

/* Returns FALSE when there is nothing more to read. */
static gboolean
read_one (BedSctpTransport *self)
{
  BedSctpRead read;

  _bed_sctp_association_read (self->association, &read);
  switch (read.kind)
    {
    case BED_SCTP_READ_DATA:
      take_piece (self, &read);
      return TRUE;
    case BED_SCTP_READ_UP:
      take_up (self, &read);
      return TRUE;
    case BED_SCTP_READ_RESET:
      take_reset (self, &read);
      return TRUE;
    case BED_SCTP_READ_OTHER:
      return TRUE;
    case BED_SCTP_READ_DOWN:
      end (self);
      return FALSE;
    case BED_SCTP_READ_NOTHING:
    default:
      return FALSE;
    }
}

/* Writing */

/* One message of each channel in turn. Returns FALSE when nothing could be sent. */
static gboolean
send_round (BedSctpTransport *self)
{
  g_autoptr (GList) streams = g_hash_table_get_keys (self->channels);
  gboolean sent = FALSE;

  for (GList *l = streams; l != NULL && self->association != NULL; l = l->next)
    {
      g_autoptr (BedDataChannel) channel = g_hash_table_lookup (self->channels, l->data);
      guint16 stream = (guint16) GPOINTER_TO_UINT (l->data);

      if (channel == NULL)
        continue;
      g_object_ref (channel);
      sent |= _bed_data_channel_send_next (channel, self->association) == BED_SCTP_WRITTEN;
      if (_bed_data_channel_wants_reset (channel))
        g_array_append_val (self->resets, stream);
    }
  return sent;
}

static void
send_resets (BedSctpTransport *self)
{
  while (self->association != NULL && self->resets->len > 0)
    {
      if (_bed_sctp_association_reset_stream (self->association,
                                              g_array_index (self->resets, guint16, 0))
          == BED_SCTP_LATER)
        return;
      g_array_remove_index (self->resets, 0);
    }
}

static void
poll_transport (gpointer owner)
{
  BedSctpTransport *self = owner;

  while (self->association != NULL && read_one (self))
    ;
  while (self->association != NULL && self->state == BED_SCTP_STATE_CONNECTED && send_round (self))
    ;
  send_resets (self);
}

static void
send_packet (const guint8 *packet, gsize length, gpointer owner)
{
  BedSctpTransport *self = owner;

  if (self->send_func != NULL)
    self->send_func (packet, length, self->send_user_data);
}

gboolean
bed_sctp_transport_start (BedSctpTransport *self, guint16 local_port, guint16 remote_port,
                          gboolean dtls_client, guint64 remote_max_message, GError **error)
{
  static const BedSctpPort port = { send_packet, poll_transport };

  g_return_val_if_fail (BED_IS_SCTP_TRANSPORT (self), FALSE);
  if (self->state != BED_SCTP_STATE_NEW)
    {
      g_set_error_literal (error, BED_SCTP_ERROR, BED_SCTP_ERROR_STATE, "SCTP was started before");
      return FALSE;
    }
  self->dtls_client = dtls_client;
  self->remote_max_message = remote_max_message == 0 ? G_MAXUINT64 : remote_max_message;
  self->id = _bed_sctp_stack_add (self->stack, &port, self);
  self->association = _bed_sctp_association_connect (_bed_sctp_stack_address (self->id), local_port,
                                                     remote_port);
  if (self->association == NULL)
    {
      g_set_error_literal (error, BED_SCTP_ERROR, BED_SCTP_ERROR_SOCKET,
                           "SCTP could not be set up");
      end (self);
      return FALSE;
    }
  handle_event (self, BED_SCTP_EVENT_START);
  _bed_sctp_stack_drain (self->stack);
  return TRUE;
}

void
bed_sctp_transport_input (BedSctpTransport *self, const guint8 *packet, gsize length)
{
  g_return_if_fail (BED_IS_SCTP_TRANSPORT (self));
  if (self->association == NULL)
    return;
  if (length < 12 || length > G_MAXUINT16)
    drop (self);
  else
    _bed_sctp_stack_input (self->stack, self->id, packet, length);
}

static gboolean
fill_open (const BedDataChannelInit *init, BedDcepOpen *open)
{
  const char *protocol = init->protocol != NULL ? init->protocol : "";

  if (strlen (init->label) > BED_DATA_CHANNEL_MAX_LABEL
      || strlen (protocol) > BED_DATA_CHANNEL_MAX_LABEL || !g_utf8_validate (init->label, -1, NULL)
      || !g_utf8_validate (protocol, -1, NULL)
      || (init->max_packet_lifetime_ms >= 0 && init->max_retransmits >= 0))
    return FALSE;
  memset (open, 0, sizeof *open);
  open->unordered = init->unordered;
  open->max_packet_lifetime_ms = MIN (init->max_packet_lifetime_ms, G_MAXUINT16);
  open->max_retransmits = MIN (init->max_retransmits, G_MAXUINT16);
  g_strlcpy (open->label, init->label, sizeof open->label);
  g_strlcpy (open->protocol, protocol, sizeof open->protocol);
  return TRUE;
}

BedDataChannel *
bed_sctp_transport_create_channel (BedSctpTransport *self, const BedDataChannelInit *init,
                                   GError **error)
{
  BedDataChannel *channel;
  BedDcepOpen open;

  g_return_val_if_fail (BED_IS_SCTP_TRANSPORT (self) && init != NULL && init->label != NULL, NULL);
  if (self->state == BED_SCTP_STATE_CLOSED)
    {
      g_set_error_literal (error, BED_SCTP_ERROR, BED_SCTP_ERROR_STATE, "SCTP is closed");
      return NULL;
    }
  if (!fill_open (init, &open)
      || g_hash_table_size (self->channels) + g_queue_get_length (&self->waiting) >= MAX_CHANNELS)
    {
      g_set_error_literal (error, BED_SCTP_ERROR, BED_SCTP_ERROR_LIMIT,
                           "Label too long or too many channels");
      return NULL;
    }
  channel = _bed_data_channel_new (&open, wake, self);
  g_queue_push_tail (&self->waiting, g_object_ref (channel));
  if (self->state == BED_SCTP_STATE_CONNECTED)
    {
      open_waiting (self);
      wake (self);
    }
  return channel;
}

void
bed_sctp_transport_close (BedSctpTransport *self)
{
  g_return_if_fail (BED_IS_SCTP_TRANSPORT (self));
  if (self->state != BED_SCTP_STATE_CLOSED)
    end (self);
}

BedSctpState
bed_sctp_transport_get_state (BedSctpTransport *self)
{
  g_return_val_if_fail (BED_IS_SCTP_TRANSPORT (self), BED_SCTP_STATE_CLOSED);
  return self->state;
}

guint
bed_sctp_transport_get_dropped (BedSctpTransport *self)
{
  g_return_val_if_fail (BED_IS_SCTP_TRANSPORT (self), 0);
  return self->dropped;
}
