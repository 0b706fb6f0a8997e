/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"

G_BEGIN_DECLS

/* Bytes of one kept message; the call lets fewer through. */
#define BED_KEPT_CHAT_MAX 32768

/* One message of a call whose chat is kept. */
typedef struct
{
  gint64 encounter; /* its row */
  gint64 real_us;
  gboolean from_patient;
  const char *text; /* UTF-8 */
} BedKeptChat;

/* All of it, to wait in the vault's sealed spool while the record is locked. Returns: (transfer
 * full) (nullable): NULL for a text that is too long or empty. */
GBytes *bed_kept_chat_pack (const BedKeptChat *message);
/* FALSE: another kind of record. text: (out) (transfer full): what message's points to. */
gboolean bed_kept_chat_unpack (GBytes *record, BedKeptChat *message, char **text);
/* What waited in the spool; within the vault's transaction. Of an encounter that is gone nothing
 * is kept. */
gboolean bed_record_merge_kept_chat (BedRecordStore *self, const BedKeptChat *message,
                                     GError **error);

G_END_DECLS
