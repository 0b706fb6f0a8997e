/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON lines on standard input and output. Main thread. */
typedef struct _BedPeerLines BedPeerLines;

/* line: NULL at the end of the input. */
typedef void (*BedPeerLineFunc) (JsonObject *line, gpointer user_data);

BedPeerLines *bed_peer_lines_new (BedPeerLineFunc func, gpointer user_data);
void bed_peer_lines_free (BedPeerLines *self);
/* object: (transfer full). Written whole and at once. */
void bed_peer_lines_write (BedPeerLines *self, JsonObject *object);
/* A new object with its "type". Returns: (transfer full) */
JsonObject *bed_peer_line_new (const char *type);

G_END_DECLS
