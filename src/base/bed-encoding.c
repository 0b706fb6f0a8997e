/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-encoding.h"

#include <sodium.h>
#include <string.h>

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

char *
bed_base64url_encode (const void *data, gsize length)
{
  gsize size = sodium_base64_encoded_len (length, VARIANT);
  char *text = g_malloc (size);

  return sodium_bin2base64 (text, size, data, length, VARIANT);
}

gboolean
bed_base64url_decode_exact (const char *text, void *out, gsize length)
{
  gsize decoded = 0;
  gsize text_length = strlen (text);
  const char *end = NULL;

  if (text_length != sodium_base64_encoded_len (length, VARIANT) - 1)
    return FALSE;
  return sodium_base642bin (out, length, text, text_length, NULL, &decoded, &end, VARIANT) == 0
         && decoded == length && end == text + text_length;
}

GBytes *
bed_base64url_decode (const char *text, gsize max_length)
{
  gsize text_length = strlen (text);
  gsize length = text_length / 4 * 3 + (text_length % 4 ? text_length % 4 - 1 : 0);
  g_autofree guint8 *bytes = NULL;

  if (length > max_length || text_length % 4 == 1)
    return NULL;
  bytes = g_malloc (MAX (length, 1));
  if (!bed_base64url_decode_exact (text, bytes, length))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}
