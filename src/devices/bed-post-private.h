/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef void (*BedPostFunc) (gpointer object, gpointer data);

/* Runs `func` on the main context with `object`, unless the object is gone by then. From any thread
 * that may allocate (not the real-time thread). data: (transfer full) (nullable), freed with
 * `destroy`. */
void bed_post (gpointer object, BedPostFunc func, gpointer data, GDestroyNotify destroy);

G_END_DECLS
