/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* Who sits here, as prints and signatures name them: the account's owner, or whoever came with the
 * emergency key, by the name that they gave. Returns: (transfer full) */
char *bed_author_dup_name (BedSession *session, BedRecordStore *store);
/* Their account, lent by the session. */
const char *bed_author_get_account (BedSession *session, BedRecordStore *store);

G_END_DECLS
