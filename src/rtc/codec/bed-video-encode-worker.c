/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-encode-worker.h"

#include "bed-encode-load.h"
#include "bed-video-ladder.h"

struct _BedVideoEncodeWorker
{
  GObject parent_instance;
  BedVideoEncoder *encoder; /* owned; of the thread alone, as are the next five */
  BedClock *clock;          /* owned */
  BedVideoLadder ladder;
  BedEncodeLoad load;
  guint encoder_bitrate;
  guint failures; /* in a row */
  BedEncodedFunc func;
  BedEncodeFailedFunc failed; /* (nullable) */
  gpointer user_data;
  gint64 interval_us;
  GThread *thread; /* of the maker alone */
  GMutex lock;
  GCond cond;
  /* under the lock */
  gboolean stopping;
  BedVideoFrame *waiting; /* owned, the newest */
  gint64 next_due_us;
  guint bitrate;
  gboolean key_frame;
  BedVideoEncodeStats stats;
};

/* Frames that come faster than wanted are left out; a quarter of an interval is allowed for their
 * jitter. */
static gboolean
is_due (BedVideoEncodeWorker *self, gint64 timestamp_us)
{
  if (timestamp_us < self->next_due_us - self->interval_us / 4
      && timestamp_us > self->next_due_us - G_USEC_PER_SEC)
    return FALSE;
  self->next_due_us = MAX (self->next_due_us + self->interval_us,
                           timestamp_us + self->interval_us / 2);
  if (timestamp_us + 2 * self->interval_us < self->next_due_us)
    self->next_due_us = timestamp_us + self->interval_us; /* its clock was set back */
  return TRUE;
}

static void
push (BedVideoSink *sink, BedVideoFrame *frame)
{
  BedVideoEncodeWorker *self = BED_VIDEO_ENCODE_WORKER (sink);
  g_autoptr (BedVideoFrame) superseded = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->stopping)
    return;
  self->stats.frames_in++;
  if (!is_due (self, bed_video_frame_get_timestamp_us (frame)))
    {
      self->stats.frames_dropped++;
      return;
    }
  superseded = self->waiting;
  if (superseded != NULL)
    self->stats.frames_dropped++;
  self->waiting = bed_video_frame_ref (frame);
  bed_clock_wake (self->clock, &self->cond);
}

static void
sink_iface_init (BedVideoSinkInterface *iface)
{
  iface->push = push;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedVideoEncodeWorker, bed_video_encode_worker, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SINK, sink_iface_init))

static BedVideoFrame *
fit (BedVideoFrame *frame, guint wanted)
{
  guint width = bed_video_frame_get_width (frame), height = bed_video_frame_get_height (frame);
  guint short_side = MIN (width, height);

  if (short_side <= wanted)
    return bed_video_frame_ref (frame);
  return bed_video_frame_scale (frame, MAX (2, width * wanted / short_side & ~1u),
                                MAX (2, height * wanted / short_side & ~1u));
}

static void
count (BedVideoEncodeWorker *self, const BedEncodedFrame *encoded, gboolean failed, gint64 took_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->stats.encode_us += took_us;
  if (encoded != NULL)
    {
      self->stats.frames_encoded++;
      self->stats.key_frames += encoded->key_frame;
      self->stats.width = encoded->width;
      self->stats.height = encoded->height;
    }
  else if (failed)
    self->stats.errors++;
  else
    self->stats.frames_dropped++;
}

/* One that fails is only left out; one after another means that nobody is seen. */
static void
take_failure (BedVideoEncodeWorker *self, const GError *error)
{
  self->failures = error != NULL ? self->failures + 1 : 0;
  if (self->failures == BED_ENCODE_FAILURES && self->failed != NULL)
    self->failed (error, self->user_data);
}

/* Returns: FALSE when the key frame that was asked for is still owed. */
static gboolean
encode (BedVideoEncodeWorker *self, BedVideoFrame *frame, guint bitrate, gboolean key_frame)
{
  gint64 start = bed_clock_get_monotonic_us (self->clock), end;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedVideoFrame) fitting = NULL;
  BedEncodedFrame *encoded;
  guint short_side = MIN (bed_video_frame_get_width (frame), bed_video_frame_get_height (frame));

  fitting = fit (frame, bed_video_ladder_choose (&self->ladder, short_side, bitrate,
                                                 self->load.steps, start));
  if (bitrate != self->encoder_bitrate)
    bed_video_encoder_set_bitrate (self->encoder, bitrate);
  self->encoder_bitrate = bitrate;
  encoded = bed_video_encoder_encode (self->encoder, fitting, key_frame, &error);
  end = bed_clock_get_monotonic_us (self->clock);
  bed_encode_load_add (&self->load, start, end);
  count (self, encoded, error != NULL, end - start);
  take_failure (self, error);
  if (encoded == NULL)
    return !key_frame;
  self->func (encoded, self->user_data);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  BedVideoEncodeWorker *self = data;

  g_mutex_lock (&self->lock);
  while (!self->stopping)
    {
      g_autoptr (BedVideoFrame) frame = g_steal_pointer (&self->waiting);
      guint bitrate = self->bitrate;
      gboolean key_frame = self->key_frame, done;

      if (frame == NULL)
        {
          bed_clock_wait (self->clock, &self->cond, &self->lock, G_MAXINT64);
          continue;
        }
      self->key_frame = FALSE;
      g_mutex_unlock (&self->lock);
      done = encode (self, frame, bitrate, key_frame);
      g_mutex_lock (&self->lock);
      if (!done)
        self->key_frame = TRUE;
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
bed_video_encode_worker_dispose (GObject *object)
{
  BedVideoEncodeWorker *self = BED_VIDEO_ENCODE_WORKER (object);

  bed_video_encode_worker_stop (self);
  g_clear_object (&self->encoder);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_video_encode_worker_parent_class)->dispose (object);
}

static void
bed_video_encode_worker_finalize (GObject *object)
{
  BedVideoEncodeWorker *self = BED_VIDEO_ENCODE_WORKER (object);

  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (bed_video_encode_worker_parent_class)->finalize (object);
}

static void
bed_video_encode_worker_class_init (BedVideoEncodeWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_video_encode_worker_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_video_encode_worker_finalize;
}

static void
bed_video_encode_worker_init (BedVideoEncodeWorker *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

BedVideoEncodeWorker *
bed_video_encode_worker_new (BedClock *clock, BedVideoEncoder *encoder, guint bitrate,
                             guint max_framerate, BedEncodedFunc func, BedEncodeFailedFunc failed,
                             gpointer user_data)
{
  BedVideoEncodeWorker *self = g_object_new (BED_TYPE_VIDEO_ENCODE_WORKER, NULL);

  self->clock = g_object_ref (clock);
  self->encoder = encoder;
  self->bitrate = bitrate;
  self->interval_us = G_USEC_PER_SEC / MAX (1, max_framerate);
  self->next_due_us = G_MININT64 / 2;
  self->func = func;
  self->failed = failed;
  self->user_data = user_data;
  self->thread = g_thread_new ("video-encode", run, self);
  return self;
}

void
bed_video_encode_worker_set_bitrate (BedVideoEncodeWorker *self, guint bitrate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->bitrate = bitrate;
}

void
bed_video_encode_worker_request_key_frame (BedVideoEncodeWorker *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->key_frame = TRUE;
}

void
bed_video_encode_worker_stop (BedVideoEncodeWorker *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  bed_clock_wake (self->clock, &self->cond);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->waiting, bed_video_frame_unref);
}

void
bed_video_encode_worker_get_stats (BedVideoEncodeWorker *self, BedVideoEncodeStats *stats)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *stats = self->stats;
}
