/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-trail.h"

G_BEGIN_DECLS

/* person: (nullable). Returns: (transfer full) */
BedTrailEntry *bed_trail_entry_new (const BedAuditEntry *entry, const char *person,
                                    gint64 patient_id);

G_END_DECLS
