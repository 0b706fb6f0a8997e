/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The gate that foreign text passes before json-glib sees it: at most 64 KiB, valid UTF-8 without
 * NUL (escapes too), one pair of outermost brackets, all of them matching and at most 16 deep.
 * Linear time, no allocation, any thread. It does not say that the text is JSON.
 */
gboolean bed_json_scan (const char *text, gsize length);

/* Parses one JSON object behind the gate. Any thread.
 * Returns: (transfer full) (nullable): NULL with BED_PROTOCOL_ERROR_BAD_REQUEST or _TOO_LARGE. */
JsonObject *bed_json_parse (const char *text, gsize length, GError **error);
/* One line of JSON. Returns: (transfer full) */
char *bed_json_print (JsonObject *object);

G_END_DECLS
