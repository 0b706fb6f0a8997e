/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-session-invite.h"

G_BEGIN_DECLS

/* What was filled in. */
typedef struct
{
  char *label;
  gint64 patient_id; /* 0 = none */
  gint64 time;       /* seconds since 1970, 0 = now */
  gint64 expires;
  char *language;
  gboolean relay_only;
  gboolean passcode;
} BedInvitationForm;

/* A new invitation, and then its link. Main thread.
 * Signals: "create" (gpointer: a const BedInvitationForm *, lent for the call), "calendar" (BedSessionInvite *). */
#define BED_TYPE_INVITATION_WINDOW (bed_invitation_window_get_type ())
G_DECLARE_FINAL_TYPE (BedInvitationWindow, bed_invitation_window, BED, INVITATION_WINDOW, AdwWindow)

/* patients: (nullable): of BedPatient; chosen: row of one of them, 0 = none. languages: BCP 47, with the one to
 * begin with first. now_us: real time. */
BedInvitationWindow *bed_invitation_window_new (GtkWindow *parent, GListModel *patients, gint64 chosen,
                                                const char *const *languages, gboolean relay_only, gint64 now_us);
/* Straight to the link of one that exists. clinic: for the ready message. */
BedInvitationWindow *bed_invitation_window_new_for_link (GtkWindow *parent, BedSessionInvite *invite,
                                                         const char *clinic, gint64 now_us);
void bed_invitation_window_set_busy (BedInvitationWindow *self, gboolean busy);
void bed_invitation_window_set_error (BedInvitationWindow *self, const char *text);
void bed_invitation_window_show_link (BedInvitationWindow *self, BedSessionInvite *invite, const char *clinic);

G_END_DECLS
