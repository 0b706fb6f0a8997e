/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtp-receiver.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Packets with a length byte each, through parser, RTX and receiver. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedRtpReceiver) receiver = bed_rtp_receiver_new (1, 90000, TRUE);
  size_t at = 0;
  gint64 now = 0;

  while (at < size)
    {
      size_t length = MIN (data[at], size - at - 1);
      BedRtpPacket packet, original;
      BedRtcpReportBlock block;
      guint16 missing[64];
      gint64 extended;
      guint32 value;

      if (bed_rtp_packet_parse (&packet, data + at + 1, length) == BED_RTP_OK)
        {
          for (guint id = 0; id < 256; id += 5)
            bed_rtp_packet_get_extension_uint (&packet, id, 1 + id % 4, &value);
          if (packet.payload_length > 0 && packet.payload + packet.payload_length > data + size)
            g_error ("payload beyond the packet");
          if (bed_rtp_packet_unwrap_rtx (&packet, 1, 2, &original))
            bed_rtp_receiver_push (receiver, &original, TRUE, now, &extended);
          bed_rtp_receiver_push (receiver, &packet, FALSE, now += 7000, &extended);
          bed_rtp_receiver_poll_nack (receiver, now, 50000, missing, G_N_ELEMENTS (missing));
          bed_rtp_receiver_make_report_block (receiver, now, &block);
        }
      at += 1 + length;
    }
  return 0;
}
