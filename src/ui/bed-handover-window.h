/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  BED_HANDOVER_NOTE,
  BED_HANDOVER_PATIENT,
  BED_HANDOVER_ALL,
} BedHandoverWhat;

typedef enum
{
  BED_HANDOVER_PDF,
  BED_HANDOVER_TEXT,
  BED_HANDOVER_FHIR,
  BED_HANDOVER_ENCRYPTED, /* the only form of what is more than a note */
} BedHandoverForm;

/* What leaves the record, in which form, and how it went. Main thread.
 * Signals: "typed" (const char *passphrase): its strength is wanted; "save" (int BedHandoverWhat,
 * int BedHandoverForm, const char *passphrase); "print" (): the note; "stop" (): while it runs. */
#define BED_TYPE_HANDOVER_WINDOW (bed_handover_window_get_type ())
G_DECLARE_FINAL_TYPE (BedHandoverWindow, bed_handover_window, BED, HANDOVER_WINDOW, AdwWindow)

/* with_note, with_patient: whether there is one to hand over. */
BedHandoverWindow *bed_handover_window_new (GtkWindow *parent, gboolean with_note,
                                            gboolean with_patient);
/* 0 to 4. */
void bed_handover_window_set_strength (BedHandoverWindow *self, guint score);
/* It runs. fraction: 0 to 1; below 0: it does not run. */
void bed_handover_window_set_progress (BedHandoverWindow *self, double fraction);
/* What came of it, in a sentence. */
void bed_handover_window_set_result (BedHandoverWindow *self, gboolean good, const char *text);
void bed_handover_window_choose (BedHandoverWindow *self, BedHandoverWhat what,
                                 BedHandoverForm form);

G_END_DECLS
