/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-byte-writer.h"

G_BEGIN_DECLS

/* Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): which packets came,
 * and when, to 250 µs. Pure; any thread.
 */
#define BED_TRANSPORT_FEEDBACK_MAX 1024 /* packets in one message */

typedef struct
{
  gboolean received;
  gint64 arrival_us; /* on the receiver's clock, modulo 2^24 * 64 ms; only when received */
} BedTransportFeedbackEntry;

typedef struct
{
  guint16 base_sequence;
  guint8 count; /* of feedback messages, wraps */
  guint n_entries;
  BedTransportFeedbackEntry entries[BED_TRANSPORT_FEEDBACK_MAX];
} BedTransportFeedback;

/* `data` is the FCI of the RTPFB packet. Returns: FALSE for anything inconsistent or over the
 * maximum. */
gboolean bed_transport_feedback_parse (BedTransportFeedback *self, const guint8 *data,
                                       gsize length);
/* Appends the whole RTCP packet. Deltas that do not fit (over 8.19 s) set writer->failed. */
void bed_transport_feedback_write (const BedTransportFeedback *self, guint32 sender_ssrc,
                                   guint32 media_ssrc, BedByteWriter *writer);

G_END_DECLS
