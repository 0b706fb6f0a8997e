/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-display-text-private.h"

#define MARKS_MAX 8 /* on one letter; more would be drawn over the lines around it */
#define ZERO_WIDTH_NON_JOINER 0x200C
#define ZERO_WIDTH_JOINER 0x200D

static gboolean
is_joiner (gunichar c)
{
  return c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
}

/* What turns, hides or breaks text. The joiners belong to the spelling of some languages, and to emoji. */
static gboolean
is_invisible (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_FORMAT:
      return !is_joiner (c);
    case G_UNICODE_CONTROL:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    default:
      return FALSE;
    }
}

char *
bed_display_text (const char *text, glong max, gboolean lines)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) out = g_string_new (NULL);
  glong n = 0;
  guint marks = 0;

  for (const char *at = valid; *at != '\0' && n < max; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c != '\n' && c != '\t' && is_invisible (c))
        continue;
      if (g_unichar_ismark (c))
        marks++;
      else if (!is_joiner (c))
        marks = 0;
      if (marks > MARKS_MAX)
        continue;
      if ((c == '\n' && !lines) || c == '\t')
        c = ' ';
      g_string_append_unichar (out, c);
      n++;
    }
  g_strstrip (out->str);
  return g_strdup (out->str);
}
