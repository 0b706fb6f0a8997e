/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-json.h"
#include "bed-protocol.h"

G_BEGIN_DECLS

/* A member of exactly this type, or NULL/FALSE. Text is lent by the object. */
const char *bed_members_get_text (JsonObject *object, const char *name, gsize max_length);
gboolean bed_members_get_integer (JsonObject *object, const char *name, gint64 min, gint64 max,
                                  gint64 *value);
/* Exactly `length` bytes as base64url. */
gboolean bed_members_get_bytes (JsonObject *object, const char *name, void *out, gsize length);
/* {"type": type, ...} with base64url members. */
void bed_members_set_bytes (JsonObject *object, const char *name, const void *data, gsize length);

G_END_DECLS
