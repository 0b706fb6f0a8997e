/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-session.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* First run, unlock and the second factor: connects the session with the pages that ask. Main
 * thread. Signals: "opened" (): the person is in, again after each unlock; "guest-link" (const char
 * *link); "uncovered" (): a window covered in a call was opened again; "restore" (): what is
 * here cannot be opened, and a backup is wanted; "hang-up" (). */
#define BED_TYPE_SIGN_IN (bed_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (BedSignIn, bed_sign_in, BED, SIGN_IN, GObject)

/* token: (nullable): the security key of this build. */
BedSignIn *bed_sign_in_new (BedSession *session, BedWindow *window, BedVaultToken *token);
/* Shows the page that fits the session's state. */
void bed_sign_in_start (BedSignIn *self);
/* A link of any kind that the app was opened with. */
void bed_sign_in_open_link (BedSignIn *self, const char *link);
/* The vault opened, but not the record in it (error, BED_RECORD_ERROR), and is locked again: tells
 * it on the page that unlocks. */
void bed_sign_in_refuse (BedSignIn *self, const GError *error);
/* Covers the window: the session stays open behind it, and the secret is only checked. */
void bed_sign_in_cover (BedSignIn *self);
/* Tells on the cover that what was written cannot be saved yet. */
void bed_sign_in_tell_unsaved (BedSignIn *self);
/* The record is about to close for good: a secret that is still being looked at uncovers nothing. */
void bed_sign_in_end (BedSignIn *self);

G_END_DECLS
