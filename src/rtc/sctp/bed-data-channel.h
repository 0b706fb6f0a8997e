/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* RTCDataChannelState of W3C webrtc-pc section 6.2. */
typedef enum
{
  BED_DATA_CHANNEL_CONNECTING,
  BED_DATA_CHANNEL_OPEN,
  BED_DATA_CHANNEL_CLOSING,
  BED_DATA_CHANNEL_CLOSED,
} BedDataChannelState;
#define BED_DATA_CHANNEL_N_STATES 4

typedef enum
{
  BED_DATA_CHANNEL_EVENT_OPEN,       /* the stack took DCEP's OPEN, or the peer opened it */
  BED_DATA_CHANNEL_EVENT_CLOSE,      /* by us, or the peer reset its side */
  BED_DATA_CHANNEL_EVENT_RESET_DONE, /* both sides have reset the stream */
  BED_DATA_CHANNEL_EVENT_LOST,       /* the transport is gone */
} BedDataChannelEvent;
#define BED_DATA_CHANNEL_N_EVENTS 4

const char *bed_data_channel_state_to_string (BedDataChannelState state);
BedDataChannelState bed_data_channel_state_next (BedDataChannelState state,
                                                 BedDataChannelEvent event);

/* RTCDataChannelInit. At most one of the two limits may be set. */
typedef struct
{
  const char *label;    /* UTF-8, at most BED_DATA_CHANNEL_MAX_LABEL bytes */
  const char *protocol; /* as above, may be NULL */
  gboolean unordered;
  int max_packet_lifetime_ms; /* -1: no limit */
  int max_retransmits;        /* -1: no limit */
} BedDataChannelInit;
#define BED_DATA_CHANNEL_INIT_DEFAULT { "", NULL, FALSE, -1, -1 }

#define BED_DATA_CHANNEL_MAX_LABEL 256              /* bytes; protocol too */
#define BED_DATA_CHANNEL_MAX_MESSAGE (256 * 1024)   /* bytes */
#define BED_DATA_CHANNEL_MAX_BUFFERED (4 * 1024 * 1024) /* bytes waiting in one channel */

typedef enum
{
  BED_DATA_CHANNEL_SENT, /* or queued */
  BED_DATA_CHANNEL_NOT_OPEN,
  BED_DATA_CHANNEL_TOO_LONG, /* over the peer's or our limit, or text that is not UTF-8 */
  BED_DATA_CHANNEL_FULL,
} BedDataChannelResult;

/* A data channel (RFC 8831, RFC 8832). Made by a BedSctpTransport; its thread.
 *
 * Signals:
 *   ::state-changed ()
 *   ::message (gboolean is_text, GBytes *data)   text is valid UTF-8 without a NUL at its end
 *   ::buffered-amount-low ()                     everything waiting has been handed to SCTP
 */
#define BED_TYPE_DATA_CHANNEL (bed_data_channel_get_type ())
G_DECLARE_FINAL_TYPE (BedDataChannel, bed_data_channel, BED, DATA_CHANNEL, GObject)

BedDataChannelResult bed_data_channel_send_text (BedDataChannel *self, const char *text,
                                                 gsize length);
BedDataChannelResult bed_data_channel_send_binary (BedDataChannel *self, const guint8 *data,
                                                   gsize length);
/* Sends what waits, then resets the stream (RFC 8831 section 6.7). */
void bed_data_channel_close (BedDataChannel *self);
BedDataChannelState bed_data_channel_get_state (BedDataChannel *self);
/* Lent. */
const char *bed_data_channel_get_label (BedDataChannel *self);
const char *bed_data_channel_get_protocol (BedDataChannel *self);
gboolean bed_data_channel_get_ordered (BedDataChannel *self);
int bed_data_channel_get_max_packet_lifetime_ms (BedDataChannel *self);
int bed_data_channel_get_max_retransmits (BedDataChannel *self);
/* The SCTP stream, -1 until the DTLS role is known. */
int bed_data_channel_get_id (BedDataChannel *self);
/* Bytes that wait for room in SCTP. */
gsize bed_data_channel_get_buffered_amount (BedDataChannel *self);

typedef struct
{
  guint64 messages_sent, messages_received, bytes_sent, bytes_received; /* getStats */
} BedDataChannelCounts;
void bed_data_channel_get_counts (BedDataChannel *self, BedDataChannelCounts *counts);

G_END_DECLS
