/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-db.h"

G_BEGIN_DECLS

/* The full-text indexes of a record, over FTS5 where the library has it and FTS4 elsewhere. They
 * hold, for each note or patient, its distinct words folded (see bed-search-words-private.h) in one
 * row, and for notes the filters as words that nobody can type. All of it can be made again from
 * the record. A note's row has the id index_id: the time it was made in units of about a second, so
 * that newer is higher and a range of dates is a range of ids. Thread: the database's.
 */
typedef enum
{
  BED_INDEX_NONE,
  BED_INDEX_FTS4,
  BED_INDEX_FTS5,
} BedIndexEngine;

/* Finds the engine and makes the tables anew where they are not its own. */
gboolean bed_index_open (BedDb *db, BedIndexEngine *engine, GError **error);

/* One filter as a word: letter and value. */
#define BED_INDEX_MARK "\xee\x80\x80" /* U+E000: no letter, so no word holds it */
char *bed_index_template_word (const char *template_id);

/* Indexes up to `rows` of the notes that wait. more: (out): whether others do. In a transaction. */
gboolean bed_index_work (BedDb *db, BedIndexEngine engine, guint rows, gboolean *more,
                         GError **error);
/* Whether notes wait: 0, or a number up to `limit`. -1: an error. */
int bed_index_count_due (BedDb *db, guint limit, GError **error);
/* Puts parts of the index together, a little at a time; changed: (out): whether there was anything
 * to do. In a transaction. */
gboolean bed_index_merge (BedDb *db, BedIndexEngine engine, gboolean *changed, GError **error);

gboolean bed_index_patient (BedDb *db, BedIndexEngine engine, gint64 id, GError **error);

/* filters: (nullable): words that must be there, NULL-terminated. Returns: (transfer full): a MATCH
 * expression, "" when there is nothing to look for */
char *bed_index_expression (BedIndexEngine engine, const char *typed, const char *const *filters);
/* Ids of notes' rows, newest first; times in µs, 0: any. */
gboolean bed_index_find_notes (BedDb *db, BedIndexEngine engine, const char *expression,
                               gint64 from_us, gint64 to_us, guint limit, GArray *index_ids,
                               GError **error);
/* Ids of patients by name. */
gboolean bed_index_find_patients (BedDb *db, BedIndexEngine engine, const char *expression,
                                  guint limit, GArray *ids, GError **error);

G_END_DECLS
