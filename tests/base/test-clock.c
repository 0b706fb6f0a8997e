/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-clock.h"

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs SOURCE_FUNCS = { .dispatch = dispatch };

typedef struct
{
  BedClock *clock;
  GSource *source;
  guint fired;
} Timer;

static gboolean
on_timer (gpointer data)
{
  Timer *timer = data;

  bed_clock_arm (timer->clock, timer->source, -1);
  timer->fired++;
  return G_SOURCE_CONTINUE;
}

static void
timer_init (Timer *timer, BedClock *clock)
{
  *timer = (Timer){ clock, g_source_new (&SOURCE_FUNCS, sizeof (GSource)), 0 };
  g_source_set_callback (timer->source, on_timer, timer, NULL);
  g_source_attach (timer->source, NULL);
}

static void
timer_clear (Timer *timer)
{
  g_source_destroy (timer->source);
  g_source_unref (timer->source);
}

static guint
iterate (const Timer *timer)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return timer->fired;
}

static void
test_manual (void)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (5, 7);

  bed_manual_clock_advance (BED_MANUAL_CLOCK (clock), 10);
  g_assert_cmpint (bed_clock_get_monotonic_us (clock), ==, 15);
  g_assert_cmpint (bed_clock_get_real_us (clock), ==, 17);
  g_assert_cmpint (bed_manual_clock_get_next_us (BED_MANUAL_CLOCK (clock)), ==, G_MAXINT64);
}

static void
test_manual_source (void)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (100, 0);
  BedManualClock *manual = BED_MANUAL_CLOCK (clock);
  Timer timer;

  timer_init (&timer, clock);
  g_assert_cmpuint (iterate (&timer), ==, 0);
  bed_clock_arm (clock, timer.source, 150);
  bed_clock_arm (clock, timer.source, 130); /* takes the place of the one before */
  g_assert_cmpint (bed_manual_clock_get_next_us (manual), ==, 130);
  bed_manual_clock_advance (manual, 29);
  g_assert_cmpuint (iterate (&timer), ==, 0);
  bed_manual_clock_advance (manual, 1);
  g_assert_cmpuint (iterate (&timer), ==, 1);
  bed_manual_clock_advance (manual, 100);
  g_assert_cmpuint (iterate (&timer), ==, 1);
  bed_clock_arm (clock, timer.source, 200); /* past */
  g_assert_cmpuint (iterate (&timer), ==, 2);
  bed_clock_arm (clock, timer.source, 300);
  bed_clock_arm (clock, timer.source, -1);
  bed_manual_clock_advance (manual, 100);
  g_assert_cmpuint (iterate (&timer), ==, 2);
  bed_clock_arm (clock, timer.source, 500);
  timer_clear (&timer);
  g_assert_cmpint (bed_manual_clock_get_next_us (manual), ==, G_MAXINT64);
}

static void
test_system_source (void)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  gint64 at_us = bed_clock_get_monotonic_us (clock) + 20000;
  Timer timer;

  timer_init (&timer, clock);
  bed_clock_arm (clock, timer.source, at_us);
  while (timer.fired == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (bed_clock_get_monotonic_us (clock), >=, at_us);
  timer_clear (&timer);
}

typedef struct
{
  BedClock *clock;
  GMutex lock;
  GCond cond;
  gboolean ready; /* under the lock */
  gint64 until_us;
  char name;
  GString *order; /* of who went on; under a held clock one at a time */
  GThread *thread;
} Sleeper;

static gpointer
sleep_once (gpointer data)
{
  Sleeper *self = data;

  g_mutex_lock (&self->lock);
  while (!self->ready && bed_clock_get_monotonic_us (self->clock) < self->until_us)
    bed_clock_wait (self->clock, &self->cond, &self->lock, self->until_us);
  g_string_append_c (self->order, self->name);
  self->ready = FALSE;
  while (!self->ready)
    bed_clock_wait (self->clock, &self->cond, &self->lock, G_MAXINT64);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
sleeper_start (Sleeper *self, BedClock *clock, char name, gint64 until_us, GString *order)
{
  *self = (Sleeper){ .clock = clock, .until_us = until_us, .name = name, .order = order };
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("sleeper", sleep_once, self);
}

static void
sleeper_wake (Sleeper *self)
{
  g_mutex_lock (&self->lock);
  self->ready = TRUE;
  bed_clock_wake (self->clock, &self->cond);
  g_mutex_unlock (&self->lock);
}

static void
sleeper_stop (Sleeper *self)
{
  sleeper_wake (self);
  g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
}

/* One after another, in the order in which they were woken, and not before they may. */
static void
test_manual_threads (void)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, 0);
  g_autoptr (GString) order = g_string_new (NULL);
  BedManualClock *manual = BED_MANUAL_CLOCK (clock);
  Sleeper sleepers[4];

  bed_manual_clock_hold (manual, TRUE);
  for (guint i = 0; i < 4; i++)
    sleeper_start (&sleepers[i], clock, "abcd"[i], i == 3 ? 50 : G_MAXINT64, order);
  g_assert_false (bed_manual_clock_run (manual, 4));
  g_assert_cmpint (bed_manual_clock_get_next_us (manual), ==, 50);
  sleeper_wake (&sleepers[2]);
  sleeper_wake (&sleepers[0]);
  bed_manual_clock_advance (manual, 49);
  g_assert_cmpstr (order->str, ==, "");
  g_assert_true (bed_manual_clock_run (manual, 4));
  g_assert_cmpstr (order->str, ==, "ca");
  bed_manual_clock_advance (manual, 1);
  sleeper_wake (&sleepers[1]);
  g_assert_true (bed_manual_clock_run (manual, 4));
  g_assert_cmpstr (order->str, ==, "cadb");
  g_assert_false (bed_manual_clock_run (manual, 4));
  bed_manual_clock_hold (manual, FALSE);
  for (guint i = 0; i < 4; i++)
    sleeper_stop (&sleepers[i]);
}

static gboolean
has_gone_on (Sleeper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->order->len > 0;
}

static void
test_system_threads (void)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (GString) order = g_string_new (NULL);
  gint64 until_us = bed_clock_get_monotonic_us (clock) + 20000;
  Sleeper sleeper;

  sleeper_start (&sleeper, clock, 'a', until_us, order);
  while (!has_gone_on (&sleeper))
    g_usleep (1000);
  g_assert_cmpint (bed_clock_get_monotonic_us (clock), >=, until_us);
  sleeper_stop (&sleeper);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/clock/manual", test_manual);
  g_test_add_func ("/base/clock/manual/source", test_manual_source);
  g_test_add_func ("/base/clock/manual/threads", test_manual_threads);
  g_test_add_func ("/base/clock/system/source", test_system_source);
  g_test_add_func ("/base/clock/system/threads", test_system_threads);
  return g_test_run ();
}
