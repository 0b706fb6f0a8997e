/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-members.h"

#include "bed-encoding.h"

#include <string.h>

static JsonNode *
get_value (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node
                                                                                         : NULL;
}

const char *
bed_members_get_text (JsonObject *object, const char *name, gsize max_length)
{
  JsonNode *node = get_value (object, name, G_TYPE_STRING);
  const char *text = node ? json_node_get_string (node) : NULL;

  return text && strlen (text) <= max_length ? text : NULL;
}

gboolean
bed_members_get_integer (JsonObject *object, const char *name, gint64 min, gint64 max,
                         gint64 *value)
{
  JsonNode *node = get_value (object, name, G_TYPE_INT64);

  if (!node)
    return FALSE;
  *value = json_node_get_int (node);
  return *value >= min && *value <= max;
}

gboolean
bed_members_get_bytes (JsonObject *object, const char *name, void *out, gsize length)
{
  const char *text = bed_members_get_text (object, name, length * 2 + 4);

  return text && bed_base64url_decode_exact (text, out, length);
}

void
bed_members_set_bytes (JsonObject *object, const char *name, const void *data, gsize length)
{
  g_autofree char *text = bed_base64url_encode (data, length);

  json_object_set_string_member (object, name, text);
}
