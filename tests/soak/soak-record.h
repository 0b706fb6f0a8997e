/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"
#include "bed-soak.h"

G_BEGIN_DECLS

/* The record of a vault that soak_make_vault() made, on a clock that stands still. */
typedef struct
{
  BedClock *clock;
  BedVault *vault;
  BedRecordStore *store;
} SoakRecord;

void soak_record_open (SoakRecord *self, const char *dir);
void soak_record_close (SoakRecord *self);
/* Every page, and the audit trail. */
void soak_record_assert_trail (SoakRecord *self);

G_END_DECLS
