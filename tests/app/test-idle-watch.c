/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-idle-watch.h"

#define MINUTE ((gint64) 60 * G_USEC_PER_SEC)
#define PATIENCE_S 30

typedef struct
{
  BedIdleWatch *watch; /* owned */
  guint minutes;
  gboolean occupied;
  guint asked, locked;
} Person;

static guint
limit (gpointer data)
{
  Person *person = data;

  person->asked++;
  if (person->occupied)
    bed_idle_watch_touch (person->watch);
  return person->minutes;
}

static void
lock (Person *person)
{
  person->locked++;
}

static gboolean
give_up (gpointer data)
{
  g_assert_not_reached ();
}

/* All wait for the same look at the clock, which is some seconds away. */
static void
test_limits (void)
{
  enum { AWAY, JUST_LEFT, TYPING, IN_CALL, NEVER, N };
  Person people[N] = {
    [AWAY] = { .minutes = 5 },   [JUST_LEFT] = { .minutes = 7 },
    [TYPING] = { .minutes = 5 }, [IN_CALL] = { .minutes = 5, .occupied = TRUE },
    [NEVER] = { .minutes = 0 },
  };
  g_autoptr (BedClock) clock = bed_manual_clock_new (MINUTE, MINUTE);
  guint patience;

  for (guint i = 0; i < N; i++)
    {
      people[i].watch = bed_idle_watch_new (clock, limit, &people[i]);
      g_signal_connect_swapped (people[i].watch, "lock", G_CALLBACK (lock), &people[i]);
    }
  bed_manual_clock_advance (BED_MANUAL_CLOCK (clock), 6 * MINUTE);
  bed_idle_watch_touch (people[TYPING].watch);

  patience = g_timeout_add_seconds (PATIENCE_S, give_up, NULL);
  for (guint i = 0; i < N; i++)
    while (people[i].asked == 0)
      g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);

  for (guint i = 0; i < N; i++)
    {
      g_assert_cmpuint (people[i].locked, ==, i == AWAY ? 1 : 0);
      g_object_unref (people[i].watch);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/idle-watch/limits", test_limits);
  return g_test_run ();
}
