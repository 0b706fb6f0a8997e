/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"

G_BEGIN_DECLS

/* Errors at the edge of this room. */
#define BED_ICE_ERROR (bed_ice_error_quark ())
GQuark bed_ice_error_quark (void);
typedef enum
{
  BED_ICE_ERROR_URL, /* not a stun: or turn: URL (RFC 7064, RFC 7065), or no credential with turn:
                      */
  BED_ICE_ERROR_UNSUPPORTED, /* stuns: and turns: */
  BED_ICE_ERROR_ADDRESS,     /* the bind address is not a literal address of this machine */
  BED_ICE_ERROR_GATHER,      /* no socket could be opened, or the policy leaves no way to gather */
  BED_ICE_ERROR_CREDENTIALS, /* a remote ufrag or password outside RFC 8839 section 5.4 */
} BedIceError;

typedef enum
{
  BED_ICE_SERVER_STUN,
  BED_ICE_SERVER_TURN_UDP,
  BED_ICE_SERVER_TURN_TCP
} BedIceServerKind;

/* One STUN or TURN server (RTCIceServer of W3C webrtc-pc, one URL each). Immutable; any thread. */
typedef struct _BedIceServer BedIceServer;
#define BED_TYPE_ICE_SERVER (bed_ice_server_get_type ())
GType bed_ice_server_get_type (void);

/* `stun:host[:port]`, `turn:host[:port][?transport=udp|tcp]`; IPv6 literals in brackets. `username`
 * and `credential` are needed for turn: and NULL for stun:. Returns: (transfer full) (nullable):
 * NULL with an error */
BedIceServer *bed_ice_server_new (const char *url, const char *username, BedSecret *credential,
                                  GError **error);
BedIceServer *bed_ice_server_ref (BedIceServer *self);
void bed_ice_server_unref (BedIceServer *self);
BedIceServerKind bed_ice_server_get_kind (const BedIceServer *self);
/* A name or a literal address, without brackets. Lent. */
const char *bed_ice_server_get_host (const BedIceServer *self);
guint16 bed_ice_server_get_port (const BedIceServer *self);
/* Lent, NULL for stun:. */
const char *bed_ice_server_get_username (const BedIceServer *self);
BedSecret *bed_ice_server_get_credential (const BedIceServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedIceServer, bed_ice_server_unref)

G_END_DECLS
