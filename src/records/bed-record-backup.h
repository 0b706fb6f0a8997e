/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"

G_BEGIN_DECLS

/* Copies of the whole record in a folder of the person's choice, each in a folder of its own:
 *
 *   bedside-record-20260101-120000/  vault.keys  vault.db  backup.ini
 *
 * It is opened with the passphrase, recovery key or emergency key of the day on which it was made.
 * `backup.ini` (no secret, no name) is written last and the folder gets its name after that, so
 * what bears the name was whole when it was written. Main thread.
 */
typedef struct
{
  char *path;         /* owned */
  gint64 made_us;
  char vault_id[33];  /* hex: which record it is of */
  guint64 commits;    /* how far the record had come */
  guint64 trail;      /* length of the audit trail */
  guint64 patients, encounters, notes;
  guint64 bytes;
} BedBackupInfo;
#define BED_TYPE_BACKUP_INFO (bed_backup_info_get_type ())
GType bed_backup_info_get_type (void);
BedBackupInfo *bed_backup_info_copy (const BedBackupInfo *self);
void bed_backup_info_free (BedBackupInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedBackupInfo, bed_backup_info_free)

/* What a backup says of itself, and whether its files are those it was made of; opens nothing.
 * Slow (reads the files). Any thread. NULL: BED_RECORD_ERROR NOT_FOUND, DAMAGED, NEWER, IO. */
BedBackupInfo *bed_backup_info_read (const char *path, GError **error);
/* The backups in a folder, newest first; only their names and `backup.ini` are looked at. Any
 * thread. Returns: (transfer full) (nullable): of BedBackupInfo */
GPtrArray *bed_backup_list (const char *folder, GError **error);

/* The text of `backup.ini`. Returns: (transfer full) (nullable): DAMAGED, NEWER. */
typedef struct
{
  BedBackupInfo info; /* without path */
  guint8 keys_hash[32], db_hash[32];
} BedBackupManifest;
gboolean bed_backup_manifest_parse (const char *text, gsize length, BedBackupManifest *manifest,
                                    GError **error);
/* Returns: (transfer full) */
char *bed_backup_manifest_write (const BedBackupManifest *manifest);

typedef enum
{
  BED_BACKUP_NEVER,
  BED_BACKUP_DAILY,
  BED_BACKUP_WEEKLY,
} BedBackupInterval;
#define BED_TYPE_BACKUP_INTERVAL (bed_backup_interval_get_type ())
GType bed_backup_interval_get_type (void);

/* Makes and keeps the backups of one open record. Read only, notify: "folder" ("" until chosen),
 * "interval", "keep" (uint), "running", "fraction" (0 to 1), "last-us" (int64: when the last one
 * that was read back and found whole was made; 0: never), "problem" (boxed GError or NULL: why the
 * last attempt failed), "unnoted" (boxed GError or NULL: why the trail lacks one that is whole; it
 * is noted as soon as that can be done). While it lives it looks every minute whether one is due;
 * after a failure it tries again an hour later. It stops with the record. Signal "stopped" (): the
 * one under way was cancelled, and nothing of it is left.
 */
#define BED_TYPE_RECORD_BACKUP (bed_record_backup_get_type ())
G_DECLARE_FINAL_TYPE (BedRecordBackup, bed_record_backup, BED, RECORD_BACKUP, GObject)

#define BED_BACKUP_KEEP_DEFAULT 7
#define BED_BACKUP_KEEP_MAX 365

/* Returns: (transfer full) */
BedRecordBackup *bed_record_backup_new (BedRecordStore *store);
const char *bed_record_backup_get_folder (BedRecordBackup *self);
BedBackupInterval bed_record_backup_get_interval (BedRecordBackup *self);
guint bed_record_backup_get_keep (BedRecordBackup *self);
/* Whether what is kept of the plan could not be read: then none is made by itself, and no older one
 * is removed, until there is another plan. */
gboolean bed_record_backup_get_plan_unread (BedRecordBackup *self);
gboolean bed_record_backup_get_running (BedRecordBackup *self);
double bed_record_backup_get_fraction (BedRecordBackup *self);
gint64 bed_record_backup_get_last_us (BedRecordBackup *self);
const GError *bed_record_backup_get_problem (BedRecordBackup *self);
const GError *bed_record_backup_get_unnoted (BedRecordBackup *self);
/* Whether the last attempt failed, be it before the last unlock; "problem" notifies of it. */
gboolean bed_record_backup_get_failed (BedRecordBackup *self);
/* Kept in the record; what failed by another plan is forgotten. keep: 1 to BED_BACKUP_KEEP_MAX: after each backup the older ones of this
 * record in the folder are removed. */
gboolean bed_record_backup_plan (BedRecordBackup *self,
                                 const char *folder,
                                 BedBackupInterval interval,
                                 guint keep,
                                 GError **error);
gboolean bed_record_backup_is_due (BedRecordBackup *self);
/* One backup now: copies, reads the copy back with the key (every page, the audit trail, the
 * counts), and only then gives it its name. folder: (nullable): the planned one. Cancelled: nothing
 * is left behind. */
void bed_record_backup_run_async (BedRecordBackup *self,
                                  const char *folder,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* Cancels the one under way, if any, be it planned: the plan goes on an hour later, or when the record
 * is opened again. */
void bed_record_backup_stop (BedRecordBackup *self);
/* Returns: (transfer full) (nullable) */
BedBackupInfo *bed_record_backup_run_finish (BedRecordBackup *self, GAsyncResult *result,
                                             GError **error);

/* --- Restore: with no record open -------------------------------------------------------------- */

typedef enum
{
  BED_RESTORE_NONE = 0,
  BED_RESTORE_REPLACE = 1 << 0, /* the profile has a record already: set it aside */
  BED_RESTORE_OLDER = 1 << 1,   /* and it is the same record with later changes: do so all the same */
} BedRestoreFlags;
typedef enum
{
  BED_RESTORE_PASSPHRASE,
  BED_RESTORE_RECOVERY, /* the recovery or emergency key, as typed */
} BedRestoreSecret;
typedef void (*BedRestoreProgress) (double fraction, gpointer user_data);

/* Copies a backup beside the profile's directory, opens and checks it there, notes the restoring in
 * its trail, and exchanges the two directories in one step. What was there before stays whole under
 * another name. The profile's record must be locked. author: the account's id for the trail.
 *
 * BED_RECORD_ERROR: EXISTS (without REPLACE), OLDER (without OLDER), NEWER, DAMAGED, FULL, IO,
 * NOT_FOUND; BED_VAULT_ERROR: WRONG_SECRET, TYPO, IN_USE; G_IO_ERROR_CANCELLED. After any of them
 * the profile is as it was.
 */
void bed_record_restore_async (const char *path,
                               const char *directory,
                               BedClock *clock,
                               const char *author,
                               BedRestoreSecret kind,
                               BedSecret *secret,
                               BedRestoreFlags flags,
                               BedRestoreProgress progress,
                               gpointer progress_data,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
/* set_aside: (out) (optional) (nullable) (transfer full): where the old one lies. */
gboolean bed_record_restore_finish (GAsyncResult *result, char **set_aside, GError **error);

G_END_DECLS
