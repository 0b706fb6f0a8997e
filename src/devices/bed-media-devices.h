/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-camera-source.h"
#include "bed-media-device.h"
#include "bed-microphone-source.h"
#include "bed-speaker-sink.h"

G_BEGIN_DECLS

/* The machine's cameras, microphones and loudspeakers (W3C MediaDevices). Main thread. It looks at
 * the list without opening anything: opening a camera or a microphone needs a grant of the person.
 *
 * Properties (notify): "available": the sound and video server runs; it is looked for again by
 * itself. "unasked": the cameras are listed only once the desktop's portal was asked for one.
 */
#define BED_TYPE_MEDIA_DEVICES (bed_media_devices_get_type ())
G_DECLARE_FINAL_TYPE (BedMediaDevices, bed_media_devices, BED, MEDIA_DEVICES, GObject)

/* use_portal: ask the desktop's camera portal for cameras where there is one (always in a sandbox).
 */
BedMediaDevices *bed_media_devices_new (gboolean use_portal);
gboolean bed_media_devices_get_available (BedMediaDevices *self);
gboolean bed_media_devices_get_unasked (BedMediaDevices *self);
/* Returns: (transfer none): a GListModel of BedMediaDevice that follows plugging. */
GListModel *bed_media_devices_get_list (BedMediaDevices *self, BedMediaDeviceKind kind);

/* W3C getUserMedia: `id` NULL or unknown takes the system's choice. Errors: BED_DEVICES_ERROR. */
void bed_media_devices_open_camera_async (BedMediaDevices *self, BedConsentGrant *grant,
                                          const char *id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) */
BedCameraSource *bed_media_devices_open_camera_finish (BedMediaDevices *self, GAsyncResult *result,
                                                       GError **error);
/* speaker: (nullable): what is played there is taken out of the microphone (echo cancellation).
 * Returns: (transfer full) */
BedMicrophoneSource *bed_media_devices_open_microphone (BedMediaDevices *self,
                                                        BedConsentGrant *grant, const char *id,
                                                        BedAudioProcessing processing,
                                                        BedSpeakerSink *speaker, GError **error);
/* Returns: (transfer full) */
BedSpeakerSink *bed_media_devices_open_speaker (BedMediaDevices *self, const char *id,
                                                GError **error);

G_END_DECLS
