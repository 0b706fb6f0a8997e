/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-check-page.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* Settings; kept through the session. Main thread.
 * Signals: "change-password" (), "new-recovery-key" (), "open-page" (const char *: "backup", "trail", "keys", "phrases",
 * "retention", "handover"), "sign-out" (),
 * "end-device" (const char *id), "changed" (): a device or processing setting. */
#define BED_TYPE_PREFERENCES_WINDOW (bed_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (BedPreferencesWindow, bed_preferences_window, BED, PREFERENCES_WINDOW, AdwPreferencesWindow)

BedPreferencesWindow *bed_preferences_window_new (GtkWindow *parent, BedSession *session);
/* kind: "camera", "microphone", "speaker". */
void bed_preferences_window_set_choices (BedPreferencesWindow *self, const char *kind, const BedDeviceChoice *choices,
                                         guint n);
/* What the server says of the account; NULL when it cannot be reached. */
void bed_preferences_window_set_account (BedPreferencesWindow *self, const BedAccount *account, gint64 now_us);

G_END_DECLS
