/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one place where an error of a lower room becomes a plain sentence: what happened, what still works,
 * and the one thing to do next. Never shows the error's own message. Any thread. Lends; never NULL. */
const char *bed_error_text (const GError *error);
/* The same for what the app reads and writes by itself, where nobody has typed anything. */
const char *bed_error_text_untyped (const GError *error);
/* What is or may get lost in the record: a disk that is full or fails, and damage. */
gboolean bed_error_is_grave (const GError *error);
/* TRUE when there is a sentence of its own for this domain and code: for the test that walks them all. */
gboolean bed_error_text_is_known (GQuark domain, int code);

G_END_DECLS
