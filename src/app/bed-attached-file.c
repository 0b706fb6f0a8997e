/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attached-file.h"

#include "bed-record-store.h"

#define ASKED                                                                                     \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                               \
                                 "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME

typedef struct
{
  GFile *file; /* owned */
  gsize max;
  char *name; /* owned */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->file);
  g_free (job->name);
  g_free (job);
}

static gboolean
check (Job *job, GFileInfo *info, GError **error)
{
  goffset size = g_file_info_get_size (info);

  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "This is no plain file");
  else if (size <= 0)
    g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, "The file is empty");
  else if ((guint64) size > job->max)
    g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_TOO_LARGE,
                         "The file is too large");
  else
    return TRUE;
  return FALSE;
}

/* A file that grows meanwhile is not the one that was chosen. */
static GBytes *
read_all (GFile *file, gsize size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autofree guint8 *data = g_malloc (size + 1);
  gsize length = 0;

  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), data, size + 1, &length, cancellable,
                                   error))
    return NULL;
  if (length == size)
    return g_bytes_new_take (g_steal_pointer (&data), size);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The file changes while it is read");
  return NULL;
}

static void
read_file (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info
      = g_file_query_info (job->file, ASKED, G_FILE_QUERY_INFO_NONE, cancellable, &error);
  GBytes *bytes = NULL;

  if (info != NULL && check (job, info, &error))
    {
      job->name = g_strdup (g_file_info_get_display_name (info));
      bytes = read_all (job->file, (gsize) g_file_info_get_size (info), cancellable, &error);
    }
  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
bed_attached_file_read_async (GFile *file, gsize max, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->file = g_object_ref (file);
  job->max = max;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, read_file);
}

GBytes *
bed_attached_file_read_finish (GAsyncResult *result, char **name, GError **error)
{
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), error);

  if (bytes != NULL)
    *name = g_strdup (((Job *) g_task_get_task_data (G_TASK (result)))->name);
  return bytes;
}
