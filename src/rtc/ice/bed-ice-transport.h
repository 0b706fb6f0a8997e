/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* RTCIceTransportState of W3C webrtc-pc section 5.6.4. */
typedef enum
{
  BED_ICE_STATE_NEW,
  BED_ICE_STATE_CHECKING,
  BED_ICE_STATE_CONNECTED,
  BED_ICE_STATE_COMPLETED,
  BED_ICE_STATE_DISCONNECTED,
  BED_ICE_STATE_FAILED,
  BED_ICE_STATE_CLOSED,
} BedIceState;
#define BED_ICE_N_STATES 7

/* What moves it. */
typedef enum
{
  BED_ICE_EVENT_CHECK,    /* connectivity checks run */
  BED_ICE_EVENT_CONNECT,  /* a pair works */
  BED_ICE_EVENT_COMPLETE, /* a pair is nominated and no better one is looked for */
  BED_ICE_EVENT_LOSE, /* consent was lost (RFC 7675), or every check failed after a pair had worked
                       */
  BED_ICE_EVENT_FAIL, /* every check failed, and no more candidates will come */
  BED_ICE_EVENT_RESTART, /* new credentials (RFC 8445 section 9) */
  BED_ICE_EVENT_CLOSE,
} BedIceEvent;
#define BED_ICE_N_EVENTS 7

/* The W3C name: "new", "checking", … Static. */
const char *bed_ice_state_to_string (BedIceState state);
/* The transition function; an event without an effect returns `state`. */
BedIceState bed_ice_state_next (BedIceState state, BedIceEvent event);

typedef enum { BED_ICE_ROLE_CONTROLLED, BED_ICE_ROLE_CONTROLLING } BedIceRole;

/* What became of a remote candidate. Only REJECTED and TOO_MANY speak of a peer that misbehaves. */
typedef enum
{
  BED_ICE_CANDIDATE_ADDED,
  BED_ICE_CANDIDATE_IGNORED,  /* well-formed, not for us: a `.local` name, TCP, component 2, an old
                                 ufrag */
  BED_ICE_CANDIDATE_REJECTED, /* malformed, or an address that nobody may make us send to */
  BED_ICE_CANDIDATE_TOO_MANY,
} BedIceCandidateResult;

#define BED_ICE_MAX_REMOTE_CANDIDATES 30 /* in one ICE session; a restart begins a new one */
#define BED_ICE_MAX_CANDIDATE_LENGTH 512 /* bytes */
#define BED_ICE_MAX_DATAGRAM 2048        /* bytes */

/* One ICE transport: one stream, one component (BUNDLE and rtcp-mux). Everything happens on the
 * thread of the context that the implementation was constructed with.
 *
 * Signals:
 *   ::candidate (char *candidate)  a local candidate, `candidate:…` as in RTCIceCandidate.candidate
 *   ::gathering-done ()
 *   ::state-changed ()             look with bed_ice_transport_get_state
 */
#define BED_TYPE_ICE_TRANSPORT (bed_ice_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (BedIceTransport, bed_ice_transport, BED, ICE_TRANSPORT, GObject)

struct _BedIceTransportClass
{
  GObjectClass parent_class;
  gboolean (*gather) (BedIceTransport *self, GError **error);
  void (*dup_local_credentials) (BedIceTransport *self, char **ufrag, char **password);
  gboolean (*set_remote_credentials) (BedIceTransport *self, const char *ufrag,
                                      const char *password);
  BedIceCandidateResult (*add_remote_candidate) (BedIceTransport *self, const char *candidate);
  void (*end_of_candidates) (BedIceTransport *self);
  void (*set_role) (BedIceTransport *self, BedIceRole role);
  gboolean (*send) (BedIceTransport *self, const guint8 *data, gsize length);
  gboolean (*restart) (BedIceTransport *self, GError **error);
  void (*close) (BedIceTransport *self);
  gboolean (*get_selected_types) (BedIceTransport *self, const char **local,
                                  const char **remote); /* may be NULL */
};

/* Data from the peer, only from an address that ICE has validated. Lent for the length of the call.
 */
typedef void (*BedIceDataFunc) (const guint8 *data, gsize length, gpointer user_data);

/* Starts gathering; candidates come by signal, and the first ones only after this call has
 * returned. */
gboolean bed_ice_transport_gather (BedIceTransport *self, GError **error);
/* The current session's. (transfer full) */
void bed_ice_transport_dup_local_credentials (BedIceTransport *self, char **ufrag, char **password);
/* Starts the checks. Returns FALSE with BED_ICE_ERROR_CREDENTIALS when they are not well-formed. */
gboolean bed_ice_transport_set_remote_credentials (BedIceTransport *self, const char *ufrag,
                                                   const char *password, GError **error);
/* `candidate:…`, also with `a=` before it. May come before the credentials. An empty string is the
 * end. */
BedIceCandidateResult bed_ice_transport_add_remote_candidate (BedIceTransport *self,
                                                              const char *candidate);
/* The peer has no more; only now may the checks fail. */
void bed_ice_transport_end_of_candidates (BedIceTransport *self);
/* libnice takes it only before it gathers: set later, a conflict of roles is settled by the checks,
 * which costs a browser's next one, some 50 to 100 ms later. */
void bed_ice_transport_set_role (BedIceTransport *self, BedIceRole role);
/* Sends one datagram to the selected pair, never blocks. Returns FALSE when it was dropped. */
gboolean bed_ice_transport_send (BedIceTransport *self, const guint8 *data, gsize length);
/* New local credentials; forgets the remote ones and the candidates; gathers again. Data goes on
 * over the old pair meanwhile. */
gboolean bed_ice_transport_restart (BedIceTransport *self, GError **error);
void bed_ice_transport_close (BedIceTransport *self);
BedIceState bed_ice_transport_get_state (BedIceTransport *self);
/* RTCIceCandidateType of both ends of the selected pair: "host", "srflx", "prflx", "relay". Static.
 * Returns: FALSE while there is no pair */
gboolean bed_ice_transport_get_selected_types (BedIceTransport *self, const char **local,
                                               const char **remote);
/* Only one; NULL takes it away. */
void bed_ice_transport_set_data_func (BedIceTransport *self, BedIceDataFunc func,
                                      gpointer user_data);
/* Remote candidates of this session that were refused (REJECTED, TOO_MANY). */
guint bed_ice_transport_get_refused_candidates (BedIceTransport *self);

/* For implementations only. */
/* Lets remote candidates on loopback in: only where the transport itself is bound to loopback. */
void bed_ice_transport_set_allow_loopback (BedIceTransport *self, gboolean allow);
void bed_ice_transport_handle_event (BedIceTransport *self, BedIceEvent event);
void bed_ice_transport_deliver (BedIceTransport *self, const guint8 *data, gsize length);
void bed_ice_transport_emit_candidate (BedIceTransport *self, const char *candidate);
void bed_ice_transport_emit_gathering_done (BedIceTransport *self);

G_END_DECLS
