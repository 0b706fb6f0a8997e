/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-capture.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* This machine's cameras, microphones and loudspeakers, as the person has set them. Main thread.
 * Signal "changed" (): one came or went, or what is known of them changed. */
#define BED_TYPE_MEDIA_SETTINGS (bed_media_settings_get_type ())
G_DECLARE_FINAL_TYPE (BedMediaSettings, bed_media_settings, BED, MEDIA_SETTINGS, GObject)

BedMediaSettings *bed_media_settings_new (BedSession *session, BedMediaDevices *devices);
/* Returns: (transfer full): with the chosen devices, all off. */
BedCapture *bed_media_settings_new_capture (BedMediaSettings *self, BedConsentDesk *desk,
                                            BedConsentScope scope);
/* One is there, or may be: the desktop's portal, which knows, is asked when it is turned on. */
gboolean bed_media_settings_has (BedMediaSettings *self, BedMediaDeviceKind kind);
/* The sound and video server runs. */
gboolean bed_media_settings_get_available (BedMediaSettings *self);
/* Returns: (transfer none) */
GListModel *bed_media_settings_get_list (BedMediaSettings *self, BedMediaDeviceKind kind);
/* "camera", "microphone" or "speaker": the setting's name, and the choice's in the check. */
const char *bed_media_settings_get_name (BedMediaDeviceKind kind);
/* Remembers a choice, when there is a record to keep it in. */
gboolean bed_media_settings_keep (BedMediaSettings *self, const char *name, const char *id,
                                  GError **error);
/* Two soft notes: somebody is there. FALSE without a loudspeaker. */
gboolean bed_media_settings_chime (BedMediaSettings *self);

G_END_DECLS
