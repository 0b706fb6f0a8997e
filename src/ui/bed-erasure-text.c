/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-erasure-text.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  guint patients, encounters, notes, files, templates, snippets, messages;
} Gone;

static void
count (Gone *gone, const char *statement)
{
  g_auto (GStrv) lines = g_strsplit (statement, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gone->patients += g_str_has_prefix (lines[i], "patient: ");
      gone->encounters += g_str_has_prefix (lines[i], "encounter: ");
      gone->notes += g_str_has_prefix (lines[i], "note: ");
      gone->files += g_str_has_prefix (lines[i], "file: ");
      gone->templates += g_str_has_prefix (lines[i], "template: ");
      gone->snippets += g_str_has_prefix (lines[i], "snippet: ");
      sscanf (lines[i], "messages: %u", &gone->messages);
    }
  if (gone->messages > 0) /* of an encounter that stays */
    gone->encounters = 0;
}

static void
add (GPtrArray *parts, guint n, char *text_taken)
{
  if (n > 0)
    g_ptr_array_add (parts, text_taken);
  else
    g_free (text_taken);
}

char *
bed_erasure_text_what (const char *statement)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  Gone gone = { 0 };

  count (&gone, statement);
  add (parts, gone.patients,
       g_strdup_printf (ngettext ("%u patient", "%u patients", gone.patients), gone.patients));
  add (parts, gone.encounters,
       g_strdup_printf (ngettext ("%u consultation", "%u consultations", gone.encounters),
                        gone.encounters));
  add (parts, gone.notes,
       g_strdup_printf (ngettext ("%u note", "%u notes", gone.notes), gone.notes));
  add (parts, gone.files,
       g_strdup_printf (ngettext ("%u file", "%u files", gone.files), gone.files));
  add (parts, gone.templates,
       g_strdup_printf (ngettext ("%u template", "%u templates", gone.templates), gone.templates));
  add (parts, gone.snippets,
       g_strdup_printf (ngettext ("%u snippet", "%u snippets", gone.snippets), gone.snippets));
  add (parts, gone.messages,
       g_strdup_printf (ngettext ("%u kept message", "%u kept messages", gone.messages),
                        gone.messages));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

char *
bed_erasure_text_why (const char *statement)
{
  guint years = 0, minors = 0;
  const char *rule = strstr (statement, "rule: ");
  int n = rule != NULL ? sscanf (rule, "rule: %*[a-z]: %u years, minors until %u", &years, &minors)
                       : 0;

  if (n < 1)
    return g_strdup (_("Deleted by a person"));
  if (n == 1)
    return g_strdup_printf (ngettext ("Kept for %u year", "Kept for %u years", years), years);
  /* Translators: years that records are kept, and the age until which those of minors are */
  return g_strdup_printf (_("Kept for %u years, of minors until they are %u"), years, minors);
}
