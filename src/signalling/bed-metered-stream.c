/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-metered-stream.h"

#include "bed-frame-meter.h"

#define WINDOW_US (10 * G_USEC_PER_SEC)
#define WINDOW_FRAMES 2048
#define WINDOW_BYTES (16 * 1024 * 1024)

struct _BedMeteredStream
{
  GFilterInputStream parent;
  BedFrameMeter meter;
  guint64 total;
  /* what there was when the present window began */
  gint64 window_us;
  guint64 window_frames, window_total;
  /* owned */
  BedClock *clock;
  GPollableOutputStream *output;
};

static void pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BedMeteredStream, bed_metered_stream, G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, pollable_init))

static GInputStream *
get_base (gpointer self)
{
  return g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self));
}

static gboolean
is_too_much (BedMeteredStream *self)
{
  gint64 now_us = bed_clock_get_monotonic_us (self->clock);

  if (now_us - self->window_us < WINDOW_US)
    return self->meter.frames - self->window_frames > WINDOW_FRAMES
           || self->total - self->window_total > WINDOW_BYTES;
  self->window_us = now_us;
  self->window_frames = self->meter.frames;
  self->window_total = self->total;
  return !g_pollable_output_stream_is_writable (self->output);
}

static gssize
meter (BedMeteredStream *self, const void *buffer, gssize got, GError **error)
{
  if (got <= 0)
    return got;
  self->total += (guint64) got;
  if (bed_frame_meter_feed (&self->meter, buffer, (gsize) got) && !is_too_much (self))
    return got;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "too much is said");
  return -1;
}

static gssize
bed_metered_stream_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable,
                         GError **error)
{
  gssize got = g_input_stream_read (get_base (stream), buffer, count, cancellable, error);

  return meter (BED_METERED_STREAM (stream), buffer, got, error);
}

static gboolean
can_poll (GPollableInputStream *stream)
{
  return g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (get_base (stream)));
}

static gboolean
is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (get_base (stream)));
}

static GSource *
create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) child = g_pollable_input_stream_create_source (
      G_POLLABLE_INPUT_STREAM (get_base (stream)), cancellable);

  return g_pollable_source_new_full (stream, child, NULL);
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  gssize got = g_pollable_input_stream_read_nonblocking (
      G_POLLABLE_INPUT_STREAM (get_base (stream)), buffer, count, NULL, error);

  return meter (BED_METERED_STREAM (stream), buffer, got, error);
}

static void
pollable_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = can_poll;
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

static void
bed_metered_stream_finalize (GObject *object)
{
  BedMeteredStream *self = BED_METERED_STREAM (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->output);
  G_OBJECT_CLASS (bed_metered_stream_parent_class)->finalize (object);
}

static void
bed_metered_stream_class_init (BedMeteredStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_metered_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = bed_metered_stream_read;
}

static void
bed_metered_stream_init (BedMeteredStream *self)
{
  bed_frame_meter_init (&self->meter);
}

GInputStream *
bed_metered_stream_new (GIOStream *base, BedClock *clock)
{
  BedMeteredStream *self = g_object_new (BED_TYPE_METERED_STREAM, "base-stream",
                                         g_io_stream_get_input_stream (base), NULL);

  self->clock = g_object_ref (clock);
  self->window_us = bed_clock_get_monotonic_us (clock);
  self->output = g_object_ref (G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (base)));
  return G_INPUT_STREAM (self);
}

guint64
bed_metered_stream_get_total (BedMeteredStream *self)
{
  return self->total;
}
