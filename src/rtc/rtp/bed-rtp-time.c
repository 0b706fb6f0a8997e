/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtp-packet.h"

#define NTP_EPOCH_S 2208988800ull /* 1900 to 1970 */

gint64
bed_sequence_unwrap (BedSequence *self, guint16 sequence)
{
  gint64 value;

  if (!self->started)
    {
      self->started = TRUE;
      self->last = sequence;
      return sequence;
    }
  value = self->last + (gint16) (sequence - (guint16) self->last);
  self->last = MAX (self->last, value);
  return value;
}

gint64
bed_sequence_unwrap_timestamp (BedSequence *self, guint32 timestamp)
{
  gint64 value;

  if (!self->started)
    {
      self->started = TRUE;
      self->last = timestamp;
      return timestamp;
    }
  value = self->last + (gint32) (timestamp - (guint32) self->last);
  self->last = MAX (self->last, value);
  return value;
}

guint64
bed_ntp_from_us (gint64 unix_us)
{
  guint64 seconds = unix_us / G_USEC_PER_SEC + NTP_EPOCH_S;
  guint64 fraction = ((guint64) (unix_us % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC;

  return seconds << 32 | fraction;
}

/* Seconds below the epoch's belong to the era that begins in 2036 (RFC 5905 section 6). */
gint64
bed_ntp_to_us (guint64 ntp)
{
  gint64 seconds = (gint64) (ntp >> 32) - (gint64) NTP_EPOCH_S;
  gint64 us = ((ntp & 0xffffffff) * G_USEC_PER_SEC + (1u << 31)) >> 32;

  if (seconds < 0)
    seconds += (gint64) 1 << 32;
  return seconds * G_USEC_PER_SEC + us;
}

guint32
bed_ntp_middle (guint64 ntp)
{
  return ntp >> 16;
}

guint32
bed_abs_send_time (gint64 us)
{
  guint64 seconds = us / G_USEC_PER_SEC, rest = us % G_USEC_PER_SEC;

  return ((seconds << 18) + (rest << 18) / G_USEC_PER_SEC) & 0xffffff;
}
