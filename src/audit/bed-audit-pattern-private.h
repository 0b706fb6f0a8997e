/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audit.h"

G_BEGIN_DECLS

/* How an event is told to others: one of the patterns of IHE BALP, or a DICOM event (PS3.15 A.5). */
typedef enum
{
  BED_AUDIT_PATTERN_READ,
  BED_AUDIT_PATTERN_CREATE,
  BED_AUDIT_PATTERN_UPDATE,
  BED_AUDIT_PATTERN_DELETE,
  BED_AUDIT_PATTERN_QUERY,
  BED_AUDIT_PATTERN_DISCLOSE,
  BED_AUDIT_PATTERN_OTHER,
} BedAuditPattern;

typedef struct
{
  BedAuditEvent event;
  BedAuditPattern pattern;
  const char *resource; /* FHIR type of the subject; NULL: it is no resource */
  const char *action;   /* OTHER: C, R, U, D or E */
  const char *type;     /* OTHER: DCM code */
  const char *subtype;  /* OTHER: DCM code; NULL: none */
  const char *outcome;  /* NULL: success */
} BedAuditMeaning;

/* Returns: (transfer none): of a known event. Any thread. */
const BedAuditMeaning *bed_audit_meaning (BedAuditEvent event);
/* The words of a DCM code that a meaning uses. */
const char *bed_audit_dicom_display (const char *code);

G_END_DECLS
