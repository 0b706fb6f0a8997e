/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include "bed-soak.h"

G_BEGIN_DECLS

/* A process of this program that does an action from a number on, until it is ended. */

/* argument: handed on as the last one. out: of the numbers that it tells. */
pid_t soak_start_child (const BedSoakAction *action, const char *dir, guint32 from,
                        const char *argument, int *out);
/* In that process: does what its arguments say. Returns: only when they name no action. */
int soak_run_child (char **argv);
gboolean soak_is_child (int argc, char **argv);
/* Reads what is left, once the process has ended. Returns: the last, or `before`. */
guint32 soak_last_told (int fd, guint32 before);
/* COUNT times over all actions in turn, or over one: "PROGRAM [COUNT [ACTION]]". run: does one action so often. */
void soak_run_actions (int argc, char **argv,
                       void (*run) (const BedSoakAction *action, guint count, guint32 seed));

G_END_DECLS
