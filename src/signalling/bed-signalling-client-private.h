/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "bed-dialer-private.h"
#include "bed-hop-private.h"
#include "bed-signalling-client.h"

G_BEGIN_DECLS

typedef void (*BedFreshFunc) (BedSignallingClient *self, const GError *error, gpointer data);

struct _BedSignallingClient
{
  GObject parent;
  /* owned */
  char *authority;
  BedClock *clock;
  BedTrust trust;
  SoupSession *http;
  GCancellable *life;            /* cancelled in dispose */
  guint patience_s;              /* for a whole request, for a whole upgrade and for the welcome */
  /* the session */
  BedSecret *access, *refresh;   /* text with its terminating zero */
  gint64 access_ends_us;
  GArray *waiting_for_tokens;
  gboolean refreshing;
  gboolean refresh_stays; /* see bed_signalling_client_keep_refresh_token */
  /* the admission */
  char *room;
  BedSecret *token;
  guint8 seat[BED_SEAT_BYTES];
  /* the socket */
  BedSender side;
  gboolean wanted, untrusted, watching; /* watching: takes no relay */
  BedSignallingState state;
  BedHop *hop;
  SoupWebsocketConnection *socket;
  BedMeteredStream *stream;      /* borrowed from socket */
  GCancellable *dialling;
  guint retry_source, watch_source;
  guint failures;
  guint64 seen_bytes;
  gint64 seen_us;
  GPtrArray *ice_servers;
  guint ice_source;              /* when they are fetched anew */
  guint renew_min_s;             /* at the earliest after so long, whatever the server says */
  guint position;
  gboolean host_online;
  char *peer;
  gint64 clock_offset_us;
};

/* Calls back, at once or later, when there is an access token that has not run out. */
void bed_signalling_client_ensure_fresh (BedSignallingClient *self, BedFreshFunc func,
                                         gpointer data);
void bed_signalling_client_drop_access (BedSignallingClient *self);
const char *bed_signalling_client_get_access (BedSignallingClient *self);
void bed_signalling_client_init_http (BedSignallingClient *self);
void bed_signalling_client_stop_socket (BedSignallingClient *self);
/* servers: (transfer full) (nullable): good for so long from now. */
void bed_signalling_client_take_ice (BedSignallingClient *self, GPtrArray *servers, gint64 ttl_s);

typedef enum
{
  BED_SIGNAL_ARRIVED,
  BED_SIGNAL_LEFT,
  BED_SIGNAL_ROOM,
  BED_SIGNAL_RELAY,
  BED_SIGNAL_OVER,
  BED_SIGNAL_REFUSED,
  BED_SIGNAL_WELCOME,
  BED_SIGNAL_TOKENS,
  BED_SIGNAL_SIGNED_OUT,
  BED_SIGNAL_COUNT,
} BedSignallingSignal;
guint bed_signalling_client_get_signal (BedSignallingSignal signal);
void bed_signalling_client_set_state (BedSignallingClient *self, BedSignallingState state);
void bed_signalling_client_set_position (BedSignallingClient *self, guint position);
void bed_signalling_client_set_host_online (BedSignallingClient *self, gboolean online);

G_END_DECLS
