/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-doorbell.h"
#include "bed-password.h"
#include "bed-session-invite.h"
#include "bed-signalling-client.h"
#include "bed-vault.h"

G_BEGIN_DECLS

/* The clinician at this machine: first run, unlock and lock, the account, invitations, settings. No
 * GTK.
 * Main thread; what takes long runs in workers. One `_async` call at a time (another gets
 * BED_SESSION_ERROR_BUSY).
 *
 *   NO_PROFILE --activation_begin--> ACTIVATING --activation_confirm--> UNLOCKED
 *   LOCKED --unlock--> UNLOCKED --lock--> LOCKED        (ACTIVATING --activation_cancel-->
 *   NO_PROFILE)
 *   UNLOCKED --rekey--> REKEYING --done, failed or cancelled--> UNLOCKED, or LOCKED after a lock
 *
 * Errors: BED_SESSION_ERROR, BED_VAULT_ERROR, BED_SIGNALLING_ERROR, G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  BED_SESSION_STATE_NO_PROFILE,
  BED_SESSION_STATE_ACTIVATING,
  BED_SESSION_STATE_LOCKED,
  BED_SESSION_STATE_UNLOCKED,
  BED_SESSION_STATE_REKEYING, /* the record is written again under a new key: closed to all */
} BedSessionState;
#define BED_TYPE_SESSION_STATE (bed_session_state_get_type ())
GType bed_session_state_get_type (void);

typedef enum
{
  BED_ACCOUNT_STATE_OFFLINE,       /* locked, or no way to the server; tries again while unlocked */
  BED_ACCOUNT_STATE_CONNECTING,
  BED_ACCOUNT_STATE_ONLINE,
  BED_ACCOUNT_STATE_SECOND_FACTOR, /* it ended: ask for a code, then bed_session_sign_in_async */
  BED_ACCOUNT_STATE_PASSWORD,      /* changed elsewhere: bed_session_adopt_password_async */
  BED_ACCOUNT_STATE_UNTRUSTED,     /* the server's certificate is not the pinned one */
} BedAccountState;
#define BED_TYPE_ACCOUNT_STATE (bed_account_state_get_type ())
GType bed_account_state_get_type (void);

#define BED_SESSION_ERROR (bed_session_error_quark ())
GQuark bed_session_error_quark (void);
typedef enum
{
  BED_SESSION_ERROR_STATE,         /* not in this state */
  BED_SESSION_ERROR_BUSY,
  BED_SESSION_ERROR_LINK,          /* not an activation link */
  BED_SESSION_ERROR_WEAK_PASSWORD, /* zxcvbn below 3 */
  BED_SESSION_ERROR_PASSWORD,      /* empty, too long, or not text */
  BED_SESSION_ERROR_WRONG_PASSWORD,
  BED_SESSION_ERROR_WRONG_CODE,    /* second factor */
  BED_SESSION_ERROR_PARAMETERS,    /* a weaker password hash asked for than allowed or pinned */
  BED_SESSION_ERROR_OFFLINE,
  BED_SESSION_ERROR_INVALID,       /* an argument out of its range, e.g. an expiry in the past */
  BED_SESSION_ERROR_NO_CONSENT,    /* the clinic has no text yet that a patient could agree to */
  BED_SESSION_ERROR_WRONG_EITHER,  /* password or second factor: the server does not say which */
  BED_SESSION_ERROR_LINK_OVER,     /* an activation link that the server does not take any more */
} BedSessionError;

/* Properties (notify): "state", "account-state", "display-name", "clinic-name", "busy".
 * Signals: "locked" () and "unlocked" (). */
#define BED_TYPE_SESSION (bed_session_get_type ())
G_DECLARE_FINAL_TYPE (BedSession, bed_session, BED, SESSION, GObject)

/* directory: the profile's; the vault lies in it, and `profile.json` (clinic, login, display name:
 * what the unlock page shows). cost: (nullable): of the vault's Argon2id, for tests. Returns:
 * (transfer full) */
BedSession *bed_session_new (const char *directory, BedClock *clock, const BedVaultCost *cost);
/* For a clinic with its own authority during development; a PEM file. Pins go before. */
void bed_session_set_ca_file (BedSession *self, const char *path);
BedSessionState bed_session_get_state (BedSession *self);
BedAccountState bed_session_get_account_state (BedSession *self);
gboolean bed_session_get_busy (BedSession *self);
/* "" until known; lent. */
const char *bed_session_get_display_name (BedSession *self);
const char *bed_session_get_login (BedSession *self);
const char *bed_session_get_clinic_name (BedSession *self);
const char *bed_session_get_authority (BedSession *self);

/* First run. begin: the link as pasted; the server says who one is. */
void bed_session_activation_begin_async (BedSession *self, const char *link,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean bed_session_activation_begin_finish (BedSession *self, GAsyncResult *result,
                                              GError **error);
/* Then: sets the password at the server and gets the second factor's secret. */
void bed_session_activation_password_async (BedSession *self, const char *typed,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean bed_session_activation_password_finish (BedSession *self, GAsyncResult *result,
                                                 GError **error);
/* After it: the otpauth: URI for the QR code, and the secret in groups of four for typing. Lent;
 * NULL before. */
const char *bed_session_activation_get_otp_uri (BedSession *self);
const char *bed_session_activation_get_otp_secret (BedSession *self);
/* Then: the six digits of the authenticator. Makes the vault and leaves the session unlocked. When
 * only the vault could not be made, the call can be made again, and the digits do not count any
 * more. */
void bed_session_activation_confirm_async (BedSession *self, const char *code,
                                           GCancellable *cancellable, GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean bed_session_activation_confirm_finish (BedSession *self, GAsyncResult *result,
                                                GError **error);
/* After it, to print or save; lent, NULL once done was called: ten recovery codes of the second
 * factor
 * (NULL-terminated), and the vault's recovery key. */
const char *const *bed_session_activation_get_recovery_codes (BedSession *self);
BedSecret *bed_session_activation_get_recovery_key (BedSession *self);
/* The person has kept them: forgets them here. */
void bed_session_activation_done (BedSession *self);
void bed_session_activation_cancel (BedSession *self);

/* Opens the vault, without a network; then connects by itself. */
void bed_session_unlock_async (BedSession *self, const char *typed, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* By the printed recovery key; afterwards the account wants the password
 * (BED_ACCOUNT_STATE_PASSWORD) unless its session still stands. */
void bed_session_unlock_with_recovery_async (BedSession *self, const char *typed,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
/* For both. BED_SESSION_ERROR_WRONG_PASSWORD: never says which part. */
gboolean bed_session_unlock_finish (BedSession *self, GAsyncResult *result, GError **error);
/* Forgets the keys and closes the vault; the connection ends. */
void bed_session_lock (BedSession *self);
/* While unlocked: what a doorbell needs while the vault is closed, and nothing else: the server,
 * its pin and the account's tokens. Returns: (transfer full) (nullable): NULL when not signed
 * in. */
BedSecret *bed_session_dup_doorbell_keys (BedSession *self);
/* While locked: the unlock takes it down and goes on with its tokens. */
void bed_session_set_doorbell (BedSession *self, BedDoorbell *doorbell);
/* In BED_ACCOUNT_STATE_SECOND_FACTOR: six digits or a recovery code. */
void bed_session_sign_in_async (BedSession *self, const char *code, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean bed_session_sign_in_finish (BedSession *self, GAsyncResult *result, GError **error);
/* In BED_ACCOUNT_STATE_PASSWORD: the account's present password; this machine takes it over after
 * the code. */
void bed_session_adopt_password_async (BedSession *self, const char *typed, const char *code,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean bed_session_adopt_password_finish (BedSession *self, GAsyncResult *result, GError **error);
/* Online. In this order: new keyslot, server, old keyslots away. */
void bed_session_change_password_async (BedSession *self, const char *old_typed,
                                        const char *new_typed, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean bed_session_change_password_finish (BedSession *self, GAsyncResult *result,
                                             GError **error);
/* Before the first unlock: the desktop's keyring, for a secret mixed into the password and as an
 * anchor. */
void bed_session_set_keyring (BedSession *self, BedVaultKeyring *keyring);
/* Unlocked: as bed_vault_rekey_async (), with the password as typed. "locked" is emitted once the
 * password was found right, and "unlocked" when it is done, under the new key or, after an error or
 * a cancel, under the old one; every object of the record has to be opened again. */
void bed_session_rekey_async (BedSession *self, const char *typed, BedVaultProgress progress,
                              gpointer progress_data, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (nullable): the new recovery key. WRONG_PASSWORD, and those of the
 * vault.
 */
BedSecret *bed_session_rekey_finish (BedSession *self, GAsyncResult *result, GError **error);
/* Unlocked: whether the password needs the keyring too; as bed_vault_set_device_secret_async (). */
void bed_session_set_device_secret_async (BedSession *self, const char *typed, gboolean on,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean bed_session_set_device_secret_finish (BedSession *self, GAsyncResult *result,
                                               GError **error);
/* A security key in place of the password; then as bed_session_unlock_with_recovery_async (). pin:
 * as typed. Its end: bed_session_unlock_finish (). */
void bed_session_unlock_with_token_async (BedSession *self, BedVaultToken *token, const char *pin,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
/* Unlocked: a new printed recovery key; the old one opens nothing any more. Returns: (transfer
 * full) (nullable) */
BedSecret *bed_session_renew_recovery_key (BedSession *self, GError **error);
/* Ends this session at the server and forgets its tokens. */
void bed_session_sign_out_async (BedSession *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean bed_session_sign_out_finish (BedSession *self, GAsyncResult *result, GError **error);
/* Tries to connect now, e.g. when the network came back. */
void bed_session_retry_now (BedSession *self);

/* Invitations. Returns: (transfer none): a GListModel of BedSessionInvite, newest first; empty
 * while locked. */
GListModel *bed_session_get_invites (BedSession *self);
typedef struct
{
  const char *label;    /* (nullable): own words, stay here */
  gint64 patient_id;    /* 0 = none */
  gint64 time;          /* seconds since 1970 UTC, 0 = no time */
  gint64 expires;       /* seconds since 1970 UTC, at most 30 days ahead */
  const char *language; /* of the patient's page and the words, e.g. "de" */
  gboolean relay_only;
  gboolean passcode;    /* one is made, to be told by telephone */
} BedInviteRequest;
void bed_session_create_invite_async (BedSession *self, const BedInviteRequest *request,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Returns: (transfer full) (nullable) */
BedSessionInvite *bed_session_create_invite_finish (BedSession *self, GAsyncResult *result,
                                                    GError **error);
/* What a patient typed: TRUE when it is this invitation's. FALSE for one that the session does not
 * have, and for everything after too many wrong ones. Compared in constant time; a wrong one
 * is counted and the count kept, so that a new start of the app gives no new tries. */
gboolean bed_session_try_passcode (BedSession *self, BedSessionInvite *invite, const char *code);
/* Before anybody came, or after: nobody can use it any more. */
void bed_session_revoke_invite_async (BedSession *self, BedSessionInvite *invite,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* The consultation is done: the link is used up. */
void bed_session_end_invite_async (BedSession *self, BedSessionInvite *invite,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
/* For both. */
gboolean bed_session_close_invite_finish (BedSession *self, GAsyncResult *result, GError **error);
/* Forgets one that is over. FALSE when it is not. */
gboolean bed_session_forget_invite (BedSession *self, BedSessionInvite *invite, GError **error);
/* Returns: (transfer full) (nullable): by base64url room id. */
BedSessionInvite *bed_session_find_invite (BedSession *self, const char *room);

/* The clinic's words as last seen, kept in the vault. Returns: (transfer none) (nullable) */
const BedClinicInfo *bed_session_get_clinic (BedSession *self);
/* Whether the clinic has or had these words for patients to agree to, as far as it was seen here.
 * hash: 32 bytes, SHA-256 of the text. FALSE while it is locked. */
gboolean bed_session_knows_text (BedSession *self, const char *version, const char *language,
                                 const guint8 *hash);

/* Settings, kept in the vault; their defaults while locked. name: "camera", "microphone",
 * "speaker",
 * "relay-only", "lock-after" and whatever else ui keeps; [a-z-], at most 64 bytes.
 * Returns: (transfer full) (nullable) */
char *bed_session_dup_setting (BedSession *self, const char *name);
gboolean bed_session_set_setting (BedSession *self, const char *name, const char *value,
                                  GError **error);
gboolean bed_session_get_relay_only (BedSession *self);
/* Minutes of idleness; 0 = never. Default 5. */
guint bed_session_get_lock_after (BedSession *self);

/* Signed-in devices, online. Returns: (transfer full): a BedAccount, for bed_account_free. */
void bed_session_list_devices_async (BedSession *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
BedAccount *bed_session_list_devices_finish (BedSession *self, GAsyncResult *result,
                                             GError **error);
void bed_session_end_device_async (BedSession *self, const char *id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean bed_session_end_device_finish (BedSession *self, GAsyncResult *result, GError **error);

/* Returns: (transfer none): the vault, for records and audit. */
BedVault *bed_session_get_vault (BedSession *self);
/* Returns: (transfer none) (nullable): attached while unlocked and signed in; another object after
 * each unlock. */
BedSignallingClient *bed_session_get_client (BedSession *self);

G_END_DECLS
