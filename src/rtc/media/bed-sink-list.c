/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media.h"

/* The lock is held during a push: that is what lets remove promise that nothing more comes. Sinks
 * return quickly, and must not change the list from inside a push.
 */
struct _BedSinkList
{
  GMutex lock;
  GPtrArray *sinks; /* owned references */
};

BedSinkList *
bed_sink_list_new (void)
{
  BedSinkList *self = g_new0 (BedSinkList, 1);

  g_mutex_init (&self->lock);
  self->sinks = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
bed_sink_list_free (BedSinkList *self)
{
  g_ptr_array_unref (self->sinks);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
bed_sink_list_add (BedSinkList *self, gpointer sink)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!g_ptr_array_find (self->sinks, sink, NULL))
    g_ptr_array_add (self->sinks, g_object_ref (sink));
}

void
bed_sink_list_remove (BedSinkList *self, gpointer sink)
{
  gpointer owned = NULL;
  guint index;

  g_mutex_lock (&self->lock);
  if (g_ptr_array_find (self->sinks, sink, &index))
    owned = g_ptr_array_steal_index (self->sinks, index);
  g_mutex_unlock (&self->lock);
  /* Outside the lock: a sink's dispose may take a while or come back here. */
  g_clear_object (&owned);
}

void
bed_sink_list_push_video (BedSinkList *self, BedVideoFrame *frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->sinks->len; i++)
    bed_video_sink_push (g_ptr_array_index (self->sinks, i), frame);
}

void
bed_sink_list_push_audio (BedSinkList *self, const gint16 *samples, guint n_samples,
                          gint64 timestamp_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->sinks->len; i++)
    bed_audio_sink_push (g_ptr_array_index (self->sinks, i), samples, n_samples, timestamp_us);
}
