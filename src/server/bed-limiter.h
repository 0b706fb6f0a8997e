/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One token bucket: `burst` at once, then `per_minute`. */
typedef struct
{
  double burst;
  double per_minute;
} BedLimit;

typedef struct
{
  double tokens;
  gint64 time_us;
} BedBucket;

/* Takes one. Returns: 0, or after how many seconds to try again. A zeroed bucket is full. */
guint bed_bucket_take (BedBucket *self, const BedLimit *limit, gint64 now_us);

/* Buckets by name, at most `max_buckets` of them: the oldest go first. Thread: one. */
typedef struct _BedLimiter BedLimiter;
BedLimiter *bed_limiter_new (guint max_buckets);
void bed_limiter_free (BedLimiter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedLimiter, bed_limiter_free)

guint bed_limiter_take (BedLimiter *self, const char *name, const BedLimit *limit, gint64 now_us);
/* Gives one back: what was counted turned out well. */
void bed_limiter_give (BedLimiter *self, const char *name);
guint bed_limiter_get_size (BedLimiter *self);

G_END_DECLS
