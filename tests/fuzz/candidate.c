/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ice-candidate-check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Whatever the line is: loopback, link-local and names never pass. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *line = g_strndup ((const char *) data, size);

  bed_ice_candidate_check (line, TRUE, "abcd");
  if (bed_ice_candidate_check (line, FALSE, NULL) == BED_ICE_CANDIDATE_ADDED
      && (strstr (line, " 127.") != NULL || strstr (line, " 169.254.") != NULL)
      && strstr (line, "raddr") == NULL && strchr (line, '\0') - strstr (line, "typ") < 12)
    abort ();
  return 0;
}
