/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-settings.h"
#include "bed-store.h"

G_BEGIN_DECLS

/* The administrator's commands. Each returns the process's exit status and prints for a person. */

/* The store's key, read from its file, which must be readable by its owner only.
 * Returns: (transfer full) (nullable) */
BedSecret *bed_commands_read_key (const BedSettings *settings, GError **error);
BedStore *bed_commands_open_store (const BedSettings *settings, GError **error);

int bed_commands_init (const char *config, char **arguments);
int bed_commands_user (const BedSettings *settings, char **arguments);
int bed_commands_backup (const BedSettings *settings, char **arguments);
int bed_commands_restore (const BedSettings *settings, char **arguments);
int bed_commands_doctor (const BedSettings *settings);
/* Holds the state directory for a running server. Returns: a descriptor, or -1. */
int bed_commands_lock (const BedSettings *settings, GError **error);

G_END_DECLS
