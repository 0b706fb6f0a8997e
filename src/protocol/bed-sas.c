/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sas.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "bed-secret.h"

static const char context_label[] = "bedside sas v1";
static const char words_label[] = "bedside sas words v1";
#define CONTEXT_BYTES (sizeof context_label - 1 + 16 + 16 + 32 + 32)
#define LIST_LENGTH 256

struct _BedSas
{
  BedRole role;
  BedSasState state;
  guint8 context[CONTEXT_BYTES];
  guint8 own[BED_SAS_NONCE_BYTES];
  guint8 other[BED_SAS_NONCE_BYTES];
  guint8 commit[32];
};

static void
digest3 (const void *a, gsize a_length, const void *b, gsize b_length, const void *c,
         gsize c_length, guint8 out[32])
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();

  if (!EVP_DigestInit_ex (context, EVP_sha256 (), NULL) || !EVP_DigestUpdate (context, a, a_length)
      || !EVP_DigestUpdate (context, b, b_length) || !EVP_DigestUpdate (context, c, c_length)
      || !EVP_DigestFinal_ex (context, out, NULL))
    g_error ("libcrypto has no SHA-256");
  EVP_MD_CTX_free (context);
}

static void
make_commit (const BedSas *self, const guint8 *nonce, guint8 commit[32])
{
  digest3 (nonce, BED_SAS_NONCE_BYTES, self->context, CONTEXT_BYTES, "", 0, commit);
}

BedSas *
bed_sas_new_with_nonce (BedRole role, const guint8 patient_id[16], const guint8 clinician_id[16],
                        const guint8 patient_fingerprint[32],
                        const guint8 clinician_fingerprint[32],
                        const guint8 nonce[BED_SAS_NONCE_BYTES])
{
  BedSas *self = g_new0 (BedSas, 1);
  guint8 *at = self->context;

  self->role = role;
  memcpy (self->own, nonce, BED_SAS_NONCE_BYTES);
  memcpy (at, context_label, sizeof context_label - 1);
  at += sizeof context_label - 1;
  memcpy (at, patient_id, 16);
  memcpy (at + 16, clinician_id, 16);
  memcpy (at + 32, patient_fingerprint, 32);
  memcpy (at + 64, clinician_fingerprint, 32);
  return self;
}

BedSas *
bed_sas_new (BedRole role, const guint8 patient_id[16], const guint8 clinician_id[16],
             const guint8 patient_fingerprint[32], const guint8 clinician_fingerprint[32])
{
  guint8 nonce[BED_SAS_NONCE_BYTES];

  bed_random_bytes (nonce, sizeof nonce);
  return bed_sas_new_with_nonce (role, patient_id, clinician_id, patient_fingerprint,
                                 clinician_fingerprint, nonce);
}

void
bed_sas_free (BedSas *self)
{
  g_free (self);
}

BedSasState
bed_sas_get_state (const BedSas *self)
{
  return self->state;
}

/* One step of the machine: only this role, only from this state. */
static gboolean
advance (BedSas *self, BedRole role, BedSasState from, BedSasState to)
{
  gboolean fits = self->role == role && self->state == from;

  self->state = fits ? to : BED_SAS_FAILED;
  return fits;
}

gboolean
bed_sas_get_commit (BedSas *self, guint8 commit[32])
{
  if (!advance (self, BED_ROLE_CLINICIAN, BED_SAS_NEW, BED_SAS_COMMITTED))
    return FALSE;
  make_commit (self, self->own, commit);
  return TRUE;
}

gboolean
bed_sas_take_commit (BedSas *self, const guint8 commit[32], guint8 nonce[32])
{
  if (!advance (self, BED_ROLE_PATIENT, BED_SAS_NEW, BED_SAS_ANSWERED))
    return FALSE;
  memcpy (self->commit, commit, sizeof self->commit);
  memcpy (nonce, self->own, BED_SAS_NONCE_BYTES);
  return TRUE;
}

gboolean
bed_sas_take_nonce (BedSas *self, const guint8 nonce[32], guint8 reveal[32])
{
  if (!advance (self, BED_ROLE_CLINICIAN, BED_SAS_COMMITTED, BED_SAS_DONE))
    return FALSE;
  memcpy (self->other, nonce, BED_SAS_NONCE_BYTES);
  memcpy (reveal, self->own, BED_SAS_NONCE_BYTES);
  return TRUE;
}

gboolean
bed_sas_take_reveal (BedSas *self, const guint8 reveal[32])
{
  guint8 commit[32];

  if (!advance (self, BED_ROLE_PATIENT, BED_SAS_ANSWERED, BED_SAS_DONE))
    return FALSE;
  make_commit (self, reveal, commit);
  if (CRYPTO_memcmp (commit, self->commit, sizeof commit) != 0)
    {
      self->state = BED_SAS_FAILED;
      return FALSE;
    }
  memcpy (self->other, reveal, BED_SAS_NONCE_BYTES);
  return TRUE;
}

gboolean
bed_sas_get_words (const BedSas *self, guint8 words[BED_SAS_WORDS])
{
  gboolean clinician = self->role == BED_ROLE_CLINICIAN;
  guint8 nonces[2 * BED_SAS_NONCE_BYTES];
  guint8 digest[32];

  if (self->state != BED_SAS_DONE)
    return FALSE;
  memcpy (nonces, clinician ? self->own : self->other, BED_SAS_NONCE_BYTES);
  memcpy (nonces + BED_SAS_NONCE_BYTES, clinician ? self->other : self->own, BED_SAS_NONCE_BYTES);
  digest3 (words_label, sizeof words_label - 1, nonces, sizeof nonces, self->context, CONTEXT_BYTES,
           digest);
  memcpy (words, digest, BED_SAS_WORDS);
  return TRUE;
}

char **
bed_sas_list_parse (const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (copy), "\n", LIST_LENGTH + 1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '\0' || !g_utf8_validate (lines[i], -1, NULL)
        || !g_hash_table_add (seen, lines[i]))
      return NULL;
  return g_strv_length (lines) == LIST_LENGTH ? g_steal_pointer (&lines) : NULL;
}
