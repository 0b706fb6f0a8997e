/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "bed-file-media.h"
#include "bed-media-thread-private.h"

G_BEGIN_DECLS

/* The life that the sources of files share, to be embedded: a file, a thread that reads it at its pace, and
 * who takes what is read. */
typedef struct
{
  /* owned */
  BedSinkList *sinks;
  BedMediaThread *thread;
  FILE *file;
} BedFileReader;

void bed_file_reader_init (BedFileReader *self);
gboolean bed_file_reader_open (BedFileReader *self, const char *path, GError **error);
/* The n-th call of func belongs to start + n * denominator / numerator seconds. */
void bed_file_reader_run (BedFileReader *self, const char *name, guint numerator, guint denominator,
                          BedMediaThreadFunc func, gpointer user_data);
/* In dispose: func is not called any more. */
void bed_file_reader_stop (BedFileReader *self);
/* In finalize. */
void bed_file_reader_clear (BedFileReader *self);

G_END_DECLS
