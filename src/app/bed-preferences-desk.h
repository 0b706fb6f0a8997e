/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-backup-desk.h"
#include "bed-handover-desk.h"
#include "bed-keys-desk.h"
#include "bed-media-devices.h"
#include "bed-phrases-desk.h"
#include "bed-retention-desk.h"
#include "bed-session.h"
#include "bed-trail-desk.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* Connects the preferences with the session and the devices. Main thread. */
#define BED_TYPE_PREFERENCES_DESK (bed_preferences_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedPreferencesDesk, bed_preferences_desk, BED, PREFERENCES_DESK, GObject)

BedPreferencesDesk *bed_preferences_desk_new (BedSession *session, BedMediaDevices *devices,
                                              BedClock *clock, BedWindow *window,
                                              BedHandoverDesk *handover);
/* NULL before the vault closes. */
void bed_preferences_desk_set_store (BedPreferencesDesk *self, BedRecordStore *store);
/* To be set before anything is presented. */
void bed_preferences_desk_set_gate (BedPreferencesDesk *self, BedCloseGate gate, gpointer data);
BedRestoreDesk *bed_preferences_desk_get_restore (BedPreferencesDesk *self);
BedBackupDesk *bed_preferences_desk_get_backup (BedPreferencesDesk *self);
void bed_preferences_desk_present (BedPreferencesDesk *self);
/* Right at one of its pages: "backup" or "keys". */
void bed_preferences_desk_present_page (BedPreferencesDesk *self, const char *page);
void bed_preferences_desk_close (BedPreferencesDesk *self);

G_END_DECLS
