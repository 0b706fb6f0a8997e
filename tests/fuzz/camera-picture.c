/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-camera-format-private.h"

#include <stdint.h>
#include <stdlib.h>
#include <turbojpeg.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Six bytes of what the camera was told (kind, width, height, stride), then the picture. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static tjhandle jpeg;
  BedCameraFormat format;
  g_autoptr (BedVideoFrame) frame = NULL;

  if (size < 7)
    return 0;
  if (jpeg == NULL)
    jpeg = tjInitDecompress ();
  format = (BedCameraFormat) { .compressed = data[0] & 1, .pixels = (data[0] >> 1) % 4,
                               .width = 2 + data[1] * 2, .height = 2 + data[2] * 2 };
  frame = bed_camera_format_decode (&format, jpeg, data + 6, size - 6,
                                    (gint16) (data[3] << 8 | data[4]), 0);
  if (frame && (bed_video_frame_get_width (frame) != format.width || bed_video_frame_get_height (frame) != format.height)
      && !format.compressed)
    abort ();
  return 0;
}
