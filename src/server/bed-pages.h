/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-settings.h"

G_BEGIN_DECLS

/* The patient's page and its files, all in memory: what is not in the table does not exist, so no
 * path ever reaches the file system. Thread: main. */
typedef struct
{
  const char *type;
  GBytes *body;
  GBytes *gzip; /* nullable */
  char *etag;   /* with its quotes */
} BedPage;

typedef struct _BedPages BedPages;
/* Returns: (transfer full) (nullable) */
BedPages *bed_pages_new (const BedSettings *settings, GError **error);
void bed_pages_free (BedPages *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedPages, bed_pages_free)
/* For a path as in the request, without its query. Returns: (transfer none) (nullable) */
const BedPage *bed_pages_find (BedPages *self, const char *path);

G_END_DECLS
