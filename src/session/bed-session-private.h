/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audit.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* Who one is and where: in the vault, and a copy beside it for the unlock page. No secrets. */
typedef struct
{
  char *authority, *login, *display_name, *clinic;
  guint8 pin[BED_HASH_BYTES];
  BedKdfParams kdf;
} BedProfile;
BED_WIRE_DECLARE (BedProfile, bed_profile)
BedProfile *bed_profile_load (const char *directory);
gboolean bed_profile_save (const BedProfile *profile, const char *directory, GError **error);

typedef struct
{
  char *code; /* of the link */
  BedSecret *password;
  BedSecret *auth;
  char *ticket, *otp_uri, *otp_secret;
  BedActivated *activated;  /* the account is active; kept until the vault is made */
  char **recovery_codes;
  BedSecret *recovery_key;
} BedActivation;

struct _BedSession
{
  GObject parent;
  BedSessionState state;
  BedAccountState account_state;
  gboolean busy;
  /* owned */
  BedClock *clock;
  char *directory, *ca_file;
  BedVault *vault;
  BedProfile *profile;         /* nullable */
  BedActivation activation;
  BedSignallingClient *client; /* nullable */
  BedSecret *auth;             /* nullable: while unlocked by password */
  GListStore *invites;
  BedClinicInfo *clinic;       /* nullable */
  GCancellable *unlocked;      /* cancelled by lock; nullable */
  BedDoorbell *doorbell;       /* nullable: its tokens are newer than the vault's */
};

/* Each public _async begins with it: NULL, with the error returned through the callback, when busy
 * or in another state. The task keeps the session busy until bed_session_return_*. */
GTask *bed_session_begin (BedSession *self, guint allowed_states, gpointer tag,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
void bed_session_return (GTask *task);
void bed_session_return_pointer (GTask *task, gpointer result, GDestroyNotify destroy);
/* Takes the error. */
void bed_session_return_error (GTask *task, GError *error);
void bed_session_return_code (GTask *task, BedSessionError code, const char *why);

/* For the audit trail. */
void bed_session_note (BedSession *self, BedAuditEvent event);
void bed_session_watch_vault (BedSession *self);
void bed_session_set_state (BedSession *self, BedSessionState state);
void bed_session_set_account_state (BedSession *self, BedAccountState state);
void bed_session_notify_names (BedSession *self);
BedSignallingClient *bed_session_new_client (BedSession *self);
/* Unlocked: makes the client if there is none, and attaches. tokens: nullable, else the vault's. */
void bed_session_connect (BedSession *self, const BedTokens *tokens);
/* What the clinic said of itself the last time. */
void bed_session_load_clinic (BedSession *self);
/* Adds the clinic's words of now to those that bed_session_knows_text knows. */
void bed_session_remember_texts (BedSession *self);
void bed_session_forget_unlocked (BedSession *self);
/* The vault was opened: loads what it has, and connects. */
void bed_session_load (BedSession *self, const BedTokens *tokens);
/* Gives the client a session that was just won, and keeps its refresh token. */
gboolean bed_session_take_tokens (BedSession *self, const BedTokens *tokens, GError **error);
void bed_session_activation_clear (BedSession *self);
void bed_session_load_invites (BedSession *self);
void bed_session_refresh_rooms (BedSession *self);
void bed_session_room_changed (BedSession *self, const char *room, BedRoomState state);
gboolean bed_session_save_profile (BedSession *self, GError **error);

/* bed_password_score, the person's own names held against it. */
guint bed_session_score (BedSession *self, const char *typed);

/* Argon2id of the account in a worker. */
void bed_session_derive_async (BedSession *self, BedSecret *password, const BedKdfParams *params,
                               GAsyncReadyCallback callback, gpointer user_data);
BedSecret *bed_session_derive_finish (GAsyncResult *result, GError **error);

typedef struct
{
  char *label;
  gint64 patient_id, time, created, expires;
  char *language;
  gboolean relay_only;
  char *passcode; /* NULL: none is asked for */
  gint64 passcode_tries; /* wrong ones; -1: none yet */
  BedRoomState state;
} BedInviteRecord;
BED_WIRE_DECLARE (BedInviteRecord, bed_invite_record)
/* Takes the record. */
BedSessionInvite *bed_session_invite_new (const char *authority, BedInvite *invite,
                                          BedInviteRecord *record);
void bed_session_invite_set_state (BedSessionInvite *self, BedRoomState state);
const BedInviteRecord *bed_session_invite_get_record (BedSessionInvite *self);
void bed_session_invite_add_wrong_try (BedSessionInvite *self);

G_END_DECLS
