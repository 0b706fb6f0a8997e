/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media-devices.h"

G_BEGIN_DECLS

/* The person's camera, microphone and loudspeaker for one purpose: a preview or a call. Switching
 * on is the person's act and gets its own consent grant; switching off withdraws it, so that the
 * device is closed. A muted microphone stays open but drops its samples. Main thread.
 *
 * Properties (notify): "video-source" (BedVideoSource, nullable), "audio-source" (BedAudioSource,
 * nullable), "speaker" (BedSpeakerSink, nullable), "level" (0 to 1, of the microphone, ten times a
 * second while it is on). Signal "problem" (BedMediaDeviceKind kind, GError *error): a device could
 * not be opened or went away; it is off.
 */
#define BED_TYPE_CAPTURE (bed_capture_get_type ())
G_DECLARE_FINAL_TYPE (BedCapture, bed_capture, BED, CAPTURE, GObject)

/* text_version: of the words the person saw beside the switches. */
BedCapture *bed_capture_new (BedMediaDevices *devices, BedConsentDesk *desk, BedConsentScope scope,
                             const char *text_version);
void bed_capture_set_camera (BedCapture *self, gboolean on);
void bed_capture_set_microphone (BedCapture *self, gboolean on);
/* While it is on: stops and lets through the samples where they come in. */
void bed_capture_set_muted (BedCapture *self, gboolean muted);
/* Wanted, even if the camera is still being opened. */
gboolean bed_capture_get_camera (BedCapture *self);
gboolean bed_capture_get_microphone (BedCapture *self);
gboolean bed_capture_get_muted (BedCapture *self);
/* Which device to use; NULL: the system's choice. One that is on is opened anew. */
void bed_capture_choose (BedCapture *self, BedMediaDeviceKind kind, const char *id);
const char *bed_capture_get_chosen (BedCapture *self, BedMediaDeviceKind kind);
void bed_capture_set_processing (BedCapture *self, BedAudioProcessing processing);
/* Opens the loudspeaker, which needs no consent; problems come by the signal. */
void bed_capture_open_speaker (BedCapture *self);
/* Two soft notes. FALSE without a loudspeaker. */
gboolean bed_capture_test_speaker (BedCapture *self);
/* (transfer none) (nullable) */
BedVideoSource *bed_capture_get_video_source (BedCapture *self);
BedAudioSource *bed_capture_get_audio_source (BedCapture *self);
BedSpeakerSink *bed_capture_get_speaker (BedCapture *self);
double bed_capture_get_level (BedCapture *self);
/* Everything off. */
void bed_capture_stop (BedCapture *self);

G_END_DECLS
