/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-db.h"
#include "bed-keyslots-private.h"
#include "bed-vault.h"

G_BEGIN_DECLS

#define BED_VAULT_KEYS_FILE "vault.keys"
#define BED_VAULT_DB_FILE "vault.db"
#define BED_VAULT_LOCK_FILE "vault.lock"
#define BED_VAULT_WITNESS_FILE "vault.seen"
#define BED_VAULT_SPOOL_FILE "vault.spool"

/* --- bed-vault-file.c: any thread ------------------------------------------------------------ */

/* Sets `error` from errno; always FALSE. */
gboolean bed_vault_fail_errno (int saved_errno, const char *what, GError **error);
/* The database's error in this room's words; takes `db_error`. Always FALSE. */
gboolean bed_vault_fail_db (GError *db_error, GError **error);
/* Whole or not at all, and on disk when it returns (file and directory synced). Mode 0600. */
gboolean bed_vault_replace_file (const char *path, const void *data, gsize length, GError **error);
/* Returns: (transfer full) (nullable): MISSING, DAMAGED (longer than max) or IO. */
GBytes *bed_vault_read_file (const char *path, gsize max, GError **error);
gboolean bed_vault_sync_directory (const char *path, GError **error);
gboolean bed_vault_load_keyslots (const char *path, BedKeyslots *slots, GError **error);

/* --- bed-vault.c ----------------------------------------------------------------------------- */

/* (transfer full) */
char *bed_vault_path (BedVault *self, const char *name);
/* Lends; NULL while locked. */
const BedSecret *bed_vault_get_master (BedVault *self);
gboolean bed_vault_require_unlocked (BedVault *self, GError **error);
gint64 bed_vault_get_real_us (BedVault *self);
/* -1 with an error. Any thread. */
gint64 bed_vault_read_commits (BedDb *db, GError **error);

/* --- bed-vault-witness.c: the commit counter as last seen, outside the database --------------- */

typedef struct
{
  GMutex lock;
  int fd;
  guint8 id[16];
  BedSecret *key; /* owned */
  guint64 seen;
} BedVaultWitness;

void bed_vault_witness_init (BedVaultWitness *self);
/* Opens or makes the file; says how `commits` compares with it. Never fails: UNKNOWN. */
BedVaultFreshness bed_vault_witness_open (BedVaultWitness *self,
                                          const char *path,
                                          const BedSecret *master,
                                          const guint8 *id,
                                          guint64 commits);
/* Any thread. */
void bed_vault_witness_saw (BedVaultWitness *self, guint64 commits);
void bed_vault_witness_close (BedVaultWitness *self);
void bed_vault_witness_clear (BedVaultWitness *self);

/* --- bed-vault.c, shared within the room ------------------------------------------------------ */

typedef struct _BedVaultAnchors BedVaultAnchors;

struct _BedVault
{
  GObject parent;

  /* owned */
  char *directory;
  BedClock *clock;
  BedVaultKeyring *keyring; /* nullable */
  BedVaultAnchors *anchors;
  BedSecret *master; /* NULL while locked */
  BedDb *db;         /* NULL while locked, and while a new key is made */

  BedVaultCost cost; /* no memory: measured when it is needed */
  BedVaultCost floor;
  BedKeyslots slots; /* valid while unlocked */
  BedVaultWitness witness;
  BedVaultFreshness freshness;
  guint open_slot;
  int lock_fd;
  gboolean busy; /* an _async call is under way */
  gboolean lock_wanted; /* while a new key is made */
};

void bed_vault_set_freshness (BedVault *self, BedVaultFreshness freshness);
void bed_vault_notify_unlocked (BedVault *self);
void bed_vault_tell_act (BedVault *self, BedVaultAct act);
gboolean bed_vault_take_lock (BedVault *self, GError **error);
void bed_vault_release_lock (BedVault *self);
/* With master and slots in place. */
gboolean bed_vault_open_main_db (BedVault *self, GError **error);
/* "locking", and then without a database; the keys stay. */
void bed_vault_close_main_db (BedVault *self);
void bed_vault_forget_keys (BedVault *self);
gboolean bed_vault_save_slots (BedVault *self, const BedKeyslots *slots, GError **error);
/* TRUE with an error while another call is under way. */
gboolean bed_vault_refuse_busy (BedVault *self, GError **error);

/* --- bed-vault-job.c: what is done in a worker ------------------------------------------------ */

typedef enum
{
  BED_VAULT_JOB_CREATE,
  BED_VAULT_JOB_UNLOCK,
  BED_VAULT_JOB_ADD,
  BED_VAULT_JOB_CHANGE,
  BED_VAULT_JOB_DEVICE,
  BED_VAULT_JOB_FORGET_DEVICE,
  BED_VAULT_JOB_ADD_TOKEN,
  BED_VAULT_JOB_REKEY,
} BedVaultJobKind;

typedef struct
{
  BedVaultJobKind kind;
  BedVaultSlotKind slot_kind;
  BedKeyslots slots; /* a copy, worked on */
  gboolean slots_changed;
  BedVaultCost cost, floor;
  gboolean device_on;   /* BED_VAULT_JOB_DEVICE */
  gboolean owner_only;  /* the emergency key opens nothing */
  /* owned */
  GCancellable *cancellable; /* nullable */
  BedVaultKeyring *keyring;  /* nullable */
  BedVaultToken *token;      /* nullable */
  BedSecret *secret;         /* passphrase, recovery key or PIN (nullable) */
  BedSecret *master;         /* given, or found */
  BedSecret *recovery;       /* made by BED_VAULT_JOB_CREATE and _REKEY */
  guint slot;
} BedVaultJob;

/* secret: (nullable): for a security key without a PIN. */
BedVaultJob *bed_vault_job_new (BedVault *self, BedVaultJobKind kind, BedSecret *secret);
void bed_vault_job_free (BedVaultJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedVaultJob, bed_vault_job_free)
/* Runs `job` in a worker and then `done` in the caller's context, with `outer` as its user data. */
void bed_vault_start_job (BedVault *self, BedVaultJob *job, GTask *outer, GAsyncReadyCallback done);
/* What every `done` begins with. FALSE: `outer` has its answer. */
gboolean bed_vault_job_done (BedVault *self, GAsyncResult *result, GTask *outer);

/* --- bed-vault-swap.c: one database for another ----------------------------------------------- */

/* The new files lie beside the old under the new key's tag; the key file decides which are true,
 * and what a crash left is put in place, or thrown away, at the next unlock. No one may have the
 * database open. */
char *bed_vault_next_path (const char *directory, const char *name, const BedKeyslots *slots);
gboolean bed_vault_finish_swap (const char *directory, const BedKeyslots *slots, GError **error);
/* Only the spool's part, which a locked vault needs before it appends. */
gboolean bed_vault_finish_spool_swap (const char *directory, const BedKeyslots *slots,
                                      GError **error);
void bed_vault_discard_next (const char *directory, const BedKeyslots *slots);

/* --- bed-vault-spool.c ------------------------------------------------------------------------ */

/* What is in the spool and was not handed over, sealed to `to` instead. What cannot be opened goes
 * along as it is. */
gboolean bed_vault_spool_reseal (const char *from_path, const char *to_path,
                                 const BedSecret *from_master, const BedKeyslots *to,
                                 GHashTable *taken, GError **error);
/* The lines that were handed over: of their hashes (GBytes). */
GHashTable *bed_vault_spool_load_taken (BedDb *db, GError **error);

/* --- bed-vault-anchors.c ---------------------------------------------------------------------- */

BedVaultAnchors *bed_vault_anchors_new (void);
void bed_vault_anchors_free (BedVaultAnchors *self);
/* After an unlock: asks. */
void bed_vault_anchors_opened (BedVault *vault);
/* Any thread: there was a commit. */
void bed_vault_anchors_committed (BedVault *vault);
/* While the keys are still there. */
void bed_vault_anchors_closing (BedVault *vault);

G_END_DECLS
