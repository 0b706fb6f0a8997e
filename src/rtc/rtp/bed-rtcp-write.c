/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtcp.h"

#include "bed-secret.h"

#include <string.h>

enum { SR = 200, RR = 201, SDES = 202, BYE = 203, RTPFB = 205, PSFB = 206 };

/* Returns: where the packet starts, for end(). */
static gsize
begin (BedByteWriter *writer, guint count, guint8 type)
{
  gsize start = bed_byte_writer_get_length (writer);

  bed_byte_writer_u8 (writer, 0x80 | count);
  bed_byte_writer_u8 (writer, type);
  bed_byte_writer_u16 (writer, 0);
  return start;
}

static void
end (BedByteWriter *writer, gsize start)
{
  gsize length;

  if (bed_byte_writer_failed (writer))
    return;
  while ((length = bed_byte_writer_get_length (writer) - start) % 4 != 0)
    {
      bed_byte_writer_u8 (writer, 0);
      if (bed_byte_writer_failed (writer))
        return;
    }
  bed_byte_writer_patch_u16 (writer, start + 2, length / 4 - 1);
}

static void
write_blocks (BedByteWriter *writer, const BedRtcpReportBlock *blocks, guint n_blocks)
{
  for (guint i = 0; i < n_blocks; i++)
    {
      bed_byte_writer_u32 (writer, blocks[i].ssrc);
      bed_byte_writer_u8 (writer, blocks[i].fraction_lost);
      bed_byte_writer_u24 (writer,
                           CLAMP (blocks[i].cumulative_lost, -0x800000, 0x7fffff) & 0xffffff);
      bed_byte_writer_u32 (writer, blocks[i].highest_sequence);
      bed_byte_writer_u32 (writer, blocks[i].jitter);
      bed_byte_writer_u32 (writer, blocks[i].last_sr);
      bed_byte_writer_u32 (writer, blocks[i].delay_since_last_sr);
    }
}

void
bed_rtcp_write_sender_report (BedByteWriter *writer, const BedRtcpSenderReport *report,
                              const BedRtcpReportBlock *blocks, guint n_blocks)
{
  gsize start = begin (writer, MIN (n_blocks, 31), SR);

  bed_byte_writer_u32 (writer, report->ssrc);
  bed_byte_writer_u64 (writer, report->ntp);
  bed_byte_writer_u32 (writer, report->rtp_timestamp);
  bed_byte_writer_u32 (writer, report->packets);
  bed_byte_writer_u32 (writer, report->octets);
  write_blocks (writer, blocks, MIN (n_blocks, 31));
  end (writer, start);
}

void
bed_rtcp_write_receiver_report (BedByteWriter *writer, guint32 sender_ssrc,
                                const BedRtcpReportBlock *blocks, guint n_blocks)
{
  gsize start = begin (writer, MIN (n_blocks, 31), RR);

  bed_byte_writer_u32 (writer, sender_ssrc);
  write_blocks (writer, blocks, MIN (n_blocks, 31));
  end (writer, start);
}

void
bed_rtcp_write_sdes (BedByteWriter *writer, guint32 ssrc, const char *cname)
{
  gsize start = begin (writer, 1, SDES);
  gsize length = MIN (strlen (cname), 255);

  bed_byte_writer_u32 (writer, ssrc);
  bed_byte_writer_u8 (writer, 1);
  bed_byte_writer_u8 (writer, length);
  bed_byte_writer_bytes (writer, cname, length);
  bed_byte_writer_u8 (writer, 0);
  end (writer, start);
}

void
bed_rtcp_write_bye (BedByteWriter *writer, const guint32 *ssrcs, guint n_ssrcs)
{
  gsize start = begin (writer, MIN (n_ssrcs, 31), BYE);

  for (guint i = 0; i < MIN (n_ssrcs, 31); i++)
    bed_byte_writer_u32 (writer, ssrcs[i]);
  end (writer, start);
}

static gsize
begin_feedback (BedByteWriter *writer, guint format, guint8 type, guint32 sender_ssrc,
                guint32 media_ssrc)
{
  gsize start = begin (writer, format, type);

  bed_byte_writer_u32 (writer, sender_ssrc);
  bed_byte_writer_u32 (writer, media_ssrc);
  return start;
}

void
bed_rtcp_write_nack (BedByteWriter *writer, guint32 sender_ssrc, guint32 media_ssrc,
                     const guint16 *sequences, guint n_sequences)
{
  gsize start = begin_feedback (writer, 1, RTPFB, sender_ssrc, media_ssrc);
  guint i = 0;

  while (i < n_sequences)
    {
      guint16 pid = sequences[i++], blp = 0;

      for (; i < n_sequences; i++)
        {
          guint16 distance = sequences[i] - pid;

          if (distance > 16)
            break;
          if (distance > 0)
            blp |= 1u << (distance - 1);
        }
      bed_byte_writer_u16 (writer, pid);
      bed_byte_writer_u16 (writer, blp);
    }
  end (writer, start);
}

void
bed_rtcp_write_pli (BedByteWriter *writer, guint32 sender_ssrc, guint32 media_ssrc)
{
  end (writer, begin_feedback (writer, 1, PSFB, sender_ssrc, media_ssrc));
}

char *
bed_rtcp_make_cname (void)
{
  guint8 random[12];

  bed_random_bytes (random, sizeof random);
  return g_base64_encode (random, sizeof random);
}
