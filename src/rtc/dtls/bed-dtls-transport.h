/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-dtls-certificate.h"
#include "bed-secret.h"

G_BEGIN_DECLS

/* RTCDtlsTransportState of W3C webrtc-pc section 5.5.1. */
typedef enum
{
  BED_DTLS_STATE_NEW,
  BED_DTLS_STATE_CONNECTING,
  BED_DTLS_STATE_CONNECTED,
  BED_DTLS_STATE_CLOSED,
  BED_DTLS_STATE_FAILED,
} BedDtlsState;
#define BED_DTLS_N_STATES 5

typedef enum
{
  BED_DTLS_EVENT_START,
  BED_DTLS_EVENT_VERIFIED, /* handshake done, fingerprint equal, SRTP profile agreed */
  BED_DTLS_EVENT_CLOSE,    /* by us or by the peer's close_notify */
  BED_DTLS_EVENT_FAIL,
} BedDtlsEvent;
#define BED_DTLS_N_EVENTS 4

const char *bed_dtls_state_to_string (BedDtlsState state);
BedDtlsState bed_dtls_state_next (BedDtlsState state, BedDtlsEvent event);

/* a=setup: active is the client (RFC 8842). */
typedef enum { BED_DTLS_ROLE_CLIENT, BED_DTLS_ROLE_SERVER } BedDtlsRole;

typedef enum
{
  BED_DTLS_OK,
  BED_DTLS_NOT_CONNECTED,
  BED_DTLS_TOO_LONG,
  BED_DTLS_DROPPED, /* the lower layer or the record layer did not take it */
} BedDtlsResult;

/* Plain text in one record, so that the datagram has at most 1,200 bytes. */
#define BED_DTLS_MAX_DATA 1163

/* IANA numbers of the SRTP protection profiles that are offered, most wanted first. */
#define BED_DTLS_SRTP_AEAD_AES_256_GCM 0x0008
#define BED_DTLS_SRTP_AEAD_AES_128_GCM 0x0007
#define BED_DTLS_SRTP_AES128_CM_SHA1_80 0x0001

/* DTLS 1.2 over datagrams that somebody else carries; the peer's certificate must have the
 * announced fingerprint before it is said to be connected and before keys can be exported. One
 * thread.
 *
 * Signals:
 *   ::state-changed ()
 */
#define BED_TYPE_DTLS_TRANSPORT (bed_dtls_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (BedDtlsTransport, bed_dtls_transport, BED, DTLS_TRANSPORT, GObject)

struct _BedDtlsTransportClass
{
  GObjectClass parent_class;
  const guint8 *(*get_fingerprint) (BedDtlsTransport *self);
  void (*start) (BedDtlsTransport *self, BedDtlsRole role, const guint8 *fingerprint);
  void (*input) (BedDtlsTransport *self, const guint8 *datagram, gsize length);
  gint64 (*get_deadline_us) (BedDtlsTransport *self, gint64 now_us);
  void (*handle_timeout) (BedDtlsTransport *self);
  /* What follows is asked for while it is connected only. */
  BedDtlsResult (*send) (BedDtlsTransport *self, const guint8 *data, gsize length);
  void (*say_close) (BedDtlsTransport *self);
  const char *(*get_cipher) (BedDtlsTransport *self);
  const char *(*get_version) (BedDtlsTransport *self);
  guint16 (*get_srtp_profile) (BedDtlsTransport *self);
  gboolean (*export_material) (BedDtlsTransport *self, guint8 *material, gsize length);
};

/* Lent for the length of the call. Called inside start, input, handle_timeout, send and close. */
typedef void (*BedDtlsSendFunc) (const guint8 *datagram, gsize length, gpointer user_data);
typedef void (*BedDtlsDataFunc) (const guint8 *data, gsize length, gpointer user_data);

/* Our own certificate's, BED_DTLS_FINGERPRINT_LENGTH bytes. Lent. */
const guint8 *bed_dtls_transport_get_fingerprint (BedDtlsTransport *self);
/* Where datagrams go. Set it before start. */
void bed_dtls_transport_set_send_func (BedDtlsTransport *self, BedDtlsSendFunc func,
                                       gpointer user_data);
/* Where application data goes (SCTP packets). */
void bed_dtls_transport_set_data_func (BedDtlsTransport *self, BedDtlsDataFunc func,
                                       gpointer user_data);
/* `fingerprint`: SHA-256 from the remote description, BED_DTLS_FINGERPRINT_LENGTH bytes, copied.
 * What came in before is read now. Call when ICE is connected. */
gboolean bed_dtls_transport_start (BedDtlsTransport *self, BedDtlsRole role,
                                   const guint8 *fingerprint, GError **error);
/* A datagram whose first byte is 20 to 63 (RFC 7983). */
void bed_dtls_transport_input (BedDtlsTransport *self, const guint8 *datagram, gsize length);
/* When to call handle_timeout, µs on the scale of `now_us`; -1: no timer runs. Ask after each call.
 */
gint64 bed_dtls_transport_get_deadline_us (BedDtlsTransport *self, gint64 now_us);
void bed_dtls_transport_handle_timeout (BedDtlsTransport *self);
/* One record of application data. */
BedDtlsResult bed_dtls_transport_send (BedDtlsTransport *self, const guint8 *data, gsize length);
/* Sends close_notify. */
void bed_dtls_transport_close (BedDtlsTransport *self);

BedDtlsState bed_dtls_transport_get_state (BedDtlsTransport *self);
/* Why it failed, BED_DTLS_ERROR domain. Lent, NULL unless failed. */
const GError *bed_dtls_transport_get_error (BedDtlsTransport *self);
/* For statistics; "" and 0 unless connected. Lent. */
const char *bed_dtls_transport_get_cipher (BedDtlsTransport *self);
const char *bed_dtls_transport_get_version (BedDtlsTransport *self);
guint16 bed_dtls_transport_get_srtp_profile (BedDtlsTransport *self);
/* Datagrams that were not DTLS, too many or too long. */
guint bed_dtls_transport_get_dropped (BedDtlsTransport *self);

/* RFC 5764 section 4.2: master key followed by master salt for each direction. FALSE unless
 * CONNECTED. (transfer full) */
gboolean bed_dtls_transport_export_srtp_keys (BedDtlsTransport *self, guint16 *profile,
                                              BedSecret **send_key, BedSecret **receive_key,
                                              GError **error);

/* For implementations only. */
void bed_dtls_transport_handle_event (BedDtlsTransport *self, BedDtlsEvent event);
/* error: (transfer full): the first one is kept. */
void bed_dtls_transport_fail (BedDtlsTransport *self, GError *error);
void bed_dtls_transport_emit_datagram (BedDtlsTransport *self, const guint8 *datagram,
                                       gsize length);
void bed_dtls_transport_deliver (BedDtlsTransport *self, const guint8 *data, gsize length);
void bed_dtls_transport_count_dropped (BedDtlsTransport *self);

G_END_DECLS
