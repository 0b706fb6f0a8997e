/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-server-log.h"
#include "bed-store.h"

G_BEGIN_DECLS

/* Whether this server can keep what it is told. Thread: the server's one. */
typedef struct _BedHealth BedHealth;

#define BED_HEALTH_PROBE_EVERY_S 5

/* All borrowed. Returns: (transfer full) */
BedHealth *bed_health_new (BedStore *store, BedClock *clock, BedServerLog *log);
void bed_health_free (BedHealth *self);
/* FALSE when the last write did not succeed, or a probe; asks the store once in
 * BED_HEALTH_PROBE_EVERY_S at most, however often it is called. */
gboolean bed_health_is_good (BedHealth *self);

G_END_DECLS
