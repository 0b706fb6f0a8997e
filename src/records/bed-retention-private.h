/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-acts-private.h"
#include "bed-retention.h"

G_BEGIN_DECLS

typedef struct
{
  BedRetentionKind kind;
  gint64 id;
  const char *uuid;
  const char *name;
  const char *patient;
  gint64 last_us;
  gint64 due_us;
  gboolean held;
  guint encounters, notes;
} BedRetentionRow;
/* Returns: (transfer full) */
BedRetentionItem *bed_retention_item_new (const BedRetentionRow *row);

/* Calls back for everything of a kind, or for the one of this uuid (nullable); due_us is 0 where
 * nothing is due ever. Of what is deleted `deleted` is set. Stops when the callback says FALSE. */
typedef gboolean (*BedRetentionEach) (const BedRetentionRow *row, gboolean deleted,
                                      gpointer user_data);
gboolean bed_retention_each (BedRecordStore *self,
                             BedRetentionKind kind,
                             const char *uuid,
                             BedRetentionEach callback,
                             gpointer user_data,
                             GError **error);
/* Nothing is ever due of a kind without a rule. */
gboolean bed_retention_get_rule (BedRecordStore *self, BedRetentionKind kind,
                                 BedRetentionRule *rule, GError **error);
/* HELD: nothing of this patient may be deleted. patient_id: 0 for nobody. */
gboolean bed_retention_require_free (BedRecordStore *self, gint64 patient_id, GError **error);
/* The rule in words for the record of an erasure. (transfer full) */
char *bed_retention_rule_text (BedRetentionKind kind, const BedRetentionRule *rule);

/* bed-record-erasure.c: before that transaction, never in it: SQLite 3.15 uses freed memory when a
 * read of the index fails in a transaction that has made a table. */
gboolean bed_record_erase_prepare (BedDb *db, GError **error);
/* Inside a transaction. Removes the row of `table` and all that refers to it,
 * children first, and notes each patient, encounter and note in the table of erasures. lines: what
 * goes is added, one line each. */
gboolean bed_record_erase_rows (BedRecordStore *self,
                                const char *table,
                                gint64 id,
                                const char *rule,
                                GString *lines,
                                GError **error);

G_END_DECLS
