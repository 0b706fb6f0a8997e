/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-private.h"

#include <string.h>

#define FILE_NAME "profile.json"

static const BedWireField profile_fields[] = {
  { "authority", BED_WIRE_STRING, G_STRUCT_OFFSET (BedProfile, authority), 300 },
  { "login", BED_WIRE_STRING, G_STRUCT_OFFSET (BedProfile, login), 128 },
  { "display_name", BED_WIRE_STRING, G_STRUCT_OFFSET (BedProfile, display_name), 256 },
  { "clinic", BED_WIRE_STRING, G_STRUCT_OFFSET (BedProfile, clinic), 256 },
  { "pin", BED_WIRE_BYTES, G_STRUCT_OFFSET (BedProfile, pin), BED_HASH_BYTES },
  { "kdf", BED_WIRE_OBJECT, G_STRUCT_OFFSET (BedProfile, kdf), 0, &bed_kdf_params_schema },
  { NULL },
};
BED_WIRE_SCHEMA (BedProfile, bed_profile, profile_fields)

BedProfile *
bed_profile_load (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  return bed_wire_decode (&bed_profile_schema, text, length, NULL);
}

gboolean
bed_profile_save (const BedProfile *profile, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autofree char *text = bed_wire_encode (&bed_profile_schema, profile);

  return g_file_set_contents_full (path, text, (gssize) strlen (text),
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}
