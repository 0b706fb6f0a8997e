/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-fhir-private.h"
#include "bed-handover-facts-private.h"

#include <string.h>

/* What XML 1.0 and FHIR's string can hold. */
static gboolean
is_allowed (gunichar c)
{
  if (c < 0x20)
    return c == '\t' || c == '\n';
  return c != 0xfffe && c != 0xffff && !(c >= 0x7f && c < 0xa0);
}

static char *
clean (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c != '\r')
        g_string_append_unichar (out, is_allowed (c) ? c : 0xfffd);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

void
bed_fhir_string (BedFhir *self, const char *name, const char *value)
{
  g_autofree char *plain = clean (value != NULL ? value : "");
  const char *content = g_strstrip (plain);

  if (content[0] == '\0')
    return;
  if (name != NULL)
    json_builder_set_member_name (self->json, name);
  json_builder_add_string_value (self->json, content);
}

void
bed_fhir_open (BedFhir *self, const char *name)
{
  if (name != NULL)
    json_builder_set_member_name (self->json, name);
  json_builder_begin_object (self->json);
}

void
bed_fhir_close (BedFhir *self)
{
  json_builder_end_object (self->json);
}

void
bed_fhir_open_array (BedFhir *self, const char *name)
{
  json_builder_set_member_name (self->json, name);
  json_builder_begin_array (self->json);
}

void
bed_fhir_close_array (BedFhir *self)
{
  json_builder_end_array (self->json);
}

static char *
instant (const BedHandoverWords *words, gint64 real_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (real_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *seconds = NULL;
  g_autofree char *zone = NULL;

  if (utc == NULL)
    return g_strdup ("");
  local = words->zone != NULL ? g_date_time_to_timezone (utc, words->zone) : g_date_time_ref (utc);
  seconds = g_date_time_format (local, "%Y-%m-%dT%H:%M:%S");
  zone = g_date_time_format (local, "%:z");
  return g_strdup_printf ("%s.%03d%s", seconds, (int) (real_us % G_USEC_PER_SEC / 1000), zone);
}

void
bed_fhir_time (BedFhir *self, const char *name, gint64 real_us)
{
  g_autofree char *text = real_us > 0 ? instant (self->words, real_us) : g_strdup ("");

  bed_fhir_string (self, name, text);
}

void
bed_fhir_period (BedFhir *self, const char *name, gint64 start_us, gint64 end_us)
{
  if (start_us <= 0)
    return;
  bed_fhir_open (self, name);
  bed_fhir_time (self, "start", start_us);
  if (end_us >= start_us)
    bed_fhir_time (self, "end", end_us);
  bed_fhir_close (self);
}

void
bed_fhir_coding (BedFhir *self, const char *name, const char *system, const char *code,
                 const char *display)
{
  bed_fhir_open (self, name);
  bed_fhir_string (self, "system", system);
  bed_fhir_string (self, "code", code);
  bed_fhir_string (self, "display", display);
  bed_fhir_close (self);
}

void
bed_fhir_concept (BedFhir *self, const char *name, const char *system, const char *code,
                  const char *display)
{
  bed_fhir_open (self, name);
  bed_fhir_open_array (self, "coding");
  bed_fhir_coding (self, NULL, system, code, display);
  bed_fhir_close_array (self);
  bed_fhir_close (self);
}

void
bed_fhir_reference (BedFhir *self, const char *name, const char *urn, const char *display)
{
  bed_fhir_open (self, name);
  bed_fhir_string (self, "reference", urn);
  bed_fhir_string (self, "display", display);
  bed_fhir_close (self);
}

void
bed_fhir_identifier (BedFhir *self, const char *name, const char *system, const char *value)
{
  bed_fhir_open (self, name);
  bed_fhir_string (self, "system", system);
  bed_fhir_string (self, "value", value);
  bed_fhir_close (self);
}

void
bed_fhir_uuid_identifier (BedFhir *self, const char *name, const char *uuid)
{
  g_autofree char *urn = bed_fhir_urn (uuid);

  bed_fhir_identifier (self, name, BED_FHIR_URI_SYSTEM, urn);
}

void
bed_fhir_base64 (BedFhir *self, const char *name, gconstpointer data, gsize length)
{
  g_autofree char *text = g_base64_encode (data, length);

  bed_fhir_string (self, name, text);
}

void
bed_fhir_begin_entry (BedFhir *self, const char *urn, const char *type)
{
  bed_fhir_open (self, NULL);
  bed_fhir_string (self, "fullUrl", urn);
  bed_fhir_open (self, "resource");
  bed_fhir_string (self, "resourceType", type);
}

void
bed_fhir_end_entry (BedFhir *self)
{
  bed_fhir_close (self);
  bed_fhir_close (self);
}

/* --- Ids -------------------------------------------------------------------------------------- */

char *
bed_fhir_urn (const char *uuid)
{
  g_autofree char *lower = g_ascii_strdown (uuid, -1);

  if (g_uuid_string_is_valid (lower))
    return g_strconcat ("urn:uuid:", lower, NULL);
  return bed_fhir_derived_urn ("id", uuid);
}

char *
bed_fhir_derived_urn (const char *kind, const char *text)
{
  g_autofree char *uuid = bed_handover_derive_uuid (kind, text);

  return g_strconcat ("urn:uuid:", uuid, NULL);
}

char *
bed_fhir_clinician_urn (BedFhir *self, const char *name)
{
  const BedHandoverAuthor *author = &self->note->author;
  g_autofree char *own = g_strdup_printf ("%s\n%s\n%s", author->account, author->name,
                                          author->clinic);

  if (name[0] == '\0' || g_str_equal (name, author->name) || g_str_equal (name, author->account))
    return bed_fhir_derived_urn ("practitioner", own);
  return bed_fhir_derived_urn ("other practitioner", name);
}

char *
bed_fhir_organization_urn (BedFhir *self)
{
  return bed_fhir_derived_urn ("organization", self->note->author.clinic);
}

char *
bed_fhir_consent_urn (BedFhir *self, guint index)
{
  g_autofree char *text = g_strdup_printf ("%s %u", self->note->encounter.uuid, index);

  return bed_fhir_derived_urn ("consent", text);
}

char *
bed_fhir_signature_urn (const char *kind, const BedHandoverSignature *signature)
{
  g_autofree char *text = g_base64_encode (signature->signature, sizeof signature->signature);

  return bed_fhir_derived_urn (kind, text);
}

const BedHandoverSignature *
bed_fhir_nth_signature (const BedHandover *note, guint n)
{
  if (note->signature != NULL && n-- == 0)
    return note->signature;
  for (guint i = 0; i < note->addenda->len; i++)
    {
      const BedHandoverAddendum *addendum = g_ptr_array_index (note->addenda, i);

      if (addendum->signature != NULL && n-- == 0)
        return addendum->signature;
    }
  return NULL;
}

/* --- Narrative -------------------------------------------------------------------------------- */

static void
html_escaped (GString *html, const char *text)
{
  g_autofree char *plain = clean (text);
  g_autofree char *escaped = g_markup_escape_text (plain, -1);

  g_string_append (html, escaped);
}

void
bed_fhir_html_paragraph (GString *html, const char *text)
{
  if (text[0] == '\0')
    return;
  g_string_append (html, "<p>");
  html_escaped (html, text);
  g_string_append (html, "</p>");
}

void
bed_fhir_html_text (GString *html, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean open = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (bed_handover_is_blank (lines[i]))
        {
          g_string_append (html, open ? "</p>" : "");
          open = FALSE;
          continue;
        }
      g_string_append (html, open ? "<br/>" : "<p>");
      html_escaped (html, lines[i]);
      open = TRUE;
    }
  g_string_append (html, open ? "</p>" : "");
}

void
bed_fhir_html_facts (GString *html, GPtrArray *facts)
{
  if (facts->len == 0)
    return;
  g_string_append (html, "<table><tbody>");
  for (guint i = 0; i < facts->len; i++)
    {
      const BedHandoverFact *fact = g_ptr_array_index (facts, i);

      g_string_append (html, "<tr><th>");
      html_escaped (html, fact->label);
      g_string_append (html, "</th><td>");
      html_escaped (html, fact->value);
      g_string_append (html, "</td></tr>");
    }
  g_string_append (html, "</tbody></table>");
}

void
bed_fhir_narrative (BedFhir *self, GString *html)
{
  g_autofree char *language = g_markup_escape_text (self->words->language, -1);
  g_autofree char *div = NULL;

  /* txt-2: a narrative says something. */
  if (html->len == 0)
    bed_fhir_html_paragraph (html, self->words->words[BED_WORD_EMPTY]);
  div = g_strdup_printf ("<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"%s\" xml:lang=\"%s\""
                         "%s>%s</div>",
                         language, language, self->words->right_to_left ? " dir=\"rtl\"" : "",
                         html->str);
  bed_fhir_open (self, "text");
  bed_fhir_string (self, "status", "generated");
  bed_fhir_string (self, "div", div);
  bed_fhir_close (self);
  g_string_free (html, TRUE);
}

char *
bed_fhir_to_text (BedFhir *self)
{
  g_autoptr (JsonNode) root = json_builder_get_root (self->json);
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  return g_strconcat (text, "\n", NULL);
}
