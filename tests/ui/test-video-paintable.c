/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gtk/gtk.h>
#include <string.h>

#include "bed-test-media.h"
#include "bed-video-paintable.h"

#define N_THREAD_FRAMES 500

static BedVideoFrame *
new_frame (guint width, guint height, guint8 luma)
{
  BedVideoFrame *frame = bed_video_frame_new (width, height, 0);

  memset (bed_video_frame_get_plane (frame, BED_PLANE_Y), luma, (gsize) bed_video_frame_get_stride (frame, BED_PLANE_Y) * height);
  for (guint plane = BED_PLANE_U; plane <= BED_PLANE_V; plane++)
    memset (bed_video_frame_get_plane (frame, plane), 128, (gsize) bed_video_frame_get_stride (frame, plane) * ((height + 1) / 2));
  return frame;
}

static void
push (BedVideoPaintable *paintable, guint width, guint height, guint8 luma)
{
  g_autoptr (BedVideoFrame) frame = new_frame (width, height, luma);

  bed_video_sink_push (BED_VIDEO_SINK (paintable), frame);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
count (gpointer object, guint *n)
{
  (*n)++;
}

/* The colour of the texture that a snapshot draws. */
static guint8
drawn_grey (BedVideoPaintable *paintable)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autofree guint8 *pixels = g_malloc0 (64 * 48 * 4);
  cairo_surface_t *surface = cairo_image_surface_create_for_data (pixels, CAIRO_FORMAT_ARGB32, 64, 48, 64 * 4);
  cairo_t *cr = cairo_create (surface);

  gdk_paintable_snapshot (GDK_PAINTABLE (paintable), GDK_SNAPSHOT (snapshot), 64, 48);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return pixels[(24 * 64 + 32) * 4];
}

static void
test_newest_wins (void)
{
  g_autoptr (BedVideoPaintable) paintable = bed_video_paintable_new (FALSE);

  push (paintable, 64, 48, 40);
  push (paintable, 64, 48, 90);
  push (paintable, 64, 48, 235);
  g_assert_false (bed_video_paintable_has_picture (paintable));
  drain ();
  g_assert_true (bed_video_paintable_has_picture (paintable));
  g_assert_cmpuint (bed_video_paintable_get_n_shown (paintable), ==, 1);
  g_assert_cmpuint (bed_video_paintable_get_n_overtaken (paintable), ==, 2);
  g_assert_cmpuint (drawn_grey (paintable), >=, 253);
}

static void
test_shape (void)
{
  g_autoptr (BedVideoPaintable) paintable = bed_video_paintable_new (TRUE);
  guint n_sizes = 0, n_contents = 0, n_first = 0;

  g_signal_connect (paintable, "invalidate-size", G_CALLBACK (count), &n_sizes);
  g_signal_connect (paintable, "invalidate-contents", G_CALLBACK (count), &n_contents);
  g_signal_connect (paintable, "first-frame", G_CALLBACK (count), &n_first);
  g_assert_cmpfloat (gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (paintable)), ==, 0);
  push (paintable, 1280, 720, 100);
  drain ();
  push (paintable, 1280, 720, 110);
  drain ();
  push (paintable, 640, 480, 120);
  drain ();
  g_assert_cmpuint (n_sizes, ==, 2);
  g_assert_cmpuint (n_contents, ==, 3);
  g_assert_cmpuint (n_first, ==, 1);
  g_assert_cmpfloat_with_epsilon (gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (paintable)), 4. / 3, .001);
  /* It never asks for room of its own. */
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (paintable)), ==, 0);
}

static void
test_clear (void)
{
  g_autoptr (BedVideoPaintable) paintable = bed_video_paintable_new (FALSE);
  guint n_first = 0;

  g_signal_connect (paintable, "first-frame", G_CALLBACK (count), &n_first);
  push (paintable, 64, 48, 235);
  drain ();
  push (paintable, 64, 48, 235);
  bed_video_paintable_clear (paintable);
  drain ();
  g_assert_false (bed_video_paintable_has_picture (paintable));
  g_assert_cmpuint (drawn_grey (paintable), ==, 0);
  push (paintable, 64, 48, 235);
  drain ();
  g_assert_cmpuint (n_first, ==, 2);
}

/* A camera that is changed leaves nothing of the one before, and is let go. */
static void
test_source (void)
{
  g_autoptr (BedVideoPaintable) paintable = bed_video_paintable_new (FALSE);
  BedVideoSource *first = bed_test_video_source_new (64, 48, 100);
  BedVideoSource *second = bed_test_video_source_new (80, 48, 100);

  g_object_add_weak_pointer (G_OBJECT (first), (gpointer *) &first);
  bed_video_paintable_set_source (paintable, first);
  g_object_unref (first);
  while (!bed_video_paintable_has_picture (paintable))
    g_main_context_iteration (NULL, TRUE);
  bed_video_paintable_set_source (paintable, second);
  g_assert_null (first);
  g_assert_false (bed_video_paintable_has_picture (paintable));
  while (!bed_video_paintable_has_picture (paintable))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat_with_epsilon (
      gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (paintable)), 80. / 48, .001);
  bed_video_paintable_set_source (paintable, NULL);
  drain ();
  g_assert_false (bed_video_paintable_has_picture (paintable));
  g_object_unref (second);
}

static gpointer
camera_thread (gpointer data)
{
  for (guint i = 0; i < N_THREAD_FRAMES; i++)
    push (data, 64, 48, i % 256);
  return NULL;
}

static void
test_other_thread (void)
{
  g_autoptr (BedVideoPaintable) paintable = bed_video_paintable_new (FALSE);
  GThread *thread = g_thread_new ("camera", camera_thread, paintable);

  for (guint i = 0; i < 50; i++)
    drain ();
  g_thread_join (thread);
  drain ();
  g_assert_cmpuint (bed_video_paintable_get_n_shown (paintable) + bed_video_paintable_get_n_overtaken (paintable), ==,
                    N_THREAD_FRAMES);
  g_assert_cmpuint (bed_video_paintable_get_n_shown (paintable), >=, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init_check ();
  g_test_add_func ("/ui/video-paintable/newest-wins", test_newest_wins);
  g_test_add_func ("/ui/video-paintable/shape", test_shape);
  g_test_add_func ("/ui/video-paintable/clear", test_clear);
  g_test_add_func ("/ui/video-paintable/source", test_source);
  g_test_add_func ("/ui/video-paintable/other-thread", test_other_thread);
  return g_test_run ();
}
