/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audit.h"

G_BEGIN_DECLS

/* The trail for somebody outside: an auditor's system (FHIR R4 AuditEvent in a collection Bundle,
 * after the patterns of IHE BALP 1.1) or a person (CSV, RFC 4180). Both carry every field of every
 * entry, its hash among them, so that the chain can be verified without the record. Neither holds a
 * name, a text or a search word. Main thread; written in pieces from the main loop.
 */
typedef enum
{
  BED_AUDIT_FORMAT_FHIR,
  BED_AUDIT_FORMAT_CSV,
} BedAuditFormat;

/* The patient whom a subject belongs to, as far as the record still knows. FALSE: none. */
typedef gboolean (*BedAuditPatientOf) (const char *subject, char patient[BED_AUDIT_ID_MAX + 1],
                                       gpointer user_data);
typedef struct
{
  const char *clinic;  /* (nullable): an id or host name of whose record it is */
  const char *version; /* of the product */
  gint64 now_us;
  BedAuditPatientOf patient_of; /* nullable */
  gpointer patient_data;
} BedAuditExport;

/* options: its strings are copied. out: is not closed. progress: (nullable). Errors:
 * BED_AUDIT_ERROR, those of the stream, G_IO_ERROR_CANCELLED; what was written is then not whole.
 */
void bed_audit_log_export_async (BedAuditLog *self,
                                 BedAuditFormat format,
                                 const BedAuditExport *options,
                                 GOutputStream *out,
                                 BedAuditProgress progress,
                                 gpointer progress_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean bed_audit_log_export_finish (BedAuditLog *self, GAsyncResult *result, GError **error);

/* Whether an exported CSV holds a whole chain. anchor: (nullable): a head noted elsewhere. head:
 * (out) (optional): the last entry's. FALSE: FORMAT, it is no such file. Any thread. */
gboolean bed_audit_csv_verify (const char *text,
                               gsize length,
                               const BedAuditHead *anchor,
                               BedAuditVerdict *verdict,
                               guint64 *position,
                               BedAuditHead *head,
                               GError **error);

G_END_DECLS
