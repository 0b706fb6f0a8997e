/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-invite.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* An invitation's link that is taken is the one that would be written. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *authority = NULL;
  g_autoptr (BedInvite) invite = bed_invite_new_from_link (text, &authority, NULL);
  g_autoptr (BedActivationLink) activation = bed_activation_link_parse (text, NULL);
  g_autoptr (BedInvite) again = NULL;
  g_autofree char *written = NULL;

  if (activation != NULL && (activation->authority == NULL || activation->code == NULL))
    abort ();
  if (invite == NULL)
    return 0;
  written = bed_invite_dup_link (invite, authority, FALSE);
  again = bed_invite_new_from_link (written, NULL, NULL);
  if (again == NULL || memcmp (bed_invite_get_room_id (again), bed_invite_get_room_id (invite), BED_ROOM_ID_BYTES))
    abort ();
  return 0;
}
