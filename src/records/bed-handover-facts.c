/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-handover-facts-private.h"

#include <string.h>

static void
fact_free (gpointer data)
{
  BedHandoverFact *fact = data;

  bed_secret_wipe (fact->value, strlen (fact->value));
  g_free (fact->value);
  g_free (fact);
}

/* Takes the value; an empty one is no fact. */
static void
add (GPtrArray *facts, const BedHandoverWords *words, BedWord label, char *value)
{
  BedHandoverFact *fact;

  if (value[0] == '\0')
    {
      g_free (value);
      return;
    }
  fact = g_new0 (BedHandoverFact, 1);
  fact->label = words->words[label];
  fact->value = bed_handover_isolate (words, value);
  g_free (value);
  g_ptr_array_add (facts, fact);
}

static char *
length_text (const BedHandoverEncounter *encounter, const BedHandoverWords *words)
{
  g_autofree char *minutes = NULL;

  if (encounter->started_us == 0 || encounter->ended_us < encounter->started_us)
    return g_strdup ("");
  minutes = g_strdup_printf (
      "%" G_GINT64_FORMAT,
      (encounter->ended_us - encounter->started_us + 30 * G_USEC_PER_SEC) / (60 * G_USEC_PER_SEC));
  return bed_handover_word (words, BED_WORD_MINUTES, "n", minutes, NULL);
}

static char *
participants_text (const BedHandover *note, const BedHandoverWords *words)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *patient = note->encounter.typed_name[0] != '\0' ? note->encounter.typed_name
                                                              : note->patient.name;

  if (note->author.name[0] != '\0')
    g_ptr_array_add (names, bed_handover_isolate (words, note->author.name));
  if (patient[0] != '\0')
    g_ptr_array_add (names, bed_handover_isolate (words, patient));
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

static char *
consent_text (const BedPatientConsent *consent, const BedHandoverWords *words)
{
  g_autofree char *time = bed_handover_time (words, BED_WORD_DATE_TIME_FORMAT,
                                             bed_patient_consent_get_real_us (consent));
  g_autofree char *given = bed_handover_word (
      words, BED_WORD_CONSENT_GIVEN, "time", time, "version",
      bed_patient_consent_get_text_version (consent), "language",
      bed_patient_consent_get_language (consent), NULL);

  return g_strconcat (
      given, bed_patient_consent_get_text_known (consent) ? "" : "; ",
      bed_patient_consent_get_text_known (consent) ? "" : words->words[BED_WORD_CONSENT_UNKNOWN],
      bed_patient_consent_get_camera (consent) ? "; " : "",
      bed_patient_consent_get_camera (consent) ? words->words[BED_WORD_CAMERA] : "",
      bed_patient_consent_get_microphone (consent) ? "; " : "",
      bed_patient_consent_get_microphone (consent) ? words->words[BED_WORD_MICROPHONE] : "", NULL);
}

static const char *
verification_text (BedVerification verification, const BedHandoverWords *words)
{
  switch (verification)
    {
    case BED_VERIFICATION_MATCHED:
      return words->words[BED_WORD_MATCHED];
    case BED_VERIFICATION_DIFFERED:
      return words->words[BED_WORD_DIFFERED];
    case BED_VERIFICATION_NOT_CHECKED:
    default:
      return words->words[BED_WORD_NOT_CHECKED];
    }
}

static const char *
path_text (const char *path, const BedHandoverWords *words)
{
  if (g_str_equal (path, "direct"))
    return words->words[BED_WORD_DIRECT];
  return g_str_equal (path, "relayed") ? words->words[BED_WORD_RELAYED] : "";
}

GPtrArray *
bed_handover_encounter_facts (const BedHandover *note, const BedHandoverWords *words)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (fact_free);
  const BedHandoverEncounter *encounter = &note->encounter;

  add (facts, words, BED_WORD_STARTED,
       bed_handover_time (words, BED_WORD_DATE_TIME_FORMAT, encounter->started_us));
  add (facts, words, BED_WORD_ENDED,
       bed_handover_time (words, BED_WORD_DATE_TIME_FORMAT, encounter->ended_us));
  add (facts, words, BED_WORD_DURATION, length_text (encounter, words));
  add (facts, words, BED_WORD_PARTICIPANTS, participants_text (note, words));
  add (facts, words, BED_WORD_PLACE, g_strdup (encounter->place));
  add (facts, words, BED_WORD_ENCRYPTION,
       g_strdup (verification_text (encounter->verification, words)));
  add (facts, words, BED_WORD_PATH, g_strdup (path_text (encounter->path, words)));
  for (guint i = 0; i < note->consents->len; i++)
    add (facts, words, BED_WORD_CONSENT,
         consent_text (g_ptr_array_index (note->consents, i), words));
  return facts;
}

/* The values alone, of lines of "system|value". */
static char *
identifier_text (const char *identifiers)
{
  g_auto (GStrv) lines = g_strsplit (identifiers, "\n", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *bar = strchr (lines[i], '|');
      g_autofree char *value = g_strdup (bar != NULL ? bar + 1 : lines[i]);

      g_strstrip (value);
      if (value[0] != '\0')
        g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", value);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
person_line (const BedHandoverWords *words, const char *name, const char *birth_date,
             const char *identifiers)
{
  g_autofree char *day = bed_handover_birth_date (words, birth_date);
  g_autofree char *identifier = identifier_text (identifiers);
  g_autofree char *who = bed_handover_isolate (words, name);
  g_autofree char *born = bed_handover_isolate (words, day);
  g_autofree char *number = bed_handover_isolate (words, identifier);

  return g_strconcat (who, born[0] != '\0' ? " · " : "", born, number[0] != '\0' ? " · " : "",
                      number, NULL);
}

GPtrArray *
bed_handover_patient_facts (const BedHandover *note, const BedHandoverWords *words)
{
  const BedHandoverPatient *patient = &note->patient;
  GPtrArray *facts = g_ptr_array_new_with_free_func (fact_free);

  add (facts, words, BED_WORD_BIRTH_DATE, bed_handover_birth_date (words, patient->birth_date));
  add (facts, words, BED_WORD_IDENTIFIER, identifier_text (patient->identifiers));
  add (facts, words, BED_WORD_TELEPHONE, g_strdup (patient->telephone));
  if (patient->changed)
    add (facts, words, BED_WORD_NOW,
         person_line (words, patient->name_now, patient->birth_date_now,
                      patient->identifiers_now));
  if (patient->assigned_later)
    add (facts, words, BED_WORD_PATIENT, g_strdup (words->words[BED_WORD_ASSIGNED_LATER]));
  return facts;
}

char *
bed_handover_patient_line (const BedHandover *note, const BedHandoverWords *words)
{
  return person_line (words, note->patient.name, note->patient.birth_date,
                      note->patient.identifiers);
}

char *
bed_handover_printable (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if ((!g_unichar_iscntrl (c) && (c & 0xfffe) != 0xfffe) || c == '\n' || c == '\t')
        g_string_append_unichar (out, c);
      else if (c != '\r')
        g_string_append_unichar (out, 0xfffd);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

gboolean
bed_handover_is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

char *
bed_handover_signed_line (const BedHandoverSignature *signature, const BedHandoverWords *words)
{
  g_autofree char *time
      = bed_handover_time (words, BED_WORD_DATE_TIME_FORMAT, signature->real_us);
  g_autofree char *by
      = bed_handover_word (words, BED_WORD_SIGNED_BY, "name", signature->signer, NULL);
  g_autofree char *on = bed_handover_word (words, BED_WORD_SIGNED_ON, "time", time, NULL);

  return g_strconcat (by, " ", on, NULL);
}

char *
bed_handover_attachment_line (const BedHandoverAttachment *attachment,
                              const BedHandoverWords *words)
{
  g_autofree char *size = g_format_size (attachment->size);

  return g_strdup_printf ("%s (%s, %s)%s%s", attachment->name, attachment->media_type, size,
                          attachment->added_later ? ", " : "",
                          attachment->added_later ? words->words[BED_WORD_ADDED_LATER] : "");
}
