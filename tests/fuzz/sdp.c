/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>

#include "bed-offer-answer.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What is accepted can be written and read again, and answered or refused without harm. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const BedSdpLocal local = { .ice_ufrag = "abcd", .ice_pwd = "abcdefghijklmnopqrstuvwx", .cname = "c",
                                     .stream_id = "s", .audio_track_id = "a", .video_track_id = "v",
                                     .audio_ssrc = 1, .video_ssrc = 2, .video_rtx_ssrc = 3 };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (BedSessionDescription) self = bed_session_description_parse (text, NULL);
  g_autoptr (BedSessionDescription) answer = NULL;
  g_autoptr (BedSessionDescription) again = NULL;
  g_autofree char *written = NULL;
  BedSdpAgreement agreement;

  if (self == NULL)
    return 0;
  answer = bed_sdp_make_answer (&local, self, NULL);
  if (answer == NULL)
    return 0;
  bed_sdp_agree (self, answer, FALSE, &agreement, NULL);
  written = bed_session_description_to_string (answer);
  again = bed_session_description_parse (written, NULL);
  if (again == NULL)
    abort ();
  return 0;
}
