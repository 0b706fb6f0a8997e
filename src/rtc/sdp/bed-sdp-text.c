/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sdp-text-private.h"

#include <string.h>

gboolean
bed_sdp_parse_number (const char *text, guint64 max, guint64 *value)
{
  guint64 number = 0;
  gsize n = 0;

  for (; g_ascii_isdigit (text[n]); n++)
    {
      if (n >= 19)
        return FALSE;
      number = number * 10 + (guint64) (text[n] - '0');
    }
  if (n == 0 || text[n] != '\0' || number > max)
    return FALSE;
  *value = number;
  return TRUE;
}

gboolean
bed_sdp_is_ice_text (const char *text, gsize min, gsize max)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n]) || text[n] == '+' || text[n] == '/')
    if (++n > max)
      return FALSE;
  return text[n] == '\0' && n >= min;
}

gboolean
bed_sdp_is_token (const char *text, gsize max)
{
  gsize n = strnlen (text, max + 1);

  if (n == 0 || n > max)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("!#$%&'*+-.^_`{|}~", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
bed_sdp_is_printable (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return FALSE;
  return g_utf8_validate (text, -1, NULL);
}
