/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Secret bytes: in locked memory that is left out of core dumps, wiped when the last reference
 * goes. Immutable after construction; any thread.
 */
typedef struct _BedSecret BedSecret;
#define BED_TYPE_SECRET (bed_secret_get_type ())
GType bed_secret_get_type (void);

/* Copies; the caller wipes its own copy. Returns: (transfer full) */
BedSecret *bed_secret_new (const void *data, gsize length);
/* From the system's random generator. Returns: (transfer full) */
BedSecret *bed_secret_new_random (gsize length);
/* Zeroed and writable through bed_secret_get_writable until it is handed on. Returns: (transfer
 * full) */
BedSecret *bed_secret_new_zero (gsize length);
BedSecret *bed_secret_ref (BedSecret *self);
void bed_secret_unref (BedSecret *self);
/* Lends; valid as long as the secret. */
const guint8 *bed_secret_get_data (const BedSecret *self);
guint8 *bed_secret_get_writable (BedSecret *self);
gsize bed_secret_get_length (const BedSecret *self);
/* In constant time for equal lengths. */
gboolean bed_secret_equal (const BedSecret *a, const BedSecret *b);
/* Wipes a buffer so that the compiler cannot leave it out. */
void bed_secret_wipe (void *data, gsize length);
/* Fills a buffer that is not secret (a salt, an id) with random bytes. */
void bed_random_bytes (void *data, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSecret, bed_secret_unref)

G_END_DECLS
