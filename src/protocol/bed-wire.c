/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-wire.h"

#include <string.h>

#include "bed-encoding.h"
#include "bed-protocol.h"
#include "bed-secret.h"
#include "bed-words-private.h"

#define STRINGS_ITEM_MAX 1024
#define EXACT_MAX 9007199254740992.0 /* 2^53 */
#define FIELD(base, field, type) ((type *) (gpointer) ((guint8 *) (base) + (field)->offset))
#define CONST_FIELD(base, field, type) \
  ((type const *) (gconstpointer) ((const guint8 *) (base) + (field)->offset))

static gboolean read_fields (const BedWireSchema *schema, JsonObject *object, gpointer out);

static const char *
node_string (JsonNode *node, gsize limit)
{
  const char *text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  text = json_node_get_string (node);
  return text != NULL && strlen (text) <= limit && g_utf8_validate (text, -1, NULL) ? text : NULL;
}

static gboolean
read_string (JsonNode *node, gsize limit, char **out)
{
  *out = g_strdup (node_string (node, limit));
  return *out != NULL;
}

/* 1.0 and 1e0 are the number 1 in JSON, whoever wrote it so. */
static gboolean
read_int (JsonNode *node, gsize limit, gint64 *out)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  double number = type == G_TYPE_DOUBLE ? json_node_get_double (node) : 0;

  if (type == G_TYPE_INT64)
    *out = json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE && number >= 0 && number < EXACT_MAX
           && number == (double) (gint64) number)
    *out = (gint64) number;
  else
    return FALSE;
  return *out >= 0 && (guint64) *out <= limit;
}

static gboolean
read_bool (JsonNode *node, gboolean *out)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *out = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_bytes (JsonNode *node, gsize length, guint8 *out)
{
  const char *text = node_string (node, length * 2 + 4);

  return text != NULL && bed_base64url_decode_exact (text, out, length);
}

static gboolean
read_blob (JsonNode *node, gsize limit, GBytes **out)
{
  const char *text = node_string (node, limit * 2 + 4);

  *out = text != NULL ? bed_base64url_decode (text, limit) : NULL;
  return *out != NULL;
}

static gboolean
read_enum (JsonNode *node, const char *const *words, int *out)
{
  const char *text = node_string (node, 32);

  return text != NULL && bed_words_find (words, text, out);
}

static gboolean
read_strings (JsonNode *node, gsize limit, char ***out)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) > limit)
    return FALSE;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *text = node_string (json_array_get_element (array, i), STRINGS_ITEM_MAX);
      if (text == NULL)
        return FALSE;
      g_strv_builder_add (builder, text);
    }
  *out = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_array (JsonNode *node, const BedWireField *field, GPtrArray **out)
{
  const BedWireSchema *schema = field->extra;
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node)
      || json_array_get_length (json_node_get_array (node)) > field->limit)
    return FALSE;
  array = json_node_get_array (node);
  *out = bed_wire_array_new (schema);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      guint8 *element;

      if (!JSON_NODE_HOLDS_OBJECT (item))
        return FALSE;
      element = g_malloc0 (schema->size);
      g_ptr_array_add (*out, element);
      if (!read_fields (schema, json_node_get_object (item), element))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_node (const BedWireField *field, JsonNode *node, gpointer out)
{
  switch (field->kind)
    {
    case BED_WIRE_STRING:
    case BED_WIRE_STRING_OPTIONAL:
      return read_string (node, field->limit, FIELD (out, field, char *));
    case BED_WIRE_INT:
    case BED_WIRE_INT_OPTIONAL:
      return read_int (node, field->limit, FIELD (out, field, gint64));
    case BED_WIRE_BOOL:
    case BED_WIRE_BOOL_OPTIONAL:
      return read_bool (node, FIELD (out, field, gboolean));
    case BED_WIRE_BYTES:
      return read_bytes (node, field->limit, FIELD (out, field, guint8));
    case BED_WIRE_BLOB:
      return read_blob (node, field->limit, FIELD (out, field, GBytes *));
    case BED_WIRE_ENUM:
      return read_enum (node, field->extra, FIELD (out, field, int));
    case BED_WIRE_STRINGS:
      return read_strings (node, field->limit, FIELD (out, field, char **));
    case BED_WIRE_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (node) &&
             read_fields (field->extra, json_node_get_object (node), FIELD (out, field, guint8));
    case BED_WIRE_ARRAY:
      return read_array (node, field, FIELD (out, field, GPtrArray *));
    default:
      return FALSE;
    }
}

static gboolean
is_optional (const BedWireField *field)
{
  return field->kind == BED_WIRE_STRING_OPTIONAL || field->kind == BED_WIRE_INT_OPTIONAL ||
         field->kind == BED_WIRE_BOOL_OPTIONAL;
}

static gboolean
read_fields (const BedWireSchema *schema, JsonObject *object, gpointer out)
{
  for (const BedWireField *field = schema->fields; field->name != NULL; field++)
    {
      /* The session's members lie beside the others: an object without a name of its own. */
      gboolean inlined = field->name[0] == '\0';
      JsonNode *node = inlined ? NULL : json_object_get_member (object, field->name);

      if (inlined)
        {
          if (!read_fields (field->extra, object, FIELD (out, field, guint8)))
            return FALSE;
        }
      else if (is_optional (field) && (node == NULL || JSON_NODE_HOLDS_NULL (node)))
        {
          if (field->kind == BED_WIRE_INT_OPTIONAL)
            *FIELD (out, field, gint64) = -1;
        }
      else if (node == NULL || !read_node (field, node, out))
        return FALSE;
    }
  return TRUE;
}

gboolean
bed_wire_read (const BedWireSchema *schema, JsonObject *object, gpointer out, GError **error)
{
  if (read_fields (schema, object, out))
    return TRUE;
  g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST,
                       "a member is missing or mistyped");
  return FALSE;
}

gpointer
bed_wire_decode (const BedWireSchema *schema, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonObject) object = bed_json_parse (text, length, error);
  gpointer out;

  if (object == NULL)
    return NULL;
  out = g_malloc0 (schema->size);
  if (!bed_wire_read (schema, object, out, error))
    g_clear_pointer (&out, schema->free);
  return out;
}

static void
write_base64url (JsonObject *object, const char *name, gconstpointer data, gsize length)
{
  g_autofree char *text = bed_base64url_encode (data, length);

  json_object_set_string_member (object, name, text);
}

static void
write_string (const BedWireField *field, const char *text, JsonObject *object)
{
  if (text != NULL)
    json_object_set_string_member (object, field->name, text);
  else if (field->kind == BED_WIRE_STRING)
    json_object_set_string_member (object, field->name, "");
  else
    json_object_set_null_member (object, field->name);
}

static void
write_blob (const BedWireField *field, GBytes *blob, JsonObject *object)
{
  gsize length = 0;
  gconstpointer data = blob != NULL ? g_bytes_get_data (blob, &length) : NULL;

  write_base64url (object, field->name, data != NULL ? data : "", length);
}

static void
write_strings (const BedWireField *field, char *const *strings, JsonObject *object)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (object, field->name, array);
}

static void
write_array (const BedWireField *field, GPtrArray *items, JsonObject *object)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      JsonObject *item = json_object_new ();
      bed_wire_write (field->extra, items->pdata[i], item);
      json_array_add_object_element (array, item);
    }
  json_object_set_array_member (object, field->name, array);
}

static void
write_object (const BedWireField *field, gconstpointer in, JsonObject *object)
{
  JsonObject *inner;

  if (field->name[0] == '\0')
    {
      bed_wire_write (field->extra, CONST_FIELD (in, field, guint8), object);
      return;
    }
  inner = json_object_new ();
  bed_wire_write (field->extra, CONST_FIELD (in, field, guint8), inner);
  json_object_set_object_member (object, field->name, inner);
}

static void
write_field (const BedWireField *field, gconstpointer in, JsonObject *object)
{
  switch (field->kind)
    {
    case BED_WIRE_STRING:
    case BED_WIRE_STRING_OPTIONAL:
      write_string (field, *CONST_FIELD (in, field, char *), object);
      break;
    case BED_WIRE_INT_OPTIONAL:
      if (*CONST_FIELD (in, field, gint64) < 0)
        break;
      json_object_set_int_member (object, field->name, *CONST_FIELD (in, field, gint64));
      break;
    case BED_WIRE_INT:
      json_object_set_int_member (object, field->name, *CONST_FIELD (in, field, gint64));
      break;
    case BED_WIRE_BOOL:
    case BED_WIRE_BOOL_OPTIONAL:
      json_object_set_boolean_member (object, field->name, *CONST_FIELD (in, field, gboolean));
      break;
    case BED_WIRE_BYTES:
      write_base64url (object, field->name, CONST_FIELD (in, field, guint8), field->limit);
      break;
    case BED_WIRE_BLOB:
      write_blob (field, *CONST_FIELD (in, field, GBytes *), object);
      break;
    case BED_WIRE_ENUM:
      json_object_set_string_member (
          object, field->name, ((const char *const *) field->extra)[*CONST_FIELD (in, field, int)]);
      break;
    case BED_WIRE_STRINGS:
      write_strings (field, *CONST_FIELD (in, field, char **), object);
      break;
    case BED_WIRE_OBJECT:
      write_object (field, in, object);
      break;
    case BED_WIRE_ARRAY:
      write_array (field, *CONST_FIELD (in, field, GPtrArray *), object);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
bed_wire_write (const BedWireSchema *schema, gconstpointer in, JsonObject *object)
{
  for (const BedWireField *field = schema->fields; field->name != NULL; field++)
    write_field (field, in, object);
}

char *
bed_wire_encode (const BedWireSchema *schema, gconstpointer in)
{
  g_autoptr (JsonObject) object = json_object_new ();

  bed_wire_write (schema, in, object);
  return bed_json_print (object);
}

/* Texts may be tokens: they are wiped before they are freed. */
static void
clear_string (char **text)
{
  if (*text != NULL)
    bed_secret_wipe (*text, strlen (*text));
  g_clear_pointer (text, g_free);
}

static void
clear_strings (char ***strings)
{
  for (char **at = *strings; at != NULL && *at != NULL; at++)
    bed_secret_wipe (*at, strlen (*at));
  g_clear_pointer (strings, g_strfreev);
}

static void
clear_field (const BedWireField *field, gpointer in)
{
  switch (field->kind)
    {
    case BED_WIRE_STRING:
    case BED_WIRE_STRING_OPTIONAL:
      clear_string (FIELD (in, field, char *));
      break;
    case BED_WIRE_BYTES:
      bed_secret_wipe (FIELD (in, field, guint8), field->limit);
      break;
    case BED_WIRE_BLOB:
      g_clear_pointer (FIELD (in, field, GBytes *), g_bytes_unref);
      break;
    case BED_WIRE_STRINGS:
      clear_strings (FIELD (in, field, char **));
      break;
    case BED_WIRE_OBJECT:
      bed_wire_clear (field->extra, FIELD (in, field, guint8));
      break;
    case BED_WIRE_ARRAY:
      g_clear_pointer (FIELD (in, field, GPtrArray *), g_ptr_array_unref);
      break;
    case BED_WIRE_INT:
    case BED_WIRE_INT_OPTIONAL:
    case BED_WIRE_BOOL:
    case BED_WIRE_BOOL_OPTIONAL:
    case BED_WIRE_ENUM:
    default:
      break;
    }
}

void
bed_wire_clear (const BedWireSchema *schema, gpointer in)
{
  for (const BedWireField *field = schema->fields; field->name != NULL; field++)
    clear_field (field, in);
}

void
bed_wire_free (const BedWireSchema *schema, gpointer in)
{
  if (in == NULL)
    return;
  bed_wire_clear (schema, in);
  g_free (in);
}

GPtrArray *
bed_wire_array_new (const BedWireSchema *schema)
{
  return g_ptr_array_new_with_free_func (schema->free);
}
