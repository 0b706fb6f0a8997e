/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment.h"
#include "bed-handover.h"
#include "bed-record-signing.h"
#include "bed-records-private.h"

#include <string.h>

/* LOINC's codes for the product's own headings; "" where none fits well. */
static const struct
{
  const char *heading;
  const char *loinc;
  BedWord word; /* BED_N_WORDS: told by the screen */
} headings[] = {
  { "subjective", "61150-9", BED_WORD_SUBJECTIVE },
  { "objective", "61149-1", BED_WORD_OBJECTIVE },
  { "assessment", "51848-0", BED_WORD_ASSESSMENT },
  { "plan", "18776-5", BED_WORD_PLAN },
  { "reason", "29299-5", BED_N_WORDS },
  { "history", "10164-2", BED_N_WORDS },
  { "medication", "10160-0", BED_N_WORDS },
  { "next-steps", "18776-5", BED_N_WORDS },
};

typedef struct
{
  BedHandover *note;
  BedRecordStore *store;
  const BedHandoverOptions *options;
  BedNoteFacts *now;    /* owned: as the record has them */
  const BedPatientConsent *judged; /* borrowed, nullable: as it was judged when they came in */
  GListModel *versions; /* owned */
  BedNoteVerdict verdict;
  guint broken; /* the first version that fails, 0: none */
} Load;

static BedHandoverKind
kind_of_template (const char *template_id)
{
  if (g_str_equal (template_id, "follow-up"))
    return BED_HANDOVER_PROGRESS_NOTE;
  if (g_str_equal (template_id, "telephone"))
    return BED_HANDOVER_TELEPHONE_NOTE;
  return BED_HANDOVER_CONSULT_NOTE;
}

/* --- Sections --------------------------------------------------------------------------------- */

static const char *
heading_words (const BedHandoverOptions *options, const char *heading)
{
  const char *own = bed_heading_get_text (heading);
  const char *told
      = own == NULL && options->heading != NULL ? options->heading (heading) : own;

  for (guint i = 0; told == NULL && i < G_N_ELEMENTS (headings); i++)
    if (g_str_equal (headings[i].heading, heading) && headings[i].word != BED_N_WORDS)
      told = options->words->words[headings[i].word];
  return told != NULL ? told : heading;
}

static const char *
heading_loinc (const char *heading)
{
  for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
    if (g_str_equal (headings[i].heading, heading))
      return headings[i].loinc;
  return "";
}

static void
add_section (Load *load, const char *heading, const char *text)
{
  bed_handover_add_section (load->note, heading_words (load->options, heading), text,
                            heading_loinc (heading));
}

static void
load_note (Load *load, BedNote *note)
{
  BedHandover *self = load->note;

  bed_handover_set (&self->uuid, bed_note_get_uuid (note));
  self->kind = kind_of_template (bed_note_get_template_id (note));
  self->state = bed_note_get_state (note);
  self->created_us = bed_note_get_created_us (note);
  self->updated_us = bed_note_get_updated_us (note);
  if (self->state != BED_NOTE_DRAFT)
    return;
  for (guint i = 0; i < bed_note_get_n_sections (note); i++)
    add_section (load, bed_note_get_heading (note, i), bed_note_get_section (note, i));
}

/* --- Who and when ----------------------------------------------------------------------------- */

static void
load_author (BedHandover *self, const BedHandoverOptions *options)
{
  bed_handover_set (&self->author.account, options->account);
  bed_handover_set (&self->author.name, options->name);
  bed_handover_set (&self->author.clinic, options->clinic);
  bed_handover_set (&self->author.clinic_telephone, options->clinic_telephone);
}

/* Facts do not say whether the clinic knew the words; the encounter does. */
static void
load_consent (Load *load, const BedPatientConsent *consent)
{
  const BedPatientConsent *judged = load->judged;

  g_ptr_array_set_size (load->note->consents, 0);
  if (consent != NULL)
    g_ptr_array_add (load->note->consents,
                     bed_patient_consent_copy (
                         judged != NULL && bed_patient_consent_agree (consent, judged) ? judged
                                                                                       : consent));
}

static void
load_facts (Load *load, const BedNoteFacts *facts)
{
  BedHandover *self = load->note;

  bed_handover_set (&self->encounter.typed_name, facts->typed_name);
  bed_handover_set (&self->encounter.place, facts->location);
  bed_handover_set (&self->encounter.path, facts->path);
  self->encounter.started_us = facts->started_us;
  self->encounter.ended_us = facts->ended_us;
  self->encounter.verification = facts->verification;
  load_consent (load, facts->consent);
}

static gboolean
load_encounter (Load *load, BedEncounter *encounter, GError **error)
{
  load->now = bed_record_store_get_facts (load->store, bed_encounter_get_id (encounter), error);
  if (load->now == NULL)
    return FALSE;
  bed_handover_set (&load->note->encounter.uuid, bed_encounter_get_uuid (encounter));
  load->note->encounter.state = bed_encounter_get_state (encounter);
  load->judged = bed_encounter_get_consent (encounter);
  load_facts (load, load->now);
  return TRUE;
}

/* Nobody of the record yet: who they said they were, for this encounter alone. */
static void
load_stranger (BedHandover *self, BedEncounter *encounter)
{
  g_autofree char *uuid
      = bed_handover_derive_uuid ("stranger", bed_encounter_get_uuid (encounter));

  bed_handover_set (&self->patient.uuid, uuid);
  bed_handover_set (&self->patient.name, bed_encounter_get_typed_name (encounter));
  bed_handover_set (&self->patient.telephone, bed_encounter_get_callback (encounter));
}

static gboolean
load_patient (BedHandover *self, BedRecordStore *store, BedEncounter *encounter, GError **error)
{
  gint64 id = bed_encounter_get_patient_id (encounter);
  g_autoptr (BedPatient) patient = NULL;

  if (id == 0)
    {
      load_stranger (self, encounter);
      return TRUE;
    }
  patient = bed_record_store_get_patient (store, id, error);
  if (patient == NULL)
    return FALSE;
  bed_handover_set (&self->patient.uuid, bed_patient_get_uuid (patient));
  bed_handover_set (&self->patient.name, bed_patient_get_name (patient));
  bed_handover_set (&self->patient.birth_date, bed_patient_get_birth_date (patient));
  bed_handover_set (&self->patient.telephone, bed_patient_get_telephone (patient));
  bed_handover_set (&self->patient.language, bed_patient_get_language (patient));
  bed_handover_set (&self->patient.identifiers, bed_patient_get_identifiers (patient));
  return TRUE;
}

/* --- What was signed -------------------------------------------------------------------------- */

/* As the record found it just now: what comes after a broken version cannot be trusted either. */
static BedHandoverSignature *
signature_of (Load *load, BedNoteVersion *version)
{
  const gboolean intact = load->verdict == BED_NOTE_VERDICT_INTACT
                          || (load->broken != 0
                              && bed_note_version_get_number (version) < load->broken);

  return bed_handover_signature_new (
      bed_note_version_get_author_name (version), bed_note_version_get_signed_us (version),
      bed_note_version_get_key (version), bed_note_version_get_signature (version),
      bed_note_version_get_signed_bytes (version),
      intact && bed_note_version_check_signature (version));
}

/* The note as it was signed first, with the facts that were fixed then. */
static void
load_first (Load *load, BedNoteVersion *version)
{
  BedHandover *self = load->note;

  for (guint i = 0; i < bed_note_version_get_n_sections (version); i++)
    add_section (load, bed_note_version_get_heading (version, i),
                 bed_note_version_get_section (version, i));
  load_facts (load, bed_note_version_get_facts (version));
  bed_handover_set (&self->author.account, bed_note_version_get_author (version));
  bed_handover_set (&self->author.name, bed_note_version_get_author_name (version));
  self->signature = signature_of (load, version);
}

/* What was signed stands, also of who it was signed for; what became of it since is told beside. */
static void
load_signed_patient (Load *load)
{
  const BedNoteFacts *then = bed_note_version_list_get_patient (load->versions);
  const BedNoteFacts *now = load->now;
  BedHandoverPatient *patient = &load->note->patient;

  patient->assigned_later = then == NULL && *now->patient_uuid != '\0';
  patient->changed = then != NULL && !bed_note_facts_same_patient (then, now);
  if (!patient->changed)
    return;
  bed_handover_set (&patient->name, then->patient_name);
  bed_handover_set (&patient->birth_date, then->patient_birth_date);
  bed_handover_set (&patient->identifiers, then->patient_identifiers);
  bed_handover_set (&patient->name_now, now->patient_name);
  bed_handover_set (&patient->birth_date_now, now->patient_birth_date);
  bed_handover_set (&patient->identifiers_now, now->patient_identifiers);
}

/* The addendum's words, then the sections that it gives anew. */
static char *
addendum_text (Load *load, BedNoteVersion *version, BedNoteVersion *before)
{
  g_autoptr (GString) text = g_string_new (bed_note_version_get_text (version));

  for (guint i = 0; i < bed_note_version_get_n_sections (version); i++)
    {
      const char *now = bed_note_version_get_section (version, i);
      const char *then = i < bed_note_version_get_n_sections (before)
                             ? bed_note_version_get_section (before, i)
                             : "";

      if (!g_str_equal (now, then))
        g_string_append_printf (
            text, "%s%s:\n%s", text->len > 0 ? "\n\n" : "",
            heading_words (load->options, bed_note_version_get_heading (version, i)), now);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
load_addendum (Load *load, BedNoteVersion *version, BedNoteVersion *before)
{
  g_autofree char *text = addendum_text (load, version, before);
  g_autofree char *name = g_strdup_printf ("%s %u", load->note->uuid,
                                           bed_note_version_get_number (version));
  g_autofree char *uuid = bed_handover_derive_uuid ("addendum", name);
  BedHandoverAddendum *addendum = bed_handover_add_addendum (
      load->note, uuid, bed_note_version_get_author_name (version),
      bed_note_version_get_reason (version), text, bed_note_version_get_signed_us (version));

  addendum->signature = signature_of (load, version);
}

static void
load_attachments (Load *load, BedNoteVersion *last)
{
  GPtrArray *attachments = bed_note_version_get_attachments (last);

  for (guint i = 0; i < attachments->len; i++)
    {
      const BedNoteSignedAttachment *from = g_ptr_array_index (attachments, i);
      BedHandoverAttachment *to
          = bed_handover_add_attachment (load->note, from->uuid, from->name, from->media_type,
                                         load->note->encounter.started_us, NULL);
      g_autoptr (GString) hex = g_string_new (NULL);

      for (guint j = 0; j < sizeof from->hash; j++)
        g_string_append_printf (hex, "%02x", from->hash[j]);
      to->size = from->size;
      bed_handover_set (&to->sha256, hex->str);
    }
}

static void
load_versions (Load *load)
{
  const guint n = g_list_model_get_n_items (load->versions);
  g_autoptr (BedNoteVersion) before = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (load->versions, i);

      if (i == 0)
        load_first (load, version);
      else
        load_addendum (load, version, before);
      if (n > 1)
        bed_handover_add_version (load->note, bed_note_version_get_number (version),
                                  bed_note_version_get_author_name (version),
                                  bed_note_version_get_reason (version),
                                  bed_note_version_get_signed_us (version));
      g_set_object (&before, version);
    }
  if (before != NULL)
    load_attachments (load, before);
}

static gboolean
load_signed (Load *load, gint64 note_id, GError **error)
{
  if (load->note->state == BED_NOTE_DRAFT)
    return TRUE;
  load->versions = bed_record_store_list_versions (load->store, note_id, error);
  if (load->versions == NULL
      || !bed_record_store_verify_note (load->store, note_id, &load->verdict, &load->broken,
                                        error))
    return FALSE;
  load_versions (load);
  load_signed_patient (load);
  return TRUE;
}

/* --- Attachments' content --------------------------------------------------------------------- */

static BedHandoverAttachment *
find_attachment (BedHandover *note, const char *uuid)
{
  for (guint i = 0; i < note->attachments->len; i++)
    {
      BedHandoverAttachment *attachment = g_ptr_array_index (note->attachments, i);

      if (g_str_equal (attachment->uuid, uuid))
        return attachment;
    }
  return NULL;
}

/* All of its encounter's; those that a signature covers stand there already. */
static gboolean
load_content (Load *load, BedAttachment *from, GError **error)
{
  BedHandoverAttachment *to = find_attachment (load->note, bed_attachment_get_uuid (from));

  if (to == NULL)
    {
      to = bed_handover_add_attachment (
          load->note, bed_attachment_get_uuid (from), bed_attachment_get_name (from),
          bed_attachment_get_media_type (from), bed_attachment_get_real_us (from), NULL);
      to->added_later = load->note->state != BED_NOTE_DRAFT;
    }
  to->real_us = bed_attachment_get_real_us (from);
  to->size = bed_attachment_get_size (from);
  if (load->options->with_attachments)
    to->data = bed_record_store_read_attachment (load->store, bed_attachment_get_id (from), error);
  return !load->options->with_attachments || to->data != NULL;
}

static gboolean
load_contents (Load *load, gint64 encounter_id, GError **error)
{
  g_autoptr (GListModel) list = bed_record_store_list_attachments (load->store, encounter_id);
  const guint n = list != NULL ? g_list_model_get_n_items (list) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedAttachment) from = g_list_model_get_item (list, i);

      if (!load_content (load, from, error))
        return FALSE;
    }
  return TRUE;
}

/* --- All of it -------------------------------------------------------------------------------- */

static void
add_message (gint64 real_us, gboolean from_patient, const char *text, gpointer user_data)
{
  bed_handover_add_message (user_data, real_us, from_patient, text);
}

static gboolean
load_all (Load *load, gint64 note_id, GError **error)
{
  g_autoptr (BedNote) note = bed_record_store_get_note (load->store, note_id, error);
  g_autoptr (BedEncounter) encounter = NULL;

  if (note == NULL)
    return FALSE;
  encounter = bed_record_store_get_encounter (load->store, bed_note_get_encounter_id (note), error);
  if (encounter == NULL)
    return FALSE;
  load->note->made_us = bed_clock_get_real_us (load->store->clock);
  load_note (load, note);
  load_author (load->note, load->options);
  return load_encounter (load, encounter, error)
         && load_patient (load->note, load->store, encounter, error)
         && load_signed (load, note_id, error)
         && load_contents (load, bed_encounter_get_id (encounter), error)
         && (!load->options->with_chat
             || bed_record_store_each_chat (load->store, bed_encounter_get_id (encounter),
                                            add_message, load->note, error));
}

BedHandover *
bed_handover_load (BedRecordStore *store, gint64 note_id, const BedHandoverOptions *options,
                   GError **error)
{
  g_autoptr (BedHandover) note = bed_handover_new ();
  Load load = { .note = note, .store = store, .options = options };
  gboolean ok = load_all (&load, note_id, error);

  g_clear_pointer (&load.now, bed_note_facts_free);
  g_clear_object (&load.versions);
  return ok ? g_steal_pointer (&note) : NULL;
}
