/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-invite.h"
#include "bed-qr.h"

G_BEGIN_DECLS

/* One invitation of this clinician. Main thread. Properties (all notify, read-only): "room",
 * "label",
 * "patient-id", "time", "created", "expires", "state" (BedRoomState as int), "link". */
#define BED_TYPE_SESSION_INVITE (bed_session_invite_get_type ())
G_DECLARE_FINAL_TYPE (BedSessionInvite, bed_session_invite, BED, SESSION_INVITE, GObject)

const char *bed_session_invite_get_room (BedSessionInvite *self);
/* The clinician's own words; never leave this machine. "" when there are none. */
const char *bed_session_invite_get_label (BedSessionInvite *self);
/* Row in the record, 0 = none. */
gint64 bed_session_invite_get_patient_id (BedSessionInvite *self);
/* Seconds since 1970 UTC; time 0 = no time was set. */
gint64 bed_session_invite_get_time (BedSessionInvite *self);
gint64 bed_session_invite_get_created (BedSessionInvite *self);
gint64 bed_session_invite_get_expires (BedSessionInvite *self);
const char *bed_session_invite_get_language (BedSessionInvite *self);
gboolean bed_session_invite_get_relay_only (BedSessionInvite *self);
/* Six digits to be told by telephone; "" when none is asked for. Lent. */
#define BED_PASSCODE_DIGITS 6
#define BED_PASSCODE_TRIES 5
const char *bed_session_invite_get_passcode (BedSessionInvite *self);
/* How many wrong ones are still let pass; at 0 no more is looked at, not even the right one. */
guint bed_session_invite_get_passcode_left (BedSessionInvite *self);
BedRoomState bed_session_invite_get_state (BedSessionInvite *self);
/* The https link with the secret in its fragment: copy it, never log it. Lent. */
const char *bed_session_invite_get_link (BedSessionInvite *self);
/* Returns: (transfer full): the link as a QR code. */
BedQr *bed_session_invite_dup_qr (BedSessionInvite *self);
/* Returns: (transfer none) */
BedInvite *bed_session_invite_get_invite (BedSessionInvite *self);

G_END_DECLS
