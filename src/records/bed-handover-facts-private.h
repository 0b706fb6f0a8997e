/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label; /* borrowed of the words */
  char *value;
} BedHandoverFact;

/* What is known of the consultation and of the patient, in words; what is not known is left out.
 * Returns: (transfer full): of BedHandoverFact */
GPtrArray *bed_handover_encounter_facts (const BedHandover *note, const BedHandoverWords *words);
GPtrArray *bed_handover_patient_facts (const BedHandover *note, const BedHandoverWords *words);
/* "Anna Vogel · 9 March 1948 · M-1": what stands on every page. Returns: (transfer full) */
char *bed_handover_patient_line (const BedHandover *note, const BedHandoverWords *words);
/* Without what a terminal or a reader could take for a command. Returns: (transfer full) */
char *bed_handover_printable (const char *text);
/* Nothing but white space. */
gboolean bed_handover_is_blank (const char *text);
/* "Signed by … on …". Returns: (transfer full) */
char *bed_handover_signed_line (const BedHandoverSignature *signature,
                                const BedHandoverWords *words);
/* "photo.png (image/png, 24.1 kB)". Returns: (transfer full) */
char *bed_handover_attachment_line (const BedHandoverAttachment *attachment,
                                    const BedHandoverWords *words);

G_END_DECLS
