/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-private.h"

#define PAUSE_MS 5

/* The connection whose work gives way; one at a time. The lock covers its handle's use from other
 * threads. */
static GMutex lock;
static BedDb *giving_way;

static gboolean
is_same_file (BedDb *a, BedDb *b)
{
  return g_strcmp0 (sqlite3_db_filename (a->handle, "main"), sqlite3_db_filename (b->handle, "main"))
         == 0;
}

static void
ask_for_the_way (BedDb *self)
{
  g_mutex_lock (&lock);
  if (giving_way != NULL && giving_way != self && is_same_file (giving_way, self))
    sqlite3_interrupt (giving_way->handle);
  g_mutex_unlock (&lock);
}

int
bed_db_on_busy (void *data, int n)
{
  BedDb *self = data;
  gint64 now = g_get_monotonic_time ();
  gint64 patience_us = self->hasty && self->failing ? 0 : self->patience_ms * G_GINT64_CONSTANT (1000);

  ask_for_the_way (self);
  if (n == 0)
    self->waits_since_us = now;
  if (now - self->waits_since_us >= patience_us)
    return 0;
  g_usleep (PAUSE_MS * 1000);
  return 1;
}

void
bed_db_limit_waiting (BedDb *self, guint ms)
{
  self->patience_ms = ms;
  self->hasty = TRUE;
}

gboolean
bed_db_exec_giving_way (BedDb *self, const char *sql, GError **error)
{
  gboolean ok;

  g_mutex_lock (&lock);
  if (giving_way == NULL)
    giving_way = self;
  g_mutex_unlock (&lock);
  ok = bed_db_exec (self, sql, error);
  g_mutex_lock (&lock);
  if (giving_way == self)
    giving_way = NULL;
  g_mutex_unlock (&lock);
  return ok;
}
