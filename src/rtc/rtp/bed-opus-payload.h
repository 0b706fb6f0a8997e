/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Opus in RTP (RFC 7587): the payload is one Opus packet, clock rate 48,000 whatever is inside.
 * Pure. */
#define BED_OPUS_CLOCK_RATE 48000
#define BED_OPUS_MAX_SAMPLES 5760 /* 120 ms */

/* Samples at 48 kHz that an Opus packet holds, from its first two bytes (RFC 6716 3.1, 3.2).
 * Returns: 0 when malformed or longer than 120 ms. */
guint bed_opus_payload_get_samples (const guint8 *payload, gsize length);
/* Whether the packet is so short that it can only be discontinuous transmission's silence. */
gboolean bed_opus_payload_is_dtx (const guint8 *payload, gsize length);

G_END_DECLS
