/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"

G_BEGIN_DECLS

/* Sources and sinks on files, for tests and the test peer. Sources run on a thread of their own at
 * the file's own pace from construction, start over at the end, and stop when disposed.
 */
#define BED_FILE_MEDIA_ERROR (bed_file_media_error_quark ())
GQuark bed_file_media_error_quark (void);
typedef enum
{
  BED_FILE_MEDIA_ERROR_OPEN,
  BED_FILE_MEDIA_ERROR_FORMAT, /* not what we read: y4m C420* 8 bit; wav PCM S16 48,000 Hz mono */
  BED_FILE_MEDIA_ERROR_WRITE,
} BedFileMediaError;

/* Returns: (transfer full) (nullable) */
BedVideoSource *bed_y4m_source_new (const char *path, GError **error);
BedAudioSource *bed_wav_source_new (const char *path, GError **error);
/* fps is only written into the header. The size is the first frame's; others are scaled to it.
 * Frames are written on the pushing thread (a test tool, not a screen). */
BedVideoSink *bed_y4m_sink_new (const char *path, guint fps, GError **error);
BedAudioSink *bed_wav_sink_new (const char *path, GError **error);
/* Write what is open and close. Returns: FALSE when anything was not written. */
gboolean bed_y4m_sink_close (BedVideoSink *sink, GError **error);
gboolean bed_wav_sink_close (BedAudioSink *sink, GError **error);

G_END_DECLS
