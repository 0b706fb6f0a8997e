/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes every log line of this process go through a writer that takes out what looks private: long
 * tokens, addresses, SDP and candidate lines, e-mail addresses, URLs, and paths of a person's files.
 * It is the second line of defence: rooms do not log such things in the first place. Call once,
 * early in main.
 */
void bed_log_install (void);

/* An error for a log: what kind it is. Its message may hold a path, and so a person's name. */
#define BED_ERROR_FORMAT "%s %d"
#define BED_ERROR_CODE(error) g_quark_to_string ((error)->domain), (error)->code

/* What the writer makes of one message. Returns: (transfer full) */
char *bed_log_redact (const char *message);

G_END_DECLS
