/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-limiter.h"

#include <math.h>

typedef struct
{
  BedBucket bucket;
  char *name;
  GList link; /* in the order of last use, newest at the tail */
} Entry;

struct _BedLimiter
{
  GHashTable *entries; /* name, lent by the entry -> owned Entry */
  GQueue order;
  guint max_buckets;
};

guint
bed_bucket_take (BedBucket *self, const BedLimit *limit, gint64 now_us)
{
  if (self->time_us == 0)
    self->tokens = limit->burst;
  else
    self->tokens = MIN (limit->burst, self->tokens
                                          + (double)MAX (0, now_us - self->time_us)
                                                * limit->per_minute / (60.0 * G_USEC_PER_SEC));
  self->time_us = MAX (now_us, 1);
  if (self->tokens >= 1)
    {
      self->tokens -= 1;
      return 0;
    }
  return (guint) MAX (1, ceil ((1 - self->tokens) * 60.0 / limit->per_minute));
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_free (entry);
}

BedLimiter *
bed_limiter_new (guint max_buckets)
{
  BedLimiter *self = g_new0 (BedLimiter, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  g_queue_init (&self->order);
  self->max_buckets = max_buckets;
  return self;
}

void
bed_limiter_free (BedLimiter *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

static Entry *
touch (BedLimiter *self, const char *name)
{
  Entry *entry = g_hash_table_lookup (self->entries, name);

  if (entry)
    {
      g_queue_unlink (&self->order, &entry->link);
    }
  else
    {
      if (g_hash_table_size (self->entries) >= self->max_buckets)
        {
          Entry *oldest = g_queue_pop_head_link (&self->order)->data;
          g_hash_table_remove (self->entries, oldest->name);
        }
      entry = g_new0 (Entry, 1);
      entry->name = g_strdup (name);
      entry->link.data = entry;
      g_hash_table_insert (self->entries, entry->name, entry);
    }
  g_queue_push_tail_link (&self->order, &entry->link);
  return entry;
}

guint
bed_limiter_take (BedLimiter *self, const char *name, const BedLimit *limit, gint64 now_us)
{
  return bed_bucket_take (&touch (self, name)->bucket, limit, now_us);
}

void
bed_limiter_give (BedLimiter *self, const char *name)
{
  Entry *entry = g_hash_table_lookup (self->entries, name);

  if (entry)
    entry->bucket.tokens += 1;
}

guint
bed_limiter_get_size (BedLimiter *self)
{
  return g_hash_table_size (self->entries);
}
