/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-db.h"
#include "bed-record-backup.h"

G_BEGIN_DECLS

#define BED_BACKUP_KEYS "vault.keys"
#define BED_BACKUP_DB "vault.db"
#define BED_BACKUP_MANIFEST "backup.ini"
#define BED_BACKUP_PREFIX "bedside-record-"
#define BED_BACKUP_VALUE_LAST "backup-last" /* a value in the record: when the last one was made */

/* Files of backups; any thread. */

/* SHA-256 and length of a file, read without keeping it in the page cache where that can be asked
 * for. */
gboolean bed_backup_hash_file (const char *path, guint8 hash[32], guint64 *bytes,
                               GCancellable *cancellable, GError **error);
/* Writes, syncs; mode 0600. */
gboolean bed_backup_write_file (const char *path, const char *text, GError **error);
gboolean bed_backup_sync_folder (const char *path, GError **error);
/* Copies one file and syncs it; mode 0600; never over another. FALSE without the file: IO.
 * parts: (nullable): atomic, counts what was copied in pieces of BED_BACKUP_PART. */
#define BED_BACKUP_PART (256 * 1024)
gboolean bed_backup_copy_file (const char *from, const char *to, gint *parts,
                               GCancellable *cancellable, GError **error);
/* The lock on a profile: nobody has its record open, and nobody opens it until the descriptor is
 * closed. -1 with IN_USE or an errno's error. */
int bed_backup_hold_profile (const char *directory, GError **error);
/* A folder that is being filled: another holder is refused, in any process; where the file system
 * knows no locks nobody is. -1: an errno's error. */
int bed_backup_hold_folder (const char *path, GError **error);
/* A record with all that lies beside it, its keys first: what is left of it then is opened by nobody. */
gboolean bed_backup_clear_folder (const char *path, GError **error);
/* While it is filled, in the name beside the profile. */
#define BED_BACKUP_RESTORING "restoring"
/* <directory>.<word>-<time>-<number>. (transfer full) */
char *bed_backup_name_beside (const char *directory, const char *word, BedClock *clock);
/* The files that a backup consists of, and the folder if it is empty then. */
void bed_backup_remove_folder (const char *path);
/* What an interrupted backup left in the folder. */
void bed_backup_remove_partial (const char *folder);
/* ".<name>.partial" in the folder of `name`. (transfer full) */
char *bed_backup_partial_path (const char *folder, const char *name);
gboolean bed_backup_load_manifest (const char *path, BedBackupManifest *manifest, GError **error);
/* What a manifest says of a record: verifies the whole trail and counts. Any thread. */
gboolean bed_backup_count (BedDb *db, BedClock *clock, BedBackupInfo *info, GError **error);
/* An errno in this room's words; always FALSE. */
gboolean bed_backup_fail (int saved_errno, GError **error);

/* --- bed-backup-run.c: one backup that is being made ------------------------------------------- */

typedef struct
{
  char *folder;  /* owned: where the backups are */
  char *name;    /* owned */
  char *partial; /* owned: where it is made */
  BedClock *clock; /* owned */
  BedBackupManifest manifest;
} BedBackupRun;

/* Returns: (transfer full) (nullable) */
BedBackupRun *bed_backup_run_new (BedRecordStore *store, const char *folder, GError **error);
void bed_backup_run_free (gpointer data);
/* Inside a transaction: a backup that could only be noted in the spool comes into the trail, and its
 * time into the record. */
gboolean bed_backup_merge_made (BedDb *db, BedClock *clock, const char *name, GError **error);
/* A BedVaultCopyCheck; user_data: the run. */
gboolean bed_backup_check_copy (BedDb *copy, gpointer user_data, GError **error);
/* A GTaskThreadFunc; task_data: the run. Writes the manifest and gives the folder its name. */
void bed_backup_seal_thread (GTask *task, gpointer source, gpointer task_data,
                             GCancellable *cancellable);
/* Adds the names of what it removed. */
void bed_backup_remove_old (BedBackupRun *run, guint keep, GPtrArray *removed);

G_END_DECLS
