/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media-thread-private.h"

#define STANDSTILL_US (G_USEC_PER_SEC / 2)

struct _BedMediaThread
{
  BedClock *clock;
  guint numerator;
  guint denominator;
  BedMediaThreadFunc func;
  gpointer user_data;
  GMutex lock;
  GCond cond;
  gboolean stopping; /* under the lock */
  GThread *thread;
};

/* Returns: FALSE when it is time to end. */
static gboolean
wait_until (BedMediaThread *self, gint64 due_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->stopping && bed_clock_get_monotonic_us (self->clock) < due_us)
    bed_clock_wait (self->clock, &self->cond, &self->lock, due_us);
  return !self->stopping;
}

static gpointer
run (gpointer data)
{
  BedMediaThread *self = data;
  gint64 start = bed_clock_get_monotonic_us (self->clock);
  gint64 due = start;
  guint64 count = 0;

  while (wait_until (self, due))
    {
      if (self->func (due, self->user_data) == G_SOURCE_REMOVE)
        break;
      if (bed_clock_get_monotonic_us (self->clock) > due + STANDSTILL_US)
        {
          start = bed_clock_get_monotonic_us (self->clock);
          count = 0;
        }
      count++;
      due = start + count * G_USEC_PER_SEC * self->denominator / self->numerator;
    }
  return NULL;
}

BedMediaThread *
bed_media_thread_new (const char *name, guint numerator, guint denominator, BedMediaThreadFunc func,
                      gpointer user_data)
{
  BedMediaThread *self = g_new0 (BedMediaThread, 1);

  self->clock = bed_system_clock_new ();
  self->numerator = numerator;
  self->denominator = denominator;
  self->func = func;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new (name, run, self);
  return self;
}

void
bed_media_thread_stop (BedMediaThread *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  bed_clock_wake (self->clock, &self->cond);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  g_object_unref (self->clock);
  g_free (self);
}
