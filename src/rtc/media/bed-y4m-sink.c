/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-media.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>

#define BED_TYPE_Y4M_SINK (bed_y4m_sink_get_type ())
G_DECLARE_FINAL_TYPE (BedY4mSink, bed_y4m_sink, BED, Y4M_SINK, GObject)

struct _BedY4mSink
{
  GObject parent_instance;
  GMutex lock;
  /* under the lock */
  FILE *file; /* owned; NULL once closed */
  guint fps;
  guint width, height; /* 0 before the first frame */
  int write_errno;
};

static gboolean
write_plane (FILE *file, const BedVideoFrame *frame, BedPlane plane, guint width, guint height)
{
  const guint8 *row = bed_video_frame_get_plane (frame, plane);

  for (guint y = 0; y < height; y++, row += bed_video_frame_get_stride (frame, plane))
    if (fwrite (row, 1, width, file) != width)
      return FALSE;
  return TRUE;
}

static gboolean
write_frame (BedY4mSink *self, const BedVideoFrame *frame)
{
  guint half_width = (self->width + 1) / 2, half_height = (self->height + 1) / 2;

  return fputs ("FRAME\n", self->file) >= 0
         && write_plane (self->file, frame, BED_PLANE_Y, self->width, self->height)
         && write_plane (self->file, frame, BED_PLANE_U, half_width, half_height)
         && write_plane (self->file, frame, BED_PLANE_V, half_width, half_height);
}

static gboolean
begin (BedY4mSink *self, const BedVideoFrame *frame)
{
  self->width = bed_video_frame_get_width (frame);
  self->height = bed_video_frame_get_height (frame);
  return fprintf (self->file, "YUV4MPEG2 W%u H%u F%u:1 Ip A1:1 C420jpeg\n", self->width,
                  self->height, self->fps)
         > 0;
}

static void
push (BedVideoSink *sink, BedVideoFrame *frame)
{
  BedY4mSink *self = BED_Y4M_SINK (sink);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (BedVideoFrame) fitting = NULL;

  if (self->file == NULL || self->write_errno != 0)
    return;
  if (self->width == 0 && !begin (self, frame))
    {
      self->write_errno = errno;
      return;
    }
  if (bed_video_frame_get_width (frame) == self->width
      && bed_video_frame_get_height (frame) == self->height)
    fitting = bed_video_frame_ref (frame);
  else
    fitting = bed_video_frame_scale (frame, self->width, self->height);
  if (!write_frame (self, fitting))
    self->write_errno = errno;
}

static void
sink_iface_init (BedVideoSinkInterface *iface)
{
  iface->push = push;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedY4mSink, bed_y4m_sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SINK, sink_iface_init))

static void
bed_y4m_sink_finalize (GObject *object)
{
  BedY4mSink *self = BED_Y4M_SINK (object);

  g_clear_pointer (&self->file, fclose);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (bed_y4m_sink_parent_class)->finalize (object);
}

static void
bed_y4m_sink_class_init (BedY4mSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_y4m_sink_finalize;
}

static void
bed_y4m_sink_init (BedY4mSink *self)
{
  g_mutex_init (&self->lock);
}

BedVideoSink *
bed_y4m_sink_new (const char *path, guint fps, GError **error)
{
  g_autoptr (BedY4mSink) self = g_object_new (BED_TYPE_Y4M_SINK, NULL);

  self->fps = fps;
  self->file = g_fopen (path, "wbe");
  if (self->file == NULL)
    {
      g_set_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_OPEN, "cannot open: %s",
                   g_strerror (errno));
      return NULL;
    }
  return BED_VIDEO_SINK (g_steal_pointer (&self));
}

gboolean
bed_y4m_sink_close (BedVideoSink *sink, GError **error)
{
  BedY4mSink *self = BED_Y4M_SINK (sink);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->file != NULL && fclose (g_steal_pointer (&self->file)) != 0 && self->write_errno == 0)
    self->write_errno = errno;
  if (self->write_errno != 0)
    g_set_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_WRITE, "cannot write: %s",
                 g_strerror (self->write_errno));
  return self->write_errno == 0;
}
