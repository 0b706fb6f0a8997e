/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-clock.h"

/* On the stack of its thread. */
typedef struct
{
  GCond *cond;
  gint64 until_us;
  guint64 woken; /* 0: not yet; else the order */
} Waiter;

typedef struct
{
  GSource *source; /* owned */
  gint64 at_us;
} Armed;

struct _BedManualClock
{
  GObject parent_instance;
  GMutex lock; /* guards all below */
  GCond changed;
  gint64 monotonic_us;
  gint64 real_us;
  GQueue waiters; /* of Waiter, borrowed */
  GQueue armed;   /* of Armed, owned */
  Waiter *going;  /* borrowed (nullable): may leave although it is held */
  guint64 last_woken;
  gboolean held;
};

static void
armed_free (Armed *armed)
{
  g_source_unref (armed->source);
  g_free (armed);
}

static gint64
manual_monotonic (BedClock *clock)
{
  BedManualClock *self = BED_MANUAL_CLOCK (clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->monotonic_us;
}

static gint64
manual_real (BedClock *clock)
{
  BedManualClock *self = BED_MANUAL_CLOCK (clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->real_us;
}

/* With the lock. Returns: (transfer full) (nullable) */
static Armed *
take_armed (BedManualClock *self, GSource *source)
{
  for (GList *l = self->armed.head; l != NULL; l = l->next)
    {
      Armed *armed = l->data;

      if (armed->source == source)
        {
          g_queue_delete_link (&self->armed, l);
          return armed;
        }
    }
  return NULL;
}

static void
manual_arm (BedClock *clock, GSource *source, gint64 at_us)
{
  BedManualClock *self = BED_MANUAL_CLOCK (clock);
  Armed *armed;

  g_mutex_lock (&self->lock);
  armed = take_armed (self, source);
  if (at_us > self->monotonic_us)
    {
      if (armed == NULL)
        {
          armed = g_new (Armed, 1);
          armed->source = g_source_ref (source);
        }
      armed->at_us = at_us;
      g_queue_push_tail (&self->armed, g_steal_pointer (&armed));
    }
  g_source_set_ready_time (source, at_us < 0 || at_us > self->monotonic_us ? -1 : 0);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&armed, armed_free);
}

static gboolean
may_go (BedManualClock *self, const Waiter *waiter)
{
  return self->held ? self->going == waiter : waiter->woken != 0;
}

static void
manual_wait (BedClock *clock, GCond *cond, GMutex *mutex, gint64 until_us)
{
  BedManualClock *self = BED_MANUAL_CLOCK (clock);
  Waiter waiter = { .cond = cond, .until_us = until_us };

  g_mutex_lock (&self->lock);
  if (until_us <= self->monotonic_us)
    {
      g_mutex_unlock (&self->lock);
      return;
    }
  g_queue_push_tail (&self->waiters, &waiter);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (mutex);
  while (!may_go (self, &waiter))
    g_cond_wait (&self->changed, &self->lock);
  g_queue_remove (&self->waiters, &waiter);
  self->going = NULL;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_mutex_lock (mutex);
}

/* With the lock. */
static void
wake (BedManualClock *self, Waiter *waiter)
{
  if (waiter->woken == 0)
    waiter->woken = ++self->last_woken;
  g_cond_broadcast (&self->changed);
}

static void
manual_wake (BedClock *clock, GCond *cond)
{
  BedManualClock *self = BED_MANUAL_CLOCK (clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (GList *l = self->waiters.head; l != NULL; l = l->next)
    if (((Waiter *) l->data)->cond == cond)
      wake (self, l->data);
}

static void
manual_iface_init (BedClockInterface *iface)
{
  iface->monotonic_us = manual_monotonic;
  iface->real_us = manual_real;
  iface->arm = manual_arm;
  iface->wait = manual_wait;
  iface->wake = manual_wake;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedManualClock, bed_manual_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CLOCK, manual_iface_init))

static void
bed_manual_clock_finalize (GObject *object)
{
  BedManualClock *self = BED_MANUAL_CLOCK (object);

  g_queue_clear_full (&self->armed, (GDestroyNotify) armed_free);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (bed_manual_clock_parent_class)->finalize (object);
}

static void
bed_manual_clock_class_init (BedManualClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_manual_clock_finalize;
}

static void
bed_manual_clock_init (BedManualClock *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->waiters);
  g_queue_init (&self->armed);
}

BedClock *
bed_manual_clock_new (gint64 monotonic_us, gint64 real_us)
{
  BedManualClock *self = g_object_new (BED_TYPE_MANUAL_CLOCK, NULL);

  self->monotonic_us = monotonic_us;
  self->real_us = real_us;
  return BED_CLOCK (self);
}

/* With the lock. done: (transfer full): what need not be kept any more */
static void
fire_armed (BedManualClock *self, GQueue *done)
{
  GList *l = self->armed.head;

  while (l != NULL)
    {
      Armed *armed = l->data;
      GList *next = l->next;

      if (armed->at_us <= self->monotonic_us)
        {
          g_source_set_ready_time (armed->source, 0);
          g_queue_delete_link (&self->armed, l);
          g_queue_push_tail (done, armed);
        }
      l = next;
    }
}

void
bed_manual_clock_advance (BedManualClock *self, gint64 by_us)
{
  GQueue done = G_QUEUE_INIT;

  g_mutex_lock (&self->lock);
  self->monotonic_us += by_us;
  self->real_us += by_us;
  fire_armed (self, &done);
  for (GList *l = self->waiters.head; l != NULL; l = l->next)
    if (((Waiter *) l->data)->until_us <= self->monotonic_us)
      wake (self, l->data);
  g_mutex_unlock (&self->lock);
  g_queue_clear_full (&done, (GDestroyNotify) armed_free);
}

gint64
bed_manual_clock_get_next_us (BedManualClock *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 next_us = G_MAXINT64;

  for (GList *l = self->armed.head; l != NULL; l = l->next)
    if (!g_source_is_destroyed (((Armed *) l->data)->source))
      next_us = MIN (next_us, ((Armed *) l->data)->at_us);
  for (GList *l = self->waiters.head; l != NULL; l = l->next)
    next_us = MIN (next_us, ((Waiter *) l->data)->until_us);
  return next_us;
}

void
bed_manual_clock_hold (BedManualClock *self, gboolean hold)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->held = hold;
  g_cond_broadcast (&self->changed);
}

/* With the lock. Returns: (nullable) */
static Waiter *
first_woken (BedManualClock *self)
{
  Waiter *first = NULL;

  for (GList *l = self->waiters.head; l != NULL; l = l->next)
    {
      Waiter *waiter = l->data;

      if (waiter->woken != 0 && (first == NULL || waiter->woken < first->woken))
        first = waiter;
    }
  return first;
}

gboolean
bed_manual_clock_run (BedManualClock *self, guint n_threads)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gboolean ran = FALSE;

  for (;;)
    {
      while (self->going != NULL || self->waiters.length < n_threads)
        g_cond_wait (&self->changed, &self->lock);
      self->going = first_woken (self);
      if (self->going == NULL)
        return ran;
      ran = TRUE;
      g_cond_broadcast (&self->changed);
    }
}
