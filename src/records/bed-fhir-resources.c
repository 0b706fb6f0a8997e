/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-encoding.h"
#include "bed-fhir-private.h"
#include "bed-handover-facts-private.h"

#include <string.h>

/* --- Who -------------------------------------------------------------------------------------- */

static void
telecom (BedFhir *self, const char *telephone)
{
  if (telephone[0] == '\0')
    return;
  bed_fhir_open_array (self, "telecom");
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "system", "phone");
  bed_fhir_string (self, "value", telephone);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
}

static void
human_name (BedFhir *self, const char *use, const char *name)
{
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "use", use);
  bed_fhir_string (self, "text", name);
  bed_fhir_close (self);
}

static void
name_text (BedFhir *self, const char *name)
{
  if (name[0] == '\0')
    return;
  bed_fhir_open_array (self, "name");
  human_name (self, NULL, name);
  bed_fhir_close_array (self);
}

/* Who the note was signed for comes first; the name of today is the official one then. */
static void
patient_names (BedFhir *self, const BedHandoverPatient *patient)
{
  if (!patient->changed || g_str_equal (patient->name, patient->name_now))
    {
      name_text (self, patient->name);
      return;
    }
  bed_fhir_open_array (self, "name");
  human_name (self, "old", patient->name);
  human_name (self, "official", patient->name_now);
  bed_fhir_close_array (self);
}

/* "system|value": a system that is no URI is left out, a value is kept. */
static void
record_identifier (BedFhir *self, const char *use, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, "|", 2);
  const char *last = parts[0] == NULL ? "" : parts[1] != NULL ? parts[1] : parts[0];
  g_autofree char *value = g_strdup (last);
  const gboolean has_system = parts[0] != NULL && parts[1] != NULL
                              && g_uri_is_valid (parts[0], G_URI_FLAGS_NONE, NULL);

  if (g_strstrip (value)[0] == '\0')
    return;
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "use", use);
  bed_fhir_string (self, "system", has_system ? parts[0] : NULL);
  bed_fhir_string (self, "value", value);
  bed_fhir_close (self);
}

/* Those that were signed, then those that the record has had since. */
static void
patient_identifiers (BedFhir *self, const BedHandoverPatient *patient)
{
  g_auto (GStrv) then = g_strsplit (patient->identifiers, "\n", -1);
  g_auto (GStrv) now = g_strsplit (patient->identifiers_now, "\n", -1);

  for (guint i = 0; then[i] != NULL; i++)
    {
      const gboolean old = patient->changed && !g_strv_contains ((const char **) now, then[i]);

      record_identifier (self, old ? "old" : NULL, then[i]);
    }
  for (guint i = 0; now[i] != NULL; i++)
    if (!g_strv_contains ((const char **) then, now[i]))
      record_identifier (self, NULL, now[i]);
}

static gboolean
is_date (const char *text)
{
  g_autofree char *midnight = g_strconcat (text, "T00:00:00Z", NULL);
  g_autoptr (GDateTime) time = strlen (text) == 10 ? g_date_time_new_from_iso8601 (midnight, NULL)
                                                   : NULL;

  return time != NULL && text[4] == '-' && text[7] == '-';
}

static void
languages (BedFhir *self, const char *language)
{
  if (language[0] == '\0')
    return;
  bed_fhir_open_array (self, "communication");
  bed_fhir_open (self, NULL);
  bed_fhir_concept (self, "language", "urn:ietf:bcp:47", language, NULL);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
}

void
bed_fhir_patient (BedFhir *self)
{
  const BedHandoverPatient *patient = &self->note->patient;
  g_autofree char *urn = bed_fhir_urn (patient->uuid);
  g_autoptr (GPtrArray) facts = bed_handover_patient_facts (self->note, self->words);
  GString *html = g_string_new (NULL);

  bed_fhir_begin_entry (self, urn, "Patient");
  bed_fhir_html_paragraph (html, patient->name);
  bed_fhir_html_facts (html, facts);
  bed_fhir_narrative (self, html);
  bed_fhir_open_array (self, "identifier");
  bed_fhir_uuid_identifier (self, NULL, patient->uuid);
  patient_identifiers (self, patient);
  bed_fhir_close_array (self);
  patient_names (self, patient);
  telecom (self, patient->telephone);
  if (is_date (patient->birth_date))
    bed_fhir_string (self, "birthDate", patient->birth_date);
  languages (self, patient->language);
  bed_fhir_end_entry (self);
}

/* RFC 9278 */
static char *
key_uri (const BedHandoverSignature *signature)
{
  g_autofree char *text = bed_handover_key_thumbprint (signature->key);

  return g_strconcat ("urn:ietf:params:oauth:jwk-thumbprint:sha-256:", text, NULL);
}

/* The keys that this person signed with, once each. */
static void
key_identifiers (BedFhir *self, const char *urn, const char *account)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const BedHandoverSignature *signature;
  gboolean open = account != NULL && account[0] != '\0';

  if (open)
    {
      bed_fhir_open_array (self, "identifier");
      bed_fhir_identifier (self, NULL, NULL, account);
    }
  for (guint i = 0; (signature = bed_fhir_nth_signature (self->note, i)) != NULL; i++)
    {
      g_autofree char *signer = bed_fhir_clinician_urn (self, signature->signer);
      g_autofree char *uri = key_uri (signature);

      if (!g_str_equal (signer, urn) || !g_hash_table_add (seen, g_strdup (uri)))
        continue;
      if (!open)
        bed_fhir_open_array (self, "identifier");
      open = TRUE;
      bed_fhir_identifier (self, NULL, BED_FHIR_URI_SYSTEM, uri);
    }
  if (open)
    bed_fhir_close_array (self);
}

static void
practitioner (BedFhir *self, const char *name, const char *account)
{
  g_autofree char *urn = bed_fhir_clinician_urn (self, name);
  GString *html = g_string_new (NULL);

  bed_fhir_begin_entry (self, urn, "Practitioner");
  bed_fhir_html_paragraph (html, name);
  bed_fhir_html_paragraph (html, account != NULL ? self->note->author.clinic : "");
  bed_fhir_narrative (self, html);
  key_identifiers (self, urn, account);
  name_text (self, name);
  bed_fhir_end_entry (self);
}

void
bed_fhir_practitioners (BedFhir *self)
{
  practitioner (self, self->note->author.name, self->note->author.account);
  for (guint i = 0; i < self->clinicians->len; i++)
    practitioner (self, g_ptr_array_index (self->clinicians, i), NULL);
}

void
bed_fhir_organization (BedFhir *self)
{
  const BedHandoverAuthor *author = &self->note->author;
  g_autofree char *urn = bed_fhir_organization_urn (self);
  GString *html;

  if (author->clinic[0] == '\0')
    return;
  html = g_string_new (NULL);
  bed_fhir_begin_entry (self, urn, "Organization");
  bed_fhir_html_paragraph (html, author->clinic);
  bed_fhir_html_paragraph (html, author->clinic_telephone);
  bed_fhir_narrative (self, html);
  bed_fhir_string (self, "name", author->clinic);
  telecom (self, author->clinic_telephone);
  bed_fhir_end_entry (self);
}

/* --- What happened ---------------------------------------------------------------------------- */

static void
performer (BedFhir *self, const char *urn, const char *name)
{
  bed_fhir_open (self, NULL);
  bed_fhir_open_array (self, "type");
  bed_fhir_concept (self, NULL, BED_FHIR_TERMINOLOGY "v3-ParticipationType", "PPRF",
                    "primary performer");
  bed_fhir_close_array (self);
  bed_fhir_reference (self, "individual", urn, name);
  bed_fhir_close (self);
}

void
bed_fhir_encounter (BedFhir *self)
{
  static const char *const status[] = { "planned", "in-progress", "finished" };
  const BedHandoverEncounter *encounter = &self->note->encounter;
  g_autofree char *urn = bed_fhir_urn (encounter->uuid);
  g_autofree char *patient = bed_fhir_urn (self->note->patient.uuid);
  g_autofree char *clinician = bed_fhir_clinician_urn (self, "");
  g_autofree char *organization = bed_fhir_organization_urn (self);
  g_autoptr (GPtrArray) facts = bed_handover_encounter_facts (self->note, self->words);
  GString *html = g_string_new (NULL);

  bed_fhir_begin_entry (self, urn, "Encounter");
  bed_fhir_html_facts (html, facts);
  bed_fhir_narrative (self, html);
  bed_fhir_open_array (self, "identifier");
  bed_fhir_uuid_identifier (self, NULL, encounter->uuid);
  bed_fhir_close_array (self);
  bed_fhir_string (self, "status", status[MIN ((guint) encounter->state, 2)]);
  bed_fhir_coding (self, "class", BED_FHIR_TERMINOLOGY "v3-ActCode", "VR", "virtual");
  bed_fhir_reference (self, "subject", patient, self->note->patient.name);
  bed_fhir_open_array (self, "participant");
  performer (self, clinician, self->note->author.name);
  bed_fhir_close_array (self);
  bed_fhir_period (self, "period", encounter->started_us, encounter->ended_us);
  if (self->note->author.clinic[0] != '\0')
    bed_fhir_reference (self, "serviceProvider", organization, self->note->author.clinic);
  bed_fhir_end_entry (self);
}

/* RFC 6920: a name for the words that were agreed to, by their hash. */
static char *
text_name (const BedPatientConsent *consent)
{
  g_autofree char *hash = bed_base64url_encode (bed_patient_consent_get_text_hash (consent),
                                                BED_CONSENT_TEXT_HASH_LENGTH);

  return g_strconcat ("ni:///sha-256;", hash, NULL);
}

/* R4 has no element for words that the clinic did not know: they are told where the words are
 * named. */
static char *
text_title (BedFhir *self, const BedPatientConsent *consent)
{
  const char *version = bed_patient_consent_get_text_version (consent);

  if (bed_patient_consent_get_text_known (consent))
    return g_strdup (version);
  return g_strdup_printf ("%s (%s)", version, self->words->words[BED_WORD_CONSENT_UNKNOWN]);
}

static void
consent_basis (BedFhir *self, const BedPatientConsent *consent)
{
  g_autofree char *uri = text_name (consent);
  g_autofree char *title = text_title (self, consent);

  bed_fhir_open (self, "sourceAttachment");
  bed_fhir_string (self, "contentType", "text/plain");
  bed_fhir_string (self, "language", bed_patient_consent_get_language (consent));
  bed_fhir_string (self, "url", uri);
  bed_fhir_string (self, "title", title);
  bed_fhir_close (self);
  bed_fhir_open_array (self, "policy");
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "uri", uri);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
}

static void
consent_fact (BedFhir *self, guint index)
{
  g_autoptr (GPtrArray) facts = bed_handover_encounter_facts (self->note, self->words);
  const guint first = facts->len - self->note->consents->len;
  const BedHandoverFact *fact = g_ptr_array_index (facts, first + index);
  GString *html = g_string_new (NULL);

  bed_fhir_html_paragraph (html, fact->value);
  bed_fhir_narrative (self, html);
}

void
bed_fhir_consents (BedFhir *self)
{
  g_autofree char *patient = bed_fhir_urn (self->note->patient.uuid);
  g_autofree char *organization = bed_fhir_organization_urn (self);

  for (guint i = 0; i < self->note->consents->len; i++)
    {
      const BedPatientConsent *consent = g_ptr_array_index (self->note->consents, i);
      g_autofree char *urn = bed_fhir_consent_urn (self, i);

      bed_fhir_begin_entry (self, urn, "Consent");
      consent_fact (self, i);
      bed_fhir_string (self, "status", "active");
      bed_fhir_concept (self, "scope", BED_FHIR_TERMINOLOGY "consentscope", "treatment",
                        "Treatment");
      bed_fhir_open_array (self, "category");
      bed_fhir_concept (self, NULL, BED_FHIR_LOINC, "59284-0", "Consent Document");
      bed_fhir_close_array (self);
      bed_fhir_reference (self, "patient", patient, self->note->patient.name);
      bed_fhir_time (self, "dateTime", bed_patient_consent_get_real_us (consent));
      bed_fhir_open_array (self, "performer");
      bed_fhir_reference (self, NULL, patient, self->note->patient.name);
      bed_fhir_close_array (self);
      if (self->note->author.clinic[0] != '\0')
        {
          bed_fhir_open_array (self, "organization");
          bed_fhir_reference (self, NULL, organization, self->note->author.clinic);
          bed_fhir_close_array (self);
        }
      consent_basis (self, consent);
      bed_fhir_end_entry (self);
    }
}

/* --- What belongs to it ----------------------------------------------------------------------- */

static void
binary (BedFhir *self, const char *urn, const char *media_type, gconstpointer data, gsize length)
{
  bed_fhir_begin_entry (self, urn, "Binary");
  bed_fhir_string (self, "contentType", media_type);
  bed_fhir_base64 (self, "data", data, length);
  bed_fhir_end_entry (self);
}

/* Attachment.hash is SHA-1 by its definition; it finds errors, the signature finds changes. */
static void
attachment_content (BedFhir *self, const BedHandoverAttachment *attachment, const char *url)
{
  bed_fhir_open_array (self, "content");
  bed_fhir_open (self, NULL);
  bed_fhir_open (self, "attachment");
  bed_fhir_string (self, "contentType", attachment->media_type);
  if (attachment->data != NULL && attachment->size > 0)
    {
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
      guint8 digest[20];
      gsize length = sizeof digest;

      g_checksum_update (sum, g_bytes_get_data (attachment->data, NULL),
                         g_bytes_get_size (attachment->data));
      g_checksum_get_digest (sum, digest, &length);
      bed_fhir_string (self, "url", url);
      json_builder_set_member_name (self->json, "size");
      json_builder_add_int_value (self->json, (gint64) attachment->size);
      bed_fhir_base64 (self, "hash", digest, length);
    }
  bed_fhir_string (self, "title", attachment->name);
  bed_fhir_time (self, "creation", attachment->real_us);
  bed_fhir_close (self);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
}

static void
attachment_reference (BedFhir *self, const BedHandoverAttachment *attachment, const char *url)
{
  g_autofree char *urn = bed_fhir_urn (attachment->uuid);
  g_autofree char *patient = bed_fhir_urn (self->note->patient.uuid);
  g_autofree char *encounter = bed_fhir_urn (self->note->encounter.uuid);
  g_autofree char *line = bed_handover_attachment_line (attachment, self->words);
  GString *html = g_string_new (NULL);

  bed_fhir_begin_entry (self, urn, "DocumentReference");
  bed_fhir_html_paragraph (html, line);
  bed_fhir_narrative (self, html);
  bed_fhir_string (self, "status", "current");
  bed_fhir_reference (self, "subject", patient, self->note->patient.name);
  bed_fhir_time (self, "date", attachment->real_us);
  bed_fhir_string (self, "description", attachment->name);
  attachment_content (self, attachment, url);
  bed_fhir_open (self, "context");
  bed_fhir_open_array (self, "encounter");
  bed_fhir_reference (self, NULL, encounter, NULL);
  bed_fhir_close_array (self);
  bed_fhir_close (self);
  bed_fhir_end_entry (self);
}

void
bed_fhir_attachments (BedFhir *self)
{
  for (guint i = 0; i < self->note->attachments->len; i++)
    {
      const BedHandoverAttachment *attachment = g_ptr_array_index (self->note->attachments, i);
      g_autofree char *url = bed_fhir_derived_urn ("attachment data", attachment->uuid);

      attachment_reference (self, attachment, url);
      if (attachment->data != NULL && attachment->size > 0)
        binary (self, url, attachment->media_type, g_bytes_get_data (attachment->data, NULL),
                g_bytes_get_size (attachment->data));
    }
}

/* --- Signatures ------------------------------------------------------------------------------- */

static void
signature_value (BedFhir *self, const BedHandoverSignature *signature, const char *who)
{
  bed_fhir_open_array (self, "signature");
  bed_fhir_open (self, NULL);
  bed_fhir_open_array (self, "type");
  bed_fhir_coding (self, NULL, "urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.1",
                   "Author's Signature");
  bed_fhir_close_array (self);
  bed_fhir_time (self, "when", signature->real_us);
  bed_fhir_reference (self, "who", who, signature->signer);
  bed_fhir_string (self, "targetFormat", "application/octet-stream");
  bed_fhir_string (self, "sigFormat", "application/octet-stream");
  bed_fhir_base64 (self, "data", signature->signature, sizeof signature->signature);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
}

static void
entity (BedFhir *self, const char *urn, const char *display)
{
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "role", "source");
  bed_fhir_reference (self, "what", urn, display);
  bed_fhir_close (self);
}

static void
provenance (BedFhir *self, const BedHandoverSignature *signature)
{
  g_autofree char *urn = bed_fhir_signature_urn ("provenance", signature);
  g_autofree char *signed_urn = bed_fhir_signature_urn ("signed", signature);
  g_autofree char *key_urn = bed_fhir_signature_urn ("key", signature);
  g_autofree char *composition = bed_fhir_urn (self->note->uuid);
  g_autofree char *who = bed_fhir_clinician_urn (self, signature->signer);
  g_autofree char *line = bed_handover_signed_line (signature, self->words);
  GString *html = g_string_new (NULL);

  bed_fhir_begin_entry (self, urn, "Provenance");
  bed_fhir_html_paragraph (html, line);
  bed_fhir_html_paragraph (
      html,
      self->words->words[signature->verified ? BED_WORD_VERIFIED : BED_WORD_NOT_VERIFIED]);
  bed_fhir_narrative (self, html);
  bed_fhir_open_array (self, "target");
  bed_fhir_reference (self, NULL, composition, NULL);
  bed_fhir_close_array (self);
  bed_fhir_time (self, "occurredDateTime", signature->real_us);
  bed_fhir_time (self, "recorded", signature->real_us);
  bed_fhir_concept (self, "activity", BED_FHIR_TERMINOLOGY "v3-DocumentCompletion", "LA",
                    "legally authenticated");
  bed_fhir_open_array (self, "agent");
  bed_fhir_open (self, NULL);
  bed_fhir_concept (self, "type", BED_FHIR_TERMINOLOGY "provenance-participant-type", "author",
                    "Author");
  bed_fhir_reference (self, "who", who, signature->signer);
  bed_fhir_close (self);
  bed_fhir_close_array (self);
  bed_fhir_open_array (self, "entity");
  if (signature->signed_bytes != NULL)
    entity (self, signed_urn, "The signed bytes");
  entity (self, key_urn, "The key to check them with (RFC 8037)");
  bed_fhir_close_array (self);
  signature_value (self, signature, who);
  bed_fhir_end_entry (self);
}

void
bed_fhir_signatures (BedFhir *self)
{
  const BedHandoverSignature *signature;

  for (guint i = 0; (signature = bed_fhir_nth_signature (self->note, i)) != NULL; i++)
    {
      g_autofree char *signed_urn = bed_fhir_signature_urn ("signed", signature);
      g_autofree char *key_urn = bed_fhir_signature_urn ("key", signature);
      g_autofree char *key = bed_handover_key_json (signature->key);

      provenance (self, signature);
      if (signature->signed_bytes != NULL)
        binary (self, signed_urn, "application/octet-stream",
                g_bytes_get_data (signature->signed_bytes, NULL),
                g_bytes_get_size (signature->signed_bytes));
      binary (self, key_urn, "application/jwk+json", key, strlen (key));
    }
}
