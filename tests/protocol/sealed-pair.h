/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both ends of a sealed channel, of one invitation. */
#pragma once

#include "bed-sealed-channel-private.h"

typedef struct
{
  BedInvite *invite, *guest_invite;
  BedSealedChannel *patient, *clinician;
  BedSealedOutput output;
} Pair;

void pair_init (Pair *pair);
void pair_clear (Pair *pair);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)
/* The same invitation, as the person with the link has it. */
BedInvite *guest_of (BedInvite *invite);
/* What comes of it is in pair->output. */
BedSealedEvent take (Pair *pair, BedSealedChannel *channel, const char *text);
