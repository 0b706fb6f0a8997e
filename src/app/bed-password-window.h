/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-recovery-paper.h"

G_BEGIN_DECLS

/* The old password once, the new one twice. Main thread.
 * Signals: "typed" (const char *new_typed) asks for set_strength; "change" (const char *old_typed,
 * const char *new_typed). */
#define BED_TYPE_PASSWORD_WINDOW (bed_password_window_get_type ())
G_DECLARE_FINAL_TYPE (BedPasswordWindow, bed_password_window, BED, PASSWORD_WINDOW, AdwWindow)

BedPasswordWindow *bed_password_window_new (GtkWindow *parent);
void bed_password_window_set_strength (BedPasswordWindow *self, guint score);
void bed_password_window_set_busy (BedPasswordWindow *self, gboolean busy);
void bed_password_window_set_error (BedPasswordWindow *self, const char *text);

/* Shows a new recovery key once, to copy, save or print. */
void bed_key_window_present (GtkWindow *parent, const char *key, const char *paper, BedSaved done,
                             GObject *object);

G_END_DECLS
