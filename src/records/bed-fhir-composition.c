/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-fhir-private.h"
#include "bed-handover-facts-private.h"

static const struct
{
  const char *code;
  const char *display;
} note_types[] = {
  [BED_HANDOVER_CONSULT_NOTE] = { "11488-4", "Consult note" },
  [BED_HANDOVER_PROGRESS_NOTE] = { "11506-3", "Progress note" },
  [BED_HANDOVER_TELEPHONE_NOTE] = { "34748-4", "Telephone encounter Note" },
};

static const struct
{
  const char *code;
  const char *display;
} section_codes[] = {
  { "61150-9", "Subjective Narrative" },
  { "61149-1", "Objective Narrative" },
  { "51848-0", "Evaluation note" },
  { "18776-5", "Plan of care note" },
  { "51847-2", "Evaluation + Plan note" },
  { "10164-2", "History of Present illness Narrative" },
  { "29299-5", "Reason for visit Narrative" },
  { "10160-0", "History of Medication use Narrative" },
  { "48765-2", "Allergies and adverse reactions Document" },
  { "55107-7", "Addendum Document" },
};

const char *
bed_fhir_composition_status (BedNoteState state)
{
  static const char *const names[] = { "preliminary", "final", "amended" };

  return names[MIN ((guint) state, 2)];
}

void
bed_fhir_note_type (BedFhir *self, const char *name)
{
  guint kind = MIN ((guint) self->note->kind, G_N_ELEMENTS (note_types) - 1);

  bed_fhir_concept (self, name, BED_FHIR_LOINC, note_types[kind].code, note_types[kind].display);
}

/* --- Sections: one is written only when it says something (cmp-1) ----------------------------- */

static void
begin_section (BedFhir *self, const char *title, const char *loinc)
{
  const char *display = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (section_codes); i++)
    if (g_str_equal (section_codes[i].code, loinc))
      display = section_codes[i].display;
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "title", title);
  if (loinc[0] != '\0')
    bed_fhir_concept (self, "code", BED_FHIR_LOINC, loinc, display);
}

static void
end_section (BedFhir *self)
{
  bed_fhir_close (self);
}

/* Takes the urn. */
static void
entry (BedFhir *self, char *urn)
{
  bed_fhir_reference (self, NULL, urn, NULL);
  g_free (urn);
}

static void
consultation_section (BedFhir *self)
{
  g_autoptr (GPtrArray) facts = bed_handover_encounter_facts (self->note, self->words);
  GString *html = g_string_new (NULL);

  begin_section (self, self->words->words[BED_WORD_CONSULTATION], "");
  bed_fhir_html_facts (html, facts);
  bed_fhir_narrative (self, html);
  bed_fhir_open_array (self, "entry");
  entry (self, bed_fhir_urn (self->note->encounter.uuid));
  for (guint i = 0; i < self->note->consents->len; i++)
    entry (self, bed_fhir_consent_urn (self, i));
  bed_fhir_close_array (self);
  end_section (self);
}

static void
note_sections (BedFhir *self)
{
  for (guint i = 0; i < self->note->sections->len; i++)
    {
      const BedHandoverSection *section = g_ptr_array_index (self->note->sections, i);
      GString *html = g_string_new (NULL);

      bed_fhir_html_text (html, section->text);
      if (html->len == 0)
        {
          g_string_free (html, TRUE);
          continue;
        }
      begin_section (self, section->heading, section->loinc);
      bed_fhir_narrative (self, html);
      end_section (self);
    }
}

static void
addendum_section (BedFhir *self, const BedHandoverAddendum *addendum, guint number)
{
  g_autofree char *n = g_strdup_printf ("%u", number);
  g_autofree char *title = bed_handover_word (self->words, BED_WORD_ADDENDUM, "n", n, NULL);
  g_autofree char *time
      = bed_handover_time (self->words, BED_WORD_DATE_TIME_FORMAT, addendum->real_us);
  g_autofree char *line = g_strdup_printf ("%s, %s", addendum->author, time);
  g_autofree char *reason
      = g_strdup_printf ("%s: %s", self->words->words[BED_WORD_REASON], addendum->reason);
  g_autofree char *urn = bed_fhir_clinician_urn (self, addendum->author);
  GString *html = g_string_new (NULL);

  begin_section (self, title, "55107-7");
  bed_fhir_open_array (self, "author");
  bed_fhir_reference (self, NULL, urn, addendum->author);
  bed_fhir_close_array (self);
  bed_fhir_html_paragraph (html, line);
  bed_fhir_html_paragraph (html, addendum->reason[0] != '\0' ? reason : "");
  bed_fhir_html_text (html, addendum->text);
  bed_fhir_narrative (self, html);
  end_section (self);
}

static void
signature_section (BedFhir *self)
{
  const BedHandoverSignature *signature;
  GString *html;

  if (bed_fhir_nth_signature (self->note, 0) == NULL)
    return;
  html = g_string_new (NULL);
  begin_section (self, self->words->words[BED_WORD_SIGNATURE], "");
  for (guint i = 0; (signature = bed_fhir_nth_signature (self->note, i)) != NULL; i++)
    {
      g_autofree char *line = bed_handover_signed_line (signature, self->words);
      g_autofree char *fingerprint = bed_handover_fingerprint (signature);
      g_autofree char *key
          = g_strdup_printf ("%s: %s", self->words->words[BED_WORD_KEY], fingerprint);

      bed_fhir_html_paragraph (html, line);
      bed_fhir_html_paragraph (html, key);
    }
  bed_fhir_narrative (self, html);
  bed_fhir_open_array (self, "entry");
  for (guint i = 0; (signature = bed_fhir_nth_signature (self->note, i)) != NULL; i++)
    entry (self, bed_fhir_signature_urn ("provenance", signature));
  bed_fhir_close_array (self);
  end_section (self);
}

static void
attachments_section (BedFhir *self)
{
  GString *html;

  if (self->note->attachments->len == 0)
    return;
  html = g_string_new (NULL);
  begin_section (self, self->words->words[BED_WORD_ATTACHMENTS], "");
  for (guint i = 0; i < self->note->attachments->len; i++)
    {
      g_autofree char *line
          = bed_handover_attachment_line (g_ptr_array_index (self->note->attachments, i),
                                          self->words);

      bed_fhir_html_paragraph (html, line);
    }
  bed_fhir_narrative (self, html);
  bed_fhir_open_array (self, "entry");
  for (guint i = 0; i < self->note->attachments->len; i++)
    {
      const BedHandoverAttachment *attachment = g_ptr_array_index (self->note->attachments, i);

      entry (self, bed_fhir_urn (attachment->uuid));
    }
  bed_fhir_close_array (self);
  end_section (self);
}

static void
chat_section (BedFhir *self)
{
  GString *html;

  if (self->note->chat->len == 0)
    return;
  html = g_string_new (NULL);
  begin_section (self, self->words->words[BED_WORD_CHAT], "");
  for (guint i = 0; i < self->note->chat->len; i++)
    {
      const BedHandoverMessage *message = g_ptr_array_index (self->note->chat, i);
      g_autofree char *time
          = bed_handover_time (self->words, BED_WORD_TIME_FORMAT, message->real_us);
      g_autofree char *line = g_strdup_printf (
          "%s %s: %s", time,
          message->from_patient ? self->note->patient.name : self->note->author.name,
          message->text);

      bed_fhir_html_text (html, line);
    }
  bed_fhir_narrative (self, html);
  end_section (self);
}

static void
sections (BedFhir *self)
{
  bed_fhir_open_array (self, "section");
  consultation_section (self);
  note_sections (self);
  for (guint i = 0; i < self->note->addenda->len; i++)
    addendum_section (self, g_ptr_array_index (self->note->addenda, i), i + 1);
  signature_section (self);
  attachments_section (self);
  chat_section (self);
  bed_fhir_close_array (self);
}

/* --- The composition -------------------------------------------------------------------------- */

static void
attesters (BedFhir *self)
{
  const BedHandoverSignature *signature;
  gboolean any = bed_fhir_nth_signature (self->note, 0) != NULL;

  if (!any)
    return;
  bed_fhir_open_array (self, "attester");
  for (guint i = 0; (signature = bed_fhir_nth_signature (self->note, i)) != NULL; i++)
    {
      g_autofree char *who = bed_fhir_clinician_urn (self, signature->signer);

      bed_fhir_open (self, NULL);
      bed_fhir_string (self, "mode", "legal");
      bed_fhir_time (self, "time", signature->real_us);
      bed_fhir_reference (self, "party", who, signature->signer);
      bed_fhir_close (self);
    }
  bed_fhir_close_array (self);
}

static void
event (BedFhir *self)
{
  const BedHandoverEncounter *encounter = &self->note->encounter;

  bed_fhir_open_array (self, "event");
  bed_fhir_open (self, NULL);
  bed_fhir_open_array (self, "code");
  bed_fhir_concept (self, NULL, BED_FHIR_TERMINOLOGY "v3-ActClass", "PCPR", "care provision");
  bed_fhir_close_array (self);
  bed_fhir_period (self, "period", encounter->started_us, encounter->ended_us);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
}

static void
summary (BedFhir *self)
{
  const BedHandoverWords *words = self->words;
  g_autofree char *line = bed_handover_patient_line (self->note, words);
  GString *html = g_string_new (NULL);

  bed_fhir_html_paragraph (html, words->words[BED_WORD_TITLE]);
  bed_fhir_html_paragraph (html, line);
  if (!bed_handover_is_signed (self->note))
    bed_fhir_html_paragraph (html, words->words[BED_WORD_DRAFT]);
  else if (self->note->state == BED_NOTE_AMENDED)
    bed_fhir_html_paragraph (html, words->words[BED_WORD_AMENDED]);
  bed_fhir_narrative (self, html);
}

void
bed_fhir_composition (BedFhir *self)
{
  const BedHandover *note = self->note;
  g_autofree char *urn = bed_fhir_urn (note->uuid);
  g_autofree char *patient = bed_fhir_urn (note->patient.uuid);
  g_autofree char *encounter = bed_fhir_urn (note->encounter.uuid);
  g_autofree char *author = bed_fhir_clinician_urn (self, "");
  g_autofree char *organization = bed_fhir_organization_urn (self);

  bed_fhir_begin_entry (self, urn, "Composition");
  bed_fhir_string (self, "language", self->words->language);
  summary (self);
  bed_fhir_uuid_identifier (self, "identifier", note->uuid);
  bed_fhir_string (self, "status", bed_fhir_composition_status (note->state));
  bed_fhir_note_type (self, "type");
  bed_fhir_reference (self, "subject", patient, note->patient.name);
  bed_fhir_reference (self, "encounter", encounter, NULL);
  bed_fhir_time (self, "date", bed_handover_get_date_us (note));
  bed_fhir_open_array (self, "author");
  bed_fhir_reference (self, NULL, author, note->author.name);
  bed_fhir_close_array (self);
  bed_fhir_string (self, "title", self->words->words[BED_WORD_TITLE]);
  attesters (self);
  if (note->author.clinic[0] != '\0')
    bed_fhir_reference (self, "custodian", organization, note->author.clinic);
  event (self);
  sections (self);
  bed_fhir_end_entry (self);
}
