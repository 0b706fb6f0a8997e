/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover.h"

G_BEGIN_DECLS

/* The words of what is handed over (PDF, text, FHIR), in the app's language. zone: the person's;
 * borrowed by the words. The texts live as long as the program. Main thread. */
void bed_handover_text_fill (BedHandoverWords *words, GTimeZone *zone);

G_END_DECLS
