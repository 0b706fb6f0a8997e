/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-data-channel.h"
#include "bed-sctp-stack.h"

G_BEGIN_DECLS

/* RTCSctpTransportState of W3C webrtc-pc section 6.1.1, and "new" before it is started. */
typedef enum
{
  BED_SCTP_STATE_NEW,
  BED_SCTP_STATE_CONNECTING,
  BED_SCTP_STATE_CONNECTED,
  BED_SCTP_STATE_CLOSED,
} BedSctpState;
#define BED_SCTP_N_STATES 4

typedef enum { BED_SCTP_EVENT_START, BED_SCTP_EVENT_UP, BED_SCTP_EVENT_DOWN } BedSctpEvent;
#define BED_SCTP_N_EVENTS 3

const char *bed_sctp_state_to_string (BedSctpState state);
BedSctpState bed_sctp_state_next (BedSctpState state, BedSctpEvent event);

#define BED_SCTP_PORT 5000       /* a=sctp-port */
#define BED_SCTP_MAX_STREAMS 256 /* each way */
#define BED_SCTP_MAX_PACKET 1160 /* bytes, fits in one DTLS record */

/* One SCTP association over DTLS (RFC 8261) with its data channels. The stack's thread.
 *
 * Signals:
 *   ::state-changed ()
 *   ::data-channel (BedDataChannel *channel)  the peer opened one; it is open. Take a reference or
 * let the transport keep it until it is closed
 */
#define BED_TYPE_SCTP_TRANSPORT (bed_sctp_transport_get_type ())
G_DECLARE_FINAL_TYPE (BedSctpTransport, bed_sctp_transport, BED, SCTP_TRANSPORT, GObject)

/* One SCTP packet for the DTLS transport. Lent. It may be called from any call into the stack, and
 * never from within usrsctp, so it may lead straight into another transport's input. */
typedef void (*BedSctpSendFunc) (const guint8 *packet, gsize length, gpointer user_data);

/* Returns: (transfer full) */
BedSctpTransport *bed_sctp_transport_new (BedSctpStack *stack);
void bed_sctp_transport_set_send_func (BedSctpTransport *self, BedSctpSendFunc func,
                                       gpointer user_data);
/* Call when DTLS is connected. `dtls_client` decides the parity of our stream numbers (RFC 8832
 * section 6). `remote_max_message`: a=max-message-size in bytes, 0 means no limit; ours is
 * BED_DATA_CHANNEL_MAX_MESSAGE. */
gboolean bed_sctp_transport_start (BedSctpTransport *self, guint16 local_port, guint16 remote_port,
                                   gboolean dtls_client, guint64 remote_max_message,
                                   GError **error);
/* Application data from DTLS. */
void bed_sctp_transport_input (BedSctpTransport *self, const guint8 *packet, gsize length);
/* May be called before start; opens when the association is up.
 * Returns: (transfer full) (nullable) */
BedDataChannel *bed_sctp_transport_create_channel (BedSctpTransport *self,
                                                   const BedDataChannelInit *init, GError **error);
/* Aborts the association; every channel is closed. */
void bed_sctp_transport_close (BedSctpTransport *self);
BedSctpState bed_sctp_transport_get_state (BedSctpTransport *self);
/* Messages and packets of the peer that were dropped: malformed, over a limit, on no channel. */
guint bed_sctp_transport_get_dropped (BedSctpTransport *self);

G_END_DECLS
