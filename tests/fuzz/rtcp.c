/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtcp.h"
#include "bed-transport-feedback.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
look (const BedRtcpItem *item, gpointer user_data)
{
  BedTransportFeedback feedback;
  guint16 numbers[17];
  guint *sum = user_data;

  if (item->kind == BED_RTCP_NACK)
    *sum += bed_rtcp_nack_expand (item, numbers);
  else if (item->kind == BED_RTCP_CNAME)
    for (gsize i = 0; i < item->cname.length; i++)
      *sum += item->cname.text[i];
  else if (item->kind == BED_RTCP_REPORT_BLOCK)
    *sum += bed_rtcp_round_trip_us (&item->report_block, 0x1234567890abcdef) > 0;
  else if (item->kind == BED_RTCP_TRANSPORT_FEEDBACK)
    *sum += bed_transport_feedback_parse (&feedback, item->feedback.data, item->feedback.length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  guint sum = 0;

  bed_rtcp_parse (data, size, look, &sum);
  return 0;
}
