/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-paintable.h"

#include <math.h>

#define MAX_DRAWN 8192

struct _BedVideoPaintable
{
  GObject parent_instance;

  /* any thread, under the lock */
  GMutex lock;
  BedVideoFrame *waiting;
  guint64 n_overtaken;
  GSource *hand_over;

  /* main thread */
  BedVideoFrame *frame;
  GdkTexture *texture;
  GtkWidget *widget;      /* weak */
  BedVideoSource *source; /* owned: what it is a sink of */
  guint64 n_shown;
  gboolean mirror;
};

enum { FIRST_FRAME, N_SIGNALS };
static guint signals[N_SIGNALS];

static void paintable_iface_init (GdkPaintableInterface *iface);
static void sink_iface_init (BedVideoSinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BedVideoPaintable, bed_video_paintable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, paintable_iface_init)
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SINK, sink_iface_init))

static gboolean
same_shape (const BedVideoFrame *a, const BedVideoFrame *b)
{
  return a != NULL && b != NULL && bed_video_frame_get_width (a) == bed_video_frame_get_width (b)
         && bed_video_frame_get_height (a) == bed_video_frame_get_height (b);
}

static void
show (BedVideoPaintable *self, BedVideoFrame *frame)
{
  gboolean first = self->frame == NULL && frame != NULL;
  gboolean resized = !same_shape (self->frame, frame);

  g_clear_pointer (&self->frame, bed_video_frame_unref);
  g_clear_object (&self->texture);
  self->frame = frame;
  if (frame != NULL)
    self->n_shown++;
  if (resized)
    gdk_paintable_invalidate_size (GDK_PAINTABLE (self));
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
  if (first)
    g_signal_emit (self, signals[FIRST_FRAME], 0);
}

static gboolean
hand_over (gpointer data)
{
  BedVideoPaintable *self = data;
  BedVideoFrame *frame;

  g_mutex_lock (&self->lock);
  frame = g_steal_pointer (&self->waiting);
  g_clear_pointer (&self->hand_over, g_source_unref);
  g_mutex_unlock (&self->lock);
  if (frame != NULL)
    show (self, frame);
  return G_SOURCE_REMOVE;
}

static void
bed_video_paintable_push (BedVideoSink *sink, BedVideoFrame *frame)
{
  BedVideoPaintable *self = BED_VIDEO_PAINTABLE (sink);

  g_mutex_lock (&self->lock);
  if (self->waiting != NULL)
    {
      self->n_overtaken++;
      bed_video_frame_unref (self->waiting);
    }
  self->waiting = bed_video_frame_ref (frame);
  if (self->hand_over == NULL)
    {
      self->hand_over = g_idle_source_new ();
      g_source_set_priority (self->hand_over, GDK_PRIORITY_REDRAW - 10);
      g_source_set_callback (self->hand_over, hand_over, g_object_ref (self), g_object_unref);
      g_source_attach (self->hand_over, NULL);
    }
  g_mutex_unlock (&self->lock);
}

/* GTK 4.8 takes 24-bit pixels to cairo in a tenth of the time that it takes for cairo's own 32-bit ones,
 * which go through floating point; a graphics card wants 32. */
static GdkTexture *
texture_from_frame (BedVideoFrame *frame, gboolean software)
{
  guint width = bed_video_frame_get_width (frame), height = bed_video_frame_get_height (frame);
  gsize stride = (gsize) width * (software ? 3 : 4);
  guint8 *pixels = g_malloc (stride * height);
  g_autoptr (GBytes) bytes = NULL;

  if (software)
    bed_video_frame_to_bgr (frame, pixels, stride);
  else
    bed_video_frame_to_bgra (frame, pixels, stride);
  bytes = g_bytes_new_take (pixels, stride * height);
  return gdk_memory_texture_new (width, height, software ? GDK_MEMORY_B8G8R8 : GDK_MEMORY_B8G8R8A8_PREMULTIPLIED,
                                 bytes, stride);
}

static gboolean
drawn_in_software (GtkWidget *widget)
{
  GtkNative *native = widget != NULL ? gtk_widget_get_native (widget) : NULL;
  GskRenderer *renderer = native != NULL ? gtk_native_get_renderer (native) : NULL;

  return renderer != NULL && GSK_IS_CAIRO_RENDERER (renderer);
}

/* The size that the texture is to have: the frame's, or in software what it has on the screen. */
static void
texture_size (BedVideoPaintable *self, double width, double height, guint *pixels_wide, guint *pixels_high)
{
  *pixels_wide = bed_video_frame_get_width (self->frame);
  *pixels_high = bed_video_frame_get_height (self->frame);
  if (width < 1 || height < 1 || width > MAX_DRAWN || height > MAX_DRAWN || !drawn_in_software (self->widget))
    return;
  *pixels_wide = (guint) ceil (width) * gtk_widget_get_scale_factor (self->widget);
  *pixels_high = (guint) ceil (height) * gtk_widget_get_scale_factor (self->widget);
}

static void
make_texture (BedVideoPaintable *self, double width, double height)
{
  g_autoptr (BedVideoFrame) scaled = NULL;
  guint wide, high;

  texture_size (self, width, height, &wide, &high);
  if (self->texture != NULL && (guint) gdk_texture_get_width (self->texture) == wide
      && (guint) gdk_texture_get_height (self->texture) == high)
    return;
  g_clear_object (&self->texture);
  if (wide == bed_video_frame_get_width (self->frame) && high == bed_video_frame_get_height (self->frame))
    scaled = bed_video_frame_ref (self->frame);
  else
    scaled = bed_video_frame_scale (self->frame, wide, high);
  self->texture = texture_from_frame (scaled, drawn_in_software (self->widget));
}

static void
bed_video_paintable_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  BedVideoPaintable *self = BED_VIDEO_PAINTABLE (paintable);

  if (self->frame == NULL)
    return;
  make_texture (self, width, height);
  if (drawn_in_software (self->widget))
    {
      width = ceil (width); /* pixel on pixel */
      height = ceil (height);
    }
  if (!self->mirror)
    {
      gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT (0, 0, width, height));
      return;
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (width, 0));
  gtk_snapshot_scale (snapshot, -1, 1);
  gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_restore (snapshot);
}

static double
bed_video_paintable_get_intrinsic_aspect_ratio (GdkPaintable *paintable)
{
  BedVideoPaintable *self = BED_VIDEO_PAINTABLE (paintable);

  if (self->frame == NULL)
    return 0;
  return (double) bed_video_frame_get_width (self->frame) / bed_video_frame_get_height (self->frame);
}

static void
paintable_iface_init (GdkPaintableInterface *iface)
{
  iface->snapshot = bed_video_paintable_snapshot;
  iface->get_intrinsic_aspect_ratio = bed_video_paintable_get_intrinsic_aspect_ratio;
}

static void
sink_iface_init (BedVideoSinkInterface *iface)
{
  iface->push = bed_video_paintable_push;
}

static void
bed_video_paintable_finalize (GObject *object)
{
  BedVideoPaintable *self = BED_VIDEO_PAINTABLE (object);

  g_clear_weak_pointer (&self->widget);
  g_clear_pointer (&self->waiting, bed_video_frame_unref);
  g_clear_pointer (&self->hand_over, g_source_unref);
  g_clear_pointer (&self->frame, bed_video_frame_unref);
  g_clear_object (&self->texture);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (bed_video_paintable_parent_class)->finalize (object);
}

static void
bed_video_paintable_class_init (BedVideoPaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_video_paintable_finalize;
  signals[FIRST_FRAME] = g_signal_new ("first-frame", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_video_paintable_init (BedVideoPaintable *self)
{
  g_mutex_init (&self->lock);
}

BedVideoPaintable *
bed_video_paintable_new (gboolean mirror)
{
  BedVideoPaintable *self = g_object_new (BED_TYPE_VIDEO_PAINTABLE, NULL);

  self->mirror = mirror;
  return self;
}

void
bed_video_paintable_show (GtkPicture *picture, GdkPaintable *paintable)
{
  gtk_picture_set_paintable (picture, paintable);
  if (BED_IS_VIDEO_PAINTABLE (paintable))
    g_set_weak_pointer (&BED_VIDEO_PAINTABLE (paintable)->widget, GTK_WIDGET (picture));
}

void
bed_video_paintable_set_source (BedVideoPaintable *self, BedVideoSource *source)
{
  if (self->source == source)
    return;
  if (self->source != NULL)
    bed_video_source_remove_sink (self->source, BED_VIDEO_SINK (self));
  g_set_object (&self->source, source);
  bed_video_paintable_clear (self);
  if (source != NULL)
    bed_video_source_add_sink (source, BED_VIDEO_SINK (self));
}

void
bed_video_paintable_clear (BedVideoPaintable *self)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->waiting, bed_video_frame_unref);
  g_mutex_unlock (&self->lock);
  show (self, NULL);
}

gboolean
bed_video_paintable_has_picture (BedVideoPaintable *self)
{
  return self->frame != NULL;
}

guint64
bed_video_paintable_get_n_shown (BedVideoPaintable *self)
{
  return self->n_shown;
}

guint64
bed_video_paintable_get_n_overtaken (BedVideoPaintable *self)
{
  guint64 n;

  g_mutex_lock (&self->lock);
  n = self->n_overtaken;
  g_mutex_unlock (&self->lock);
  return n;
}
