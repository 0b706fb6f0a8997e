/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One document being made. Members are written in a fixed order, none of them empty (ele-1). */
typedef struct
{
  JsonBuilder *json;
  const BedHandover *note;
  const BedHandoverWords *words;
  GPtrArray *clinicians; /* names beside the author's, owned: signers and writers of addenda */
} BedFhir;

#define BED_FHIR_LOINC "http://loinc.org"
#define BED_FHIR_URI_SYSTEM "urn:ietf:rfc3986"
#define BED_FHIR_TERMINOLOGY "http://terminology.hl7.org/CodeSystem/"

/* --- Values: an empty or NULL one is left out ------------------------------------------------- */

void bed_fhir_string (BedFhir *self, const char *name, const char *value);
void bed_fhir_open (BedFhir *self, const char *name); /* an object; NULL name: in an array */
void bed_fhir_close (BedFhir *self);
void bed_fhir_open_array (BedFhir *self, const char *name);
void bed_fhir_close_array (BedFhir *self);
/* An instant with its zone, in the words' zone. */
void bed_fhir_time (BedFhir *self, const char *name, gint64 real_us);
void bed_fhir_period (BedFhir *self, const char *name, gint64 start_us, gint64 end_us);
/* One Coding as an object. */
void bed_fhir_coding (BedFhir *self, const char *name, const char *system, const char *code,
                      const char *display);
/* A CodeableConcept of one Coding. */
void bed_fhir_concept (BedFhir *self, const char *name, const char *system, const char *code,
                       const char *display);
void bed_fhir_reference (BedFhir *self, const char *name, const char *urn, const char *display);
void bed_fhir_identifier (BedFhir *self, const char *name, const char *system, const char *value);
/* uri: a URN of an id. */
void bed_fhir_uuid_identifier (BedFhir *self, const char *name, const char *uuid);
void bed_fhir_base64 (BedFhir *self, const char *name, gconstpointer data, gsize length);
/* Begins an entry of the bundle with its resource; closed by bed_fhir_end_entry (). */
void bed_fhir_begin_entry (BedFhir *self, const char *urn, const char *type);
void bed_fhir_end_entry (BedFhir *self);

/* "urn:uuid:…" of an id of the record, or of one that follows from it. (transfer full) */
char *bed_fhir_urn (const char *uuid);
char *bed_fhir_derived_urn (const char *kind, const char *text);
/* Whose name it is: the author's own practitioner or another one. (transfer full) */
char *bed_fhir_clinician_urn (BedFhir *self, const char *name);
/* The attachment's, the signature's. (transfer full) */
char *bed_fhir_signature_urn (const char *kind, const BedHandoverSignature *signature);

/* --- Narrative: XHTML in a div ---------------------------------------------------------------- */

/* Paragraphs of plain text, as XHTML elements. */
void bed_fhir_html_text (GString *html, const char *text);
/* <p><b>label</b> value</p> and so on, escaped. */
void bed_fhir_html_paragraph (GString *html, const char *text);
void bed_fhir_html_facts (GString *html, GPtrArray *facts);
/* "text": { status, div }. Takes the html. */
void bed_fhir_narrative (BedFhir *self, GString *html);

/* --- Resources, each an entry ----------------------------------------------------------------- */

const char *bed_fhir_composition_status (BedNoteState state);
void bed_fhir_note_type (BedFhir *self, const char *name);
void bed_fhir_composition (BedFhir *self);
void bed_fhir_patient (BedFhir *self);
void bed_fhir_practitioners (BedFhir *self);
void bed_fhir_organization (BedFhir *self);
void bed_fhir_encounter (BedFhir *self);
void bed_fhir_consents (BedFhir *self);
void bed_fhir_attachments (BedFhir *self);
void bed_fhir_signatures (BedFhir *self);

/* The notes' signatures in order: its own, then those of the addenda. NULL at the end. */
const BedHandoverSignature *bed_fhir_nth_signature (const BedHandover *note, guint n);

char *bed_fhir_organization_urn (BedFhir *self);
char *bed_fhir_consent_urn (BedFhir *self, guint index);
/* Pretty-printed, with a line's end at its end. (transfer full) */
char *bed_fhir_to_text (BedFhir *self);

G_END_DECLS
