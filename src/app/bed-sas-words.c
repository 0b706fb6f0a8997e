/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sas-words.h"

#include <gio/gio.h>

#include "bed-sas.h"

static char **
read_list (const char *name)
{
  g_autofree char *path = g_strdup_printf ("/org/bedside/Bedside/sas/%s.txt", name);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  return text != NULL ? bed_sas_list_parse (text, length) : NULL;
}

gboolean
bed_sas_words_init (BedSasWords *self, const char *language, const guint8 numbers[4])
{
  g_autofree char *code = g_strndup (language != NULL ? language : "en", 2);
  g_auto (GStrv) words = g_ascii_isalpha (code[0]) ? read_list (code) : NULL;

  if (words == NULL)
    words = read_list ("en");
  if (words == NULL)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    self->words[i] = g_strdup (words[numbers[i]]);
  return TRUE;
}

void
bed_sas_words_clear (BedSasWords *self)
{
  for (guint i = 0; i < 4; i++)
    g_clear_pointer (&self->words[i], g_free);
}
