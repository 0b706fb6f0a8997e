/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"

G_BEGIN_DECLS

#define BED_SRTP_ERROR (bed_srtp_error_quark ())
GQuark bed_srtp_error_quark (void);
typedef enum
{
  BED_SRTP_ERROR_PROFILE, /* not one of the profiles below */
  BED_SRTP_ERROR_KEY,     /* wrong length */
  BED_SRTP_ERROR_CRYPTO,  /* the library refused */
} BedSrtpError;

/* IANA DTLS-SRTP protection profiles (RFC 5764, RFC 7714). There is no NULL cipher here. */
typedef enum
{
  BED_SRTP_AES128_CM_SHA1_80 = 0x0001,
  BED_SRTP_AEAD_AES_128_GCM = 0x0007,
  BED_SRTP_AEAD_AES_256_GCM = 0x0008,
} BedSrtpProfile;

typedef enum
{
  BED_SRTP_OK,
  BED_SRTP_AUTH_FAILED,
  BED_SRTP_REPLAYED,  /* or older than the window */
  BED_SRTP_MALFORMED, /* not RTP or RTCP, or too short */
  BED_SRTP_REFUSED, /* one SSRC more than BED_SRTP_MAX_SSRCS, no room in the buffer, or key used up
                     */
} BedSrtpResult;
#define BED_SRTP_N_RESULTS 5

#define BED_SRTP_MAX_SSRCS 64
#define BED_SRTP_WINDOW 1024 /* packets */
/* What protecting adds at most (bytes), for the capacity of buffers. */
#define BED_SRTP_MAX_OVERHEAD 24

/* One direction of SRTP and SRTCP. One thread. */
typedef struct _BedSrtp BedSrtp;

/* The number of bytes of key and salt that a profile wants, 0 for an unknown profile. */
gsize bed_srtp_profile_get_key_length (guint16 profile);
/* `key`: master key followed by master salt. Returns: (transfer full) (nullable) */
BedSrtp *bed_srtp_new_send (guint16 profile, BedSecret *key, GError **error);
BedSrtp *bed_srtp_new_receive (guint16 profile, BedSecret *key, GError **error);
void bed_srtp_free (BedSrtp *self);

/* In place. `length`: in and out. A packet that is sent again unchanged is allowed. */
BedSrtpResult bed_srtp_protect_rtp (BedSrtp *self, guint8 *packet, gsize *length, gsize capacity);
BedSrtpResult bed_srtp_protect_rtcp (BedSrtp *self, guint8 *packet, gsize *length, gsize capacity);
/* In place. Unless OK, the bytes are of no use and must be thrown away. */
BedSrtpResult bed_srtp_unprotect_rtp (BedSrtp *self, guint8 *packet, gsize *length);
BedSrtpResult bed_srtp_unprotect_rtcp (BedSrtp *self, guint8 *packet, gsize *length);
/* How many packets ended so. */
guint64 bed_srtp_get_count (const BedSrtp *self, BedSrtpResult result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSrtp, bed_srtp_free)

G_END_DECLS
