/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-encounter.h"
#include "bed-template.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define BED_NOTE_KEY_LENGTH 32 /* Ed25519, RFC 8032 */
#define BED_NOTE_SIGNATURE_LENGTH 64
#define BED_NOTE_HASH_LENGTH 32

/* One device's consent of the person at this machine, as in BedConsentEvent. */
typedef struct
{
  gint64 real_us;
  guint device;  /* BedDeviceKind */
  guint scope;   /* BedConsentScope */
  gboolean granted;
  char *text_version;
} BedNoteDeviceConsent;

/* What the machine knows of the encounter; nobody types it. Strings are never NULL; µs since 1970
 * UTC. */
typedef struct
{
  char *encounter_uuid;
  char *patient_uuid; /* "" when assigned to nobody */
  char *patient_name;
  char *patient_birth_date;
  char *patient_identifiers;
  char *typed_name; /* what the patient called themselves */
  char *callback;
  char *location;
  char *clinician; /* the account that held it */
  gint64 started_us;
  gint64 ended_us;
  char *cipher;
  char *path;
  BedVerification verification;
  BedPatientConsent *consent; /* (nullable) */
  GPtrArray *device_consents; /* of BedNoteDeviceConsent, oldest first */
} BedNoteFacts;
BedNoteFacts *bed_note_facts_new (void);
void bed_note_facts_free (BedNoteFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedNoteFacts, bed_note_facts_free)
/* The same patient, by the same name, birth date and identifiers. */
gboolean bed_note_facts_same_patient (const BedNoteFacts *a, const BedNoteFacts *b);

/* An attachment that a signature covers. */
typedef struct
{
  char *uuid;
  char *name;
  char *media_type;
  guint64 size;
  guint8 hash[32];
} BedNoteSignedAttachment;

/* A signed version of a note: number 1 is the note as it was signed, each further one an addendum.
 * Immutable; read from the bytes that were signed. Read only for binding: "number", "author" (the
 * account), "author-name", "reason" ("" for the first), "text" (the addendum's own words, "" for the
 * first), "signed-us", "corrects" (whether the addendum gives the sections anew). Main thread.
 */
#define BED_TYPE_NOTE_VERSION (bed_note_version_get_type ())
G_DECLARE_FINAL_TYPE (BedNoteVersion, bed_note_version, BED, NOTE_VERSION, GObject)
guint bed_note_version_get_number (BedNoteVersion *self);
const char *bed_note_version_get_note_uuid (BedNoteVersion *self);
const char *bed_note_version_get_author (BedNoteVersion *self);
const char *bed_note_version_get_author_name (BedNoteVersion *self);
const char *bed_note_version_get_reason (BedNoteVersion *self);
const char *bed_note_version_get_text (BedNoteVersion *self);
const char *bed_note_version_get_template_id (BedNoteVersion *self);
gint64 bed_note_version_get_created_us (BedNoteVersion *self);
gint64 bed_note_version_get_updated_us (BedNoteVersion *self);
gint64 bed_note_version_get_signed_us (BedNoteVersion *self);
/* Whether the sections are another text than those of the version before. FALSE for the first. */
gboolean bed_note_version_get_corrects (BedNoteVersion *self);
/* The whole note as this version reads it. */
guint bed_note_version_get_n_sections (BedNoteVersion *self);
const char *bed_note_version_get_heading (BedNoteVersion *self, guint section);
const char *bed_note_version_get_section (BedNoteVersion *self, guint section);
const BedNoteFacts *bed_note_version_get_facts (BedNoteVersion *self);
/* Of BedNoteSignedAttachment. Returns: (transfer none) */
GPtrArray *bed_note_version_get_attachments (BedNoteVersion *self);
/* The canonical form, exactly the bytes that the signature is over. Returns: (transfer none) */
GBytes *bed_note_version_get_signed_bytes (BedNoteVersion *self);
/* 64 and 32 bytes. */
const guint8 *bed_note_version_get_signature (BedNoteVersion *self);
const guint8 *bed_note_version_get_key (BedNoteVersion *self);
/* The signature fits these bytes and this key. Pure: it says nothing of whose key it is. */
gboolean bed_note_version_check_signature (BedNoteVersion *self);

/* Who a note was signed for: the facts of the first of its versions that names a patient of the
 * record. Returns: (transfer none) (nullable): as long as that version lives */
const BedNoteFacts *bed_note_version_list_get_patient (GListModel *versions);

/* What verifying a note found; the worst of its versions. */
#define BED_TYPE_NOTE_VERDICT (bed_note_verdict_get_type ())
GType bed_note_verdict_get_type (void);
typedef enum
{
  BED_NOTE_VERDICT_DRAFT,       /* nothing is signed yet */
  BED_NOTE_VERDICT_INTACT,
  BED_NOTE_VERDICT_FORGED,      /* the signature does not fit what it is over */
  BED_NOTE_VERDICT_UNKNOWN_KEY, /* signed with a key that is not of this record */
  BED_NOTE_VERDICT_UNLINKED,    /* versions are missing, in another order, or of another note */
  BED_NOTE_VERDICT_TEXT_CHANGED,  /* what the record shows is not what was signed */
  BED_NOTE_VERDICT_FACTS_CHANGED, /* the encounter is not as it was signed */
  BED_NOTE_VERDICT_ATTACHMENT_CHANGED, /* a signed attachment is gone or has other bytes */
} BedNoteVerdict;

G_END_DECLS
