/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-test-media.h"

G_BEGIN_DECLS

/* One side of a consultation without a screen: lines in on stdin, one JSON object for each event out on stdout.
 * The media is the test picture and a tone of 440 Hz. Lines that it knows by itself, in a call:
 *   chat WORDS | words match | words differ | stats | camera on | camera off | hang-up | quit
 */
typedef struct _BedCallConsole BedCallConsole;

typedef void (*BedCallConsoleFunc) (const char *line, gpointer user_data);

/* do_line: what is not known here. */
BedCallConsole *bed_call_console_new (BedCallConsoleFunc do_line, gpointer user_data);
void bed_call_console_free (BedCallConsole *self);
/* Pairs of name and value, ending with NULL. */
void bed_call_console_say (const char *event, ...) G_GNUC_NULL_TERMINATED;
/* Gives the call its media and tells of it; lent until the next one. */
void bed_call_console_watch (BedCallConsole *self, BedCall *call);
/* Reads lines until quit or the end of the input. */
void bed_call_console_run (BedCallConsole *self);

G_END_DECLS
