/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-data-channel-private.h"

#include <string.h>

typedef struct
{
  GBytes *bytes;
  guint32 ppid;
} Message;

struct _BedDataChannel
{
  GObject parent_instance;
  /* owned */
  GQueue queue; /* of Message */
  /* borrowed until lost */
  BedDataChannelWakeFunc wake;
  gpointer wake_user_data;

  BedDcepOpen open;
  BedDataChannelState state;
  BedDataChannelCounts counts;
  guint64 max_message;
  gsize buffered;
  int id;
  gboolean acknowledged; /* until then everything goes in order (RFC 8832 section 6) */
  gboolean reset_asked, incoming_reset, outgoing_reset;
};

enum { STATE_CHANGED, MESSAGE, BUFFERED_AMOUNT_LOW, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedDataChannel, bed_data_channel, G_TYPE_OBJECT)

/*               OPEN          CLOSE            RESET_DONE
 *   connecting ------> open --------> closing ------------> closed      LOST: to closed, from all.
 *        |                               ^
 *        +----------- CLOSE -------------+
 */
#define CONNECTING BED_DATA_CHANNEL_CONNECTING
#define OPEN BED_DATA_CHANNEL_OPEN
#define CLOSING BED_DATA_CHANNEL_CLOSING
#define CLOSED BED_DATA_CHANNEL_CLOSED
static const BedDataChannelState table[BED_DATA_CHANNEL_N_STATES][BED_DATA_CHANNEL_N_EVENTS] = {
  [CONNECTING] = { OPEN, CLOSING, CONNECTING, CLOSED },
  [OPEN] = { OPEN, CLOSING, OPEN, CLOSED },
  [CLOSING] = { CLOSING, CLOSING, CLOSED, CLOSED },
  [CLOSED] = { CLOSED, CLOSED, CLOSED, CLOSED },
};
#undef CONNECTING
#undef OPEN
#undef CLOSING
#undef CLOSED

BedDataChannelState
bed_data_channel_state_next (BedDataChannelState state, BedDataChannelEvent event)
{
  g_return_val_if_fail (state < BED_DATA_CHANNEL_N_STATES && event < BED_DATA_CHANNEL_N_EVENTS,
                        state);
  return table[state][event];
}

const char *
bed_data_channel_state_to_string (BedDataChannelState state)
{
  static const char *const names[] = { "connecting", "open", "closing", "closed" };

  g_return_val_if_fail (state < G_N_ELEMENTS (names), "closed");
  return names[state];
}

static void
handle_event (BedDataChannel *self, BedDataChannelEvent event)
{
  BedDataChannelState next = bed_data_channel_state_next (self->state, event);

  if (next == self->state)
    return;
  self->state = next;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
message_free (Message *message)
{
  g_bytes_unref (message->bytes);
  g_free (message);
}

static void
bed_data_channel_finalize (GObject *object)
{
  BedDataChannel *self = BED_DATA_CHANNEL (object);

  g_queue_clear_full (&self->queue, (GDestroyNotify) message_free);
  G_OBJECT_CLASS (bed_data_channel_parent_class)->finalize (object);
}

static void
bed_data_channel_class_init (BedDataChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_data_channel_finalize;
  signals[STATE_CHANGED] = g_signal_new ("state-changed", BED_TYPE_DATA_CHANNEL, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", BED_TYPE_DATA_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_BYTES);
  signals[BUFFERED_AMOUNT_LOW] = g_signal_new ("buffered-amount-low", BED_TYPE_DATA_CHANNEL,
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                               0);
}

static void
bed_data_channel_init (BedDataChannel *self)
{
  g_queue_init (&self->queue);
  self->id = -1;
  self->max_message = BED_DATA_CHANNEL_MAX_MESSAGE;
}

BedDataChannel *
_bed_data_channel_new (const BedDcepOpen *open, BedDataChannelWakeFunc wake, gpointer user_data)
{
  BedDataChannel *self = g_object_new (BED_TYPE_DATA_CHANNEL, NULL);

  self->open = *open;
  self->wake = wake;
  self->wake_user_data = user_data;
  return self;
}

static void
push_message (BedDataChannel *self, guint32 ppid, const void *data, gsize length)
{
  Message *message = g_new (Message, 1);

  message->bytes = g_bytes_new (data, length);
  message->ppid = ppid;
  g_queue_push_tail (&self->queue, message);
}

void
_bed_data_channel_announce (BedDataChannel *self, guint16 id, gboolean ours)
{
  guint8 buffer[BED_DCEP_MAX_LENGTH];

  self->id = id;
  if (ours)
    push_message (self, BED_PPID_DCEP, buffer, bed_dcep_write_open (&self->open, buffer));
  else
    push_message (self, BED_PPID_DCEP, buffer, bed_dcep_write_ack (buffer));
  self->acknowledged = !ours;
  handle_event (self, BED_DATA_CHANNEL_EVENT_OPEN);
}

void
_bed_data_channel_set_max_message (BedDataChannel *self, guint64 max_message)
{
  self->max_message = MIN (max_message, BED_DATA_CHANNEL_MAX_MESSAGE);
}

void
_bed_data_channel_take_ack (BedDataChannel *self)
{
  self->acknowledged = TRUE;
}

static void
emit_message (BedDataChannel *self, gboolean is_text, const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  self->counts.messages_received++;
  self->counts.bytes_received += length;
  g_signal_emit (self, signals[MESSAGE], 0, is_text, bytes);
}

gboolean
_bed_data_channel_take_message (BedDataChannel *self, guint32 ppid, const guint8 *data,
                                gsize length)
{
  gboolean is_text = ppid == BED_PPID_STRING || ppid == BED_PPID_STRING_EMPTY;

  if (ppid == BED_PPID_STRING_EMPTY || ppid == BED_PPID_BINARY_EMPTY)
    length = 0; /* SCTP cannot carry nothing, so the peer sent one byte that means nothing */
  else if (ppid != BED_PPID_STRING && ppid != BED_PPID_BINARY)
    return FALSE;
  if (is_text && !g_utf8_validate_len ((const char *) data, length, NULL))
    return FALSE;
  if (self->state == BED_DATA_CHANNEL_OPEN || self->state == BED_DATA_CHANNEL_CLOSING)
    emit_message (self, is_text, data, length);
  return TRUE;
}

static gsize
payload_length (const Message *message)
{
  return message->ppid == BED_PPID_STRING || message->ppid == BED_PPID_BINARY
           ? g_bytes_get_size (message->bytes) : 0;
}

static void
count_sent (BedDataChannel *self, const Message *message)
{
  gsize length = payload_length (message);

  if (message->ppid == BED_PPID_DCEP)
    return;
  self->counts.messages_sent++;
  self->counts.bytes_sent += length;
  self->buffered -= length;
  if (self->buffered == 0 && (length > 0 || g_queue_is_empty (&self->queue)))
    g_signal_emit (self, signals[BUFFERED_AMOUNT_LOW], 0);
}

BedSctpWrite
_bed_data_channel_send_next (BedDataChannel *self, BedSctpAssociation *association)
{
  Message *message = g_queue_peek_head (&self->queue);
  BedSctpSendInfo info = { .max_packet_lifetime_ms = -1, .max_retransmits = -1 };
  BedSctpWrite result;
  const guint8 *data;
  gsize length;

  if (message == NULL || self->id < 0)
    return BED_SCTP_LATER;
  info.stream = (guint16) self->id;
  info.ppid = message->ppid;
  if (message->ppid != BED_PPID_DCEP)
    {
      info.unordered = self->open.unordered && self->acknowledged;
      info.max_packet_lifetime_ms = self->open.max_packet_lifetime_ms;
      info.max_retransmits = self->open.max_retransmits;
    }
  data = g_bytes_get_data (message->bytes, &length);
  result = _bed_sctp_association_write (association, data, length, &info);
  if (result != BED_SCTP_WRITTEN)
    return result;
  g_queue_pop_head (&self->queue);
  count_sent (self, message);
  message_free (message);
  return BED_SCTP_WRITTEN;
}

gboolean
_bed_data_channel_wants_reset (BedDataChannel *self)
{
  if (self->state != BED_DATA_CHANNEL_CLOSING || self->reset_asked
      || !g_queue_is_empty (&self->queue))
    return FALSE;
  self->reset_asked = TRUE;
  return TRUE;
}

void
_bed_data_channel_take_reset (BedDataChannel *self, gboolean incoming, gboolean outgoing)
{
  self->incoming_reset |= incoming;
  self->outgoing_reset |= outgoing;
  if (incoming)
    {
      /* Nobody listens any more: what waits has nowhere to go. */
      g_queue_clear_full (&self->queue, (GDestroyNotify) message_free);
      self->buffered = 0;
      handle_event (self, BED_DATA_CHANNEL_EVENT_CLOSE);
    }
  if (self->incoming_reset && self->outgoing_reset)
    handle_event (self, BED_DATA_CHANNEL_EVENT_RESET_DONE);
}

void
_bed_data_channel_lose (BedDataChannel *self)
{
  self->wake = NULL;
  g_queue_clear_full (&self->queue, (GDestroyNotify) message_free);
  self->buffered = 0;
  handle_event (self, BED_DATA_CHANNEL_EVENT_LOST);
}

static BedDataChannelResult
send_message (BedDataChannel *self, guint32 ppid, guint32 empty_ppid, const void *data,
              gsize length)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), BED_DATA_CHANNEL_NOT_OPEN);
  if (self->state != BED_DATA_CHANNEL_OPEN)
    return BED_DATA_CHANNEL_NOT_OPEN;
  if (length > self->max_message)
    return BED_DATA_CHANNEL_TOO_LONG;
  if (length > BED_DATA_CHANNEL_MAX_BUFFERED - self->buffered
      || g_queue_get_length (&self->queue) >= BED_DATA_CHANNEL_MAX_BUFFERED / 1024)
    return BED_DATA_CHANNEL_FULL;
  if (length == 0)
    push_message (self, empty_ppid, "", 1);
  else
    push_message (self, ppid, data, length);
  self->buffered += length;
  if (self->wake != NULL)
    self->wake (self->wake_user_data);
  return BED_DATA_CHANNEL_SENT;
}

BedDataChannelResult
bed_data_channel_send_text (BedDataChannel *self, const char *text, gsize length)
{
  if (length > 0 && !g_utf8_validate_len (text, length, NULL))
    return BED_DATA_CHANNEL_TOO_LONG;
  return send_message (self, BED_PPID_STRING, BED_PPID_STRING_EMPTY, text, length);
}

BedDataChannelResult
bed_data_channel_send_binary (BedDataChannel *self, const guint8 *data, gsize length)
{
  return send_message (self, BED_PPID_BINARY, BED_PPID_BINARY_EMPTY, data, length);
}

void
bed_data_channel_close (BedDataChannel *self)
{
  g_autoptr (BedDataChannel) keep = NULL;

  g_return_if_fail (BED_IS_DATA_CHANNEL (self));
  keep = g_object_ref (self);
  handle_event (self, BED_DATA_CHANNEL_EVENT_CLOSE);
  if (self->wake != NULL)
    self->wake (self->wake_user_data);
}

BedDataChannelState
bed_data_channel_get_state (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), BED_DATA_CHANNEL_CLOSED);
  return self->state;
}

const char *
bed_data_channel_get_label (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), NULL);
  return self->open.label;
}

const char *
bed_data_channel_get_protocol (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), NULL);
  return self->open.protocol;
}

gboolean
bed_data_channel_get_ordered (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), TRUE);
  return !self->open.unordered;
}

int
bed_data_channel_get_max_packet_lifetime_ms (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), -1);
  return self->open.max_packet_lifetime_ms;
}

int
bed_data_channel_get_max_retransmits (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), -1);
  return self->open.max_retransmits;
}

int
bed_data_channel_get_id (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), -1);
  return self->id;
}

gsize
bed_data_channel_get_buffered_amount (BedDataChannel *self)
{
  g_return_val_if_fail (BED_IS_DATA_CHANNEL (self), 0);
  return self->buffered;
}

void
bed_data_channel_get_counts (BedDataChannel *self, BedDataChannelCounts *counts)
{
  g_return_if_fail (BED_IS_DATA_CHANNEL (self) && counts != NULL);
  *counts = self->counts;
}
