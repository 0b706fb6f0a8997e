/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-encounter.h"
#include "bed-note-version.h"

G_BEGIN_DECLS

/* What the app itself knows of a consultation: when, who, how it was encrypted, what was agreed to.
 * Only labels: nobody can type over it. Main thread. */
#define BED_TYPE_FACTS_BOX (bed_facts_box_get_type ())
G_DECLARE_FINAL_TYPE (BedFactsBox, bed_facts_box, BED, FACTS_BOX, AdwBin)

BedFactsBox *bed_facts_box_new (void);
/* encounter: (nullable): nothing is shown; followed. clinician: who wrote the note. now_us: for the
 * words of the day. */
void bed_facts_box_set (BedFactsBox *self, BedEncounter *encounter, const char *clinician,
                         gint64 now_us);
/* The patient as the note was signed, instead of as the record has them now; what differs since is
 * told. then: (nullable): signed for nobody of the record; now: (nullable): nothing is signed. */
void bed_facts_box_set_signed (BedFactsBox *self, const BedNoteFacts *then,
                               const BedNoteFacts *now);
void bed_facts_box_set_open (BedFactsBox *self, gboolean open);

G_END_DECLS
