/* SPDX-License-Identifier: GPL-3.0-or-later
 * Preloaded: the kernel tells of its clock what $FAKE_CLOCK says, "synchronised" or not. */
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

__attribute__ ((visibility ("default"))) int
adjtimex (struct timex *state)
{
  const char *says = getenv ("FAKE_CLOCK");
  int good = says != NULL && strcmp (says, "synchronised") == 0;

  memset (state, 0, sizeof *state);
  state->status = good ? STA_PLL : STA_UNSYNC;
  return good ? TIME_OK : TIME_ERROR;
}
