/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* VP8 in RTP (RFC 7741). Pure; any thread. */
typedef struct
{
  gboolean start_of_partition;
  guint8 partition; /* 0 to 15 */
  gboolean non_reference;
  gint picture_id; /* 7 or 15 bits; -1: absent */
  gint tl0_picture_index; /* -1: absent */
  gint temporal_id; /* -1: absent */
  gboolean layer_sync;
  gint key_index; /* -1: absent */
  const guint8 *data; /* borrowed: the part of the frame */
  gsize length;
} BedVp8Payload;

/* Returns: FALSE when the descriptor does not fit or nothing follows it. */
gboolean bed_vp8_payload_parse (BedVp8Payload *self, const guint8 *payload, gsize length);
/* First bytes of a frame (not of a packet): is it a key frame, and of which size (RFC 6386 9.1).
 * FALSE: malformed. Size is set for key frames only, without its scaling bits. */
gboolean bed_vp8_frame_get_info (const guint8 *data, gsize length, gboolean *key_frame,
                                 guint *width, guint *height);

/* Cuts one encoded frame into payloads of nearly equal size. */
typedef struct
{
  const guint8 *frame;
  gsize length;
  gsize position;
  gsize piece;
  guint16 picture_id; /* 15 bits */
} BedVp8Packetiser;
void bed_vp8_packetiser_init (BedVp8Packetiser *self, const guint8 *frame, gsize length,
                              guint16 picture_id, gsize max_payload);
/* Writes the next payload. Returns: its length, 0 after the last; *last tells the marker bit.
 * capacity >= max_payload */
gsize bed_vp8_packetiser_next (BedVp8Packetiser *self, guint8 *out, gsize capacity, gboolean *last);

G_END_DECLS
