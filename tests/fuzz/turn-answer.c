/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-turn-answer.h"
#include "bed-turn-url.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A relay's refusal, and the same bytes as a URI of the settings. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (BedTurnUrl) url = bed_turn_url_parse (text);
  BedTurnAnswer answer = { 0 };

  if (url && (!*url->host || url->port == 0))
    abort ();
  if (size >= 20)
    bed_turn_answer_read (&answer, data, size);
  if (answer.code > 955)
    abort ();
  bed_turn_answer_clear (&answer);
  return 0;
}
