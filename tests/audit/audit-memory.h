/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audit.h"

G_BEGIN_DECLS

/* A chain in memory that a test may tamper with. */
typedef struct
{
  GArray *entries; /* of BedAuditEntry; actor and subject point into the texts */
  GStringChunk *texts;
  gboolean broken;
} Memory;

extern const BedAuditSink memory_sink;
void memory_init (Memory *memory);
void memory_clear (Memory *memory);

G_END_DECLS
