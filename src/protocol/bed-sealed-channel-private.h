/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-sealed-channel.h"

G_BEGIN_DECLS

/* The id and the ephemeral key of the next hello, instead of random ones: for test vectors. */
void bed_sealed_channel_set_next_hello (BedSealedChannel *self, const guint8 id[BED_HELLO_ID_BYTES],
                                        const guint8 scalar[32]);
/* 32 bytes of key and 12 of iv of the direction from this role, lent while a session is open. */
BedSecret *bed_sealed_channel_get_key (BedSealedChannel *self, BedRole from);

G_END_DECLS
