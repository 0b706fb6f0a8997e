/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-recovery-key-private.h"

#include <string.h>

#define N_SYMBOLS 35
#define GROUP 5
#define TEXT_LENGTH (N_SYMBOLS + N_SYMBOLS / GROUP - 1)
#define CRC_BITS 15
#define CRC_POLYNOMIAL 0x4599

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static guint
get_bit (const guint8 *bytes, guint i)
{
  return (bytes[i / 8] >> (7 - i % 8)) & 1;
}

static guint16
crc15 (const guint8 *bytes, gsize length)
{
  guint16 crc = 0x7fff;

  for (guint i = 0; i < length * 8; i++)
    {
      guint top = (crc >> (CRC_BITS - 1)) & 1;

      crc = (guint16) ((crc << 1) & 0x7fff);
      if (top != get_bit (bytes, i))
        crc ^= CRC_POLYNOMIAL;
    }
  return crc;
}

BedSecret *
bed_recovery_key_format (const BedSecret *key)
{
  const guint8 *bytes = bed_secret_get_data (key);
  guint16 crc = crc15 (bytes, BED_RECOVERY_KEY_LENGTH);
  BedSecret *text = bed_secret_new_zero (TEXT_LENGTH);
  char *out = (char *) bed_secret_get_writable (text);

  for (guint symbol = 0; symbol < N_SYMBOLS; symbol++)
    {
      guint value = 0;

      for (guint i = symbol * 5; i < symbol * 5 + 5; i++)
        value = value << 1
                | (i < BED_RECOVERY_KEY_LENGTH * 8
                       ? get_bit (bytes, i)
                       : (crc >> (CRC_BITS - 1 - (i - BED_RECOVERY_KEY_LENGTH * 8))) & 1);
      if (symbol > 0 && symbol % GROUP == 0)
        *out++ = '-';
      *out++ = alphabet[value];
    }
  return text;
}

static int
symbol_value (char c)
{
  const char *found;

  c = g_ascii_toupper (c);
  if (c == 'O')
    c = '0';
  else if (c == 'I' || c == 'L')
    c = '1';
  found = c != '\0' ? strchr (alphabet, c) : NULL;
  return found != NULL ? (int) (found - alphabet) : -1;
}

/* 35 symbols into 160 bits and the CRC. FALSE: too few, too many, or a character that is none. */
static gboolean
collect (const char *typed, gsize length, guint8 *bytes, guint16 *crc)
{
  guint bit = 0;

  *crc = 0;
  for (gsize i = 0; i < length; i++)
    {
      int value;

      if (typed[i] == '-' || g_ascii_isspace (typed[i]))
        continue;
      value = symbol_value (typed[i]);
      if (value < 0 || bit >= N_SYMBOLS * 5)
        return FALSE;
      for (int b = 4; b >= 0; b--, bit++)
        if (bit < BED_RECOVERY_KEY_LENGTH * 8)
          bytes[bit / 8] = (guint8) (bytes[bit / 8] | ((value >> b) & 1) << (7 - bit % 8));
        else
          *crc = (guint16) (*crc << 1 | ((value >> b) & 1));
    }
  return bit == N_SYMBOLS * 5;
}

BedSecret *
bed_recovery_key_parse (const char *typed, gsize length)
{
  g_autoptr (BedSecret) key = bed_secret_new_zero (BED_RECOVERY_KEY_LENGTH);
  guint16 crc;

  if (!collect (typed, length, bed_secret_get_writable (key), &crc)
      || crc != crc15 (bed_secret_get_data (key), BED_RECOVERY_KEY_LENGTH))
    return NULL;
  return g_steal_pointer (&key);
}
