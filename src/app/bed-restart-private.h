/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-doorbell.h"
#include "bed-restart.h"

G_BEGIN_DECLS

/* What is longer is left out: no link of a clinic is. */
#define BED_RESTART_LINK_MAX 1024
#define BED_RESTART_TEXT_MAX 600 /* bytes of one sentence */
#define BED_RESTART_WARNINGS_MAX 8 /* of one gravity */
#define BED_RESTART_SIZE \
  (4 + 2 + 2 + 1 + (2 + BED_DOORBELL_KEYS_MAX) + (2 + BED_RESTART_LINK_MAX) \
   + (2 + BED_RESTART_TEXT_MAX) \
   + BED_RESTART_N_WARNINGS * (1 + BED_RESTART_WARNINGS_MAX * (2 + BED_RESTART_TEXT_MAX)))

/* Returns: (transfer full): BED_RESTART_SIZE bytes. */
BedSecret *bed_restart_pack (const BedRestart *self);
/* bytes: whatever was inherited, of any length. FALSE: not such bytes, and nothing is owned. */
gboolean bed_restart_unpack (BedRestart *self, BedSecret *bytes);

G_END_DECLS
