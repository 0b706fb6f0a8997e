/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-decode-worker.h"


#define MAX_WAITING 60
#define LEAD_US 15000 /* decoding begins this long before the picture is shown */

typedef struct
{
  GBytes *data; /* owned */
  gboolean key_frame;
  gint64 show_us;
} Item;

struct _BedVideoDecodeWorker
{
  GObject parent_instance;
  BedVideoDecoder *decoder; /* owned; of the thread alone */
  BedClock *clock;          /* owned */
  BedDecodeFailedFunc failed;
  gpointer user_data;
  GThread *thread; /* of the maker alone */
  GMutex sink_lock; /* held while the sink is called */
  BedVideoSink *sink; /* owned, under the sink lock */
  GMutex lock;
  GCond cond;
  /* under the lock */
  gboolean stopping;
  gboolean needs_key_frame;
  GQueue waiting; /* of Item, owned */
  BedVideoDecodeStats stats;
};

G_DEFINE_FINAL_TYPE (BedVideoDecodeWorker, bed_video_decode_worker, G_TYPE_OBJECT)

static void
item_free (Item *item)
{
  g_bytes_unref (item->data);
  g_free (item);
}

/* With the lock. Returns: FALSE when it is time to end. */
static gboolean
wait_until (BedVideoDecodeWorker *self, gint64 until_us)
{
  while (!self->stopping && bed_clock_get_monotonic_us (self->clock) < until_us)
    bed_clock_wait (self->clock, &self->cond, &self->lock, until_us);
  return !self->stopping;
}

/* With the lock. Returns: (transfer full) (nullable): NULL when it is time to end. */
static Item *
next_item (BedVideoDecodeWorker *self)
{
  while (!self->stopping)
    {
      Item *item = g_queue_peek_head (&self->waiting);

      if (item == NULL)
        bed_clock_wait (self->clock, &self->cond, &self->lock, G_MAXINT64);
      else if (self->needs_key_frame && !item->key_frame)
        {
          item_free (g_queue_pop_head (&self->waiting));
          self->stats.frames_dropped++;
        }
      else if (wait_until (self, item->show_us - LEAD_US))
        return g_queue_pop_head (&self->waiting);
    }
  return NULL;
}

static void
show (BedVideoDecodeWorker *self, BedVideoFrame *frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->sink_lock);

  if (self->sink != NULL)
    bed_video_sink_push (self->sink, frame);
}

/* With the lock. */
static void
count (BedVideoDecodeWorker *self, const Item *item, const BedVideoFrame *frame, gboolean failed,
       gint64 took_us)
{
  self->stats.decode_us += took_us;
  self->stats.errors += failed;
  self->needs_key_frame = failed || (self->needs_key_frame && !item->key_frame);
  if (frame == NULL)
    return;
  self->stats.frames_decoded++;
  self->stats.key_frames += item->key_frame;
  self->stats.width = bed_video_frame_get_width (frame);
  self->stats.height = bed_video_frame_get_height (frame);
}

/* With the lock: another picture's time has come already. */
static gboolean
is_superseded (BedVideoDecodeWorker *self)
{
  const Item *next = g_queue_peek_head (&self->waiting);

  return next != NULL && next->show_us != 0
         && next->show_us <= bed_clock_get_monotonic_us (self->clock);
}

/* Called with the lock, which it gives up while it decodes and shows. */
static void
handle (BedVideoDecodeWorker *self, Item *item)
{
  g_autoptr (BedVideoFrame) frame = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;

  g_mutex_unlock (&self->lock);
  start = bed_clock_get_monotonic_us (self->clock);
  frame = bed_video_decoder_decode (self->decoder, g_bytes_get_data (item->data, NULL),
                                    g_bytes_get_size (item->data),
                                    item->show_us != 0 ? item->show_us : start, &error);
  if (error != NULL && self->failed != NULL)
    self->failed (self->user_data);
  g_mutex_lock (&self->lock);
  count (self, item, frame, error != NULL, bed_clock_get_monotonic_us (self->clock) - start);
  if (frame == NULL)
    return;
  if (is_superseded (self))
    {
      self->stats.frames_dropped++;
      return;
    }
  if (!wait_until (self, item->show_us))
    return;
  g_mutex_unlock (&self->lock);
  show (self, frame);
  g_mutex_lock (&self->lock);
}

static gpointer
run (gpointer data)
{
  BedVideoDecodeWorker *self = data;
  Item *item;

  g_mutex_lock (&self->lock);
  while ((item = next_item (self)) != NULL)
    {
      handle (self, item);
      item_free (item);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
bed_video_decode_worker_dispose (GObject *object)
{
  BedVideoDecodeWorker *self = BED_VIDEO_DECODE_WORKER (object);

  bed_video_decode_worker_stop (self);
  g_clear_object (&self->decoder);
  g_clear_object (&self->clock);
  g_clear_object (&self->sink);
  G_OBJECT_CLASS (bed_video_decode_worker_parent_class)->dispose (object);
}

static void
bed_video_decode_worker_finalize (GObject *object)
{
  BedVideoDecodeWorker *self = BED_VIDEO_DECODE_WORKER (object);

  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->sink_lock);
  G_OBJECT_CLASS (bed_video_decode_worker_parent_class)->finalize (object);
}

static void
bed_video_decode_worker_class_init (BedVideoDecodeWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_video_decode_worker_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_video_decode_worker_finalize;
}

static void
bed_video_decode_worker_init (BedVideoDecodeWorker *self)
{
  g_mutex_init (&self->lock);
  g_mutex_init (&self->sink_lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->waiting);
}

BedVideoDecodeWorker *
bed_video_decode_worker_new (BedClock *clock, BedVideoDecoder *decoder,
                             BedDecodeFailedFunc failed, gpointer user_data)
{
  BedVideoDecodeWorker *self = g_object_new (BED_TYPE_VIDEO_DECODE_WORKER, NULL);

  self->clock = g_object_ref (clock);
  self->decoder = decoder;
  self->failed = failed;
  self->user_data = user_data;
  self->thread = g_thread_new ("video-decode", run, self);
  return self;
}

void
bed_video_decode_worker_set_sink (BedVideoDecodeWorker *self, BedVideoSink *sink)
{
  g_autoptr (BedVideoSink) old = NULL;

  g_mutex_lock (&self->sink_lock);
  old = self->sink;
  self->sink = sink != NULL ? g_object_ref (sink) : NULL;
  g_mutex_unlock (&self->sink_lock);
}

gboolean
bed_video_decode_worker_push (BedVideoDecodeWorker *self, GBytes *data, gboolean key_frame,
                              gint64 show_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Item *item;

  self->stats.frames_in++;
  if (self->stopping || self->waiting.length >= MAX_WAITING)
    {
      self->stats.frames_dropped++;
      self->needs_key_frame = TRUE;
      return FALSE;
    }
  item = g_new (Item, 1);
  *item = (Item) { .data = g_bytes_ref (data), .key_frame = key_frame, .show_us = show_us };
  g_queue_push_tail (&self->waiting, item);
  bed_clock_wake (self->clock, &self->cond);
  return TRUE;
}

void
bed_video_decode_worker_stop (BedVideoDecodeWorker *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  bed_clock_wake (self->clock, &self->cond);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) item_free);
}

void
bed_video_decode_worker_get_stats (BedVideoDecodeWorker *self, BedVideoDecodeStats *stats)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *stats = self->stats;
}
