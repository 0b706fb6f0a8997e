/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-author.h"

#include "bed-emergency-access.h"

char *
bed_author_dup_name (BedSession *session, BedRecordStore *store)
{
  const char *name = bed_session_get_display_name (session);

  if (bed_emergency_access_is_open (store))
    return bed_emergency_access_dup_who (store, G_MAXINT64);
  return g_strdup (name != NULL && *name != '\0' ? name : bed_session_get_login (session));
}

const char *
bed_author_get_account (BedSession *session, BedRecordStore *store)
{
  return bed_emergency_access_is_open (store) ? BED_EMERGENCY_ACCOUNT
                                              : bed_session_get_login (session);
}
