/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-sdp-error.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* One ICE candidate, RFC 8839 section 5.1. Immutable value; any thread. */
typedef enum
{
  BED_ICE_CANDIDATE_HOST,
  BED_ICE_CANDIDATE_SRFLX,
  BED_ICE_CANDIDATE_PRFLX,
  BED_ICE_CANDIDATE_RELAY,
} BedIceCandidateType;

typedef enum { BED_ICE_PROTOCOL_UDP, BED_ICE_PROTOCOL_TCP } BedIceProtocol;

/* How much one candidate line may have. */
#define BED_ICE_CANDIDATE_MAX_LENGTH 512

typedef struct
{
  char *foundation; /* 1 to 32 ice-char */
  guint component; /* 1 to 256 */
  BedIceProtocol protocol;
  guint32 priority; /* 1 to 2^31 - 1 */
  char *address; /* IPv4 or IPv6 literal, or a name (mDNS) */
  gboolean is_name; /* address is no literal: never resolved here */
  guint16 port;
  BedIceCandidateType type;
  char *related_address; /* (nullable) */
  guint16 related_port;
  char *tcp_type; /* (nullable): active, passive, so */
  char *username_fragment; /* (nullable): the ufrag extension */
} BedIceCandidate;

#define BED_TYPE_ICE_CANDIDATE (bed_ice_candidate_get_type ())
GType bed_ice_candidate_get_type (void);

/* text: "candidate:…", with or without "a=" before it, as in RTCIceCandidate.candidate.
 * Returns: (transfer full) (nullable): NULL with BED_SDP_ERROR */
BedIceCandidate *bed_ice_candidate_parse (const char *text, GError **error);
/* "candidate:…" without "a=". Returns: (transfer full) */
char *bed_ice_candidate_to_string (const BedIceCandidate *self);
BedIceCandidate *bed_ice_candidate_copy (const BedIceCandidate *self);
void bed_ice_candidate_free (BedIceCandidate *self);
/* Fit to be tried: UDP, component 1, a literal unicast address that is neither unspecified nor
 * link-local nor multicast, and, unless allow_loopback, not loopback either (a peer must not make
 * us probe ourselves). */
gboolean bed_ice_candidate_is_usable (const BedIceCandidate *self, gboolean allow_loopback);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedIceCandidate, bed_ice_candidate_free)

G_END_DECLS
