/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Structured log: one JSON object for each line on stderr. Nothing about a person goes in: whatever
 * identifies somebody (an address, a room, a session) is written through bed_server_log_id only. */
typedef struct _BedServerLog BedServerLog;

/* Returns: (transfer full). Ids are keyed with a random value of this process. Thread: main. */
BedServerLog *bed_server_log_new (void);
void bed_server_log_free (BedServerLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedServerLog, bed_server_log_free)

/* Eight characters that stand for `data` until the process ends. Returns: (transfer full) */
char *bed_server_log_id (BedServerLog *self, const void *data, gsize length);

/* That the store failed: at what, and by what kind of error. Its text is the library's own, and may
 * hold what was to be stored. error: (nullable): none: it was busy. */
void bed_server_log_store_failed (BedServerLog *self, const char *what, const GError *error);

/* `event` and names are literals; then pairs by `types`: i (name, gint64), t (name, text). */
void bed_server_log (BedServerLog *self, const char *event, const char *types, ...);

G_END_DECLS
