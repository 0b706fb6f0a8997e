/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-audit.h"
#include "bed-clock.h"
#include "bed-consent.h"
#include "bed-encounter.h"
#include "bed-note.h"
#include "bed-patient.h"
#include "bed-search-hit.h"
#include "bed-vault.h"

G_BEGIN_DECLS

#define BED_RECORD_ERROR (bed_record_error_quark ())
GQuark bed_record_error_quark (void);
typedef enum
{
  BED_RECORD_ERROR_FULL,      /* no room on the disk; what was typed stays in memory */
  BED_RECORD_ERROR_DAMAGED,
  BED_RECORD_ERROR_NEWER,     /* the schema is of a later version of the product */
  BED_RECORD_ERROR_LOCKED,    /* the vault was locked */
  BED_RECORD_ERROR_NOT_FOUND,
  BED_RECORD_ERROR_INVALID,   /* a value that cannot be kept: an empty name, a date that is none */
  BED_RECORD_ERROR_NOT_DRAFT, /* a signed note does not change */
  BED_RECORD_ERROR_IO,
  BED_RECORD_ERROR_SIGNED,     /* it belongs to what was signed, and stays as it is */
  BED_RECORD_ERROR_NOT_SIGNED, /* an addendum to a draft */
  BED_RECORD_ERROR_RUNNING,    /* the encounter has not ended */
  BED_RECORD_ERROR_TOO_LARGE,
  BED_RECORD_ERROR_EXISTS,    /* the profile has a record already */
  BED_RECORD_ERROR_OLDER,     /* the backup lacks changes that the profile's record has */
  BED_RECORD_ERROR_HELD,      /* under legal hold */
  BED_RECORD_ERROR_BUSY,      /* the file was written all the time, it could not be made anew */
  BED_RECORD_ERROR_EMPTY,     /* nothing that could be signed */
  BED_RECORD_ERROR_NOT_DUE,   /* the time that it has to be kept is not over */
} BedRecordError;

/* Patients, encounters, notes and what belongs to them, in an unlocked vault. Needs no network.
 * Main thread; drafts are written by a worker of its own. When the vault is locked the store saves
 * what is changed, lets go of the database, and answers LOCKED from then on: open a new one after
 * the next unlock.
 *
 * Signal "unread" (GError, of BED_RECORD_ERROR): a list, an entry or a search, none of which has a
 * way to fail, could not be read and lacks something. Emitted from the main loop, once for all that
 * was asked for in between.
 */
#define BED_TYPE_RECORD_STORE (bed_record_store_get_type ())
G_DECLARE_FINAL_TYPE (BedRecordStore, bed_record_store, BED, RECORD_STORE, GObject)

/* Brings the schema up to date, and into the audit trail what waits in the vault's spool (events
 * and kept messages) and a suspected roll-back. author: the account's id, kept with
 * notes and in the audit trail. Returns: (transfer full) (nullable) */
BedRecordStore *bed_record_store_open (BedVault *vault, BedClock *clock, const char *author,
                                       GError **error);
/* The audit trail inside the record. Returns: (transfer none) */
BedAuditLog *bed_record_store_get_audit (BedRecordStore *self);

/* Lists follow the record by themselves (items-changed). They know how long they are and read what
 * is asked for, so a list of 100,000 costs no more than one of ten: show them in a GtkListView.
 * (transfer full), of the type named. */
GListModel *bed_record_store_list_patients (BedRecordStore *self); /* BedPatient, by name */
GListModel *bed_record_store_list_encounters (BedRecordStore *self,
                                              gint64 patient_id); /* newest first; 0: all */
GListModel *bed_record_store_list_notes (BedRecordStore *self,
                                         gint64 patient_id); /* newest first; 0: all */

/* One object by its id. Returns: (transfer full) (nullable) */
BedPatient *bed_record_store_get_patient (BedRecordStore *self, gint64 id, GError **error);
BedEncounter *bed_record_store_get_encounter (BedRecordStore *self, gint64 id, GError **error);
BedNote *bed_record_store_get_note (BedRecordStore *self, gint64 id, GError **error);

/* Inserts (id 0) or updates. */
gboolean bed_record_store_save_patient (BedRecordStore *self, BedPatient *patient, GError **error);
/* Patients whose name, one of its words, telephone or identifier begins with the text; case and
 * diacritics do not matter. Returns: (transfer full): of BedPatient */
GListModel *bed_record_store_find_patients (BedRecordStore *self, const char *text);

/* A call begins: an encounter in progress, started now. patient_id: 0 when not known. typed_name,
 * callback, location: (nullable). consent: (nullable). Returns: (transfer full) (nullable) */
BedEncounter *bed_record_store_start_encounter (BedRecordStore *self,
                                                gint64 patient_id,
                                                const char *typed_name,
                                                const char *callback,
                                                const char *location,
                                                const BedPatientConsent *consent,
                                                GError **error);
/* What the patient told about themselves, when it comes later; NULL leaves a value as it is. */
gboolean bed_record_store_set_encounter_arrival (BedRecordStore *self,
                                                 BedEncounter *encounter,
                                                 const char *typed_name,
                                                 const char *callback,
                                                 const char *location,
                                                 const BedPatientConsent *consent,
                                                 GError **error);
gboolean bed_record_store_set_encounter_encryption (BedRecordStore *self,
                                                    BedEncounter *encounter,
                                                    const char *cipher,
                                                    const char *path,
                                                    BedVerification verification,
                                                    GError **error);
/* patient_id: 0 for nobody. SIGNED: a signed note has another one. */
gboolean bed_record_store_assign_encounter (BedRecordStore *self,
                                            BedEncounter *encounter,
                                            gint64 patient_id,
                                            GError **error);
/* Whether a note of it is signed: the patient that it has then stays. When that cannot be read it
 * counts as signed. */
gboolean bed_record_store_is_signed (BedRecordStore *self, BedEncounter *encounter);
/* Ended now. Ending a finished one changes nothing. */
gboolean bed_record_store_end_encounter (BedRecordStore *self, BedEncounter *encounter,
                                         GError **error);
/* Its call is up now. To be told about once a minute, so that a cut leaves the end known. */
gboolean bed_record_store_see_encounter (BedRecordStore *self, BedEncounter *encounter,
                                         GError **error);
/* Its end was not seen, because the app did not go on: the last time that its call was seen, or
 * said or consented something, stands as its end, and the trail says so. */
gboolean bed_record_store_end_cut_off_encounter (BedRecordStore *self, BedEncounter *encounter,
                                                 GError **error);
/* The invitation's room that an encounter came of, base64url text. */
gboolean bed_record_store_set_encounter_room (BedRecordStore *self,
                                              BedEncounter *encounter,
                                              const char *room,
                                              GError **error);
/* The encounter of that room which is still in progress. Returns: (transfer full) (nullable) */
BedEncounter *bed_record_store_find_running_encounter (BedRecordStore *self, const char *room);
/* In progress when the app was closed or crashed, newest first. Returns: (transfer full): of
 * BedEncounter */
GListModel *bed_record_store_list_running_encounters (BedRecordStore *self);

/* A new draft with the template's headings and prepared texts. template_id: (nullable): "soap".
 * NOT_FOUND: no such template. Returns: (transfer full) (nullable) */
BedNote *bed_record_store_create_note (BedRecordStore *self,
                                       gint64 encounter_id,
                                       const char *template_id,
                                       GError **error);
/* The newest note of an encounter, or NULL. Returns: (transfer full) (nullable) */
BedNote *bed_record_store_get_encounter_note (BedRecordStore *self, gint64 encounter_id,
                                              GError **error);

/* Writes the draft as it stands now, in the worker; on disk (fsync) when it finishes. The caller
 * calls it when typing pauses and at least every 2 s while it goes on. Calls for one note that wait
 * are served by one write. On an error the text stays in the note and its save state is FAILED. */
void bed_note_draft_save_async (BedRecordStore *self,
                                BedNote *note,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean bed_note_draft_save_finish (BedRecordStore *self, GAsyncResult *result, GError **error);
/* Writes every changed draft now and waits for it. For leaving a page, locking and quitting. */
gboolean bed_note_draft_flush (BedRecordStore *self, GError **error);

/* A message of the call's chat that somebody chose to keep. While the record is locked it waits
 * sealed in the vault's spool, and is the encounter's from the next unlock on. */
gboolean bed_record_store_keep_chat (BedRecordStore *self,
                                     gint64 encounter_id,
                                     gint64 real_us,
                                     gboolean from_patient,
                                     const char *text,
                                     GError **error);
typedef void (*BedChatEach) (gint64 real_us, gboolean from_patient, const char *text,
                             gpointer user_data);
gboolean bed_record_store_each_chat (BedRecordStore *self,
                                     gint64 encounter_id,
                                     BedChatEach callback,
                                     gpointer user_data,
                                     GError **error);

/* Something that the record does not hold, such as a file of the call's chat, leaves for a place
 * outside: the trail says so first. encounter: (nullable): that it came of. While the record is
 * locked the spool takes it. */
gboolean bed_record_store_note_copy (BedRecordStore *self, BedEncounter *encounter, GError **error);

/* The ledger of device consent: what BedConsentLedger is told, kept. encounter_id: 0 for a preview.
 */
gboolean bed_record_store_add_consent_event (BedRecordStore *self,
                                             gint64 encounter_id,
                                             const BedConsentEvent *event,
                                             GError **error);

/* Full-text search in notes, their patient's name included. Words match from their beginning, all
 * of them must occur; case and diacritics do not matter. No character is an operator. */
#define BED_SEARCH_LIMIT 200 /* notes that a search finds, unless it says how many */
typedef struct
{
  const char *text;    /* as typed */
  gint64 patient_id;   /* 0: any */
  gint64 from_us;      /* made at or after; 0: any */
  gint64 to_us;        /* made before; 0: any */
  int state;           /* a BedNoteState; -1: any */
  const char *template_id; /* NULL: any */
  guint limit;         /* 0: BED_SEARCH_LIMIT */
} BedSearchQuery;
#define BED_SEARCH_QUERY_INIT { .state = -1 }
/* Newest first; hits are read when they are asked for. A text without a word finds nothing unless
 * there is a filter. Returns: (transfer full) (nullable): of BedSearchHit */
GListModel *bed_record_store_search (BedRecordStore *self, const BedSearchQuery *query,
                                     GError **error);
/* Whether notes wait to be indexed, which happens when typing pauses: until then they may not be
 * found. Signal "indexed" () of the store when none waits any more. */
gboolean bed_record_store_is_indexing (BedRecordStore *self);
/* Where the words of a search stand in any text, in bytes; at most 1000. Pure. Returns: (transfer
 * full): of BedTextRange */
GArray *bed_search_highlight (const char *typed, const char *text);

G_END_DECLS
