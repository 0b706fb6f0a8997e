/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-json.h"

#include <string.h>

#include "bed-protocol.h"

/* Four hexadecimal digits, or -1. */
static int
read_unit (const char *at, const char *end)
{
  int unit = 0;

  if (end - at < 4)
    return -1;
  for (guint i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return -1;
      unit = unit << 4 | g_ascii_xdigit_value (at[i]);
    }
  return unit;
}

/* Passes over \uXXXX, or a pair of surrogates, from its first digit on. Returns: what follows, or
 * NULL; also for NUL and half a pair, which are no text. */
static const char *
skip_unicode (const char *at, const char *end)
{
  int unit = read_unit (at, end);

  if (unit <= 0 || (unit >= 0xdc00 && unit < 0xe000))
    return NULL;
  if (unit < 0xd800 || unit >= 0xe000)
    return at + 4;
  if (end - at < 10 || at[4] != '\\' || at[5] != 'u')
    return NULL;
  unit = read_unit (at + 6, end);
  return unit >= 0xdc00 && unit < 0xe000 ? at + 10 : NULL;
}

/* Passes over a string that begins after its quote. Returns: the closing quote, or NULL. Strict
 * about escapes: json-glib makes any byte of \377, which is no UTF-8 then. */
static const char *
skip_string (const char *at, const char *end)
{
  while (at != NULL && at < end)
    {
      if (*at == '"')
        return at;
      if ((guint8) *at < 0x20)
        return NULL;
      if (*at++ != '\\')
        continue;
      if (at == end || strchr ("\"\\/bfnrtu", *at) == NULL)
        return NULL;
      at = *at == 'u' ? skip_unicode (at + 1, end) : at + 1;
    }
  return NULL;
}

static gboolean
brackets_match (const char *text, gsize length)
{
  char open[BED_PROTOCOL_DEPTH_MAX];
  guint depth = 0, roots = 0;
  const char *end = text + length;

  for (const char *at = text; at < end; at++)
    {
      if (*at == '"')
        {
          at = skip_string (at + 1, end);
          if (at == NULL)
            return FALSE;
        }
      else if (*at == '{' || *at == '[')
        {
          if (depth == BED_PROTOCOL_DEPTH_MAX || (depth == 0 && roots++ > 0))
            return FALSE;
          open[depth++] = *at == '{' ? '}' : ']';
        }
      else if ((*at == '}' || *at == ']') && (depth == 0 || open[--depth] != *at))
        return FALSE;
      else if (!g_ascii_isalnum (*at) && *at != ']' && *at != '}'
               && strchr (",:+-. \t\r\n", *at) == NULL)
        return FALSE; /* json-glib's quotes, comments and assignments could hide brackets from this
                         scan */
    }
  return depth == 0;
}

gboolean
bed_json_scan (const char *text, gsize length)
{
  return length <= BED_PROTOCOL_MESSAGE_MAX && memchr (text, 0, length) == NULL &&
         g_utf8_validate (text, (gssize) length, NULL) && brackets_match (text, length);
}

JsonObject *
bed_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  if (length > BED_PROTOCOL_MESSAGE_MAX)
    {
      g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_TOO_LARGE,
                           "text too long");
      return NULL;
    }
  parser = json_parser_new_immutable ();
  if (!bed_json_scan (text, length)
      || !json_parser_load_from_data (parser, text, (gssize) length, NULL)
      || (root = json_parser_get_root (parser)) == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST,
                           "not a JSON object");
      return NULL;
    }
  return json_object_ref (json_node_get_object (root));
}

char *
bed_json_print (JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}
