/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words the clinic has or had that a patient agrees to: a line for each in the vault. */
#include <string.h>

#include "bed-log.h"
#include "bed-protocol.h"
#include "bed-session-private.h"

#define TEXTS_BLOB "consent-texts"
#define LINE_BYTES (2 * BED_HASH_BYTES + 1)
#define LINES_MAX 1000

/* (transfer full): what version, language and the text's hash are in one, in hexadecimal. */
static char *
dup_line (const char *version, const char *language, const guint8 *hash)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guint8 *) version, (gssize) strlen (version) + 1);
  g_checksum_update (sum, (const guint8 *) language, (gssize) strlen (language) + 1);
  g_checksum_update (sum, hash, BED_HASH_BYTES);
  return g_strconcat (g_checksum_get_string (sum), "\n", NULL);
}

static char *
dup_line_of (const BedConsentWording *wording)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 hash[BED_HASH_BYTES];
  gsize length = sizeof hash;

  g_checksum_update (sum, (const guint8 *) wording->text, (gssize) strlen (wording->text));
  g_checksum_get_digest (sum, hash, &length);
  return dup_line (wording->version, wording->language, hash);
}

void
bed_session_remember_texts (BedSession *self)
{
  g_autofree char *before = bed_vault_dup_text (self->vault, TEXTS_BLOB);
  g_autoptr (GString) lines = g_string_new (before);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; self->clinic != NULL && i < self->clinic->consent->len; i++)
    {
      g_autofree char *line = dup_line_of (self->clinic->consent->pdata[i]);

      if (strstr (lines->str, line) == NULL)
        g_string_append (lines, line);
    }
  if (lines->len > LINES_MAX * LINE_BYTES)
    g_string_erase (lines, 0, (gssize) lines->len - LINES_MAX * LINE_BYTES);
  if (g_strcmp0 (before, lines->str) != 0 && lines->len > 0
      && !bed_vault_set_text (self->vault, TEXTS_BLOB, lines->str, &error))
    g_warning ("what patients agree to was not kept: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
}

gboolean
bed_session_knows_text (BedSession *self, const char *version, const char *language,
                        const guint8 *hash)
{
  g_autofree char *lines = bed_vault_dup_text (self->vault, TEXTS_BLOB);
  g_autofree char *line = dup_line (version, language, hash);

  return lines != NULL && strstr (lines, line) != NULL;
}
