/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-fhir-bundle.h"

#include "bed-fhir-private.h"
#include "bed-handover-facts-private.h"

#include <string.h>

static void
add_clinician (BedFhir *self, const char *name)
{
  g_autofree char *own = bed_fhir_clinician_urn (self, "");
  g_autofree char *urn = bed_fhir_clinician_urn (self, name);

  if (!g_str_equal (own, urn)
      && !g_ptr_array_find_with_equal_func (self->clinicians, name, g_str_equal, NULL))
    g_ptr_array_add (self->clinicians, g_strdup (name));
}

static void
begin (BedFhir *self, const BedHandover *note, const BedHandoverWords *words)
{
  const BedHandoverSignature *signature;

  self->json = json_builder_new ();
  self->note = note;
  self->words = words;
  self->clinicians = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; (signature = bed_fhir_nth_signature (note, i)) != NULL; i++)
    add_clinician (self, signature->signer);
  for (guint i = 0; i < note->addenda->len; i++)
    {
      const BedHandoverAddendum *addendum = g_ptr_array_index (note->addenda, i);

      add_clinician (self, addendum->author);
    }
}

static char *
end (BedFhir *self)
{
  char *text = bed_fhir_to_text (self);

  g_clear_object (&self->json);
  g_clear_pointer (&self->clinicians, g_ptr_array_unref);
  return text;
}

/* A document that was put together at another time is another document. */
static char *
bundle_urn (const BedHandover *note)
{
  g_autofree char *text = g_strdup_printf ("%s %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                                           note->uuid, note->state,
                                           bed_handover_get_date_us (note), note->made_us);

  return bed_fhir_derived_urn ("document", text);
}

char *
bed_fhir_bundle_new (const BedHandover *note, const BedHandoverWords *words)
{
  BedFhir self;
  g_autofree char *urn = bundle_urn (note);

  begin (&self, note, words);
  bed_fhir_open (&self, NULL);
  bed_fhir_string (&self, "resourceType", "Bundle");
  bed_fhir_identifier (&self, "identifier", BED_FHIR_URI_SYSTEM, urn);
  bed_fhir_string (&self, "type", "document");
  bed_fhir_time (&self, "timestamp", MAX (note->made_us, bed_handover_get_date_us (note)));
  bed_fhir_open_array (&self, "entry");
  bed_fhir_composition (&self);
  bed_fhir_patient (&self);
  bed_fhir_practitioners (&self);
  bed_fhir_organization (&self);
  bed_fhir_encounter (&self);
  bed_fhir_consents (&self);
  bed_fhir_signatures (&self);
  bed_fhir_attachments (&self);
  bed_fhir_close_array (&self);
  bed_fhir_close (&self);
  return end (&self);
}

/* --- One resource that carries the note ------------------------------------------------------- */

static void
content (BedFhir *self, const char *media_type, gconstpointer data, gsize length)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize digest_length = sizeof digest;

  g_checksum_update (sum, data, length);
  g_checksum_get_digest (sum, digest, &digest_length);
  bed_fhir_open (self, NULL);
  bed_fhir_open (self, "attachment");
  bed_fhir_string (self, "contentType", media_type);
  bed_fhir_string (self, "language", self->words->language);
  bed_fhir_base64 (self, "data", data, length);
  json_builder_set_member_name (self->json, "size");
  json_builder_add_int_value (self->json, (gint64) length);
  bed_fhir_base64 (self, "hash", digest, digest_length);
  bed_fhir_string (self, "title", self->words->words[BED_WORD_TITLE]);
  bed_fhir_time (self, "creation", self->note->made_us);
  bed_fhir_close (self);
  bed_fhir_close (self);
}

/* The receiving system has ids of its own: these name whom it is about by what both know. */
static void
logical_reference (BedFhir *self, const char *name, const char *type, const char *uuid,
                   const char *display)
{
  bed_fhir_open (self, name);
  bed_fhir_string (self, "type", type);
  bed_fhir_uuid_identifier (self, "identifier", uuid);
  bed_fhir_string (self, "display", display);
  bed_fhir_close (self);
}

static void
reference_head (BedFhir *self)
{
  const BedHandover *note = self->note;
  g_autofree char *line = bed_handover_patient_line (note, self->words);
  GString *html = g_string_new (NULL);

  bed_fhir_string (self, "resourceType", "DocumentReference");
  bed_fhir_html_paragraph (html, self->words->words[BED_WORD_TITLE]);
  bed_fhir_html_paragraph (html, line);
  bed_fhir_narrative (self, html);
  bed_fhir_open_array (self, "identifier");
  bed_fhir_uuid_identifier (self, NULL, note->uuid);
  bed_fhir_close_array (self);
  bed_fhir_string (self, "status", "current");
  bed_fhir_string (self, "docStatus", bed_fhir_composition_status (note->state));
  bed_fhir_note_type (self, "type");
  bed_fhir_open_array (self, "category");
  bed_fhir_concept (self, NULL,
                    "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
                    "clinical-note", "Clinical Note");
  bed_fhir_close_array (self);
  logical_reference (self, "subject", "Patient", note->patient.uuid, note->patient.name);
  bed_fhir_time (self, "date", bed_handover_get_date_us (note));
  if (note->author.name[0] == '\0')
    return;
  bed_fhir_open_array (self, "author");
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "type", "Practitioner");
  bed_fhir_string (self, "display", note->author.name);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
}

char *
bed_fhir_document_reference_new (const BedHandover *note, const BedHandoverWords *words,
                                 GBytes *pdf)
{
  BedFhir self;
  g_autofree char *bundle = bed_fhir_bundle_new (note, words);

  begin (&self, note, words);
  bed_fhir_open (&self, NULL);
  reference_head (&self);
  bed_fhir_open_array (&self, "content");
  if (pdf != NULL)
    content (&self, "application/pdf", g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf));
  content (&self, "application/fhir+json", bundle, strlen (bundle));
  bed_fhir_close_array (&self);
  bed_fhir_open (&self, "context");
  bed_fhir_open_array (&self, "encounter");
  logical_reference (&self, NULL, "Encounter", note->encounter.uuid, NULL);
  bed_fhir_close_array (&self);
  bed_fhir_period (&self, "period", note->encounter.started_us, note->encounter.ended_us);
  bed_fhir_close (&self);
  bed_fhir_close (&self);
  return end (&self);
}
