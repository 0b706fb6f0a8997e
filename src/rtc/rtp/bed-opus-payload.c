/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-opus-payload.h"

/* RFC 6716 3.1, table 2: samples at 48 kHz of one frame. */
static guint
frame_samples (guint8 config)
{
  static const guint silk[] = { 480, 960, 1920, 2880 };

  if (config < 12)
    return silk[config & 3];
  if (config < 16)
    return config & 1 ? 960 : 480;
  return 120u << (config & 3);
}

guint
bed_opus_payload_get_samples (const guint8 *payload, gsize length)
{
  guint frames, samples;

  if (length == 0 || length > 1275 * 48 + 2)
    return 0;
  switch (payload[0] & 3)
    {
    case 0:
      frames = 1;
      break;
    case 1:
    case 2:
      frames = 2;
      break;
    default:
      if (length < 2)
        return 0;
      frames = payload[1] & 0x3f;
    }
  samples = frames * frame_samples (payload[0] >> 3);
  return samples <= BED_OPUS_MAX_SAMPLES ? samples : 0;
}

gboolean
bed_opus_payload_is_dtx (const guint8 *payload, gsize length)
{
  return length > 0 && length <= 2;
}
