/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-jitter-buffer.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Four bytes each: what, sequence step, timestamp step, time step. Whatever comes, sound goes on: every pop says how
 * many samples, within what Opus can give, and the sums agree. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedJitterBuffer) buffer = bed_jitter_buffer_new (20, 500);
  gint64 sequence = 0, now = 0;
  guint32 timestamp = 0;
  guint64 total = 0;
  BedJitterStats stats;
  guint sum = 0;

  for (size_t at = 0; size - at >= 4; at += 4)
    {
      const uint8_t *step = data + at;
      BedJitterFrame frame;

      sequence += (gint8) step[1];
      timestamp += (gint8) step[2] * (step[0] & 0x40 ? 1000000 : 480);
      now += step[3] * 1000;
      if (step[0] & 1)
        bed_jitter_buffer_push (buffer, sequence, timestamp, step, 1 + (step[0] >> 1) % (size - at), now);
      if (step[0] & 0x80)
        continue;
      bed_jitter_buffer_pop (buffer, now, &frame);
      if (frame.samples == 0 || frame.samples > 5760)
        g_error ("a step of %u samples", frame.samples);
      for (gsize i = 0; i < frame.length; i++)
        sum += frame.payload[i];
      total += frame.samples;
    }
  bed_jitter_buffer_get_stats (buffer, &stats);
  if (stats.total_samples != total)
    g_error ("samples do not add up");
  return sum == 1;
}
