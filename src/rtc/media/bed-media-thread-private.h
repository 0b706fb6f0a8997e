/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"

G_BEGIN_DECLS

/* A thread that calls back at a steady pace. The n-th call belongs to start + n * interval, however
 * late it is; after more than half a second of standstill the lost calls are left out.
 */
typedef struct _BedMediaThread BedMediaThread;
/* due_us: the moment this call belongs to. Returns: G_SOURCE_REMOVE to end. */
typedef gboolean (*BedMediaThreadFunc) (gint64 due_us, gpointer user_data);
/* interval = denominator / numerator seconds, e.g. 30, 1 for 30 a second. */
BedMediaThread *bed_media_thread_new (const char *name, guint numerator, guint denominator,
                                      BedMediaThreadFunc func, gpointer user_data);
/* Waits for the call that runs; none comes after. Not from the callback. */
void bed_media_thread_stop (BedMediaThread *self);

G_END_DECLS
