/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bed-media.h"

G_BEGIN_DECLS

/* Shows a stream of pictures. It is a BedVideoSink: frames come from any thread; the newest one wins, so
 * at most one waits for the main thread. A picture is only converted when it is really drawn. The
 * intrinsic size is its aspect ratio alone, so that it never pushes a layout. Everything else: main thread.
 *
 * Signal "first-frame" (): once after construction and after each clear.
 */
#define BED_TYPE_VIDEO_PAINTABLE (bed_video_paintable_get_type ())
G_DECLARE_FINAL_TYPE (BedVideoPaintable, bed_video_paintable, BED, VIDEO_PAINTABLE, GObject)

/* mirror: drawn left to right reversed, as people know themselves. Returns: (transfer full) */
BedVideoPaintable *bed_video_paintable_new (gboolean mirror);
/* In this widget. A video paintable is told of it, so that a window drawn in software gets the
 * picture at the very size that it has on the screen: cairo scales at several times the cost of
 * libyuv. picture: borrowed, weak. paintable: (nullable): of any kind. */
void bed_video_paintable_show (GtkPicture *picture, GdkPaintable *paintable);
/* Shows what this source gives, and nothing of the one before. source: (nullable): NULL before the
 * paintable is let go, since a source holds its sinks. */
void bed_video_paintable_set_source (BedVideoPaintable *self, BedVideoSource *source);
/* Forgets the picture: a camera that is off leaves nothing on the screen. */
void bed_video_paintable_clear (BedVideoPaintable *self);
gboolean bed_video_paintable_has_picture (BedVideoPaintable *self);
/* Pictures that reached the main thread, and those that a newer one overtook. */
guint64 bed_video_paintable_get_n_shown (BedVideoPaintable *self);
guint64 bed_video_paintable_get_n_overtaken (BedVideoPaintable *self);

G_END_DECLS
