/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"

G_BEGIN_DECLS

/* Argon2id (16 MiB, about 15 ms) in one thread of its own with a short queue, so that a flood of
 * logins neither stalls the server nor takes its memory. */
typedef struct _BedHasher BedHasher;

typedef struct
{
  gboolean verified; /* FALSE too when there was nothing to verify against */
  char *hash; /* of `fresh`, owned by the result; NULL when none was asked for or memory ran out */
} BedHashResult;

/* Thread: the one that calls bed_hasher_dispatch. */
typedef void (*BedHashFunc) (const BedHashResult *result, gpointer data);
/* Called in the worker when a result is ready: has to make the main thread call dispatch. */
typedef void (*BedHashWakeFunc) (gpointer data);

#define BED_HASHER_QUEUE 64

BedHasher *bed_hasher_new (BedHashWakeFunc wake, gpointer data);
/* Waits for the running job; results not yet dispatched are dropped without their call. */
void bed_hasher_free (BedHasher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedHasher, bed_hasher_free)

/* Verifies `secret` against `verifier` (NULL: against one that nothing fits, in the same time), if
 * `secret` is given, then hashes `fresh`, if that is given. Returns: FALSE when the queue is
 * full. */
gboolean bed_hasher_push (BedHasher *self, BedSecret *secret, const char *verifier,
                          BedSecret *fresh, BedHashFunc done, gpointer data);
void bed_hasher_dispatch (BedHasher *self);

G_END_DECLS
