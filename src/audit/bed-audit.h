/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-clock.h"

G_BEGIN_DECLS

/* The audit trail: what was done with the records, when and by whom, in a chain of SHA-256 hashes.
 * An entry names things only by their ids: never a name, a text or a search word. Main thread.
 */
#define BED_AUDIT_ERROR (bed_audit_error_quark ())
GQuark bed_audit_error_quark (void);
typedef enum
{
  BED_AUDIT_ERROR_SINK, /* it could not be written or read; the sink's own error is the message */
  BED_AUDIT_ERROR_INVALID, /* an id or actor that is not allowed */
  BED_AUDIT_ERROR_CLOSED,  /* the record that keeps it was locked */
  BED_AUDIT_ERROR_FORMAT,  /* a file that is no exported trail */
} BedAuditError;

/* Numbers are written to the chain: never reuse or renumber. */
typedef enum
{
  BED_AUDIT_VAULT_CREATED = 1,
  BED_AUDIT_UNLOCKED = 2,
  BED_AUDIT_UNLOCK_FAILED = 3,
  BED_AUDIT_LOCKED = 4,
  BED_AUDIT_PASSPHRASE_CHANGED = 5,
  BED_AUDIT_RECOVERY_RENEWED = 6,
  BED_AUDIT_SLOT_REMOVED = 7,
  BED_AUDIT_ROLLBACK_SUSPECTED = 8,
  BED_AUDIT_SLOT_ADDED = 9,
  BED_AUDIT_REKEYED = 10,
  BED_AUDIT_EMERGENCY_KEY_MADE = 11,
  BED_AUDIT_EMERGENCY_KEY_REMOVED = 12,
  BED_AUDIT_EMERGENCY_ACCESS = 13,   /* the record was opened with the emergency key */
  BED_AUDIT_EMERGENCY_DECLARED = 14, /* subject: the hash of who and why */
  BED_AUDIT_EMERGENCY_REVIEWED = 15, /* subject: the sequence number of the access */
  BED_AUDIT_ROLLBACK_ACCEPTED = 16,  /* a person goes on with the older state */
  BED_AUDIT_SPOOL_DAMAGED = 17, /* of what happened while it was closed; subject: bytes set aside */
  BED_AUDIT_SPOOL_DAMAGE_SEEN = 18, /* a person read the notice of it; subject: the same */
  BED_AUDIT_PATIENT_CREATED = 20,
  BED_AUDIT_PATIENT_OPENED = 21,
  BED_AUDIT_PATIENT_CHANGED = 22,
  BED_AUDIT_PATIENT_DELETED = 23, /* out of sight, and can be taken back */
  BED_AUDIT_PATIENT_RECOVERED = 24,
  BED_AUDIT_PATIENT_HELD = 25,
  BED_AUDIT_PATIENT_RELEASED = 26,
  BED_AUDIT_PATIENT_ERASED = 27,
  BED_AUDIT_ENCOUNTER_STARTED = 30,
  BED_AUDIT_ENCOUNTER_ENDED = 31,
  BED_AUDIT_ENCOUNTER_ASSIGNED = 32,
  BED_AUDIT_ENCOUNTER_OPENED = 33,
  BED_AUDIT_ENCOUNTER_ERASED = 34,
  BED_AUDIT_ENCOUNTER_CUT_OFF = 35, /* nobody saw its end: the last time that was written stands */
  BED_AUDIT_NOTE_CREATED = 40,
  BED_AUDIT_NOTE_OPENED = 41,
  BED_AUDIT_NOTE_CHANGED = 42,
  BED_AUDIT_NOTE_SIGNED = 43,
  BED_AUDIT_NOTE_AMENDED = 44,
  BED_AUDIT_NOTE_DELETED = 45, /* a draft: out of sight, and can be taken back */
  BED_AUDIT_NOTE_RECOVERED = 46,
  BED_AUDIT_NOTE_ERASED = 47, /* a deleted draft by itself */
  BED_AUDIT_CHAT_KEPT = 50,
  BED_AUDIT_CHAT_ERASED = 51, /* of the encounter that is the subject */
  BED_AUDIT_ATTACHMENT_KEPT = 52,
  BED_AUDIT_ATTACHMENT_OPENED = 53,
  BED_AUDIT_ATTACHMENT_DELETED = 54, /* out of sight, and can be taken back */
  BED_AUDIT_ATTACHMENT_RECOVERED = 55,
  BED_AUDIT_ATTACHMENT_ERASED = 56, /* a deleted one by itself */
  BED_AUDIT_SEARCHED = 60,
  BED_AUDIT_EXPORTED = 70,
  BED_AUDIT_BACKED_UP = 71,
  BED_AUDIT_BACKUP_FAILED = 72,
  BED_AUDIT_BACKUP_REMOVED = 73,
  BED_AUDIT_BACKUP_PLANNED = 74,
  BED_AUDIT_RESTORED = 75,
  BED_AUDIT_RESTORE_BEGUN = 76, /* of what was set aside: without "restored" after it, it failed or
                                   nobody could note more */
  BED_AUDIT_CONSENT_GRANTED = 80,
  BED_AUDIT_CONSENT_WITHDRAWN = 81,
  BED_AUDIT_PATIENT_CONSENT = 82,
  BED_AUDIT_PATIENT_CONSENT_UNKNOWN = 83, /* to words that are not known as the clinic's */
  BED_AUDIT_SIGNED_IN = 90,
  BED_AUDIT_SIGNED_OUT = 91,
  BED_AUDIT_RETENTION_CHANGED = 100,
  BED_AUDIT_ERASURE_RECORDED = 101, /* subject: the hash of the record of it */
  BED_AUDIT_ERASURE_COMPLETED = 102, /* the file was rewritten: no page holds what was erased */
  BED_AUDIT_TRAIL_OPENED = 110,
  BED_AUDIT_TRAIL_VERIFIED = 111,
  BED_AUDIT_TRAIL_BROKEN = 112, /* subject: the sequence number of the first break */
  BED_AUDIT_TRAIL_EXPORTED = 113,
  BED_AUDIT_TEMPLATE_SAVED = 120,
  BED_AUDIT_TEMPLATE_MOVED = 121,
  BED_AUDIT_TEMPLATE_DELETED = 122, /* out of sight, and can be taken back */
  BED_AUDIT_TEMPLATE_RECOVERED = 123,
  BED_AUDIT_TEMPLATE_ERASED = 124, /* a deleted one */
  BED_AUDIT_SNIPPET_SAVED = 125,
  BED_AUDIT_SNIPPET_DELETED = 126, /* out of sight, and can be taken back */
  BED_AUDIT_SNIPPET_RECOVERED = 127,
  BED_AUDIT_SNIPPET_ERASED = 128, /* a deleted one */
  BED_AUDIT_WORD_ADDED = 130, /* to the own dictionary; no subject */
} BedAuditEvent;
/* A stable name such as "note-signed"; NULL for a number that is none. */
const char *bed_audit_event_get_name (BedAuditEvent event);

#define BED_AUDIT_HASH_LENGTH 32
#define BED_AUDIT_ID_MAX 64

typedef struct
{
  guint64 sequence; /* 1, 2, 3 … */
  gint64 real_us;
  BedAuditEvent event;
  const char *actor;   /* an account's id; may be empty */
  const char *subject; /* an id; may be empty */
  guint8 previous[BED_AUDIT_HASH_LENGTH];
  guint8 hash[BED_AUDIT_HASH_LENGTH];
} BedAuditEntry;

/* Where the chain is kept. `append` is durable when it returns TRUE (or when the transaction around
 * it is committed). `each` calls back in order of sequence, from `first` on, until the callback
 * says FALSE. */
typedef gboolean (*BedAuditEach) (const BedAuditEntry *entry, gpointer user_data);
typedef struct
{
  gboolean (*append) (gpointer sink, const BedAuditEntry *entry, GError **error);
  gboolean (*each) (gpointer sink, guint64 first, BedAuditEach callback, gpointer user_data,
                    GError **error);
  /* Sequence 0 when the chain is empty. */
  gboolean (*head) (gpointer sink, guint64 *sequence, guint8 *hash, GError **error);
} BedAuditSink;

/* The end of a chain, to be kept elsewhere: with it a cut-off tail is found too. */
typedef struct
{
  guint64 sequence;
  guint8 hash[BED_AUDIT_HASH_LENGTH];
} BedAuditHead;

typedef enum
{
  BED_AUDIT_INTACT,
  BED_AUDIT_ALTERED,   /* the entry's hash does not fit its content */
  BED_AUDIT_UNLINKED,  /* it does not follow from the one before: deleted, moved or put in */
  BED_AUDIT_TRUNCATED, /* entries before the anchor's are missing */
  BED_AUDIT_REPLACED,  /* the anchor's entry is another one now */
} BedAuditVerdict;

/* One pass over a chain, entry by entry: a plain value, so a copy of it is the state at that place.
 * anchor: (nullable): borrowed. Any thread. */
typedef struct
{
  const BedAuditHead *anchor;
  guint64 expected; /* the next sequence number */
  guint8 previous[BED_AUDIT_HASH_LENGTH];
  BedAuditVerdict verdict;
  guint64 position;
} BedAuditWalk;
void bed_audit_walk_init (BedAuditWalk *self, const BedAuditHead *anchor);
/* FALSE at the first break; no more is taken then. */
gboolean bed_audit_walk_entry (BedAuditWalk *self, const BedAuditEntry *entry);
/* position: (out) (optional): the sequence number where the first break is seen, else 0. */
BedAuditVerdict bed_audit_walk_end (BedAuditWalk *self, guint64 *position);
/* The hash that this entry should have. FALSE: it holds what no entry may hold. */
gboolean bed_audit_entry_hash (const BedAuditEntry *entry, guint8 hash[BED_AUDIT_HASH_LENGTH]);

#define BED_TYPE_AUDIT_LOG (bed_audit_log_get_type ())
G_DECLARE_FINAL_TYPE (BedAuditLog, bed_audit_log, BED, AUDIT_LOG, GObject)

/* sink_vtable: static; sink: borrowed, lives as long as the log. Returns: (transfer full) */
BedAuditLog *bed_audit_log_new (BedClock *clock, const BedAuditSink *sink_vtable, gpointer sink);
/* The sink goes away: every later call fails with CLOSED, and so does what is under way. */
void bed_audit_log_close (BedAuditLog *self);
/* Who acts from now on: an account's id or "". Ids are 0..64 bytes of [A-Za-z0-9._:@-]. */
gboolean bed_audit_log_set_actor (BedAuditLog *self, const char *actor, GError **error);
/* subject: (nullable): an id */
gboolean bed_audit_log_append (BedAuditLog *self, BedAuditEvent event, const char *subject,
                               GError **error);
/* As above for what happened earlier, while the record was closed. */
gboolean bed_audit_log_append_at (BedAuditLog *self,
                                  gint64 real_us,
                                  BedAuditEvent event,
                                  const char *subject,
                                  GError **error);
gboolean bed_audit_log_get_head (BedAuditLog *self, BedAuditHead *head, GError **error);
/* anchor: (nullable). position: (out): the sequence number where the first break is seen. FALSE
 * only when the sink cannot be read. */
gboolean bed_audit_log_verify (BedAuditLog *self,
                               const BedAuditHead *anchor,
                               BedAuditVerdict *verdict,
                               guint64 *position,
                               GError **error);
/* As above in small pieces from the main loop, so a chain of any length never stops the screen.
 * Entries that are appended meanwhile are taken along. progress: (nullable) (scope notified) */
typedef void (*BedAuditProgress) (guint64 done, guint64 total, gpointer user_data);
void bed_audit_log_verify_async (BedAuditLog *self,
                                 const BedAuditHead *anchor,
                                 BedAuditProgress progress,
                                 gpointer progress_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean bed_audit_log_verify_finish (BedAuditLog *self,
                                      GAsyncResult *result,
                                      BedAuditVerdict *verdict,
                                      guint64 *position,
                                      GError **error);
/* In order, from `first`; for a list on the screen or an export. */
gboolean bed_audit_log_each (BedAuditLog *self,
                             guint64 first,
                             BedAuditEach callback,
                             gpointer user_data,
                             GError **error);

/* One event that waits in the vault's spool. Returns: (transfer full) */
GBytes *bed_audit_event_pack (gint64 real_us, BedAuditEvent event, const char *subject);
/* FALSE for bytes that are no such record. subject: (out) (transfer full) */
gboolean bed_audit_event_unpack (GBytes *record, gint64 *real_us, BedAuditEvent *event,
                                 char **subject);

G_END_DECLS
