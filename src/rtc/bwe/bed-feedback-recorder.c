/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-feedback-recorder.h"

#include "bed-rtp-packet.h"

#define INTERVAL_US 100000
#define MANY 64
#define MAX_SPAN 256 /* sequence numbers in one message: it stays under 700 bytes */
#define MAX_PENDING 2048
#define MAX_DELTA_US 8000000

typedef struct
{
  gint64 sequence;
  gint64 arrival_us;
} Arrival;

struct _BedFeedbackRecorder
{
  BedSequence line;
  GArray *pending; /* of Arrival, ascending by sequence */
  gboolean any;
  gint64 next; /* the first number not yet reported on */
  gint64 written_us;
  guint8 count;
};

BedFeedbackRecorder *
bed_feedback_recorder_new (void)
{
  BedFeedbackRecorder *self = g_new0 (BedFeedbackRecorder, 1);

  self->pending = g_array_new (FALSE, FALSE, sizeof (Arrival));
  return self;
}

void
bed_feedback_recorder_free (BedFeedbackRecorder *self)
{
  g_array_unref (self->pending);
  g_free (self);
}

static Arrival *
at (BedFeedbackRecorder *self, guint index)
{
  return &g_array_index (self->pending, Arrival, index);
}

void
bed_feedback_recorder_push (BedFeedbackRecorder *self, guint16 transport_sequence, gint64 now_us)
{
  Arrival arrival = { bed_sequence_unwrap (&self->line, transport_sequence), now_us };
  guint index = self->pending->len;

  if (!self->any)
    {
      self->any = TRUE;
      self->next = arrival.sequence;
      self->written_us = now_us;
    }
  /* What was reported as lost stays so. */
  if (arrival.sequence < self->next || self->pending->len == MAX_PENDING)
    return;
  while (index > 0 && at (self, index - 1)->sequence > arrival.sequence)
    index--;
  if (index == 0 || at (self, index - 1)->sequence != arrival.sequence)
    g_array_insert_val (self->pending, index, arrival);
}

/* Moves what fits into one message. Returns: how many pending ones it took. */
static guint
fill (BedFeedbackRecorder *self, BedTransportFeedback *feedback)
{
  gint64 first = at (self, 0)->sequence, base = first - self->next < MAX_SPAN ? self->next : first;
  gint64 last_us = at (self, 0)->arrival_us;
  guint taken = 0;

  feedback->base_sequence = base;
  feedback->count = self->count++;
  feedback->n_entries = 0;
  for (; taken < self->pending->len; taken++)
    {
      const Arrival *arrival = at (self, taken);

      if (arrival->sequence - base >= MAX_SPAN
          || ABS (arrival->arrival_us - last_us) > MAX_DELTA_US)
        break;
      while (feedback->n_entries < arrival->sequence - base)
        feedback->entries[feedback->n_entries++].received = FALSE;
      feedback->entries[feedback->n_entries++]
          = (BedTransportFeedbackEntry) { .received = TRUE, .arrival_us = arrival->arrival_us };
      last_us = arrival->arrival_us;
    }
  self->next = base + feedback->n_entries;
  return taken;
}

gboolean
bed_feedback_recorder_write (BedFeedbackRecorder *self, gint64 now_us, guint32 sender_ssrc,
                             guint32 media_ssrc, BedByteWriter *writer)
{
  BedTransportFeedback feedback;
  guint taken;

  if (self->pending->len == 0
      || (self->pending->len < MANY && now_us - self->written_us < INTERVAL_US))
    return FALSE;
  taken = fill (self, &feedback);
  g_array_remove_range (self->pending, 0, taken);
  /* What did not fit into one message is due at once. */
  if (self->pending->len == 0)
    self->written_us = now_us;
  bed_transport_feedback_write (&feedback, sender_ssrc, media_ssrc, writer);
  return TRUE;
}
