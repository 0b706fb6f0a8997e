/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The wire's words, in the order of their enums, NULL-terminated. */
extern const char *const bed_error_words[];
extern const char *const bed_room_state_words[];
extern const char *const bed_over_words[];
gboolean bed_words_find (const char *const *words, const char *word, int *index);

G_END_DECLS
