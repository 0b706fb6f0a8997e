/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words that stand for the four numbers of a call, from the app's own resources.
 * Main thread. */
typedef struct
{
  char *words[4];
} BedSasWords;

/* language: of the invitation; English where there is no list. FALSE when a list is damaged. */
gboolean bed_sas_words_init (BedSasWords *self, const char *language, const guint8 numbers[4]);
void bed_sas_words_clear (BedSasWords *self);

G_END_DECLS
