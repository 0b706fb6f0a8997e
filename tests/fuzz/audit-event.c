/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A record that is taken is the one that would be packed. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) record = g_bytes_new (data, size);
  g_autoptr (GBytes) again = NULL;
  g_autofree char *subject = NULL;
  BedAuditEvent event;
  gint64 real_us;

  if (!bed_audit_event_unpack (record, &real_us, &event, &subject))
    return 0;
  again = bed_audit_event_pack (real_us, event, subject);
  if (!g_bytes_equal (record, again))
    abort ();
  return 0;
}
