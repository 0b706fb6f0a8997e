/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-pipewire-private.h"
#include "bed-pulse-private.h"

G_BEGIN_DECLS

/* A stream of S16 mono at BED_AUDIO_RATE, on PipeWire or, in a sandbox, on its PulseAudio socket.
 * `process` runs on the server's thread, which is PipeWire's real-time one: it may not lock,
 * allocate or signal. `failed` runs on a server's thread when the device or server is gone. Open
 * and close on the main thread. */
typedef struct
{
  /* PipeWire */
  BedPipewire *pipewire;
  struct pw_stream *stream;
  struct spa_hook listener;
  /* PulseAudio */
  BedPulse *pulse;
  pa_stream *pulse_stream;

  gboolean capture;
  void (*process) (gpointer data, gint16 *samples, guint n_samples);
  void (*failed) (gpointer data);
  gpointer data;
} BedAudioStream;

/* The sound server in use: one of the two. Borrowed. */
typedef struct
{
  BedPipewire *pipewire;
  BedPulse *pulse;
} BedSoundServer;

/* target: (nullable) node name. Takes a reference to the server. */
gboolean bed_audio_stream_open (BedAudioStream *self, const BedSoundServer *server,
                                gboolean capture, const char *name, const char *target);
/* Idempotent; neither callback runs after it. */
void bed_audio_stream_close (BedAudioStream *self);

/* The PulseAudio half, in a file of its own. */
gboolean bed_audio_stream_open_pulse (BedAudioStream *self, BedPulse *pulse, const char *name,
                                      const char *target);
void bed_audio_stream_close_pulse (BedAudioStream *self);

G_END_DECLS
