/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"
#include "bed-snippet.h"
#include "bed-template.h"

G_BEGIN_DECLS

/* Templates, snippets and words are the clinician's own, not any patient's. Main thread. */

/* The built-in ones, then the own ones in their order; follows by itself. Returns: (transfer full):
 * of BedTemplate */
GListModel *bed_record_store_list_templates (BedRecordStore *self);
/* Returns: (transfer full) (nullable) */
BedTemplate *bed_record_store_get_template (BedRecordStore *self, const char *id, GError **error);
/* Inserts (id "") or updates. INVALID: a built-in one, no name, no section, or too many. Notes keep
 * the headings that they were begun with. */
gboolean bed_record_store_save_template (BedRecordStore *self, BedTemplate *template_,
                                         GError **error);
/* Out of the list, and can be taken back until it is erased, as can a snippet: see bed-retention.h.
 * Of 1000 deleted templates the oldest goes. Notes keep their headings. */
gboolean bed_record_store_delete_template (BedRecordStore *self, const char *id, GError **error);
gboolean bed_record_store_restore_template (BedRecordStore *self, const char *id, GError **error);
/* position: among the own ones, from 0. */
gboolean bed_record_store_move_template (BedRecordStore *self, const char *id, guint position,
                                         GError **error);
/* Gives a draft the template's headings. Text under a heading that both have stays under it; text
 * under others keeps its heading, after the template's. INVALID when that makes more than
 * BED_NOTE_SECTIONS_MAX sections. Changes the draft as typing does (it is saved with it). */
gboolean bed_record_store_apply_template (BedRecordStore *self, BedNote *note, const char *id,
                                          GError **error);

/* By abbreviation; follows by itself. Returns: (transfer full): of BedSnippet */
GListModel *bed_record_store_list_snippets (BedRecordStore *self);
/* INVALID: empty, too long, white space in the abbreviation, or one that is there already. */
gboolean bed_record_store_save_snippet (BedRecordStore *self, BedSnippet *snippet, GError **error);
gboolean bed_record_store_delete_snippet (BedRecordStore *self, gint64 id, GError **error);
/* INVALID when the abbreviation was given away meanwhile. */
gboolean bed_record_store_restore_snippet (BedRecordStore *self, gint64 id, GError **error);
/* The text that an abbreviation, exactly as typed, stands for. Returns: (transfer full) (nullable)
 */
char *bed_record_store_expand_snippet (BedRecordStore *self, const char *abbreviation);

/* Words that the spelling takes for right, as they were added. Returns: (transfer full) */
GStrv bed_record_store_list_words (BedRecordStore *self);
/* One more. The trail says that there was one, not which. INVALID: empty, or more than a line. */
gboolean bed_record_store_add_word (BedRecordStore *self, const char *word, GError **error);

G_END_DECLS
