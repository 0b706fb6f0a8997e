/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads along with a server's WebSocket frames (RFC 6455 section 5.2) and says when one message
 * grows too large, however it is cut into frames: libsoup 3.2 collects fragments without an end.
 * Pure. */
#define BED_FRAME_MESSAGE_MAX 65536
#define BED_FRAME_FRAGMENTS_MAX 64

typedef struct
{
  guint8 head[10];
  guint head_length, head_wanted;
  guint64 payload;  /* of the present frame, still to come */
  guint64 message;  /* of the present message, so far */
  guint fragments;
  guint64 frames;   /* begun so far, of every kind */
  gboolean failed;
} BedFrameMeter;

void bed_frame_meter_init (BedFrameMeter *self);
/* Returns: FALSE, from now on, when a message is too large, in too many pieces, or masked. */
gboolean bed_frame_meter_feed (BedFrameMeter *self, const guint8 *data, gsize length);

G_END_DECLS
