/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"

G_BEGIN_DECLS

#define BED_RESTART_N_WARNINGS 3

/* A lock begins the process anew: what was typed and shown stays behind in memory that the kernel
 * takes back. Only this goes along, through a sealed file in memory. Before other threads run, or
 * after. */
typedef struct
{
  int width, height; /* of the window */
  gboolean maximized;
  BedSecret *doorbell; /* owned, (nullable): see bed_session_dup_doorbell_keys */
  BedSecret *link;     /* owned, (nullable): waits for the unlock; text with its NUL */
  char *link_note;     /* owned, (nullable): what the page that unlocks says of a link */
  /* owned, (nullable): those that nobody closed, by their gravity, the newest last */
  GStrv warnings[BED_RESTART_N_WARNINGS];
} BedRestart;

/* What the process before this one left, which is wiped where it lay. FALSE when nothing, or nothing
 * that can be read. */
gboolean bed_restart_take (BedRestart *self);
void bed_restart_clear (BedRestart *self);
/* Replaces this process by the same program with no arguments but its name. Returns only when that
 * failed: then there is nothing left to do but to end. */
void bed_restart_begin (const BedRestart *self, const char *name);

G_END_DECLS
