/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-picture.h"

typedef struct
{
  GBytes *content;        /* owned */
  const char *media_type; /* of the program */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_bytes_unref (job->content);
  g_free (job);
}

/* Called with what the picture says of itself, before its pixels get room. */
static void
size_prepared (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  double scale = MIN (1, (double) BED_PICTURE_MAX_SIDE / MAX (width, height));

  if ((gint64) width * height > BED_PICTURE_MAX_PIXELS)
    gdk_pixbuf_loader_set_size (loader, 0, 0); /* it stops there */
  else if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int) (width * scale)),
                                MAX (1, (int) (height * scale)));
}

static GdkPixbufLoader *
decode (Job *job, GError **error)
{
  const char *kind = g_str_equal (job->media_type, "image/png") ? "png" : "jpeg";
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (kind, error);
  gboolean written;

  if (loader == NULL)
    return NULL;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared), NULL);
  written = gdk_pixbuf_loader_write_bytes (loader, job->content, error);
  if (!gdk_pixbuf_loader_close (loader, written ? error : NULL) || !written)
    return NULL;
  return g_steal_pointer (&loader);
}

static void
load (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbufLoader) loader = decode (data, &error);
  GdkPixbuf *pixbuf = loader != NULL ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  g_autoptr (GdkPixbuf) upright
      = pixbuf != NULL ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;

  if (upright != NULL)
    g_task_return_pointer (task, gdk_texture_new_for_pixbuf (upright), g_object_unref);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "No picture");
}

void
bed_picture_load_async (GBytes *content, const char *media_type, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->content = g_bytes_ref (content);
  job->media_type = g_intern_string (media_type);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, load);
}

GdkTexture *
bed_picture_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
