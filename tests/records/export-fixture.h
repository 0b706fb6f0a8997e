/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover.h"
#include "bed-secret.h"

G_BEGIN_DECLS

/* Notes as they are handed over, the same at every run. */
typedef struct
{
  const char *name;
  const BedHandoverWords *words;
  BedHandover *(*make) (void);
} ExportSample;

extern const BedHandoverWords export_words_english;
extern const ExportSample export_samples[];
extern const guint n_export_samples;

/* A new folder. Returns: (transfer full) */
char *export_folder_new (void);
/* And the files in it. */
void export_folder_remove (const char *folder);
BedSecret *export_secret (const char *text);

G_END_DECLS
