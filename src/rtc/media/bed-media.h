/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-video-frame.h"

G_BEGIN_DECLS

/* The seams between devices, engine and screen. Audio is S16 native-endian at 48,000 Hz, mono, in
 * blocks of 10 ms.
 */
#define BED_AUDIO_RATE 48000
#define BED_AUDIO_BLOCK 480 /* samples in 10 ms */

/* Somebody who takes pictures: an encoder, a widget, a file. */
#define BED_TYPE_VIDEO_SINK (bed_video_sink_get_type ())
G_DECLARE_INTERFACE (BedVideoSink, bed_video_sink, BED, VIDEO_SINK, GObject)
struct _BedVideoSinkInterface
{
  GTypeInterface parent;
  void (*push) (BedVideoSink *self, BedVideoFrame *frame);
};
/* Borrows the frame (take a reference to keep it). Any thread; must return quickly, never blocks.
 */
void bed_video_sink_push (BedVideoSink *self, BedVideoFrame *frame);

/* Somebody who takes sound: a loudspeaker, an encoder, a file. */
#define BED_TYPE_AUDIO_SINK (bed_audio_sink_get_type ())
G_DECLARE_INTERFACE (BedAudioSink, bed_audio_sink, BED, AUDIO_SINK, GObject)
struct _BedAudioSinkInterface
{
  GTypeInterface parent;
  void (*push) (BedAudioSink *self, const gint16 *samples, guint n_samples, gint64 timestamp_us);
  int (*get_queued) (BedAudioSink *self);
};
/* timestamp_us: monotonic clock. Any one thread at a time; must not block. */
void bed_audio_sink_push (BedAudioSink *self, const gint16 *samples, guint n_samples,
                          gint64 timestamp_us);
/* Samples pushed but not yet played, so that who pushes follows the loudspeaker's clock;
 * -1: this sink has no clock of its own (a file), push by the wall clock. */
int bed_audio_sink_get_queued (BedAudioSink *self);

/* Where pictures come from. Sinks may be added and removed at any time from the main thread; a
 * removed sink gets nothing more once the call has returned. */
#define BED_TYPE_VIDEO_SOURCE (bed_video_source_get_type ())
G_DECLARE_INTERFACE (BedVideoSource, bed_video_source, BED, VIDEO_SOURCE, GObject)
struct _BedVideoSourceInterface
{
  GTypeInterface parent;
  void (*add_sink) (BedVideoSource *self, BedVideoSink *sink);
  void (*remove_sink) (BedVideoSource *self, BedVideoSink *sink);
};
void bed_video_source_add_sink (BedVideoSource *self, BedVideoSink *sink);
void bed_video_source_remove_sink (BedVideoSource *self, BedVideoSink *sink);

/* Where sound comes from: blocks of BED_AUDIO_BLOCK samples. */
#define BED_TYPE_AUDIO_SOURCE (bed_audio_source_get_type ())
G_DECLARE_INTERFACE (BedAudioSource, bed_audio_source, BED, AUDIO_SOURCE, GObject)
struct _BedAudioSourceInterface
{
  GTypeInterface parent;
  void (*add_sink) (BedAudioSource *self, BedAudioSink *sink);
  void (*remove_sink) (BedAudioSource *self, BedAudioSink *sink);
};
void bed_audio_source_add_sink (BedAudioSource *self, BedAudioSink *sink);
void bed_audio_source_remove_sink (BedAudioSource *self, BedAudioSink *sink);

/* A thread-safe list of sinks for sources to embed: remove returns only when no push to that sink
 * runs. */
typedef struct _BedSinkList BedSinkList;
BedSinkList *bed_sink_list_new (void);
void bed_sink_list_free (BedSinkList *self);
void bed_sink_list_add (BedSinkList *self, gpointer sink);
void bed_sink_list_remove (BedSinkList *self, gpointer sink);
void bed_sink_list_push_video (BedSinkList *self, BedVideoFrame *frame);
void bed_sink_list_push_audio (BedSinkList *self, const gint16 *samples, guint n_samples,
                               gint64 timestamp_us);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSinkList, bed_sink_list_free)

G_END_DECLS
