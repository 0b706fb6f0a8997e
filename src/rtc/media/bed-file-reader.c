/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-reader-private.h"

#include <errno.h>
#include <glib/gstdio.h>

void
bed_file_reader_init (BedFileReader *self)
{
  self->sinks = bed_sink_list_new ();
}

gboolean
bed_file_reader_open (BedFileReader *self, const char *path, GError **error)
{
  self->file = g_fopen (path, "rbe");
  if (self->file != NULL)
    return TRUE;
  g_set_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_OPEN, "cannot open: %s",
               g_strerror (errno));
  return FALSE;
}

void
bed_file_reader_run (BedFileReader *self, const char *name, guint numerator, guint denominator,
                     BedMediaThreadFunc func, gpointer user_data)
{
  self->thread = bed_media_thread_new (name, numerator, denominator, func, user_data);
}

void
bed_file_reader_stop (BedFileReader *self)
{
  g_clear_pointer (&self->thread, bed_media_thread_stop);
}

void
bed_file_reader_clear (BedFileReader *self)
{
  g_clear_pointer (&self->file, fclose);
  g_clear_pointer (&self->sinks, bed_sink_list_free);
}
