/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-log.h"

#include <stdio.h>

/* Order matters: whole lines and URLs first, then what may stand inside a line. */
static const struct
{
  const char *pattern;
  const char *replacement;
} rules[] = {
  { "(?m)^(a|c|o|m|s)=.*$", "<sdp>" },
  { "candidate:.*", "<candidate>" },
  { "(?i)(https?|wss?|bedside)://[^\\s/]*[^\\s]*", "<url>" },
  /* A folder's name may hold spaces; image-based systems keep these below /var. */
  { "(?<!\\w)/(var/)?(home|media|mnt|root|roothome|run|tmp)/.*", "<path>" },
  { "[\\w.+-]+@[\\w-]+\\.[\\w.-]+", "<mail>" },
  { "\\b\\d{1,3}(\\.\\d{1,3}){3}\\b(:\\d+)?", "<address>" },
  { "(?i)\\b([0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}\\b", "<address>" },
  { "(?i)(?<![\\w:])([0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6})?::([0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6})?(?![\\w:])",
    "<address>" },
  { "[A-Za-z0-9_+/=-]{20,}", "<token>" },
};

char *
bed_log_redact (const char *message)
{
  char *text = g_utf8_make_valid (message, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (rules[i].pattern, 0, 0, NULL);
      char *next = g_regex_replace_literal (regex, text, -1, 0, rules[i].replacement, 0, NULL);

      if (next != NULL)
        {
          g_free (text);
          text = next;
        }
    }
  return text;
}

static GLogWriterOutput
write_redacted (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *domain = "";
  const char *message = NULL;
  g_autofree char *redacted = NULL;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "MESSAGE"))
        message = fields[i].value;
      else if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
        domain = fields[i].value;
    }
  if (message == NULL || g_log_writer_default_would_drop (level, domain))
    return G_LOG_WRITER_HANDLED;
  redacted = bed_log_redact (message);
  fprintf (stderr, "%s: %s\n", domain, redacted);
  return G_LOG_WRITER_HANDLED;
}

void
bed_log_install (void)
{
  g_log_set_writer_func (write_redacted, NULL, NULL);
}
