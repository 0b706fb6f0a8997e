/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-templates.h"
#include "bed-records-private.h"

#include <string.h>

#define WORDS "dictionary" /* one in each line */

/* (transfer full) (nullable): "" when there are none; NULL: they cannot be read */
static char *
dup_words (BedRecordStore *self, GError **error)
{
  GError *inner = NULL;
  g_autoptr (BedSecret) value = bed_vault_get_blob (self->vault, WORDS, &inner);

  if (value != NULL)
    return g_strndup ((const char *) bed_secret_get_data (value), bed_secret_get_length (value));
  if (inner == NULL)
    return g_strdup ("");
  bed_record_fail (inner, error);
  return NULL;
}

GStrv
bed_record_store_list_words (BedRecordStore *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = dup_words (self, &error);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  if (text == NULL)
    bed_record_unread (self, "The own dictionary", error);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_strv_builder_add (builder, lines[i]);
  return g_strv_builder_end (builder);
}

gboolean
bed_record_store_add_word (BedRecordStore *self, const char *word, GError **error)
{
  g_autofree char *before = NULL, *after = NULL;
  GError *inner = NULL;
  gboolean ok;

  if (*word == '\0' || strchr (word, '\n') != NULL)
    {
      g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, "This is not a word");
      return FALSE;
    }
  if (!bed_record_begin (self, error))
    return FALSE;
  before = dup_words (self, &inner);
  after = before != NULL ? g_strconcat (before, word, "\n", NULL) : NULL;
  /* The trail says that there was one, not which. */
  ok = after != NULL && bed_vault_put_text (self->vault, WORDS, after, &inner)
       && bed_audit_log_append (self->audit, BED_AUDIT_WORD_ADDED, NULL, &inner);
  return bed_record_end (self, ok, inner, error);
}
