/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-keyslots-private.h"

#include <sodium.h>
#include <string.h>

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

#define PREFIX_LENGTH 60
#define SLOT_LENGTH 104
#define CREDENTIAL_LENGTH (2 + BED_VAULT_TOKEN_CREDENTIAL_MAX)
#define MAC_OFFSET_1 (PREFIX_LENGTH + BED_VAULT_SLOTS * SLOT_LENGTH)
#define MAC_OFFSET (MAC_OFFSET_1 + 4 + BED_VAULT_SLOTS * CREDENTIAL_LENGTH)
#define SUM_LENGTH 32
#define SEAL_VERSION 1

static const guint8 magic[8] = { 'B', 'E', 'D', 'V', 'A', 'U', 'L', 'T' };

G_STATIC_ASSERT (MAC_OFFSET + 2 * SUM_LENGTH == BED_KEYSLOTS_SIZE);
G_STATIC_ASSERT (MAC_OFFSET_1 + 2 * SUM_LENGTH == BED_KEYSLOTS_SIZE_1);
G_STATIC_ASSERT (BED_MASTER_KEY_LENGTH == crypto_kdf_KEYBYTES);
G_STATIC_ASSERT (sizeof ((BedKeyslot *) 0)->wrapped
                 == BED_MASTER_KEY_LENGTH + crypto_aead_xchacha20poly1305_ietf_ABYTES);

BedSecret *
bed_master_key_derive (const BedSecret *master, BedSubkey which)
{
  BedSecret *key = bed_secret_new_zero (32);

  crypto_kdf_derive_from_key (bed_secret_get_writable (key), 32, which, "bedvault",
                              bed_secret_get_data (master));
  return key;
}

static void
set_master (BedKeyslots *self, const BedSecret *master)
{
  g_autoptr (BedSecret) seed = bed_master_key_derive (master, BED_SUBKEY_SPOOL);
  g_autoptr (BedSecret) secret_key = bed_secret_new_zero (crypto_box_SECRETKEYBYTES);

  crypto_box_seed_keypair (self->public_key, bed_secret_get_writable (secret_key),
                           bed_secret_get_data (seed));
}

void
bed_keyslots_init (BedKeyslots *self, const BedSecret *master)
{
  memset (self, 0, sizeof *self);
  self->version = BED_KEYSLOTS_VERSION;
  bed_random_bytes (self->id, sizeof self->id);
  set_master (self, master);
}

void
bed_keyslots_renew (BedKeyslots *self, const BedKeyslots *old, const BedSecret *master)
{
  memset (self, 0, sizeof *self);
  self->version = BED_KEYSLOTS_VERSION;
  self->key_number = old->key_number + 1;
  memcpy (self->id, old->id, sizeof self->id);
  set_master (self, master);
}

static void
write_prefix (const BedKeyslots *self, guint version, BedByteWriter *writer)
{
  bed_byte_writer_bytes (writer, magic, sizeof magic);
  bed_byte_writer_u16 (writer, (guint16) version);
  bed_byte_writer_u16 (writer, 0);
  bed_byte_writer_bytes (writer, self->id, sizeof self->id);
  bed_byte_writer_bytes (writer, self->public_key, sizeof self->public_key);
}

static void
write_slot_head (const BedKeyslot *slot, BedByteWriter *writer)
{
  bed_byte_writer_u8 (writer, (guint8) slot->kind);
  bed_byte_writer_u8 (writer, (guint8) slot->flags);
  bed_byte_writer_u16 (writer, 0);
  bed_byte_writer_u32 (writer, slot->passes);
  bed_byte_writer_u64 (writer, slot->memory_bytes);
  bed_byte_writer_bytes (writer, slot->salt, sizeof slot->salt);
}

gsize
bed_keyslot_associated_data (const BedKeyslots *self, guint slot, guint8 out[BED_KEYSLOT_AD_MAX])
{
  BedByteWriter writer;

  bed_byte_writer_init (&writer, out, BED_KEYSLOT_AD_MAX);
  write_prefix (self, SEAL_VERSION, &writer);
  bed_byte_writer_u8 (&writer, (guint8) slot);
  write_slot_head (&self->slots[slot], &writer);
  return bed_byte_writer_get_length (&writer);
}

static void
write_credential (const BedKeyslot *slot, BedByteWriter *writer)
{
  bed_byte_writer_u16 (writer, slot->credential_length);
  bed_byte_writer_bytes (writer, slot->credential, sizeof slot->credential);
}

/* Everything up to the sum with a key. Returns: the length */
static gsize
write_body (const BedKeyslots *self, guint8 out[MAC_OFFSET])
{
  BedByteWriter writer;

  bed_byte_writer_init (&writer, out, MAC_OFFSET);
  write_prefix (self, self->version, &writer);
  if (self->version > 1)
    bed_byte_writer_u32 (&writer, self->key_number);
  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    {
      write_slot_head (&self->slots[i], &writer);
      bed_byte_writer_bytes (&writer, self->slots[i].nonce, sizeof self->slots[i].nonce);
      bed_byte_writer_bytes (&writer, self->slots[i].wrapped, sizeof self->slots[i].wrapped);
    }
  for (guint i = 0; self->version > 1 && i < BED_VAULT_SLOTS; i++)
    write_credential (&self->slots[i], &writer);
  return bed_byte_writer_get_length (&writer);
}

static void
header_mac (const guint8 *data, gsize length, const BedSecret *master, guint8 out[SUM_LENGTH])
{
  g_autoptr (BedSecret) key = bed_master_key_derive (master, BED_SUBKEY_HEADER);

  crypto_generichash (out, SUM_LENGTH, data, length, bed_secret_get_data (key),
                      bed_secret_get_length (key));
}

void
bed_keyslots_write (BedKeyslots *self, const BedSecret *master, guint8 *out)
{
  self->version = BED_KEYSLOTS_VERSION;
  write_body (self, out);
  header_mac (out, MAC_OFFSET, master, self->mac);
  memcpy (out + MAC_OFFSET, self->mac, SUM_LENGTH);
  crypto_generichash (out + MAC_OFFSET + SUM_LENGTH, SUM_LENGTH, out, MAC_OFFSET + SUM_LENGTH, NULL,
                      0);
}

static gboolean
damaged (GError **error)
{
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED, "The key file is damaged");
  return FALSE;
}

/* The kinds and flags that a version knows. */
static gboolean
slot_is_sane (const BedKeyslot *slot, guint version)
{
  if (slot->kind > (version > 1 ? BED_VAULT_SLOT_EMERGENCY : BED_VAULT_SLOT_RECOVERY))
    return FALSE;
  if (slot->kind != BED_VAULT_SLOT_PASSPHRASE)
    return slot->flags == 0;
  return (slot->flags & ~(version > 1 ? (guint) BED_KEYSLOT_DEVICE : 0)) == 0 && slot->passes >= 1
         && slot->passes <= BED_KEYSLOT_MAX_PASSES && slot->memory_bytes >= BED_KEYSLOT_MIN_MEMORY
         && slot->memory_bytes <= BED_KEYSLOT_MAX_MEMORY;
}

static gboolean
parse_slot (BedKeyslot *slot, guint version, BedByteReader *reader)
{
  guint16 reserved;
  const guint8 *salt, *nonce, *wrapped;

  slot->kind = bed_byte_reader_u8 (reader);
  slot->flags = bed_byte_reader_u8 (reader);
  reserved = bed_byte_reader_u16 (reader);
  slot->passes = bed_byte_reader_u32 (reader);
  slot->memory_bytes = bed_byte_reader_u64 (reader);
  salt = bed_byte_reader_bytes (reader, sizeof slot->salt);
  nonce = bed_byte_reader_bytes (reader, sizeof slot->nonce);
  wrapped = bed_byte_reader_bytes (reader, sizeof slot->wrapped);
  if (bed_byte_reader_failed (reader) || reserved != 0 || !slot_is_sane (slot, version))
    return FALSE;
  memcpy (slot->salt, salt, sizeof slot->salt);
  memcpy (slot->nonce, nonce, sizeof slot->nonce);
  memcpy (slot->wrapped, wrapped, sizeof slot->wrapped);
  return TRUE;
}

static gboolean
parse_credential (BedKeyslot *slot, BedByteReader *reader)
{
  const guint8 *bytes;

  slot->credential_length = bed_byte_reader_u16 (reader);
  bytes = bed_byte_reader_bytes (reader, sizeof slot->credential);
  if (bed_byte_reader_failed (reader) || slot->credential_length > sizeof slot->credential
      || (slot->credential_length > 0) != (slot->kind == BED_VAULT_SLOT_TOKEN))
    return FALSE;
  memcpy (slot->credential, bytes, sizeof slot->credential);
  return TRUE;
}

static gboolean
check_frame (const guint8 *data, gsize length, guint *version, GError **error)
{
  guint8 sum[SUM_LENGTH];

  if (length < 12 + SUM_LENGTH || length > BED_KEYSLOTS_MAX_FILE
      || memcmp (data, magic, sizeof magic) != 0)
    return damaged (error);
  crypto_generichash (sum, sizeof sum, data, length - SUM_LENGTH, NULL, 0);
  if (memcmp (sum, data + length - SUM_LENGTH, SUM_LENGTH) != 0)
    return damaged (error);
  *version = (guint) data[8] << 8 | data[9];
  if (*version > BED_KEYSLOTS_VERSION)
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NEWER,
                           "The key file was written by a later version");
      return FALSE;
    }
  return (*version == 1 && length == BED_KEYSLOTS_SIZE_1)
         || (*version == 2 && length == BED_KEYSLOTS_SIZE) || damaged (error);
}

static gboolean
parse_slots (BedKeyslots *self, BedByteReader *reader)
{
  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    if (!parse_slot (&self->slots[i], self->version, reader))
      return FALSE;
  for (guint i = 0; self->version > 1 && i < BED_VAULT_SLOTS; i++)
    if (!parse_credential (&self->slots[i], reader))
      return FALSE;
  return TRUE;
}

gboolean
bed_keyslots_parse (BedKeyslots *self, const guint8 *data, gsize length, GError **error)
{
  BedByteReader reader;

  memset (self, 0, sizeof *self);
  if (!check_frame (data, length, &self->version, error))
    return FALSE;
  bed_byte_reader_init (&reader, data, length);
  bed_byte_reader_skip (&reader, 10);
  if (bed_byte_reader_u16 (&reader) != 0)
    return damaged (error);
  memcpy (self->id, bed_byte_reader_bytes (&reader, sizeof self->id), sizeof self->id);
  memcpy (self->public_key, bed_byte_reader_bytes (&reader, sizeof self->public_key),
          sizeof self->public_key);
  if (self->version > 1)
    self->key_number = bed_byte_reader_u32 (&reader);
  if (!parse_slots (self, &reader))
    return damaged (error);
  memcpy (self->mac, bed_byte_reader_bytes (&reader, sizeof self->mac), sizeof self->mac);
  return TRUE;
}

gboolean
bed_keyslots_check (const BedKeyslots *self, const BedSecret *master, GError **error)
{
  guint8 body[MAC_OFFSET];
  gsize length = write_body (self, body);
  guint8 mac[SUM_LENGTH];

  header_mac (body, length, master, mac);
  return sodium_memcmp (mac, self->mac, sizeof mac) == 0 || damaged (error);
}

void
bed_keyslots_clear (BedKeyslots *self, guint slot)
{
  memset (&self->slots[slot], 0, sizeof self->slots[slot]);
}

int
bed_keyslots_find_empty (const BedKeyslots *self)
{
  for (int i = 0; i < BED_VAULT_SLOTS; i++)
    if (self->slots[i].kind == BED_VAULT_SLOT_EMPTY)
      return i;
  return -1;
}

guint
bed_keyslots_count (const BedKeyslots *self, BedVaultSlotKind kind)
{
  guint n = 0;

  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    n += self->slots[i].kind == kind;
  return n;
}

gboolean
bed_keyslots_need_device (const BedKeyslots *self)
{
  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    if (self->slots[i].flags & BED_KEYSLOT_DEVICE)
      return TRUE;
  return FALSE;
}

static char *
dup_hex (const guint8 *data, gsize length)
{
  char *text = g_malloc (length * 2 + 1);

  return sodium_bin2hex (text, length * 2 + 1, data, length);
}

char *
bed_keyslots_dup_tag (const BedKeyslots *self)
{
  return dup_hex (self->public_key, 8);
}

char *
bed_keyslots_dup_id (const BedKeyslots *self)
{
  return dup_hex (self->id, sizeof self->id);
}
