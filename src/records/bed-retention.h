/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"

G_BEGIN_DECLS

/* How long what is kept, and how it goes. Nothing is erased without a person who confirms it.
 * Main thread.
 */
typedef enum
{
  BED_RETENTION_PATIENT, /* a patient with everything of theirs; from their last encounter */
  BED_RETENTION_VISIT,   /* an encounter that was assigned to nobody, with its notes */
  BED_RETENTION_CHAT,    /* the kept chat of an encounter; from that encounter */
  BED_RETENTION_N_RULES,
  BED_RETENTION_DRAFT = BED_RETENTION_N_RULES, /* a deleted one; goes by no rule */
  BED_RETENTION_FILE, /* a deleted attachment, likewise */
  BED_RETENTION_TEMPLATE, /* a deleted one of the clinician's own */
  BED_RETENTION_SNIPPET,  /* likewise */
  BED_RETENTION_N_KINDS,
} BedRetentionKind;
#define BED_TYPE_RETENTION_KIND (bed_retention_kind_get_type ())
GType bed_retention_kind_get_type (void);

#define BED_RETENTION_YEARS_MAX 100
typedef struct
{
  guint years;       /* 0: for ever */
  guint minor_until; /* PATIENT: who was under 18 then is kept at least until this age; 0: no rule */
} BedRetentionRule;
/* kind: below BED_RETENTION_N_RULES. Until a rule is set: ten years, and for minors until they are 28; visits and chat likewise. */
gboolean bed_record_store_get_retention (BedRecordStore *self, BedRetentionKind kind,
                                         BedRetentionRule *rule, GError **error);
/* INVALID: out of range. */
gboolean bed_record_store_set_retention (BedRecordStore *self, BedRetentionKind kind,
                                         const BedRetentionRule *rule, GError **error);
/* When the rule lets something go (µs since 1970 UTC; 0: never). birth_date: "" when not known.
 * Pure. */
gint64 bed_retention_due_us (const BedRetentionRule *rule, gint64 last_us, const char *birth_date);

/* What may go, or is deleted. Read only: "kind", "id" (of the patient, encounter, note, attachment or
 * snippet; 0 of a template), "uuid" (or what else names it among its kind, as text), "name" (the
 * patient's, or what they typed; of a file, template or snippet its own), "patient" (whose file it
 * is, else ""), "last-us", "due-us" (of a deleted one: since when it is deleted), "held" (under legal
 * hold: it stays), "encounters", "notes" (uint). */
#define BED_TYPE_RETENTION_ITEM (bed_retention_item_get_type ())
G_DECLARE_FINAL_TYPE (BedRetentionItem, bed_retention_item, BED, RETENTION_ITEM, GObject)
BedRetentionKind bed_retention_item_get_kind (BedRetentionItem *self);
gint64 bed_retention_item_get_id (BedRetentionItem *self);
const char *bed_retention_item_get_uuid (BedRetentionItem *self);
const char *bed_retention_item_get_name (BedRetentionItem *self);
const char *bed_retention_item_get_patient (BedRetentionItem *self);
gint64 bed_retention_item_get_last_us (BedRetentionItem *self);
gint64 bed_retention_item_get_due_us (BedRetentionItem *self);
gboolean bed_retention_item_get_held (BedRetentionItem *self);

#define BED_RETENTION_WARN_DAYS 30
/* What is due within so many days, soonest first. Returns: (transfer full) (nullable): of
 * BedRetentionItem */
GListModel *bed_record_store_list_due (BedRecordStore *self, guint within_days, GError **error);

/* Legal hold: a patient who may be neither deleted nor erased, whatever the rules say. */
typedef struct
{
  gint64 since_us;
  char *author; /* the account that placed it; "emergency" */
  char *reason;
} BedHold;
void bed_hold_clear (BedHold *hold);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BedHold, bed_hold_clear)
/* The longest reason, in bytes. */
#define BED_HOLD_REASON_MAX 1000
/* reason: (nullable) with `held` FALSE: the one that it was placed with stays in the patient's
 * timeline. */
gboolean bed_record_store_set_hold (BedRecordStore *self, gint64 patient_id, gboolean held,
                                    const char *reason, GError **error);
/* hold: (out) (optional): to be cleared; empty when there is none, or it cannot be read: then the
 * patient counts as held. */
gboolean bed_record_store_get_hold (BedRecordStore *self, gint64 patient_id, BedHold *hold);

/* Out of every list and search, and can be taken back until it is erased. HELD refuses. */
gboolean bed_record_store_delete_patient (BedRecordStore *self, gint64 patient_id, GError **error);
gboolean bed_record_store_recover_patient (BedRecordStore *self, gint64 patient_id,
                                           GError **error);
/* Patients, drafts and files of those who are not, templates and snippets. Returns: (transfer full)
 * (nullable): of BedRetentionItem, newest first */
GListModel *bed_record_store_list_deleted (BedRecordStore *self, GError **error);

/* Erases for good, after a person has confirmed each of them: items that are due or deleted. The
 * rows go in one transaction together with the record of it (which ids, when, by whom, by which
 * rule; no content); then the file is rewritten so that no page holds any of it. Backups keep what
 * they have. HELD and INVALID (not due) refuse the whole call and change nothing. The
 * rewriting gives way to whoever writes; BUSY when they never stopped. When only the rewriting
 * fails the call fails and the next erasure or bed_record_store_scrub_async () makes up
 * for it. */
void bed_record_store_erase_async (BedRecordStore *self,
                                   GListModel *items,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* For both. */
gboolean bed_record_store_erase_finish (BedRecordStore *self, GAsyncResult *result, GError **error);
/* Whether erased rows may still lie in the file: to be asked after each unlock. */
gboolean bed_record_store_needs_scrub (BedRecordStore *self);
void bed_record_store_scrub_async (BedRecordStore *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);

G_END_DECLS
