/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-clock.h"

G_BEGIN_DECLS

/* The input of a WebSocket after its upgrade, watched by a BedFrameMeter: a read fails with
 * G_IO_ERROR_MESSAGE_TOO_LARGE before libsoup sees what goes over. So it does when more comes
 * within some seconds than a clinic ever says, or when the other side does not take what it is
 * answered: libsoup reads on as long as there is something, and keeps each answer. Pollable; main
 * thread. */
#define BED_TYPE_METERED_STREAM (bed_metered_stream_get_type ())
G_DECLARE_FINAL_TYPE (BedMeteredStream, bed_metered_stream, BED, METERED_STREAM, GFilterInputStream)

/* base: whose pollable streams are used; borrowed. Returns: (transfer full) */
GInputStream *bed_metered_stream_new (GIOStream *base, BedClock *clock);
/* Bytes read so far: whether the other side is alive. */
guint64 bed_metered_stream_get_total (BedMeteredStream *self);

G_END_DECLS
