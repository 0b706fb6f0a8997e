/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-accounts.h"
#include "bed-hub.h"

G_BEGIN_DECLS

/* Which request goes where: limits, JSON, bearer, rooms and the clinic's own data. Thread: main. */
typedef struct _BedApi BedApi;
BedApi *bed_api_new (BedAccounts *accounts, BedHub *hub, BedTurn **turn, BedLimiter *limiter,
                     BedClock *clock, const BedSettings *settings);
void bed_api_free (BedApi *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedApi, bed_api_free)

/* Answers now or later. */
void bed_api_handle (BedApi *self, BedRequest *request);

G_END_DECLS
