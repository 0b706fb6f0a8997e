/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* About the emergency key: it either asks whoever opened the record who they are and why, or tells
 * the clinician of one such use. Main thread. Signal "response" is "yes" (said; seen) or "no". */
#define BED_TYPE_EMERGENCY_DIALOG (bed_emergency_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BedEmergencyDialog, bed_emergency_dialog, BED, EMERGENCY_DIALOG,
                      AdwMessageDialog)

BedEmergencyDialog *bed_emergency_dialog_new_question (GtkWindow *parent);
/* opened_us, now_us: of the wall clock; who and why: "" when nobody said. */
BedEmergencyDialog *bed_emergency_dialog_new_use (GtkWindow *parent, gint64 opened_us,
                                                  const char *who, const char *why,
                                                  gint64 now_us);
/* What was said before, and why it could not be kept; error: (nullable). */
void bed_emergency_dialog_fill (BedEmergencyDialog *self, const char *who, const char *why,
                                const char *error);
/* What was typed. Returns: (transfer full) */
char *bed_emergency_dialog_dup_who (BedEmergencyDialog *self);
char *bed_emergency_dialog_dup_why (BedEmergencyDialog *self);

G_END_DECLS
