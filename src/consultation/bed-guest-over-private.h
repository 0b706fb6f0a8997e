/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-guest-visit.h"

G_BEGIN_DECLS

/* How a visit is over for the guest, by what ended it. */
BedGuestOver bed_guest_over_of_call (BedCallEnd end);
/* error: of a request, of the connection, or of opening the card. */
BedGuestOver bed_guest_over_of_error (const GError *error);

G_END_DECLS
