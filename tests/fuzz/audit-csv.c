/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-export.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A file that is a whole chain ends with the head that it is said to end with. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BedAuditHead head;
  BedAuditVerdict verdict;
  guint64 position;

  if (!bed_audit_csv_verify ((const char *) data, size, NULL, &verdict, &position, &head, NULL)
      || verdict != BED_AUDIT_INTACT)
    return 0;
  if (!bed_audit_csv_verify ((const char *) data, size, &head, &verdict, &position, NULL, NULL)
      || verdict != (head.sequence > 0 ? BED_AUDIT_INTACT : verdict))
    abort ();
  return 0;
}
