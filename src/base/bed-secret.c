/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-secret.h"

#include <sodium.h>
#include <string.h>

struct _BedSecret
{
  gatomicrefcount ref_count;
  gsize length;
  guint8 *data; /* sodium_malloc: guarded, locked, not dumped */
};

G_DEFINE_BOXED_TYPE (BedSecret, bed_secret, bed_secret_ref, bed_secret_unref)

BedSecret *
bed_secret_new_zero (gsize length)
{
  BedSecret *self;

  if (sodium_init () < 0)
    g_error ("libsodium could not start");
  self = g_new0 (BedSecret, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->length = length;
  self->data = sodium_malloc (MAX (length, 1));
  if (self->data == NULL)
    g_error ("out of memory for secrets");
  memset (self->data, 0, MAX (length, 1));
  return self;
}

BedSecret *
bed_secret_new (const void *data, gsize length)
{
  BedSecret *self = bed_secret_new_zero (length);

  if (length > 0)
    memcpy (self->data, data, length);
  return self;
}

BedSecret *
bed_secret_new_random (gsize length)
{
  BedSecret *self = bed_secret_new_zero (length);

  randombytes_buf (self->data, length);
  return self;
}

BedSecret *
bed_secret_ref (BedSecret *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bed_secret_unref (BedSecret *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  sodium_free (self->data); /* wipes */
  g_free (self);
}

const guint8 *
bed_secret_get_data (const BedSecret *self)
{
  return self->data;
}

guint8 *
bed_secret_get_writable (BedSecret *self)
{
  return self->data;
}

gsize
bed_secret_get_length (const BedSecret *self)
{
  return self->length;
}

gboolean
bed_secret_equal (const BedSecret *a, const BedSecret *b)
{
  return a->length == b->length && sodium_memcmp (a->data, b->data, a->length) == 0;
}

void
bed_secret_wipe (void *data, gsize length)
{
  sodium_memzero (data, length);
}

void
bed_random_bytes (void *data, gsize length)
{
  if (sodium_init () < 0)
    g_error ("libsodium could not start");
  randombytes_buf (data, length);
}
