/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-srtp.h"

#include <srtp2/srtp.h>
#include <string.h>
#ifdef BED_SRTP_WITH_NSS
#include <nss.h>
#endif

G_DEFINE_QUARK (bed-srtp-error-quark, bed_srtp_error)

#define MAX_PACKET 2048
#define MIN_RTP 12
#define MIN_RTCP 8

G_STATIC_ASSERT (BED_SRTP_MAX_OVERHEAD >= 16 + sizeof (guint32));

struct _BedSrtp
{
  srtp_t session;
  GHashTable *ssrcs; /* owned, a set: who has been heard, received direction only */
  gboolean receive;
  gsize rtp_overhead, rtcp_overhead;
  gsize rtcp_index_from_end; /* where SRTCP's E bit and index are: the tag stands before or after
                                them */
  guint64 counts[BED_SRTP_N_RESULTS];
};

gsize
bed_srtp_profile_get_key_length (guint16 profile)
{
  switch (profile)
    {
    case BED_SRTP_AES128_CM_SHA1_80:
      return 16 + 14;
    case BED_SRTP_AEAD_AES_128_GCM:
      return 16 + 12;
    case BED_SRTP_AEAD_AES_256_GCM:
      return 32 + 12;
    default:
      return 0;
    }
}

static srtp_profile_t
to_library_profile (guint16 profile)
{
  switch (profile)
    {
    case BED_SRTP_AES128_CM_SHA1_80:
      return srtp_profile_aes128_cm_sha1_80;
    case BED_SRTP_AEAD_AES_128_GCM:
      return srtp_profile_aead_aes_128_gcm;
    default:
      return srtp_profile_aead_aes_256_gcm;
    }
}

/* libsrtp on NSS opens it for each cipher, and while nobody else has it open that loads its modules
 * anew: a dozen times in the library's own start. With one context kept open that start takes 20 ms
 * of CPU instead of 60. */
static void
hold_crypto (void)
{
#ifdef BED_SRTP_WITH_NSS
  static NSSInitContext *held = NULL;
  const PRUint32 flags = NSS_INIT_READONLY | NSS_INIT_NOCERTDB | NSS_INIT_NOMODDB
                         | NSS_INIT_FORCEOPEN | NSS_INIT_OPTIMIZESPACE;

  held = NSS_InitContext ("", "", "", "", NULL, flags);
  if (held == NULL)
    g_warning ("the crypto library could not be held open; calls begin more slowly");
#endif
}

/* The library's own tables are per process and must be filled once. */
static gboolean
init_library (void)
{
  static gsize result = 0;

  if (g_once_init_enter (&result))
    {
      hold_crypto ();
      g_once_init_leave (&result, srtp_init () == srtp_err_status_ok ? 1 : 2);
    }
  return result == 1;
}

static gboolean
open_session (BedSrtp *self, guint16 profile, BedSecret *key)
{
  srtp_policy_t policy = { 0 };

  if (!init_library ()
      || srtp_crypto_policy_set_from_profile_for_rtp (&policy.rtp, to_library_profile (profile))
           != srtp_err_status_ok
      || srtp_crypto_policy_set_from_profile_for_rtcp (&policy.rtcp, to_library_profile (profile))
           != srtp_err_status_ok)
    return FALSE;
  policy.ssrc.type = self->receive ? ssrc_any_inbound : ssrc_any_outbound;
  policy.key = bed_secret_get_writable (key);
  policy.window_size = BED_SRTP_WINDOW;
  /* Packets asked for again go out unchanged, which is the same ciphertext once more. */
  policy.allow_repeat_tx = !self->receive;
  if (srtp_create (&self->session, &policy) != srtp_err_status_ok)
    return FALSE;
  self->rtp_overhead = policy.rtp.auth_tag_len;
  self->rtcp_overhead = policy.rtcp.auth_tag_len + sizeof (guint32);
  self->rtcp_index_from_end
    = profile == BED_SRTP_AES128_CM_SHA1_80 ? self->rtcp_overhead : sizeof (guint32);
  return TRUE;
}

static BedSrtp *
bed_srtp_new (guint16 profile, BedSecret *key, gboolean receive, GError **error)
{
  g_autoptr (BedSrtp) self = NULL;
  gsize wanted = bed_srtp_profile_get_key_length (profile);

  g_return_val_if_fail (key != NULL, NULL);
  if (wanted == 0)
    {
      g_set_error_literal (error, BED_SRTP_ERROR, BED_SRTP_ERROR_PROFILE, "Unknown SRTP profile");
      return NULL;
    }
  if (bed_secret_get_length (key) != wanted)
    {
      g_set_error_literal (error, BED_SRTP_ERROR, BED_SRTP_ERROR_KEY,
                           "SRTP key of the wrong length");
      return NULL;
    }
  self = g_new0 (BedSrtp, 1);
  self->receive = receive;
  self->ssrcs = g_hash_table_new (NULL, NULL);
  if (!open_session (self, profile, key))
    {
      g_set_error_literal (error, BED_SRTP_ERROR, BED_SRTP_ERROR_CRYPTO,
                           "SRTP could not be set up");
      return NULL;
    }
  return g_steal_pointer (&self);
}

BedSrtp *
bed_srtp_new_send (guint16 profile, BedSecret *key, GError **error)
{
  return bed_srtp_new (profile, key, FALSE, error);
}

BedSrtp *
bed_srtp_new_receive (guint16 profile, BedSecret *key, GError **error)
{
  return bed_srtp_new (profile, key, TRUE, error);
}

void
bed_srtp_free (BedSrtp *self)
{
  if (self == NULL)
    return;
  /* The library wipes its key schedules. */
  if (self->session != NULL)
    srtp_dealloc (self->session);
  g_hash_table_unref (self->ssrcs);
  g_free (self);
}

static BedSrtpResult
from_status (srtp_err_status_t status)
{
  switch (status)
    {
    case srtp_err_status_ok:
      return BED_SRTP_OK;
    case srtp_err_status_auth_fail:
    case srtp_err_status_cipher_fail:
      return BED_SRTP_AUTH_FAILED;
    case srtp_err_status_replay_fail:
    case srtp_err_status_replay_old:
    case srtp_err_status_pkt_idx_old:
    case srtp_err_status_pkt_idx_adv:
      return BED_SRTP_REPLAYED;
    case srtp_err_status_bad_param:
    case srtp_err_status_parse_err:
      return BED_SRTP_MALFORMED;
    default:
      return BED_SRTP_REFUSED;
    }
}

static BedSrtpResult
count (BedSrtp *self, BedSrtpResult result)
{
  self->counts[result]++;
  return result;
}

/* The library reads the fixed header, the CSRCs and the extension's length before it checks
 * anything; here they are known to lie inside the packet. */
static gboolean
is_rtp (const guint8 *packet, gsize length)
{
  gsize header;

  if (length < MIN_RTP || length > MAX_PACKET || packet[0] >> 6 != 2)
    return FALSE;
  header = MIN_RTP + 4 * (packet[0] & 0x0f);
  if ((packet[0] & 0x10) == 0)
    return length >= header;
  if (length < header + 4)
    return FALSE;
  return length >= header + 4 + 4 * (gsize) (packet[header + 2] << 8 | packet[header + 3]);
}

static gboolean
is_rtcp (const guint8 *packet, gsize length)
{
  return length >= MIN_RTCP && length <= MAX_PACKET && packet[0] >> 6 == 2;
}

static guint32
read_u32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
}

BedSrtpResult
bed_srtp_protect_rtp (BedSrtp *self, guint8 *packet, gsize *length, gsize capacity)
{
  srtp_err_status_t status;
  int size = (int) *length;

  g_return_val_if_fail (!self->receive, BED_SRTP_REFUSED);
  if (!is_rtp (packet, *length))
    return count (self, BED_SRTP_MALFORMED);
  if (capacity < *length + self->rtp_overhead)
    return count (self, BED_SRTP_REFUSED);
  status = srtp_protect (self->session, packet, &size);
  if (status == srtp_err_status_ok)
    *length = (gsize) size;
  return count (self, from_status (status));
}

BedSrtpResult
bed_srtp_protect_rtcp (BedSrtp *self, guint8 *packet, gsize *length, gsize capacity)
{
  srtp_err_status_t status;
  int size = (int) *length;

  g_return_val_if_fail (!self->receive, BED_SRTP_REFUSED);
  if (!is_rtcp (packet, *length))
    return count (self, BED_SRTP_MALFORMED);
  if (capacity < *length + self->rtcp_overhead)
    return count (self, BED_SRTP_REFUSED);
  status = srtp_protect_rtcp (self->session, packet, &size);
  if (status == srtp_err_status_ok)
    *length = (gsize) size;
  return count (self, from_status (status));
}

/* A stream's state is made for each SSRC that passes authentication: bound it. */
static gboolean
is_over_limit (BedSrtp *self, guint32 ssrc)
{
  return g_hash_table_size (self->ssrcs) >= BED_SRTP_MAX_SSRCS
         && !g_hash_table_contains (self->ssrcs, GUINT_TO_POINTER (ssrc));
}

typedef srtp_err_status_t (*UnprotectFunc) (srtp_t session, void *packet, int *length);

static BedSrtpResult
unprotect (BedSrtp *self, guint8 *packet, gsize *length, guint32 ssrc, UnprotectFunc func)
{
  srtp_err_status_t status;
  int size = (int) *length;

  if (is_over_limit (self, ssrc))
    return count (self, BED_SRTP_REFUSED);
  status = func (self->session, packet, &size);
  if (status == srtp_err_status_ok)
    {
      *length = (gsize) size;
      g_hash_table_add (self->ssrcs, GUINT_TO_POINTER (ssrc));
    }
  return count (self, from_status (status));
}

BedSrtpResult
bed_srtp_unprotect_rtp (BedSrtp *self, guint8 *packet, gsize *length)
{
  g_return_val_if_fail (self->receive, BED_SRTP_REFUSED);
  if (!is_rtp (packet, *length) || *length < MIN_RTP + self->rtp_overhead)
    return count (self, BED_SRTP_MALFORMED);
  return unprotect (self, packet, length, read_u32 (packet + 8), srtp_unprotect);
}

BedSrtpResult
bed_srtp_unprotect_rtcp (BedSrtp *self, guint8 *packet, gsize *length)
{
  g_return_val_if_fail (self->receive, BED_SRTP_REFUSED);
  if (!is_rtcp (packet, *length) || *length < MIN_RTCP + self->rtcp_overhead)
    return count (self, BED_SRTP_MALFORMED);
  /* The E bit: nothing in the clear is taken, whatever its tag says. */
  if ((packet[*length - self->rtcp_index_from_end] & 0x80) == 0)
    return count (self, BED_SRTP_MALFORMED);
  return unprotect (self, packet, length, read_u32 (packet + 4), srtp_unprotect_rtcp);
}

guint64
bed_srtp_get_count (const BedSrtp *self, BedSrtpResult result)
{
  return self->counts[result];
}
