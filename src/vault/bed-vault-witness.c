/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

/* The file: the counter (8), then BLAKE2b-256 over the vault's id and the counter, keyed. It is
 * written after the commit and never synced: being behind is harmless, being ahead cannot happen by
 * itself. */
#define MAC_LENGTH 32
#define FILE_LENGTH (8 + MAC_LENGTH)

static void
encode (BedVaultWitness *self, guint64 commits, guint8 out[FILE_LENGTH])
{
  guint8 message[24];
  BedByteWriter writer;

  bed_byte_writer_init (&writer, message, sizeof message);
  bed_byte_writer_bytes (&writer, self->id, sizeof self->id);
  bed_byte_writer_u64 (&writer, commits);
  memcpy (out, message + 16, 8);
  crypto_generichash (out + 8, MAC_LENGTH, message, sizeof message, bed_secret_get_data (self->key),
                      bed_secret_get_length (self->key));
}

static gboolean
decode (BedVaultWitness *self, guint64 *commits)
{
  guint8 found[FILE_LENGTH + 1];
  guint8 expected[FILE_LENGTH];
  BedByteReader reader;

  if (pread (self->fd, found, sizeof found, 0) != FILE_LENGTH)
    return FALSE;
  bed_byte_reader_init (&reader, found, FILE_LENGTH);
  *commits = bed_byte_reader_u64 (&reader);
  encode (self, *commits, expected);
  return sodium_memcmp (found, expected, FILE_LENGTH) == 0;
}

static void
store (BedVaultWitness *self)
{
  guint8 bytes[FILE_LENGTH];

  encode (self, self->seen, bytes);
  if (pwrite (self->fd, bytes, sizeof bytes, 0) != (ssize_t) sizeof bytes
      || ftruncate (self->fd, FILE_LENGTH) != 0)
    g_message ("The commit counter's witness could not be written: a roll-back may go unnoticed");
}

void
bed_vault_witness_init (BedVaultWitness *self)
{
  g_mutex_init (&self->lock);
  self->fd = -1;
}

BedVaultFreshness
bed_vault_witness_open (BedVaultWitness *self,
                        const char *path,
                        const BedSecret *master,
                        const guint8 *id,
                        guint64 commits)
{
  BedVaultFreshness freshness = BED_VAULT_FRESH_UNKNOWN;
  guint64 witnessed;

  memcpy (self->id, id, sizeof self->id);
  self->key = bed_master_key_derive (master, BED_SUBKEY_WITNESS);
  self->seen = commits;
  self->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (self->fd < 0)
    return BED_VAULT_FRESH_UNKNOWN;
  if (decode (self, &witnessed))
    freshness = witnessed > commits ? BED_VAULT_FRESH_ROLLED_BACK : BED_VAULT_FRESH_OK_BY_WITNESS;
  store (self);
  return freshness;
}

void
bed_vault_witness_saw (BedVaultWitness *self, guint64 commits)
{
  g_mutex_lock (&self->lock);
  if (self->fd >= 0 && commits > self->seen)
    {
      self->seen = commits;
      store (self);
    }
  g_mutex_unlock (&self->lock);
}

void
bed_vault_witness_close (BedVaultWitness *self)
{
  g_mutex_lock (&self->lock);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->key, bed_secret_unref);
  g_mutex_unlock (&self->lock);
}

void
bed_vault_witness_clear (BedVaultWitness *self)
{
  bed_vault_witness_close (self);
  g_mutex_clear (&self->lock);
}
