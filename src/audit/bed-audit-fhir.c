/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-export-private.h"
#include "bed-audit-pattern-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* FHIR R4 AuditEvent, IHE BALP 1.1 (profiles.ihe.net/ITI/BALP). */
#define DCM "http://dicom.nema.org/resources/ontology/DCM"
#define TERMINOLOGY "http://terminology.hl7.org/CodeSystem/"
#define PROFILE "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
#define OWN "https://bedside.org/fhir/"

typedef struct
{
  JsonBuilder *json;
  const BedAuditWriting *writing;
  const BedAuditEntry *entry;
  const BedAuditMeaning *meaning; /* NULL: of a later version */
  char patient[BED_AUDIT_ID_MAX + 1]; /* "": none is known */
} Event;

static void
put (Event *self, const char *name, const char *value)
{
  json_builder_set_member_name (self->json, name);
  json_builder_add_string_value (self->json, value);
}

static void
open_object (Event *self, const char *name)
{
  if (name != NULL)
    json_builder_set_member_name (self->json, name);
  json_builder_begin_object (self->json);
}

static void
open_array (Event *self, const char *name)
{
  json_builder_set_member_name (self->json, name);
  json_builder_begin_array (self->json);
}

#define CLOSE_OBJECT(self) json_builder_end_object ((self)->json)
#define CLOSE_ARRAY(self) json_builder_end_array ((self)->json)

static void
coding (Event *self, const char *name, const char *system, const char *code, const char *display)
{
  open_object (self, name);
  put (self, "system", system);
  put (self, "code", code);
  if (display != NULL)
    put (self, "display", display);
  CLOSE_OBJECT (self);
}

static void
concept (Event *self, const char *name, const char *system, const char *code, const char *display)
{
  open_object (self, name);
  open_array (self, "coding");
  coding (self, NULL, system, code, display);
  CLOSE_ARRAY (self);
  CLOSE_OBJECT (self);
}

static gboolean
is_uuid (const char *id)
{
  return g_uuid_string_is_valid (id);
}

/* --- What it follows -------------------------------------------------------------------------- */

static gboolean
is_pattern (Event *self, BedAuditPattern pattern)
{
  return self->meaning != NULL && self->meaning->pattern == pattern;
}

/* Whether everything that the pattern asks for is there. */
static gboolean
has_profile (Event *self)
{
  if (self->meaning == NULL || is_pattern (self, BED_AUDIT_PATTERN_OTHER))
    return FALSE;
  if (is_pattern (self, BED_AUDIT_PATTERN_DISCLOSE))
    return self->patient[0] != '\0';
  return is_pattern (self, BED_AUDIT_PATTERN_QUERY) || self->entry->subject[0] != '\0';
}

static void
profile (Event *self)
{
  static const char *const names[] = { "Read", "Create", "Update", "Delete", "Query" };
  g_autofree char *url = NULL;

  if (!has_profile (self))
    return;
  if (is_pattern (self, BED_AUDIT_PATTERN_DISCLOSE))
    url = g_strdup (PROFILE "PrivacyDisclosure.Source");
  else
    url = g_strconcat (PROFILE, self->patient[0] != '\0' ? "Patient" : "",
                       names[self->meaning->pattern], NULL);
  open_object (self, "meta");
  open_array (self, "profile");
  json_builder_add_string_value (self->json, url);
  CLOSE_ARRAY (self);
  CLOSE_OBJECT (self);
}

/* --- What happened ---------------------------------------------------------------------------- */

static void
own_subtype (Event *self)
{
  const char *name = bed_audit_event_get_name (self->entry->event);

  coding (self, NULL, OWN "CodeSystem/audit-event", name != NULL ? name : "unknown", NULL);
}

static void
type (Event *self)
{
  static const char *const acts[] = { "read", "create", "update", "delete", "search" };
  const BedAuditMeaning *meaning = self->meaning;
  gboolean rest = meaning != NULL && meaning->pattern <= BED_AUDIT_PATTERN_QUERY;

  if (rest)
    coding (self, "type", TERMINOLOGY "audit-event-type", "rest", "Restful Operation");
  else
    coding (self, "type", DCM, meaning != NULL ? meaning->type : "110100",
            bed_audit_dicom_display (meaning != NULL ? meaning->type : "110100"));
  open_array (self, "subtype");
  if (rest)
    coding (self, NULL, "http://hl7.org/fhir/restful-interaction", acts[meaning->pattern],
            acts[meaning->pattern]);
  if (meaning != NULL && meaning->subtype != NULL)
    coding (self, NULL, DCM, meaning->subtype, bed_audit_dicom_display (meaning->subtype));
  if (is_pattern (self, BED_AUDIT_PATTERN_DISCLOSE))
    coding (self, NULL, TERMINOLOGY "iso-21089-lifecycle", "disclose",
            "Disclose Record Lifecycle Event");
  own_subtype (self);
  CLOSE_ARRAY (self);
}

static void
outcome (Event *self)
{
  static const char *const actions[] = { "R", "C", "U", "D", "E" };
  g_autofree char *recorded = bed_audit_format_time (self->entry->real_us);
  const BedAuditMeaning *meaning = self->meaning;

  if (meaning == NULL)
    put (self, "action", "E");
  else
    put (self, "action", meaning->pattern <= BED_AUDIT_PATTERN_QUERY ? actions[meaning->pattern]
                                                                     : meaning->action);
  put (self, "recorded", recorded);
  put (self, "outcome", meaning != NULL && meaning->outcome != NULL ? meaning->outcome : "0");
}

/* --- Who did it ------------------------------------------------------------------------------- */

/* The app, the same words wherever it occurs. */
static void
app_who (Event *self, const char *name)
{
  g_autofree char *display = g_strconcat ("Bedside ", self->writing->version, NULL);

  open_object (self, name);
  open_object (self, "identifier");
  put (self, "system", OWN "software");
  put (self, "value", self->writing->version);
  CLOSE_OBJECT (self);
  put (self, "display", display);
  CLOSE_OBJECT (self);
}

static void
network (Event *self)
{
  open_object (self, "network");
  put (self, "address", "localhost");
  put (self, "type", "1");
  CLOSE_OBJECT (self);
}

static void
requestor (Event *self, gboolean yes)
{
  json_builder_set_member_name (self->json, "requestor");
  json_builder_add_boolean_value (self->json, yes);
}

static void
app_agent (Event *self, const char *system, const char *code, const char *display)
{
  open_object (self, NULL);
  concept (self, "type", system, code, display);
  app_who (self, "who");
  requestor (self, FALSE);
  network (self);
  CLOSE_OBJECT (self);
}

static void
user_agent (Event *self)
{
  gboolean writes = is_pattern (self, BED_AUDIT_PATTERN_CREATE)
                    || is_pattern (self, BED_AUDIT_PATTERN_UPDATE)
                    || is_pattern (self, BED_AUDIT_PATTERN_DELETE);

  if (self->entry->actor[0] == '\0')
    return;
  open_object (self, NULL);
  if (writes)
    concept (self, "type", TERMINOLOGY "v3-ParticipationType", "AUT", "author (originator)");
  else
    concept (self, "type", TERMINOLOGY "v3-ParticipationType", "IRCP", "information recipient");
  open_object (self, "who");
  open_object (self, "identifier");
  put (self, "system", OWN "account");
  put (self, "value", self->entry->actor);
  CLOSE_OBJECT (self);
  CLOSE_OBJECT (self);
  requestor (self, TRUE);
  CLOSE_OBJECT (self);
}

/* Of what left the record nobody knows who will read it. */
static void
recipient_agent (Event *self)
{
  open_object (self, NULL);
  concept (self, "type", DCM, "110152", "Destination Role ID");
  open_object (self, "who");
  put (self, "display", "A file that the user chose");
  CLOSE_OBJECT (self);
  requestor (self, FALSE);
  network (self);
  CLOSE_OBJECT (self);
}

/* The app is both sides: it asks for what lies on this machine, and it serves it. */
static void
agents (Event *self)
{
  open_array (self, "agent");
  user_agent (self);
  if (self->meaning == NULL || is_pattern (self, BED_AUDIT_PATTERN_OTHER))
    app_agent (self, DCM, "110150", "Application");
  else if (is_pattern (self, BED_AUDIT_PATTERN_DELETE))
    {
      app_agent (self, DCM, "110150", "Application");
      app_agent (self, TERMINOLOGY "provenance-participant-type", "custodian", "Custodian");
    }
  else
    {
      app_agent (self, DCM, "110153", "Source Role ID");
      if (is_pattern (self, BED_AUDIT_PATTERN_DISCLOSE))
        recipient_agent (self);
      else
        app_agent (self, DCM, "110152", "Destination Role ID");
    }
  CLOSE_ARRAY (self);
}

static void
source (Event *self)
{
  open_object (self, "source");
  if (self->writing->clinic[0] != '\0')
    put (self, "site", self->writing->clinic);
  app_who (self, "observer");
  open_array (self, "type");
  coding (self, NULL, TERMINOLOGY "security-source-type", "1", "User Device");
  CLOSE_ARRAY (self);
  CLOSE_OBJECT (self);
}

/* --- What it was done to ---------------------------------------------------------------------- */

static void
what (Event *self, const char *id, const char *resource)
{
  open_object (self, "what");
  if (resource != NULL && is_uuid (id))
    {
      g_autofree char *urn = g_strconcat ("urn:uuid:", id, NULL);
      put (self, "reference", urn);
    }
  else
    {
      open_object (self, "identifier");
      put (self, "system", OWN "subject");
      put (self, "value", id);
      CLOSE_OBJECT (self);
    }
  if (resource != NULL)
    put (self, "type", resource);
  CLOSE_OBJECT (self);
}

static void
patient_entity (Event *self)
{
  if (self->patient[0] == '\0')
    return;
  open_object (self, NULL);
  what (self, self->patient, "Patient");
  coding (self, "type", TERMINOLOGY "audit-entity-type", "1", "Person");
  coding (self, "role", TERMINOLOGY "object-role", "1", "Patient");
  CLOSE_OBJECT (self);
}

static void
data_entity (Event *self)
{
  if (self->entry->subject[0] == '\0')
    return;
  open_object (self, NULL);
  what (self, self->entry->subject, self->meaning != NULL ? self->meaning->resource : NULL);
  coding (self, "type", TERMINOLOGY "audit-entity-type", "2", "System Object");
  coding (self, "role", TERMINOLOGY "object-role", "4", "Domain Resource");
  CLOSE_OBJECT (self);
}

/* That somebody searched is kept, what for is not. */
static void
query_entity (Event *self)
{
  static const char query[] = "Composition?_text";
  g_autofree char *encoded = g_base64_encode ((const guchar *) query, strlen (query));

  open_object (self, NULL);
  coding (self, "type", TERMINOLOGY "audit-entity-type", "2", "System Object");
  coding (self, "role", TERMINOLOGY "object-role", "24", "Query");
  put (self, "description", "The words that were searched for are not kept.");
  put (self, "query", encoded);
  CLOSE_OBJECT (self);
}

static void
entities (Event *self)
{
  gboolean query = is_pattern (self, BED_AUDIT_PATTERN_QUERY);

  if (!query && self->entry->subject[0] == '\0')
    return;
  open_array (self, "entity");
  patient_entity (self);
  if (query)
    query_entity (self);
  else
    data_entity (self);
  CLOSE_ARRAY (self);
}

/* --- The chain: all that the hash covers ------------------------------------------------------ */

static void
part (Event *self, const char *url, const char *type_name, const char *value)
{
  if (*value == '\0')
    return;
  open_object (self, NULL);
  put (self, "url", url);
  put (self, type_name, value);
  CLOSE_OBJECT (self);
}

static void
chain (Event *self)
{
  const BedAuditEntry *entry = self->entry;
  g_autofree char *sequence = g_strdup_printf ("%" G_GUINT64_FORMAT, entry->sequence);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, entry->real_us);
  g_autofree char *event = g_strdup_printf ("%u", (guint) entry->event);
  g_autofree char *previous = g_base64_encode (entry->previous, sizeof entry->previous);
  g_autofree char *hash = g_base64_encode (entry->hash, sizeof entry->hash);

  open_array (self, "extension");
  open_object (self, NULL);
  open_array (self, "extension");
  part (self, "sequence", "valueString", sequence);
  part (self, "time-us", "valueString", time);
  part (self, "event", "valueString", event);
  part (self, "actor", "valueString", entry->actor);
  part (self, "subject", "valueString", entry->subject);
  part (self, "previous", "valueBase64Binary", previous);
  part (self, "hash", "valueBase64Binary", hash);
  CLOSE_ARRAY (self);
  put (self, "url", OWN "StructureDefinition/audit-chain");
  CLOSE_OBJECT (self);
  CLOSE_ARRAY (self);
}

/* --- The bundle ------------------------------------------------------------------------------- */

/* A UUID of the entry's hash (version 8 of RFC 9562: of the maker's own). (transfer full) */
static char *
entry_uuid (const BedAuditEntry *entry)
{
  guint8 b[16];

  memcpy (b, entry->hash, sizeof b);
  b[6] = (guint8) ((b[6] & 0x0f) | 0x80);
  b[8] = (guint8) ((b[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                          b[12], b[13], b[14], b[15]);
}

static void
resource (Event *self, const char *id)
{
  open_object (self, "resource");
  put (self, "resourceType", "AuditEvent");
  put (self, "id", id);
  profile (self);
  chain (self);
  type (self);
  outcome (self);
  agents (self);
  source (self);
  entities (self);
  CLOSE_OBJECT (self);
}

static void
find_patient (Event *self)
{
  const char *subject = self->entry->subject;
  const BedAuditMeaning *meaning = self->meaning;

  if (*subject == '\0' || meaning == NULL || meaning->pattern == BED_AUDIT_PATTERN_OTHER)
    return;
  if (g_strcmp0 (meaning->resource, "Patient") == 0)
    g_strlcpy (self->patient, subject, sizeof self->patient);
  else if (self->writing->patient_of == NULL
           || !self->writing->patient_of (subject, self->patient, self->writing->patient_data))
    self->patient[0] = '\0';
}

static void
fhir_entry (GString *out, const BedAuditWriting *writing, const BedAuditEntry *entry,
            gboolean first)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  Event self = { builder, writing, entry };
  g_autofree char *id = entry_uuid (entry);
  g_autofree char *url = g_strconcat ("urn:uuid:", id, NULL);

  self.meaning = bed_audit_event_get_name (entry->event) != NULL
                     ? bed_audit_meaning (entry->event) : NULL;
  find_patient (&self);
  json_builder_begin_object (builder);
  put (&self, "fullUrl", url);
  resource (&self, id);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  g_string_append (out, first ? "\n" : ",\n");
  json_generator_to_gstring (generator, out);
}

static void
fhir_begin (GString *out, const BedAuditWriting *writing)
{
  g_autofree char *now = bed_audit_format_time (writing->now_us);

  g_string_append_printf (out,
                          "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"timestamp\":\"%s\","
                          "\"entry\":[", now);
}

static void
fhir_end (GString *out)
{
  g_string_append (out, "\n]}\n");
}

const BedAuditWriter bed_audit_fhir_writer = { fhir_begin, fhir_entry, fhir_end };
