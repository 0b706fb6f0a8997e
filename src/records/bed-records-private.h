/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-db.h"
#include "bed-record-index-private.h"
#include "bed-record-store.h"
#include "bed-record-trail.h"

G_BEGIN_DECLS

/* --- The values: what the store fills in ------------------------------------------------------ */

void bed_patient_fill (BedPatient *self, gint64 id, const char *uuid);

typedef struct
{
  gint64 id;
  const char *uuid;
  gint64 patient_id;
  const char *patient_name;
  const char *typed_name;
  const char *callback;
  const char *location;
  BedEncounterState state;
  gint64 started_us;
  gint64 ended_us;
  const BedPatientConsent *consent; /* nullable */
  const char *cipher;
  const char *path;
  BedVerification verification;
} BedEncounterRow;
/* Notifies what differs. */
void bed_encounter_fill (BedEncounter *self, const BedEncounterRow *row);

typedef struct
{
  gint64 id;
  const char *uuid;
  gint64 encounter_id;
  gint64 patient_id;
  BedNoteState state;
  const char *author;
  const char *template_id;
  gint64 created_us;
  gint64 updated_us;
  gint64 signed_us;
  const char *headings; /* one for each line */
  const char *sections[BED_NOTE_SECTIONS_MAX];
} BedNoteRow;
typedef void (*BedNoteChanged) (BedNote *note, gpointer user_data);
/* Sets everything and SAVED. changed: called when a section or the template is set by the person.
 */
void bed_note_fill (BedNote *self, const BedNoteRow *row, BedNoteChanged changed,
                    gpointer user_data);
void bed_note_detach (BedNote *self);
/* As if typed: other headings, with all sections anew. */
void bed_note_set_layout (BedNote *self, const char *template_id, const char *headings,
                          const char *const *sections);
void bed_note_set_state (BedNote *self, BedNoteState state, gint64 signed_us);
/* One for each line. */
const char *bed_note_get_headings (BedNote *self);
void bed_note_set_patient_id (BedNote *self, gint64 patient_id);
void bed_note_set_save_state (BedNote *self, BedNoteSaveState state);
void bed_note_set_updated_us (BedNote *self, gint64 updated_us);
/* Grows with every change. */
guint64 bed_note_get_generation (BedNote *self);

typedef struct
{
  gint64 note_id;
  gint64 encounter_id;
  const char *patient_name;
  gint64 created_us;
  BedNoteState state;
  const char *snippet;
  GArray *ranges; /* (transfer full) (nullable): of BedTextRange */
} BedSearchHitRow;
BedSearchHit *bed_search_hit_new (const BedSearchHitRow *row);

/* --- The schema ------------------------------------------------------------------------------- */

gboolean bed_record_schema_update (BedDb *db, GError **error);
extern const BedAuditSink bed_record_audit_sink; /* its sink: the BedDb */

/* --- The store -------------------------------------------------------------------------------- */

typedef enum
{
  BED_RECORD_PATIENT,
  BED_RECORD_ENCOUNTER,
  BED_RECORD_NOTE,
  BED_RECORD_N_KINDS
} BedRecordKind; /* the numbers are those of the table `tally` */

typedef struct _BedDraftWriter BedDraftWriter;

struct _BedRecordStore
{
  GObject parent;

  /* owned */
  BedVault *vault;
  BedClock *clock;
  char *author;
  BedDb *db; /* NULL after the vault was locked */
  BedAuditLog *audit;
  BedIndexEngine engine;
  gboolean checkpoint_due;
  GMainContext *context; /* the main thread's */
  GSource *index_timer; /* NULL: none waits */
  BedDraftWriter *writer;
  GHashTable *objects[BED_RECORD_N_KINDS]; /* id to object, borrowed */
  GHashTable *changed; /* notes not yet saved, owned: so that their text stays */
  GHashTable *audited;                     /* ids of notes whose change is in the trail */
  GError *unread;        /* what "unread" is to tell */
  GSource *unread_source; /* NULL: nothing is to be told */
  gint64 searched_us;                      /* the last search; 0: none */
  gboolean rollback_noted;
  BedRollback found; /* what the trail said of its end when it was opened */
  guint64 emergency_sequence; /* of the access by which it is open; 0: another way */

  /* borrowed */
  GPtrArray *lists;
  gulong locking_handler;
  gulong freshness_handler;
};

gboolean bed_record_require_open (BedRecordStore *self, GError **error);
/* An error of db, vault or audit in this room's words; takes `inner`. Always FALSE. */
gboolean bed_record_fail (GError *inner, GError **error);
/* Something was asked for in a way that cannot fail, and could not be read: "unread" tells of it.
 * what: for the log. inner: (nullable): there is nothing where there should be */
void bed_record_unread (BedRecordStore *self, const char *what, const GError *inner);
/* begin … commit or rollback; `ok`: whether what was done between succeeded. */
gboolean bed_record_begin (BedRecordStore *self, GError **error);
gboolean bed_record_end (BedRecordStore *self, gboolean ok, GError *inner, GError **error);
/* What waited in the spool; within the vault's transaction. An encounter that is gone is left out. */
gboolean bed_record_merge_consent_event (BedRecordStore *self, gint64 encounter_id, const BedConsentEvent *event,
                                         GError **error);
gboolean bed_record_audit_append (BedRecordStore *self, BedAuditEvent event, const char *subject,
                                  GError **error);
/* (transfer full) (nullable): from the map, or read. */
GObject *bed_record_load (BedRecordStore *self, BedRecordKind kind, gint64 id, GError **error);
/* Puts a new object into the map. */
void bed_record_remember (BedRecordStore *self, BedRecordKind kind, gint64 id, GObject *object);
typedef enum
{
  BED_RECORD_CHANGED_PATIENTS = 1 << BED_RECORD_PATIENT,
  BED_RECORD_CHANGED_ENCOUNTERS = 1 << BED_RECORD_ENCOUNTER,
  BED_RECORD_CHANGED_NOTES = 1 << BED_RECORD_NOTE,
  BED_RECORD_CHANGED_TEMPLATES = 1 << 3,
  BED_RECORD_CHANGED_SNIPPETS = 1 << 4,
  BED_RECORD_CHANGED_BELONGINGS = 1 << 5, /* chat, consents, attachments */
  BED_RECORD_CHANGED_ALL = (1 << 6) - 1,
} BedRecordChanges;
/* Signal "changed" (guint, of BedRecordChanges), for whatever shows these. */
void bed_record_changed (BedRecordStore *self, BedRecordChanges changes);
/* Out of the WAL and into the file; tried again when it fails, since the commit itself stands. */
void bed_record_checkpoint (BedRecordStore *self);
/* Every list of this kind asks again. */
void bed_record_lists_changed (BedRecordStore *self, BedRecordKind kind);
void bed_record_note_changed (BedNote *note, gpointer store);
/* Indexes when nothing has been written for a second. */
void bed_record_index_later (BedRecordStore *self);
/* Tells that no note waits any more. */
void bed_record_indexed (BedRecordStore *self);

typedef enum
{
  BED_RECORD_LIST_ALL,
  BED_RECORD_LIST_OF_PATIENT,
  BED_RECORD_LIST_RUNNING
} BedRecordFilter;
GListModel *bed_record_list_new (BedRecordStore *store, BedRecordKind kind, BedRecordFilter filter,
                                 gint64 patient_id);

/* --- Drafts: one worker with a connection of its own ------------------------------------------ */

BedDraftWriter *bed_draft_writer_new (BedRecordStore *store);
/* Ends the thread and closes its connection. */
void bed_draft_writer_free (BedDraftWriter *self);
gboolean bed_draft_writer_flush (BedDraftWriter *self, GError **error);
/* Notes that wait are indexed, behind every write. */
void bed_draft_writer_index (BedDraftWriter *self);

G_END_DECLS
