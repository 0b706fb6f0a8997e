/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-db.h"
#include "bed-search-words-private.h"

G_BEGIN_DECLS

/* The words of a note's addenda and of sections that they give anew. FALSE: it cannot be read. */
gboolean bed_record_each_addendum_word (BedDb *db, gint64 note_id, BedSearchWord callback,
                                        gpointer user_data, GError **error);

G_END_DECLS
