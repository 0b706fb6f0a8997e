/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-json.h"

G_BEGIN_DECLS

/* Plain structs on the wire: a schema says which member of a JSON object goes into which field of a
 * struct, and how large it may be. Decoding is strict: a missing, mistyped or oversized member is
 * an error, an unknown one is ignored. Any thread.
 */
typedef enum
{
  BED_WIRE_STRING,          /* char *, up to `limit` bytes */
  BED_WIRE_STRING_OPTIONAL, /* char *, NULL when missing or null */
  BED_WIRE_INT,             /* gint64, 0 .. limit */
  BED_WIRE_INT_OPTIONAL,    /* gint64, -1 when missing or null */
  BED_WIRE_BOOL,            /* gboolean */
  BED_WIRE_BOOL_OPTIONAL,   /* gboolean, FALSE when missing */
  BED_WIRE_BYTES,           /* guint8[limit], base64url */
  BED_WIRE_BLOB,            /* GBytes *, base64url, up to `limit` bytes */
  BED_WIRE_ENUM,            /* int; `extra` is a NULL-terminated array of words */
  BED_WIRE_STRINGS,         /* GStrv, up to `limit` strings of 1,024 bytes */
  BED_WIRE_OBJECT,          /* a struct in place; `extra` is its schema */
  BED_WIRE_ARRAY,           /* GPtrArray * of structs, up to `limit`; `extra` is their schema */
} BedWireKind;

typedef struct
{
  const char *name;
  BedWireKind kind;
  gsize offset;
  gsize limit;
  const void *extra;
} BedWireField;

typedef struct
{
  gsize size;
  const BedWireField *fields; /* up to one without a name */
  GDestroyNotify free;
} BedWireSchema;

/* Returns: (transfer full) (nullable): a struct for bed_wire_free, or NULL with BED_PROTOCOL_ERROR.
 */
gpointer bed_wire_decode (const BedWireSchema *schema, const char *text, gsize length,
                          GError **error);
/* Fills a zeroed struct of the caller's; bed_wire_clear afterwards, also after a failure. */
gboolean bed_wire_read (const BedWireSchema *schema, JsonObject *object, gpointer out,
                        GError **error);
/* Adds the struct's members to an object. NULL strings are written as null where they are optional,
 * as "" elsewhere. */
void bed_wire_write (const BedWireSchema *schema, gconstpointer in, JsonObject *object);
/* Returns: (transfer full): one line of JSON. */
char *bed_wire_encode (const BedWireSchema *schema, gconstpointer in);
void bed_wire_clear (const BedWireSchema *schema, gpointer in);
void bed_wire_free (const BedWireSchema *schema, gpointer in);
/* An empty array whose elements bed_wire_free frees by this schema. Returns: (transfer full) */
GPtrArray *bed_wire_array_new (const BedWireSchema *schema);

/* Declares a struct's schema and its g_autoptr; the second defines it. */
#define BED_WIRE_DECLARE(Type, prefix) \
  extern const BedWireSchema prefix##_schema; \
  static inline void prefix##_free (Type *self) { bed_wire_free (&prefix##_schema, self); } \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (Type, prefix##_free)

#define BED_WIRE_SCHEMA(Type, prefix, table) \
  const BedWireSchema prefix##_schema = { sizeof (Type), table, (GDestroyNotify) prefix##_free };

G_END_DECLS
