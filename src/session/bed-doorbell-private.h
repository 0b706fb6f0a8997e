/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-doorbell.h"
#include "bed-wire.h"

G_BEGIN_DECLS

typedef struct
{
  char *authority, *access, *refresh; /* access: (nullable) */
  guint8 pin[BED_HASH_BYTES];
  gint64 access_ends_s, since_s; /* real time; since: of the server's clock */
} BedDoorbellKeys;
BED_WIRE_DECLARE (BedDoorbellKeys, bed_doorbell_keys)

/* With the client's tokens; NULL without. Returns: (transfer full) (nullable) */
BedSecret *bed_doorbell_pack (BedSignallingClient *client, const guint8 pin[BED_HASH_BYTES],
                              BedClock *clock);
/* Returns: (transfer full) (nullable) */
BedDoorbellKeys *bed_doorbell_unpack (BedSecret *keys);
void bed_doorbell_keys_give (const BedDoorbellKeys *keys, BedSignallingClient *client,
                             BedClock *clock);

G_END_DECLS
