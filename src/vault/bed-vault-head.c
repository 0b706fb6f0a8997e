/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-head-private.h"

#include <sodium.h>
#include <string.h>

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

#define VERSION 1
#define FRAME_LENGTH 5
#define PLAIN_LENGTH 48
#define PAPER_HASH 8
#define PAPER_SUM 4
#define PAPER_LENGTH (4 + 4 + PAPER_HASH + PAPER_SUM)
#define PAPER_LETTERS (PAPER_LENGTH * 8 / 5)
#define GROUP 4

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

G_STATIC_ASSERT (PAPER_LENGTH % 5 == 0);

static gsize
associated_data (const BedKeyslots *slots, const guint8 frame[FRAME_LENGTH], guint8 out[21])
{
  memcpy (out, slots->id, sizeof slots->id);
  memcpy (out + sizeof slots->id, frame, FRAME_LENGTH);
  return sizeof slots->id + FRAME_LENGTH;
}

GBytes *
bed_vault_head_seal (const BedVaultHead *self, const BedKeyslots *slots, const BedSecret *master)
{
  g_autoptr (BedSecret) key = bed_master_key_derive (master, BED_SUBKEY_ANCHOR);
  guint8 blob[BED_VAULT_HEAD_BLOB];
  guint8 plain[PLAIN_LENGTH];
  guint8 ad[21];
  BedByteWriter writer;

  bed_byte_writer_init (&writer, blob, sizeof blob);
  bed_byte_writer_u8 (&writer, VERSION);
  bed_byte_writer_u32 (&writer, slots->key_number);
  bed_random_bytes (blob + FRAME_LENGTH, 24);
  bed_byte_writer_init (&writer, plain, sizeof plain);
  bed_byte_writer_u64 (&writer, self->commits);
  bed_byte_writer_u64 (&writer, self->sequence);
  bed_byte_writer_bytes (&writer, self->hash, sizeof self->hash);
  crypto_aead_xchacha20poly1305_ietf_encrypt (blob + FRAME_LENGTH + 24, NULL, plain, sizeof plain,
                                              ad, associated_data (slots, blob, ad), NULL,
                                              blob + FRAME_LENGTH, bed_secret_get_data (key));
  return g_bytes_new (blob, sizeof blob);
}

BedVaultHeadResult
bed_vault_head_open (BedVaultHead *self, const guint8 *data, gsize length,
                     const BedKeyslots *slots, const BedSecret *master)
{
  g_autoptr (BedSecret) key = NULL;
  guint8 plain[PLAIN_LENGTH];
  guint8 ad[21];
  BedByteReader reader;
  guint32 key_number;

  memset (self, 0, sizeof *self);
  if (length != BED_VAULT_HEAD_BLOB || data[0] != VERSION)
    return BED_VAULT_HEAD_STRANGE;
  bed_byte_reader_init (&reader, data + 1, 4);
  key_number = bed_byte_reader_u32 (&reader);
  if (key_number != slots->key_number)
    return key_number > slots->key_number ? BED_VAULT_HEAD_LATER_KEY : BED_VAULT_HEAD_STRANGE;
  key = bed_master_key_derive (master, BED_SUBKEY_ANCHOR);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (plain, NULL, NULL, data + FRAME_LENGTH + 24,
                                                  PLAIN_LENGTH + 16, ad,
                                                  associated_data (slots, data, ad),
                                                  data + FRAME_LENGTH, bed_secret_get_data (key))
      != 0)
    return BED_VAULT_HEAD_STRANGE;
  bed_byte_reader_init (&reader, plain, sizeof plain);
  self->commits = bed_byte_reader_u64 (&reader);
  self->sequence = bed_byte_reader_u64 (&reader);
  memcpy (self->hash, bed_byte_reader_bytes (&reader, sizeof self->hash), sizeof self->hash);
  self->hash_length = sizeof self->hash;
  return BED_VAULT_HEAD_OPENED;
}

/* --- On paper --------------------------------------------------------------------------------- */

static void
paper_sum (const guint8 *bytes, const BedKeyslots *slots, const BedSecret *master,
           guint8 sum[PAPER_SUM])
{
  g_autoptr (BedSecret) key = bed_master_key_derive (master, BED_SUBKEY_ANCHOR);
  guint8 full[crypto_generichash_BYTES];
  crypto_generichash_state state;

  crypto_generichash_init (&state, bed_secret_get_data (key), bed_secret_get_length (key),
                           sizeof full);
  crypto_generichash_update (&state, (const guint8 *) "paper", 5);
  crypto_generichash_update (&state, slots->id, sizeof slots->id);
  crypto_generichash_update (&state, bytes, PAPER_LENGTH - PAPER_SUM);
  crypto_generichash_final (&state, full, sizeof full);
  memcpy (sum, full, PAPER_SUM);
}

static char *
spell (const guint8 bytes[PAPER_LENGTH])
{
  GString *text = g_string_new (NULL);
  guint64 bits = 0;
  guint n = 0;

  for (guint i = 0, written = 0; i < PAPER_LENGTH; i++)
    {
      bits = bits << 8 | bytes[i];
      for (n += 8; n >= 5; n -= 5, written++)
        {
          if (written > 0 && written % GROUP == 0)
            g_string_append_c (text, '-');
          g_string_append_c (text, letters[bits >> (n - 5) & 31]);
        }
    }
  return g_string_free (text, FALSE);
}

static int
letter_value (char c)
{
  const char *found;

  c = g_ascii_toupper (c);
  if (c == 'O')
    return 0;
  if (c == 'I' || c == 'L')
    return 1;
  found = c != '\0' ? strchr (letters, c) : NULL;
  return found != NULL ? (int) (found - letters) : -1;
}

static gboolean
unspell (const char *typed, guint8 bytes[PAPER_LENGTH])
{
  guint64 bits = 0;
  guint n = 0, read = 0, out = 0;

  for (const char *c = typed; *c != '\0'; c++)
    {
      int value = letter_value (*c);

      if (*c == '-' || g_ascii_isspace (*c))
        continue;
      if (value < 0 || read++ == PAPER_LETTERS)
        return FALSE;
      bits = bits << 5 | (guint) value;
      n += 5;
      if (n >= 8)
        {
          n -= 8;
          bytes[out++] = (guint8) (bits >> n);
        }
    }
  return read == PAPER_LETTERS;
}

gboolean
bed_vault_head_format (const BedVaultHead *self, const BedKeyslots *slots, const BedSecret *master,
                       char **code)
{
  guint8 bytes[PAPER_LENGTH];
  BedByteWriter writer;

  if (self->commits > G_MAXUINT32 || self->sequence > G_MAXUINT32)
    return FALSE;
  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_byte_writer_u32 (&writer, (guint32) self->commits);
  bed_byte_writer_u32 (&writer, (guint32) self->sequence);
  bed_byte_writer_bytes (&writer, self->hash, PAPER_HASH);
  paper_sum (bytes, slots, master, bytes + PAPER_LENGTH - PAPER_SUM);
  *code = spell (bytes);
  return TRUE;
}

gboolean
bed_vault_head_parse (BedVaultHead *self, const char *typed, const BedKeyslots *slots,
                      const BedSecret *master)
{
  guint8 bytes[PAPER_LENGTH];
  guint8 sum[PAPER_SUM];
  BedByteReader reader;

  memset (self, 0, sizeof *self);
  if (!unspell (typed, bytes))
    return FALSE;
  paper_sum (bytes, slots, master, sum);
  if (sodium_memcmp (sum, bytes + PAPER_LENGTH - PAPER_SUM, PAPER_SUM) != 0)
    return FALSE;
  bed_byte_reader_init (&reader, bytes, sizeof bytes);
  self->commits = bed_byte_reader_u32 (&reader);
  self->sequence = bed_byte_reader_u32 (&reader);
  memcpy (self->hash, bytes + 8, PAPER_HASH);
  self->hash_length = PAPER_HASH;
  return TRUE;
}
