/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-transport-feedback.h"

G_BEGIN_DECLS

/* Notes when packets with a transport-wide sequence number came and tells the sender every 100 ms.
 * Pure. */
typedef struct _BedFeedbackRecorder BedFeedbackRecorder;
BedFeedbackRecorder *bed_feedback_recorder_new (void);
void bed_feedback_recorder_free (BedFeedbackRecorder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedFeedbackRecorder, bed_feedback_recorder_free)
void bed_feedback_recorder_push (BedFeedbackRecorder *self, guint16 transport_sequence,
                                 gint64 now_us);
/* Appends one RTCP packet when one is due (100 ms after the last, or 64 packets).
 * Returns: whether it wrote; call again until FALSE. */
gboolean bed_feedback_recorder_write (BedFeedbackRecorder *self, gint64 now_us, guint32 sender_ssrc,
                                      guint32 media_ssrc, BedByteWriter *writer);

G_END_DECLS
