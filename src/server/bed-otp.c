/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-otp.h"

#include <oath.h>
#include <sodium.h>
#include <string.h>

/* No letters that look like others. */
static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789";
#define CODE_LENGTH 10

gint64
bed_otp_match (const BedSecret *secret, const char *code, gint64 now)
{
  gint64 found = -1;

  if (strlen (code) != BED_OTP_DIGITS || strspn (code, "0123456789") != BED_OTP_DIGITS)
    return -1;
  for (gint64 step = now / BED_OTP_PERIOD_S; step >= MAX (0, now / BED_OTP_PERIOD_S - 1); step--)
    {
      char expected[BED_OTP_DIGITS + 1];

      if (oath_hotp_generate ((const char *)bed_secret_get_data (secret),
                              bed_secret_get_length (secret), (guint64)step, BED_OTP_DIGITS, FALSE,
                              OATH_HOTP_DYNAMIC_TRUNCATION, expected)
              == OATH_OK
          && sodium_memcmp (expected, code, BED_OTP_DIGITS) == 0 && found < 0)
        found = step;
    }
  return found;
}

char *
bed_otp_secret_to_text (const BedSecret *secret)
{
  char *text = NULL;
  char *copy;
  size_t length = 0;

  if (oath_base32_encode ((const char *)bed_secret_get_data (secret),
                          bed_secret_get_length (secret), &text, &length)
      != OATH_OK)
    g_error ("No memory");
  copy = g_strndup (text, length);
  free (text);
  g_strdelimit (copy, "=", ' ');
  return g_strchomp (copy);
}

char *
bed_recovery_code_new (void)
{
  char code[CODE_LENGTH + 2];

  for (int i = 0, out = 0; i < CODE_LENGTH; i++)
    {
      if (i == CODE_LENGTH / 2)
        code[out++] = '-';
      code[out++] = alphabet[randombytes_uniform (sizeof alphabet - 1)];
    }
  code[CODE_LENGTH + 1] = 0;
  return g_strdup (code);
}

char *
bed_recovery_code_normalize (const char *code)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (; *code; code++)
    {
      char c = g_ascii_tolower (*code);

      if (c == '-' || c == ' ')
        continue;
      if (!strchr (alphabet, c) || out->len == CODE_LENGTH)
        return NULL;
      g_string_append_c (out, c);
    }
  return out->len == CODE_LENGTH ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}
