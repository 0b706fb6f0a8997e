/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-record-store.h"

G_BEGIN_DECLS

/* The clinician's own templates and snippets. Main thread. */
#define BED_TYPE_PHRASES_DESK (bed_phrases_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedPhrasesDesk, bed_phrases_desk, BED, PHRASES_DESK, GObject)

BedPhrasesDesk *bed_phrases_desk_new (void);
/* NULL before the vault closes. */
void bed_phrases_desk_set_store (BedPhrasesDesk *self, BedRecordStore *store);
/* Opens its page within the preferences. */
void bed_phrases_desk_open (BedPhrasesDesk *self, AdwPreferencesWindow *window);
/* Why a snippet could not be taken back, in words. */
const char *bed_phrases_restore_text (const GError *error);

G_END_DECLS
