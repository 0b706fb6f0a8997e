/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-soak.h"

G_BEGIN_DECLS

/* --- What was done to files: power-journal.c ------------------------------------------------- */

/* From here on every write, sync, rename and so on under `root`, an empty folder, is written down. */
void power_begin (const char *root);
void power_end (void);
/* State `number` is on the disk, as the product says. */
void power_acknowledge (guint32 number);
guint power_count (void);
/* The last state that was acknowledged when `end` operations were done; -1: none yet. */
gint64 power_acknowledged_at (guint end);
/* Makes the folder `root` as a failure after `end` operations may leave it: each file as of its last
 * sync, with any of the later writes, whole, in part or not at all, in any order; each folder as of
 * its last sync, with some of the later changes of names, in order. */
void power_leave (const char *root, guint end, GRand *rand);
void power_forget (void);

/* --- Days of work ------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  void (*work) (const char *root);
  /* Opened anew: everything that was acknowledged is there, and at most what came next. Asserts. */
  void (*look) (const char *root, guint32 acknowledged);
} PowerDay;

extern const PowerDay power_vault_day, power_record_day;

G_END_DECLS
