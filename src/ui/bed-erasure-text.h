/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The record of an erasure (BedRecordStatement's text) in the person's words. Pure; any thread. Both
 * return (transfer full) text. */

/* "1 patient, 2 consultations, 3 notes", "5 kept messages". */
char *bed_erasure_text_what (const char *statement);
/* The rule that let it go, or that a person had deleted it. */
char *bed_erasure_text_why (const char *statement);

G_END_DECLS
