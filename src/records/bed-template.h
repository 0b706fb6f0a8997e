/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define BED_NOTE_SECTIONS_MAX 8
#define BED_HEADING_MAX 120          /* bytes of an own heading */
#define BED_TEMPLATE_TEXT_MAX (16 * 1024) /* bytes of a section's prepared text */
#define BED_TEMPLATE_OWN_MAX 200     /* own templates in a record */

/* A heading is one of the product's, by an id that the screen translates ("subjective"), or an own
 * one: "=" and its words. Returns: (transfer none) (nullable): the own words; NULL for an id. */
const char *bed_heading_get_text (const char *heading);
/* The ids of all headings that built-in templates use, NULL-terminated: "subjective", "objective",
 * "assessment", "plan", "reason", "history", "findings", "interval", "medication", "mental-state",
 * "risk", "advice", "safety-net", "next-steps". */
const char *const *bed_heading_list_ids (void);

/* How a note is laid out. Built in, told apart by id and named by the screen: "soap",
 * "consultation", "follow-up", "mental-health", "telephone". Own ones have an id "own-…" and a name
 * of their own. Readable for binding: "id" ("" until it is saved), "name" ("" for a built-in one),
 * "n-sections". Notifies "changed" () when headings or texts change. Kept by
 * bed_record_store_save_template (). Main thread.
 */
#define BED_TYPE_TEMPLATE (bed_template_get_type ())
G_DECLARE_FINAL_TYPE (BedTemplate, bed_template, BED, TEMPLATE, GObject)

/* Returns: (transfer full): an own one with no sections, not kept yet */
BedTemplate *bed_template_new (const char *name);
/* A copy that is not kept yet, to begin an own one from. (transfer full) */
BedTemplate *bed_template_copy (BedTemplate *self, const char *name);
const char *bed_template_get_id (BedTemplate *self);
gboolean bed_template_is_built_in (BedTemplate *self);
const char *bed_template_get_name (BedTemplate *self);
void bed_template_set_name (BedTemplate *self, const char *name);
guint bed_template_get_n_sections (BedTemplate *self);
const char *bed_template_get_heading (BedTemplate *self, guint section);
/* What a new note begins with in this section; "" for none. */
const char *bed_template_get_text (BedTemplate *self, guint section);
/* The prepared text that goes along to headings[section], one of those (NULL-terminated) that take the
 * place of its own: of the same heading, or of the one that was renamed to it, which can be told when
 * as many are left and it stands where that one stood. "" when neither. */
const char *bed_template_carry_text (BedTemplate *self, const char *const *headings, guint section);
/* FALSE, and no change: a built-in template, too many sections, or a text that cannot be kept. */
gboolean bed_template_add_section (BedTemplate *self, const char *heading, const char *text);
gboolean bed_template_set_section (BedTemplate *self, guint section, const char *heading,
                                   const char *text);
gboolean bed_template_remove_section (BedTemplate *self, guint section);
gboolean bed_template_move_section (BedTemplate *self, guint section, guint position);

G_END_DECLS
