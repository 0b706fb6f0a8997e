/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-clock.h"
#include "bed-message.h"
#include "bed-secret.h"

G_BEGIN_DECLS

/* Client of one clinic's server: requests (section 2 of docs/protocol.md) and the WebSocket with
 * its reliable hop (section 3). Main thread. No redirects, no cookies, TLS always.
 *
 * Errors: BED_SIGNALLING_ERROR below, and G_IO_ERROR_CANCELLED.
 */
#define BED_SIGNALLING_ERROR (bed_signalling_error_quark ())
GQuark bed_signalling_error_quark (void);
typedef enum
{
  /* The server's words, with the numbers of BedProtocolError. */
  BED_SIGNALLING_ERROR_BAD_REQUEST,
  BED_SIGNALLING_ERROR_UNAUTHORIZED,
  BED_SIGNALLING_ERROR_FORBIDDEN,
  BED_SIGNALLING_ERROR_NOT_FOUND,
  BED_SIGNALLING_ERROR_CONFLICT,
  BED_SIGNALLING_ERROR_EXPIRED,
  BED_SIGNALLING_ERROR_REVOKED,
  BED_SIGNALLING_ERROR_USED,
  BED_SIGNALLING_ERROR_TOO_LARGE,
  BED_SIGNALLING_ERROR_RATE_LIMITED, /* too often: try again later */
  BED_SIGNALLING_ERROR_UNAVAILABLE,
  /* Found here. */
  BED_SIGNALLING_ERROR_NETWORK,   /* no way to the server: name, connection, time-out */
  BED_SIGNALLING_ERROR_UNTRUSTED, /* its certificate is not valid, or not the pinned one */
  BED_SIGNALLING_ERROR_PROTOCOL,  /* it answered something that is not this protocol */
  BED_SIGNALLING_ERROR_SIGNED_OUT, /* the session has ended: a login is needed */
} BedSignallingError;

typedef enum
{
  BED_SIGNALLING_STATE_CLOSED,     /* not asked to connect, or over */
  BED_SIGNALLING_STATE_CONNECTING,
  BED_SIGNALLING_STATE_ONLINE,     /* attached: `welcome` has come */
  BED_SIGNALLING_STATE_WAITING,    /* lost; tries again by itself */
} BedSignallingState;
#define BED_TYPE_SIGNALLING_STATE (bed_signalling_state_get_type ())
GType bed_signalling_state_get_type (void);

#define BED_TYPE_SIGNALLING_CLIENT (bed_signalling_client_get_type ())
G_DECLARE_FINAL_TYPE (BedSignallingClient, bed_signalling_client, BED, SIGNALLING_CLIENT, GObject)

/* Properties (notify): "state" (BedSignallingState), "host-online" (patient), "position" (patient,
 * 0 = not known).
 *
 * Signals; room and peer are base64url text, lent:
 *   "arrived" (const char *room, const char *peer, gint64 since_s, gboolean second_device, gboolean
 *   admitted)
 *   "left"    (const char *room, const char *peer)
 *   "room"    (const char *room, BedRoomState state)
 *   "relay"   (const char *room, const char *peer, const char *data): each exactly once and in
 *   order; at the
 *             patient's side room and peer are the own ones
 *   "over"    (BedOverReason reason): patient; the client is closed
 *   "refused" (BedSignallingError code): the server ended it, e.g. a room that is over; the client
 *   is closed
 *   "welcome" (gboolean admitted): attached, again after each reconnect; admitted is for the
 *   patient
 *   "tokens"  (): the session's tokens changed: keep bed_signalling_client_get_refresh_token
 *   "signed-out" (): the refresh token is not taken any more
 *
 * authority: host[:port] of the clinic. Returns: (transfer full) */
BedSignallingClient *bed_signalling_client_new (const char *authority, BedClock *clock);
const char *bed_signalling_client_get_authority (BedSignallingClient *self);
/* Before the first use. With a pin exactly the certificate with this SHA-256 of its
 * SubjectPublicKeyInfo is taken, whoever signed it; without one the system's authorities, or those
 * in a PEM file, decide. */
void bed_signalling_client_set_pin (BedSignallingClient *self, const guint8 pin[BED_HASH_BYTES]);
gboolean bed_signalling_client_set_ca_file (BedSignallingClient *self, const char *path,
                                            GError **error);

/* One request. argument: for a path with "*", the room or the session's id; NULL otherwise.
 * request: the struct of the endpoint's schema, or NULL; it is encoded before the call returns.
 * An access token that has run out is renewed first, or after one `unauthorized`. */
void bed_signalling_client_call_async (BedSignallingClient *self,
                                       BedEndpoint endpoint,
                                       const char *argument,
                                       gconstpointer request,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
/* answer: (out) (optional): (transfer full): the struct of the endpoint's answer schema, freed by
 * its
 * `_free`, e.g. bed_clinic_info_free; NULL for an endpoint without one. */
gboolean bed_signalling_client_call_finish (BedSignallingClient *self,
                                            GAsyncResult *result,
                                            gpointer *answer,
                                            GError **error);

/* The clinician's session. Copied; access NULL: renewed at the first need. NULL, NULL signs out
 * here. */
void bed_signalling_client_set_tokens (BedSignallingClient *self, const char *access,
                                       gint64 expires_in_s, const char *refresh);
/* Renews by the refresh token that it was given and never by a newer one, so that a copy of it that
 * is out of reach stays good: to the server a predecessor is, as long as its successor is not
 * used. */
void bed_signalling_client_keep_refresh_token (BedSignallingClient *self);
/* Returns: (transfer full) (nullable) */
BedSecret *bed_signalling_client_dup_refresh_token (BedSignallingClient *self);
/* expires_in_s: (out): at least 0. Returns: (transfer full) (nullable) */
BedSecret *bed_signalling_client_dup_access_token (BedSignallingClient *self, gint64 *expires_in_s);
gboolean bed_signalling_client_has_session (BedSignallingClient *self);

/* The patient's admission, for BED_ENDPOINT_ROOM_CARD, BED_ENDPOINT_ICE and join; 32 bytes of
 * token. */
void bed_signalling_client_set_admission (BedSignallingClient *self, const char *room,
                                          BedSecret *token);

/* Connects, and stays connected until close. attach: the clinician; join: the person's Join, with a
 * seat made for this client. Only one of them, once in a client's life. */
void bed_signalling_client_attach (BedSignallingClient *self);
void bed_signalling_client_join (BedSignallingClient *self);
/* As attach, for a client that has no keys to read with: it is told who comes and goes, and leaves
 * what they send with the server until somebody attaches. */
void bed_signalling_client_watch (BedSignallingClient *self);
/* Patient: says `leave` and closes. Clinician: closes. Pending relays are dropped. */
void bed_signalling_client_close (BedSignallingClient *self);
/* Tries now instead of waiting, e.g. when the network came back. */
void bed_signalling_client_retry_now (BedSignallingClient *self);
BedSignallingState bed_signalling_client_get_state (BedSignallingClient *self);
/* Whether the last attempt failed because of the server's certificate. */
gboolean bed_signalling_client_is_untrusted (BedSignallingClient *self);
/* Hands a sealed text over for reliable delivery, also while offline. room and peer: NULL for a
 * patient.
 * Returns: FALSE when the queue of unconfirmed messages is full (64 messages or 256 KiB). */
gboolean bed_signalling_client_relay (BedSignallingClient *self, const char *room, const char *peer,
                                      const char *data);
/* Clinician. FALSE when not attached now. */
gboolean bed_signalling_client_admit (BedSignallingClient *self, const char *room,
                                      const char *peer);
gboolean bed_signalling_client_decline (BedSignallingClient *self, const char *room,
                                        const char *peer);
/* From the last welcome, or fetched since, before those had run out: (transfer none) (nullable)
 * (element-type BedIceServer). */
GPtrArray *bed_signalling_client_get_ice_servers (BedSignallingClient *self);
guint bed_signalling_client_get_position (BedSignallingClient *self);
gboolean bed_signalling_client_get_host_online (BedSignallingClient *self);
/* The server's clock minus ours at the last welcome or card, µs. */
gint64 bed_signalling_client_get_clock_offset_us (BedSignallingClient *self);

G_END_DECLS
