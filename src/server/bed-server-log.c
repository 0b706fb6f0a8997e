/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-server-log.h"

#include "bed-json.h"
#include "bed-log.h"
#include "bed-secret.h"

#include <sodium.h>
#include <unistd.h>

struct _BedServerLog
{
  guint8 key[crypto_generichash_KEYBYTES];
};

BedServerLog *
bed_server_log_new (void)
{
  BedServerLog *self = g_new0 (BedServerLog, 1);

  bed_random_bytes (self->key, sizeof self->key);
  return self;
}

void
bed_server_log_free (BedServerLog *self)
{
  g_free (self);
}

char *
bed_server_log_id (BedServerLog *self, const void *data, gsize length)
{
  guint8 hash[crypto_generichash_BYTES_MIN];
  char text[9];

  crypto_generichash (hash, sizeof hash, data, length, self->key, sizeof self->key);
  sodium_bin2hex (text, sizeof text, hash, 4);
  return g_strdup (text);
}

void
bed_server_log (BedServerLog *self, const char *event, const char *types, ...)
{
  g_autoptr (JsonObject) line = json_object_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *text = NULL;
  g_autofree char *with_end = NULL;
  va_list values;

  json_object_set_string_member (line, "time", time);
  json_object_set_string_member (line, "event", event);
  va_start (values, types);
  for (; *types; types++)
    {
      const char *name = va_arg (values, const char *);
      if (*types == 'i')
        json_object_set_int_member (line, name, va_arg (values, gint64));
      else
        json_object_set_string_member (line, name, va_arg (values, const char *));
    }
  va_end (values);
  text = bed_json_print (line);
  with_end = g_strconcat (text, "\n", NULL);
  if (write (STDERR_FILENO, with_end, strlen (with_end)) < 0)
    return; /* nowhere left to say it */
}

void
bed_server_log_store_failed (BedServerLog *self, const char *what, const GError *error)
{
  if (error == NULL)
    bed_server_log (self, "store-failed", "tt", "what", what, "reason", "busy");
  else
    bed_server_log (self, "store-failed", "tti", "what", what, "reason",
                    g_quark_to_string (error->domain), "code", (gint64) error->code);
}
