/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-clock.h"
#include "bed-secret.h"
#include "bed-vault-anchor.h"
#include "bed-vault-error.h"
#include "bed-vault-keyring.h"
#include "bed-vault-token.h"

G_BEGIN_DECLS

/* The laptop's encrypted database. A random 256-bit key opens it; that key is wrapped by keyslots
 * in a header file, so a passphrase can change without encrypting anything again.
 *
 * Main thread, except where said otherwise. Argon2id runs in a worker; the `_async` calls come back
 * in the thread-default main context of the caller. One such call at a time.
 */
typedef struct _BedDb BedDb;

/* Whether the database is older than what was last seen. The witness lies in the same directory, so
 * a thief may put back both; an anchor lies elsewhere. Without an anchor nobody can tell for sure,
 * and the words for people say so. */
typedef enum
{
  BED_VAULT_FRESH_UNKNOWN,       /* neither witness nor anchor, or damaged ones: cannot tell */
  BED_VAULT_FRESH_OK_BY_WITNESS, /* not older than the witness beside it: a hint only */
  BED_VAULT_FRESH_OK_BY_ANCHOR,  /* not older than an anchor outside the directory */
  BED_VAULT_FRESH_ROLLED_BACK,   /* commits or audit entries that were made are missing */
} BedVaultFreshness;
#define BED_TYPE_VAULT_FRESHNESS (bed_vault_freshness_get_type ())
GType bed_vault_freshness_get_type (void);

typedef struct
{
  guint64 memory_bytes;
  guint32 passes;
} BedVaultCost;
/* The least that a passphrase slot is made with here: 256 MiB, or what fits where the machine has
 * less than 1 GiB; 3 passes. Weaker slots are made again when they open the vault. */
BedVaultCost bed_vault_cost_floor (void);
/* Measured: from the floor up to 1 GiB and 12 passes, so that an unlock takes about 0.7 s. Takes
 * some 50 ms: for a worker. */
BedVaultCost bed_vault_cost_for_machine (void);

/* At the start of a program that will hold keys: no core dump of it is ever written, to a file or
 * to a collector. */
void bed_vault_forbid_core_dumps (void);

#define BED_VAULT_BLOB_NAME_MAX 128
#define BED_VAULT_BLOB_MAX (4 * 1024 * 1024)

/* What happened to the keys, for the audit trail. */
typedef enum
{
  BED_VAULT_ACT_UNCOVERED,     /* the secret was right while the vault was open */
  BED_VAULT_ACT_UNLOCK_FAILED, /* a secret that was wrong, or not the whole of it */
  BED_VAULT_ACT_PASSPHRASE_CHANGED,
  BED_VAULT_ACT_RECOVERY_RENEWED,
  BED_VAULT_ACT_SLOT_ADDED,
  BED_VAULT_ACT_SLOT_REMOVED,
  BED_VAULT_ACT_REKEYED,
} BedVaultAct;

#define BED_TYPE_VAULT (bed_vault_get_type ())
G_DECLARE_FINAL_TYPE (BedVault, bed_vault, BED, VAULT, GObject)

/* Properties "unlocked" (boolean, notifies) and "freshness" (BedVaultFreshness, notifies: an anchor
 * may answer after the unlock). Signal "locking" (): just before the database is closed,
 * while it can still be written; whoever holds the BedDb lets go of it here. Signal "act" (int, a
 * BedVaultAct): after it; not for the emergency key, whose acts the record notes itself.
 *
 * directory: the profile's, made with mode 0700 when a vault is created in it.
 * cost: (nullable): for new passphrase slots, and their floor; NULL: bed_vault_cost_for_machine ()
 * when a slot is made. Returns: (transfer full)
 */
BedVault *bed_vault_new (const char *directory, BedClock *clock, const BedVaultCost *cost);
const char *bed_vault_get_directory (BedVault *self);
/* Before the first unlock. (nullable): without a keyring nothing can be mixed in from it, and a
 * vault that needs one opens with the recovery key alone. */
void bed_vault_set_keyring (BedVault *self, BedVaultKeyring *keyring);
/* Whether there is a vault to unlock. */
gboolean bed_vault_exists (BedVault *self);
gboolean bed_vault_is_unlocked (BedVault *self);

/* Makes header and database and leaves the vault unlocked. passphrase: normalised by the caller
 * (NFC). */
void bed_vault_create_async (BedVault *self,
                             BedSecret *passphrase,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* Returns: (transfer full): the printed recovery key, UTF-8 without a terminating zero: seven
 * groups of five letters and digits. Shown once; only its slot is kept. */
BedSecret *bed_vault_create_finish (BedVault *self, GAsyncResult *result, GError **error);
/* An open vault stays as it is and the secret is only checked: for a window that was covered in a
 * call. */
void bed_vault_unlock_async (BedVault *self,
                             BedSecret *passphrase,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* recovery: as typed; case, spaces and dashes do not matter, O is read as 0, I and L as 1. */
void bed_vault_unlock_with_recovery_async (BedVault *self,
                                           BedSecret *recovery,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
/* A security key that was added; blocks in a worker until it is touched. pin: (nullable).
 * Errors besides those above: TOKEN, TOKEN_MISSING, TOKEN_PIN. */
void bed_vault_unlock_with_token_async (BedVault *self,
                                        BedVaultToken *token,
                                        BedSecret *pin,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
/* For the three. BED_VAULT_ERROR_DEVICE: the passphrase alone does not do, and the keyring does not
 * give its part: ask for the recovery key. */
gboolean bed_vault_unlock_finish (BedVault *self, GAsyncResult *result, GError **error);
/* Closes the database and wipes the key. No-op when locked. */
void bed_vault_lock (BedVault *self);
BedVaultFreshness bed_vault_get_freshness (BedVault *self);
/* Whether the recovery key as typed is well formed (right letters, checksum). Pure. */
gboolean bed_vault_recovery_is_well_formed (const char *typed);

/* Keyslots, while unlocked. Numbers 0..7 stay with a slot for its life. */
typedef enum
{
  BED_VAULT_SLOT_EMPTY = 0,
  BED_VAULT_SLOT_PASSPHRASE = 1,
  BED_VAULT_SLOT_RECOVERY = 2,
  BED_VAULT_SLOT_TOKEN = 3,
  BED_VAULT_SLOT_EMERGENCY = 4, /* for another person than the owner */
} BedVaultSlotKind;
#define BED_VAULT_SLOTS 8
BedVaultSlotKind bed_vault_get_slot_kind (BedVault *self, guint slot);
/* What the slot's passphrase costs to try; zeroes for other kinds. */
BedVaultCost bed_vault_get_slot_cost (BedVault *self, guint slot);
/* Whether a passphrase slot needs the secret in the desktop's keyring too. Works locked: reads the
 * key file. */
gboolean bed_vault_needs_device (BedVault *self);
/* Whether a security key can open it. Works locked. */
gboolean bed_vault_has_token (BedVault *self);
/* The slot that opened the vault this time. */
guint bed_vault_get_open_slot (BedVault *self);
void bed_vault_add_passphrase_async (BedVault *self,
                                     BedSecret *passphrase,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* Returns: the new slot's number, or -1. */
int bed_vault_add_passphrase_finish (BedVault *self, GAsyncResult *result, GError **error);
/* Every passphrase slot is replaced by one for this passphrase, in one atomic write. */
void bed_vault_change_passphrase_async (BedVault *self,
                                        BedSecret *passphrase,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean bed_vault_change_passphrase_finish (BedVault *self, GAsyncResult *result, GError **error);
/* A new recovery key; the old one opens nothing any more. Returns: (transfer full) (nullable) */
BedSecret *bed_vault_renew_recovery_key (BedVault *self, GError **error);
/* A key of the recovery key's form, for somebody else in an emergency; an earlier one opens nothing
 * any more. It is typed where the recovery key is; bed_vault_get_open_slot () then tells that it was
 * this one, and the slot's kind is sealed with it. Returns: (transfer full) (nullable) */
BedSecret *bed_vault_make_emergency_key (BedVault *self, GError **error);
/* NO_RECOVERY: it is the last recovery key, and the passphrase needs the keyring. */
gboolean bed_vault_remove_slot (BedVault *self, guint slot, GError **error);
/* Every passphrase slot is replaced by one for this passphrase, which is checked first, with or
 * without the secret in the desktop's keyring mixed in. Turning it off does not need the keyring.
 * Errors: WRONG_SECRET; DEVICE: no keyring; NO_RECOVERY: there has to be a recovery key before. */
void bed_vault_set_device_secret_async (BedVault *self,
                                        BedSecret *passphrase,
                                        gboolean on,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean bed_vault_set_device_secret_finish (BedVault *self, GAsyncResult *result, GError **error);
/* Makes a credential on the security key (one touch) and a slot for it (another). */
void bed_vault_add_token_async (BedVault *self,
                                BedVaultToken *token,
                                BedSecret *pin,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/* Returns: the new slot's number, or -1. */
int bed_vault_add_token_finish (BedVault *self, GAsyncResult *result, GError **error);

/* --- A new key for everything ----------------------------------------------------------------- */

typedef void (*BedVaultProgress) (double fraction, gpointer user_data);
/* Makes a new master key and writes the whole database again under it. The passphrase is checked
 * and stays; a new recovery key is made, and whatever else opened the old database (the old
 * recovery key, other passphrases, security keys) opens the new one no more.
 *
 * The vault is unlocked at the beginning and at the end; in between it is closed to everybody, as
 * after bed_vault_lock() ("locking" is emitted, "unlocked" notifies), and opens again by itself
 * under the new key, or under the old one after an error or a cancel. A crash at any point leaves
 * the old or the new one, whole; needs room for a second database.
 *
 * progress: (nullable): 0 to 1, in the caller's main context. Errors: WRONG_SECRET, FULL, DEVICE,
 * IO, G_IO_ERROR_CANCELLED. */
void bed_vault_rekey_async (BedVault *self,
                            BedSecret *passphrase,
                            BedVaultProgress progress,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* Returns: (transfer full) (nullable): the new recovery key as bed_vault_create_finish() gives it.
 */
BedSecret *bed_vault_rekey_finish (BedVault *self, GAsyncResult *result, GError **error);

/* --- Anchors: what was last seen, kept outside the directory ---------------------------------- */

/* Asked after every unlock, told some seconds after a commit and when the vault is locked. An
 * anchor that says "rolled back" is not told again until bed_vault_accept_state(). */
void bed_vault_add_anchor (BedVault *self, BedVaultAnchor *anchor);
/* The person has looked and goes on with what is there: anchors and witness take it over. */
void bed_vault_accept_state (BedVault *self);
/* Asks and tells now; for a test, and before leaving. */
void bed_vault_sync_anchors_async (BedVault *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* The first failure of an anchor, if any; the others were served all the same. */
gboolean bed_vault_sync_anchors_finish (BedVault *self, GAsyncResult *result, GError **error);

/* After the lock, before the process ends or begins anew: runs the main context until the anchors
 * have taken what the lock told them, for at most this long. FALSE: some had not. */
gboolean bed_vault_wait_for_anchors (BedVault *self, guint patience_ms);

/* Where the audit trail is looked up, so that its head is anchored with the counter. Set while the
 * record is open, cleared (NULL) in "locking". Main thread. FALSE: no such entry. */
typedef struct
{
  gboolean (*get_last) (gpointer trail, guint64 *sequence, guint8 hash[BED_VAULT_HEAD_HASH]);
  gboolean (*get) (gpointer trail, guint64 sequence, guint8 hash[BED_VAULT_HEAD_HASH]);
} BedVaultTrail;
void bed_vault_set_trail (BedVault *self, const BedVaultTrail *trail, gpointer user_data);
/* The furthest entry of the trail that an anchor named since the unlock, whether the trail holds it
 * or not. FALSE: none did. */
gboolean bed_vault_get_anchored_trail (BedVault *self, guint64 *sequence,
                                       guint8 hash[BED_VAULT_HEAD_HASH]);

/* The head on paper: eight groups of four letters and digits that stand for the counter and the
 * audit trail's end as of now. Returns: (transfer full) (nullable): NULL while locked. */
char *bed_vault_dup_head_code (BedVault *self, GError **error);
/* Compares what is open with a code printed earlier: OK_BY_ANCHOR or ROLLED_BACK, which then is the
 * vault's freshness too. UNKNOWN with an error: TYPO (mistyped, of another record, or of before the
 * last new key), LOCKED. Case, spaces and dashes do not matter. */
BedVaultFreshness bed_vault_check_head_code (BedVault *self, const char *typed, GError **error);


/* Small named values inside the encrypted database, for secrets and settings. Need an unlocked
 * vault. A secret may be empty. value NULL removes. */
gboolean bed_vault_set_blob (BedVault *self, const char *name, BedSecret *value, GError **error);
/* Returns: (transfer full) (nullable): NULL without an error: no such name. */
BedSecret *bed_vault_get_blob (BedVault *self, const char *name, GError **error);
/* The same for a text; what cannot be read is NULL too. Returns: (transfer full) (nullable) */
gboolean bed_vault_set_text (BedVault *self, const char *name, const char *text, GError **error);
/* The same inside a transaction on bed_vault_get_db(), which its caller began and ends. */
gboolean bed_vault_put_text (BedVault *self, const char *name, const char *text, GError **error);
char *bed_vault_dup_text (BedVault *self, const char *name);
/* Names that begin with `prefix`, sorted. Returns: (transfer full) (nullable) */
GStrv bed_vault_list_blobs (BedVault *self, const char *prefix, GError **error);

/* While unlocked; NULL otherwise. The main thread's connection. Returns: (transfer none) (nullable)
 */
BedDb *bed_vault_get_db (BedVault *self);
/* A second connection, for one worker thread; closed by the caller before or in "locking".
 * Returns: (transfer full) (nullable) */
BedDb *bed_vault_open_db (BedVault *self, GError **error);
/* Every transaction on the vault's database ends here, so that the commit counter inside moves with
 * it and its witness outside follows. `db` is in a transaction; after an error it is rolled back.
 * Any thread. */
gboolean bed_vault_commit (BedVault *self, BedDb *db, GError **error);

/* Copies header and database into `target`, a folder that is made, reads the copy back with the key
 * and checks every page. check: (nullable): looks into the copy too, in a worker. progress:
 * (nullable): 0 to 1, in the caller's main context. After an error or a cancel nothing is left. */
typedef gboolean (*BedVaultCopyCheck) (BedDb *copy, gpointer user_data, GError **error);
void bed_vault_copy_async (BedVault *self,
                           const char *target,
                           BedVaultCopyCheck check,
                           gpointer check_data,
                           BedVaultProgress progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean bed_vault_copy_finish (BedVault *self, GAsyncResult *result, GError **error);
/* The id of the vault in a directory, 32 hexadecimal digits: a copy has that of its original. Opens
 * nothing. Returns: (transfer full) (nullable): MISSING, DAMAGED, NEWER */
char *bed_vault_dup_directory_id (const char *directory, GError **error);
/* How far another copy of this vault has come, opened with this one's key; nobody else may have it
 * open. Returns: -1 with an error */
gint64 bed_vault_count_commits (BedVault *self, const char *directory, GError **error);

/* Copies header and database into an existing folder under a new name, reads the copy back with the
 * key and checks it. Returns: (transfer full) (nullable): the folder that was made. */
void bed_vault_copy_to_async (BedVault *self,
                              const char *folder,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *bed_vault_copy_to_finish (BedVault *self, GAsyncResult *result, GError **error);

/* Events that happen while the vault is closed: sealed to its public key, appended to a file, read
 * back at the next unlock. Works locked and unlocked; each record at most 64 KiB, the file at most
 * 4 MiB. */
#define BED_VAULT_SPOOL_RECORD_MAX (64 * 1024)
gboolean bed_vault_spool_append (BedVault *self, GBytes *record, GError **error);
typedef gboolean (*BedVaultSpoolMerge) (GBytes *record, gpointer user_data, GError **error);
/* Records that cannot be opened were set aside, `bytes` of the file. */
typedef gboolean (*BedVaultSpoolDamaged) (gsize bytes, gpointer user_data, GError **error);
/* Hands each record over in order, inside one transaction of the main connection, and then empties
 * the spool; when `merge` fails nothing is taken. A record that was sealed but not emptied before a
 * crash is not handed over twice. Records that cannot be opened are set aside in a file of their own
 * beside the spool, of which the newest sixteen stay, and never block the rest. tell_damaged:
 * (nullable): called after the records, in the same transaction. damaged: (out) (optional): how many
 * those are. */
gboolean bed_vault_spool_merge (BedVault *self,
                                BedVaultSpoolMerge merge,
                                BedVaultSpoolDamaged tell_damaged,
                                gpointer user_data,
                                guint *merged,
                                guint *damaged,
                                GError **error);

G_END_DECLS
