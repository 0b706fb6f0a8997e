/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audit-export.h"

G_BEGIN_DECLS

typedef struct
{
  const char *clinic;  /* never NULL */
  const char *version;
  gint64 now_us;
  BedAuditPatientOf patient_of;
  gpointer patient_data;
} BedAuditWriting;

/* One format. Each appends to `out`; `first`: no entry came before. */
typedef struct
{
  void (*begin) (GString *out, const BedAuditWriting *writing);
  void (*entry) (GString *out, const BedAuditWriting *writing, const BedAuditEntry *entry,
                 gboolean first);
  void (*end) (GString *out);
} BedAuditWriter;
extern const BedAuditWriter bed_audit_fhir_writer;
extern const BedAuditWriter bed_audit_csv_writer;

/* ISO 8601 in UTC with microseconds. (transfer full) */
char *bed_audit_format_time (gint64 real_us);

G_END_DECLS
