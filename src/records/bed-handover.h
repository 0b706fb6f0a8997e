/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"

G_BEGIN_DECLS

/* What is handed over of one note: a plain value, filled from the record (or by a test), which the
 * PDF, the text and the FHIR document are made of. Strings are owned, UTF-8 and never NULL; times
 * are µs since 1970 UTC, 0 for "not yet". One thread at a time; it may be handed to a worker.
 */

/* Words for people, handed in by the screen: this room has none. Placeholders in braces are
 * replaced; a format is one of g_date_time_format (). */
typedef enum
{
  BED_WORD_TITLE,           /* "Clinical note" */
  BED_WORD_PATIENT,         /* "Patient" */
  BED_WORD_BIRTH_DATE,      /* "Born" */
  BED_WORD_IDENTIFIER,      /* "Identifier" */
  BED_WORD_TELEPHONE,       /* "Telephone" */
  BED_WORD_NOW,             /* "In the record now" */
  BED_WORD_ASSIGNED_LATER,  /* "assigned after the signature, not signed" */
  BED_WORD_CLINICIAN,       /* "Clinician" */
  BED_WORD_CONSULTATION,    /* "Video consultation" */
  BED_WORD_STARTED,         /* "Started" */
  BED_WORD_ENDED,           /* "Ended" */
  BED_WORD_DURATION,        /* "Length" */
  BED_WORD_MINUTES,         /* "{n} min" */
  BED_WORD_PARTICIPANTS,    /* "Took part" */
  BED_WORD_PLACE,           /* "Patient's place" */
  BED_WORD_ENCRYPTION,      /* "Encryption" */
  BED_WORD_MATCHED,         /* "End to end; the words were compared and matched" */
  BED_WORD_NOT_CHECKED,     /* "End to end; the words were not compared" */
  BED_WORD_DIFFERED,        /* "The words were compared and differed" */
  BED_WORD_PATH,            /* "Path" */
  BED_WORD_DIRECT,          /* "Direct" */
  BED_WORD_RELAYED,         /* "Through the clinic's relay" */
  BED_WORD_CONSENT,         /* "Consent" */
  BED_WORD_CONSENT_GIVEN,   /* "Given on {time}, text {version} ({language})" */
  BED_WORD_CONSENT_UNKNOWN, /* "the text was not known as one of the clinic's" */
  BED_WORD_CAMERA,          /* "camera" */
  BED_WORD_MICROPHONE,      /* "microphone" */
  BED_WORD_SUBJECTIVE,      /* "Subjective" */
  BED_WORD_OBJECTIVE,       /* "Objective" */
  BED_WORD_ASSESSMENT,      /* "Assessment" */
  BED_WORD_PLAN,            /* "Plan" */
  BED_WORD_EMPTY,           /* "Nothing was written." */
  BED_WORD_DRAFT,           /* "Draft – not signed" */
  BED_WORD_DRAFT_MARK,      /* "DRAFT", set large and pale across the page */
  BED_WORD_SIGNATURE,       /* "Signature" */
  BED_WORD_SIGNED_BY,       /* "Signed by {name}" */
  BED_WORD_SIGNED_ON,       /* "on {time}" */
  BED_WORD_KEY,             /* "Key" */
  BED_WORD_VERIFIED,        /* "The signature was checked and fits this text." */
  BED_WORD_NOT_VERIFIED,    /* "The signature does not fit this text." */
  BED_WORD_AMENDED,         /* "Amended after signing" */
  BED_WORD_ADDENDUM,        /* "Addendum {n}" */
  BED_WORD_REASON,          /* "Reason" */
  BED_WORD_VERSIONS,        /* "Versions" */
  BED_WORD_VERSION,         /* "Version {n}" */
  BED_WORD_ATTACHMENTS,     /* "Attachments" */
  BED_WORD_ADDED_LATER,     /* "added after the signature, not signed" */
  BED_WORD_CHAT,            /* "Chat kept with this note" */
  BED_WORD_PAGE,            /* "Page {page} of {pages}" */
  BED_WORD_MADE_ON,         /* "Made on {time}" */
  BED_WORD_DATE_FORMAT,     /* "%-d %B %Y" */
  BED_WORD_DATE_TIME_FORMAT, /* "%-d %B %Y, %H:%M %Z" */
  BED_WORD_TIME_FORMAT,     /* "%H:%M" */
  BED_N_WORDS,
} BedWord;

typedef struct
{
  const char *language;   /* BCP 47, of the words */
  gboolean right_to_left; /* of that language */
  GTimeZone *zone;        /* borrowed; NULL: UTC */
  const char *words[BED_N_WORDS]; /* none NULL */
} BedHandoverWords;

/* A word with its placeholders replaced: pairs of a name without braces and its text, then NULL.
 * Returns: (transfer full) */
char *bed_handover_word (const BedHandoverWords *words, BedWord word, ...) G_GNUC_NULL_TERMINATED;
/* A value set among words of the other direction: nothing around it turns it round, and it turns
 * nothing (U+2068, U+2069). As it is where the words run left to right. Returns: (transfer full) */
char *bed_handover_isolate (const BedHandoverWords *words, const char *text);
/* format: one of the three BED_WORD_..._FORMAT. "" for 0. Returns: (transfer full) */
char *bed_handover_time (const BedHandoverWords *words, BedWord format, gint64 real_us);
/* A birth date as it is kept ("1948-03-09") in the words' own form. Returns: (transfer full) */
char *bed_handover_birth_date (const BedHandoverWords *words, const char *birth_date);

/* Of a signed note: name, birth date and identifiers as they were signed. */
typedef struct
{
  char *uuid;
  char *name;
  char *birth_date; /* YYYY-MM-DD or "" */
  char *telephone;
  char *language;
  char *identifiers; /* one a line, "system|value" */
  gboolean changed;  /* the record says otherwise now: */
  char *name_now;
  char *birth_date_now;
  char *identifiers_now;
  gboolean assigned_later; /* than the note was signed: no signature names this patient */
} BedHandoverPatient;

typedef struct
{
  char *account; /* id at the clinic */
  char *name;
  char *clinic;
  char *clinic_telephone;
} BedHandoverAuthor;

typedef struct
{
  char *uuid;
  BedEncounterState state;
  gint64 started_us;
  gint64 ended_us;
  char *typed_name; /* how the patient called themselves */
  char *place;
  char *path; /* "direct", "relayed", "" */
  BedVerification verification;
} BedHandoverEncounter;

typedef struct
{
  char *heading;
  char *text;
  char *loinc; /* "" where no code fits */
} BedHandoverSection;

#define BED_SIGNATURE_KEY_LENGTH 32 /* Ed25519, RFC 8032 */
#define BED_SIGNATURE_LENGTH 64
typedef struct
{
  char *signer;
  gint64 real_us;
  guint8 key[BED_SIGNATURE_KEY_LENGTH];
  guint8 signature[BED_SIGNATURE_LENGTH];
  GBytes *signed_bytes; /* (nullable): the canonical form that the signature is over */
  gboolean verified;    /* by the record, when it was read */
} BedHandoverSignature;

typedef struct
{
  char *uuid;
  char *author;
  char *reason;
  char *text;
  gint64 real_us;
  BedHandoverSignature *signature; /* (nullable) */
} BedHandoverAddendum;

typedef struct
{
  guint number;
  char *author;
  char *reason;
  gint64 real_us;
} BedHandoverVersion;

typedef struct
{
  char *uuid;
  char *name;
  char *media_type;
  gint64 real_us;
  GBytes *data; /* (nullable): only named when NULL */
  guint64 size;
  char *sha256; /* lower-case hex */
  gboolean added_later; /* than the last signature, which does not cover it */
} BedHandoverAttachment;

typedef struct
{
  gint64 real_us;
  gboolean from_patient;
  char *text;
} BedHandoverMessage;

/* What kind of note it is, by its template. */
typedef enum
{
  BED_HANDOVER_CONSULT_NOTE,   /* LOINC 11488-4 */
  BED_HANDOVER_PROGRESS_NOTE,  /* LOINC 11506-3 */
  BED_HANDOVER_TELEPHONE_NOTE, /* LOINC 34748-4 */
} BedHandoverKind;

typedef struct
{
  char *uuid; /* of the note */
  BedHandoverKind kind;
  BedNoteState state;
  gint64 created_us;
  gint64 updated_us;
  gint64 made_us; /* when this value was made */
  BedHandoverPatient patient;
  BedHandoverAuthor author;
  BedHandoverEncounter encounter;
  BedHandoverSignature *signature; /* (nullable) */
  GPtrArray *sections;             /* of BedHandoverSection; so on */
  GPtrArray *addenda;
  GPtrArray *versions;
  GPtrArray *attachments;
  GPtrArray *chat;
  GPtrArray *consents; /* of BedPatientConsent */
} BedHandover;

/* Empty texts and arrays. Returns: (transfer full) */
BedHandover *bed_handover_new (void);
/* Wipes what people wrote. */
void bed_handover_free (BedHandover *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedHandover, bed_handover_free)

/* Replaces a text of the value. */
void bed_handover_set (char **text, const char *value);
/* These append, and lend what they appended. */
BedHandoverSection *bed_handover_add_section (BedHandover *self, const char *heading,
                                              const char *text, const char *loinc);
BedHandoverAddendum *bed_handover_add_addendum (BedHandover *self, const char *uuid,
                                                const char *author, const char *reason,
                                                const char *text, gint64 real_us);
BedHandoverVersion *bed_handover_add_version (BedHandover *self, guint number, const char *author,
                                              const char *reason, gint64 real_us);
BedHandoverAttachment *bed_handover_add_attachment (BedHandover *self, const char *uuid,
                                                    const char *name, const char *media_type,
                                                    gint64 real_us, GBytes *data);
BedHandoverMessage *bed_handover_add_message (BedHandover *self, gint64 real_us,
                                              gboolean from_patient, const char *text);
/* Returns: (transfer full): to be put into a note or an addendum. */
BedHandoverSignature *bed_handover_signature_new (const char *signer, gint64 real_us,
                                                  const guint8 *key, const guint8 *signature,
                                                  GBytes *signed_bytes, gboolean verified);
/* "3F2A 90C1 …": the first 16 bytes of the key's SHA-256. Returns: (transfer full) */
char *bed_handover_fingerprint (const BedHandoverSignature *signature);
/* The same of a key (BED_SIGNATURE_KEY_LENGTH bytes) alone. Returns: (transfer full) */
char *bed_handover_key_fingerprint (const guint8 *key);
/* The JWK's thumbprint (RFC 7638, RFC 8037), base64url: what a FHIR document names the signer by.
 * Returns: (transfer full) */
char *bed_handover_key_thumbprint (const guint8 *key);
/* The key as a JWK, its members in the thumbprint's order. Returns: (transfer full) */
char *bed_handover_key_json (const guint8 *key);
/* An id of form 8 (RFC 9562) that follows from what it is for: stable, and tells nothing of `text`.
 * Returns: (transfer full) */
char *bed_handover_derive_uuid (const char *kind, const char *text);
/* Signed, or amended after it: what is under the last signature. */
gboolean bed_handover_is_signed (const BedHandover *self);
/* The time of the last thing that was written: the draft's save, the signature, the last addendum.
 */
gint64 bed_handover_get_date_us (const BedHandover *self);

/* A heading's id ("history", see bed_heading_list_ids ()) in the words' language; NULL: the id is
 * shown, but for the four that the words have. Returns: (transfer none) (nullable) */
typedef const char *(*BedHandoverHeading) (const char *heading);
typedef struct
{
  const BedHandoverWords *words;
  /* Of the clinician who hands over: (nullable) each. */
  const char *account;
  const char *name;
  const char *clinic;
  const char *clinic_telephone;
  BedHandoverHeading heading; /* (nullable) */
  gboolean with_chat;
  gboolean with_attachments; /* their content; their names are always told */
} BedHandoverOptions;

/* A note with all that belongs to it, as it stands on the disk: save drafts first. Main thread.
 * Returns: (transfer full) (nullable): BED_RECORD_ERROR */
BedHandover *bed_handover_load (BedRecordStore *store, gint64 note_id,
                                const BedHandoverOptions *options, GError **error);

G_END_DECLS
