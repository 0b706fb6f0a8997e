/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-test-media.h"

#include <string.h>

/* The code lies in the middle, 8 blocks wide and 4 high, over 3/4 of the width and half of the
 * height: first the number's 16 bits, then 16 check bits, black or white. The rest of the picture
 * moves, so that it is work to encode.
 */
#define COLUMNS 8
#define ROWS 4
#define BLACK 32
#define WHITE 220
#define MIDDLE ((BLACK + WHITE) / 2)

static guint16
check_bits (guint16 number)
{
  return (guint16) (number * 0x9e37u) ^ (guint16) ~number ^ (guint16) (number >> 7);
}

static void
block_rectangle (guint width, guint height, guint index, guint rectangle[4])
{
  guint left = width / 8, top = height / 4;
  guint code_width = width * 3 / 4, code_height = height / 2;
  guint column = index % COLUMNS, row = index / COLUMNS;

  rectangle[0] = left + code_width * column / COLUMNS;
  rectangle[1] = top + code_height * row / ROWS;
  rectangle[2] = left + code_width * (column + 1) / COLUMNS;
  rectangle[3] = top + code_height * (row + 1) / ROWS;
}

static void
draw_background (BedVideoFrame *frame, guint16 number)
{
  guint width = bed_video_frame_get_width (frame), height = bed_video_frame_get_height (frame);

  for (guint y = 0; y < height; y++)
    {
      guint8 *row = bed_video_frame_get_plane (frame, BED_PLANE_Y)
                    + (gsize) y * bed_video_frame_get_stride (frame, BED_PLANE_Y);

      for (guint x = 0; x < width; x++)
        row[x] = 64 + ((x + 2 * y + 3 * number) & 127);
    }
  for (guint y = 0; y < (height + 1) / 2; y++)
    {
      gsize at = (gsize) y * bed_video_frame_get_stride (frame, BED_PLANE_U);

      memset (bed_video_frame_get_plane (frame, BED_PLANE_U) + at, 96 + (y * 64 / height),
              (width + 1) / 2);
      memset (bed_video_frame_get_plane (frame, BED_PLANE_V) + at, 128 + (number & 31),
              (width + 1) / 2);
    }
}

BedVideoFrame *
bed_test_picture_new (guint width, guint height, guint16 number, gint64 timestamp_us)
{
  BedVideoFrame *frame = bed_video_frame_new (width, height, timestamp_us);
  guint32 code = (guint32) number << 16 | check_bits (number);

  g_return_val_if_fail (frame != NULL && width >= 64 && height >= 36, NULL);
  draw_background (frame, number);
  for (guint i = 0; i < COLUMNS * ROWS; i++)
    {
      guint r[4];

      block_rectangle (width, height, i, r);
      for (guint y = r[1]; y < r[3]; y++)
        memset (bed_video_frame_get_plane (frame, BED_PLANE_Y)
                    + (gsize) y * bed_video_frame_get_stride (frame, BED_PLANE_Y) + r[0],
                code & 0x80000000u >> i ? WHITE : BLACK, r[2] - r[0]);
    }
  return frame;
}

/* Mean of the inner half of the block, away from its blurred edges. */
static guint
block_mean (const BedVideoFrame *frame, guint index)
{
  const guint8 *luma = bed_video_frame_get_plane (frame, BED_PLANE_Y);
  guint stride = bed_video_frame_get_stride (frame, BED_PLANE_Y);
  guint r[4], dx, dy;
  guint64 sum = 0, n = 0;

  block_rectangle (bed_video_frame_get_width (frame), bed_video_frame_get_height (frame), index, r);
  dx = (r[2] - r[0]) / 4;
  dy = (r[3] - r[1]) / 4;
  for (guint y = r[1] + dy; y < r[3] - dy; y++)
    for (guint x = r[0] + dx; x < r[2] - dx; x++, n++)
      sum += luma[(gsize) y * stride + x];
  return n > 0 ? sum / n : 0;
}

gboolean
bed_test_picture_read (const BedVideoFrame *frame, guint16 *number)
{
  guint32 code = 0;

  if (bed_video_frame_get_width (frame) < 64 || bed_video_frame_get_height (frame) < 36)
    return FALSE;
  for (guint i = 0; i < COLUMNS * ROWS; i++)
    code = code << 1 | (block_mean (frame, i) > MIDDLE);
  *number = code >> 16;
  return check_bits (*number) == (code & 0xffff);
}
