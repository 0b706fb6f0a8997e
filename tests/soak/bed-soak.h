/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-vault-fixture.h"

G_BEGIN_DECLS

/* What the programs of scripts/soak share. Each takes a count as its argument, works in a folder of
 * its own under TMPDIR, prints what it found in one line and ends with 0 only when all held. */

/* One thing that may be cut off at any point. `dir` lives through all kills of the action. */
typedef struct
{
  const char *name;
  guint window_us; /* the kill comes at a random time up to this, after the start or an answer */
  /* Once, in the parent: makes what the others work on. */
  void (*prepare) (const char *dir);
  /* In the child, for ever: does number `from`, tells it by soak_tell() when the product has said
   * that it is done, and so on with the next. */
  void (*run) (const char *dir, guint32 from, int fd);
  /* In the parent after each kill: everything up to `told` has to be there, what comes after may
   * be, and nothing else. Asserts. Returns: the last number that is there. */
  guint32 (*check) (const char *dir, guint32 told);
} BedSoakAction;

/* Ends the process when the parent is gone. */
void soak_tell (int fd, guint32 number);
/* From the argument, or `preset`. */
guint soak_count (int argc, char **argv, guint preset);
/* A cheap vault in `dir`, locked. */
void soak_make_vault (const char *dir, char **recovery);
/* Unlocked with PASSPHRASE; asserts. Returns: (transfer full) */
BedVault *soak_open_vault (const char *dir);
/* Locks it first: a worker may hold a reference for a moment longer. */
typedef BedVault SoakVault;
void soak_close_vault (SoakVault *vault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SoakVault, soak_close_vault)
/* Every page, and every reference. */
void soak_assert_whole (BedVault *vault);
/* A number kept under a name. */
void soak_set_number (BedVault *vault, const char *name, guint32 number);
guint32 soak_get_number (BedVault *vault, const char *name);
/* What the product says to its log is no failure where things go wrong on purpose; a bug is one. */
void soak_hush (void);
/* The number that is the answer; asserts that there is one. */
gint64 soak_ask (BedVault *vault, const char *sql);
/* The files of a record of the first schema, into a folder that is there. */
void soak_copy_old (const char *dir, GFileSetContentsFlags how);
/* Returns: (transfer full): a folder under TMPDIR */
char *soak_make_folder (void);

/* Every table of actions, ended by NULL. A room adds its own here. */
extern const BedSoakAction *const soak_actions[];
extern const BedSoakAction soak_passphrase, soak_rekey, soak_spool, soak_blobs;
extern const BedSoakAction soak_migration;
extern const BedSoakAction soak_autosave, soak_sign, soak_addendum;
extern const BedSoakAction soak_backup, soak_restore, soak_erasure;

G_END_DECLS
