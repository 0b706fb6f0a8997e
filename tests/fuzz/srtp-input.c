/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-srtp.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static BedSrtp *
make_receiver (guint16 profile)
{
  g_autoptr (BedSecret) key = bed_secret_new_zero (bed_srtp_profile_get_key_length (profile));

  memset (bed_secret_get_writable (key), 0x5a, bed_secret_get_length (key));
  return bed_srtp_new_receive (profile, key, NULL);
}

/* The first byte chooses the profile, and RTP or RTCP; nobody without the key has a packet taken. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint16 profiles[] = { BED_SRTP_AES128_CM_SHA1_80, BED_SRTP_AEAD_AES_128_GCM, BED_SRTP_AEAD_AES_256_GCM };
  static BedSrtp *receivers[G_N_ELEMENTS (profiles)];
  gsize length = size > 0 ? size - 1 : 0;
  g_autofree guint8 *packet = g_malloc (MAX (length, 1));
  BedSrtpResult result;
  guint which;

  if (size < 1)
    return 0;
  which = (data[0] >> 1) % G_N_ELEMENTS (profiles);
  if (receivers[which] == NULL)
    receivers[which] = make_receiver (profiles[which]);
  memcpy (packet, data + 1, length);
  result = data[0] & 1 ? bed_srtp_unprotect_rtcp (receivers[which], packet, &length)
                       : bed_srtp_unprotect_rtp (receivers[which], packet, &length);
  if (result == BED_SRTP_OK)
    abort ();
  return 0;
}
