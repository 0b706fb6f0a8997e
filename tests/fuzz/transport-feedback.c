/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-bandwidth-estimator.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What parses is written again, which must parse to the same, and goes into an estimator. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedBandwidthEstimator) estimator = bed_bandwidth_estimator_new (300000, 50000, 2000000);
  BedTransportFeedback feedback, again;
  guint8 bytes[4096];
  BedByteWriter writer;
  guint target;

  if (!bed_transport_feedback_parse (&feedback, data, size))
    return 0;
  for (guint i = 0; i < 200; i++)
    bed_bandwidth_estimator_next_packet (estimator, 1000, i * 5000);
  bed_bandwidth_estimator_handle_feedback (estimator, &feedback, G_USEC_PER_SEC);
  target = bed_bandwidth_estimator_get_target (estimator, 3 * G_USEC_PER_SEC);
  if (target < 50000 || target > 2000000)
    g_error ("target %u", target);
  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_transport_feedback_write (&feedback, 1, 2, &writer);
  if (bed_byte_writer_failed (&writer))
    return 0; /* times from before its zero cannot be said */
  if (!bed_transport_feedback_parse (&again, bytes + 12, writer.length - 12) || again.n_entries != feedback.n_entries)
    g_error ("written and read back differently");
  for (guint i = 0; i < feedback.n_entries; i++)
    if (again.entries[i].received != feedback.entries[i].received)
      g_error ("entry %u differs", i);
  return 0;
}
