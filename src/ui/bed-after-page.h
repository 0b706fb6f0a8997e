/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What the call was, and what comes next. Main thread.
 * Signals: "write" (), "again" (): the link stays good, "done" (): it is used up, "assign" (). */
#define BED_TYPE_AFTER_PAGE (bed_after_page_get_type ())
G_DECLARE_FINAL_TYPE (BedAfterPage, bed_after_page, BED, AFTER_PAGE, AdwBin)

BedAfterPage *bed_after_page_new (void);
/* bad: it ended because something was wrong. text: (nullable) */
void bed_after_page_set_words (BedAfterPage *self, const char *title, const char *text, gboolean bad);
/* patient: "" when the consultation belongs to nobody yet; is_final: it stays with the one it has. */
void bed_after_page_set_facts (BedAfterPage *self, const char *length, const char *privacy, const char *note,
                               const char *patient, gboolean is_final);

G_END_DECLS
