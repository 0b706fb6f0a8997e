/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-handover.h"

#include <string.h>

#include "bed-encoding.h"

#define TEXTS_MAX 20 /* plain ones, in a hand-over */

/* --- Words ------------------------------------------------------------------------------------ */

char *
bed_handover_isolate (const BedHandoverWords *words, const char *text)
{
  if (!words->right_to_left || text[0] == '\0')
    return g_strdup (text);
  return g_strconcat ("\xe2\x81\xa8", text, "\xe2\x81\xa9", NULL);
}

/* The pair of this name's text, or NULL. */
static const char *
find_pair (const char *const *pairs, const char *name, gsize length)
{
  for (guint i = 0; pairs[i] != NULL; i += 2)
    if (strlen (pairs[i]) == length && memcmp (pairs[i], name, length) == 0)
      return pairs[i + 1];
  return NULL;
}

/* One pass, so that a brace in what a person wrote stays what it is. */
static char *
replace_pairs (const BedHandoverWords *words, const char *text, const char *const *pairs)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *end = *text == '{' ? strchr (text, '}') : NULL;
      const char *value = end != NULL ? find_pair (pairs, text + 1, end - text - 1) : NULL;

      if (value == NULL)
        g_string_append_c (out, *text++);
      else
        {
          g_autofree char *isolated = bed_handover_isolate (words, value);

          g_string_append (out, isolated);
          text = end + 1;
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
bed_handover_word (const BedHandoverWords *words, BedWord word, ...)
{
  const char *pairs[9] = { NULL };
  va_list list;

  va_start (list, word);
  for (guint i = 0; i < G_N_ELEMENTS (pairs) - 1; i += 2)
    {
      pairs[i] = va_arg (list, const char *);
      if (pairs[i] == NULL)
        break;
      pairs[i + 1] = va_arg (list, const char *);
    }
  va_end (list);
  return replace_pairs (words, words->words[word], pairs);
}

static char *
format_time (const BedHandoverWords *words, BedWord format, GDateTime *time)
{
  char *text = time != NULL ? g_date_time_format (time, words->words[format]) : NULL;

  return text != NULL ? text : g_strdup ("");
}

char *
bed_handover_time (const BedHandoverWords *words, BedWord format, gint64 real_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (real_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = NULL;

  if (real_us == 0 || utc == NULL)
    return g_strdup ("");
  local = words->zone != NULL ? g_date_time_to_timezone (utc, words->zone) : g_date_time_ref (utc);
  return format_time (words, format, local);
}

char *
bed_handover_birth_date (const BedHandoverWords *words, const char *birth_date)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *midnight = g_strconcat (birth_date, "T00:00:00Z", NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (midnight, utc);

  return time != NULL ? format_time (words, BED_WORD_DATE_FORMAT, time) : g_strdup (birth_date);
}

/* --- The value -------------------------------------------------------------------------------- */

static void
wipe (char *text)
{
  if (text != NULL)
    bed_secret_wipe (text, strlen (text));
  g_free (text);
}

static char *
own (const char *text)
{
  return g_utf8_make_valid (text != NULL ? text : "", -1);
}

void
bed_handover_set (char **text, const char *value)
{
  wipe (*text);
  *text = own (value);
}

static void
signature_free (BedHandoverSignature *self)
{
  if (self == NULL)
    return;
  wipe (self->signer);
  g_clear_pointer (&self->signed_bytes, g_bytes_unref);
  g_free (self);
}

static void
section_free (gpointer data)
{
  BedHandoverSection *self = data;

  wipe (self->heading);
  wipe (self->text);
  g_free (self->loinc);
  g_free (self);
}

static void
addendum_free (gpointer data)
{
  BedHandoverAddendum *self = data;

  g_free (self->uuid);
  wipe (self->author);
  wipe (self->reason);
  wipe (self->text);
  signature_free (self->signature);
  g_free (self);
}

static void
version_free (gpointer data)
{
  BedHandoverVersion *self = data;

  wipe (self->author);
  wipe (self->reason);
  g_free (self);
}

static void
attachment_free (gpointer data)
{
  BedHandoverAttachment *self = data;

  g_free (self->uuid);
  wipe (self->name);
  g_free (self->media_type);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self->sha256);
  g_free (self);
}

static void
message_free (gpointer data)
{
  BedHandoverMessage *self = data;

  wipe (self->text);
  g_free (self);
}

/* Every plain text of the value, so that none is forgotten when it is made or wiped. */
static guint
each_text (BedHandover *self, char **texts[TEXTS_MAX])
{
  char **all[] = {
    &self->uuid,
    &self->patient.uuid,
    &self->patient.name,
    &self->patient.birth_date,
    &self->patient.telephone,
    &self->patient.language,
    &self->patient.identifiers,
    &self->patient.name_now,
    &self->patient.birth_date_now,
    &self->patient.identifiers_now,
    &self->author.account,
    &self->author.name,
    &self->author.clinic,
    &self->author.clinic_telephone,
    &self->encounter.uuid,
    &self->encounter.typed_name,
    &self->encounter.place,
    &self->encounter.path,
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (all) <= TEXTS_MAX);
  memcpy (texts, all, sizeof all);
  return G_N_ELEMENTS (all);
}

BedHandover *
bed_handover_new (void)
{
  BedHandover *self = g_new0 (BedHandover, 1);
  char **texts[TEXTS_MAX];
  guint n = each_text (self, texts);

  for (guint i = 0; i < n; i++)
    *texts[i] = g_strdup ("");
  self->sections = g_ptr_array_new_with_free_func (section_free);
  self->addenda = g_ptr_array_new_with_free_func (addendum_free);
  self->versions = g_ptr_array_new_with_free_func (version_free);
  self->attachments = g_ptr_array_new_with_free_func (attachment_free);
  self->chat = g_ptr_array_new_with_free_func (message_free);
  self->consents = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_patient_consent_free);
  return self;
}

void
bed_handover_free (BedHandover *self)
{
  char **texts[TEXTS_MAX];
  guint n;

  if (self == NULL)
    return;
  n = each_text (self, texts);
  for (guint i = 0; i < n; i++)
    wipe (*texts[i]);
  signature_free (self->signature);
  g_ptr_array_unref (self->sections);
  g_ptr_array_unref (self->addenda);
  g_ptr_array_unref (self->versions);
  g_ptr_array_unref (self->attachments);
  g_ptr_array_unref (self->chat);
  g_ptr_array_unref (self->consents);
  g_free (self);
}

BedHandoverSection *
bed_handover_add_section (BedHandover *self, const char *heading, const char *text,
                          const char *loinc)
{
  BedHandoverSection *section = g_new0 (BedHandoverSection, 1);

  section->heading = own (heading);
  section->text = own (text);
  section->loinc = own (loinc);
  g_ptr_array_add (self->sections, section);
  return section;
}

BedHandoverAddendum *
bed_handover_add_addendum (BedHandover *self, const char *uuid, const char *author,
                           const char *reason, const char *text, gint64 real_us)
{
  BedHandoverAddendum *addendum = g_new0 (BedHandoverAddendum, 1);

  addendum->uuid = own (uuid);
  addendum->author = own (author);
  addendum->reason = own (reason);
  addendum->text = own (text);
  addendum->real_us = real_us;
  g_ptr_array_add (self->addenda, addendum);
  return addendum;
}

BedHandoverVersion *
bed_handover_add_version (BedHandover *self, guint number, const char *author, const char *reason,
                          gint64 real_us)
{
  BedHandoverVersion *version = g_new0 (BedHandoverVersion, 1);

  version->number = number;
  version->author = own (author);
  version->reason = own (reason);
  version->real_us = real_us;
  g_ptr_array_add (self->versions, version);
  return version;
}

BedHandoverAttachment *
bed_handover_add_attachment (BedHandover *self, const char *uuid, const char *name,
                             const char *media_type, gint64 real_us, GBytes *data)
{
  BedHandoverAttachment *attachment = g_new0 (BedHandoverAttachment, 1);

  attachment->uuid = own (uuid);
  attachment->name = own (name);
  attachment->media_type = own (media_type);
  attachment->real_us = real_us;
  attachment->data = data != NULL ? g_bytes_ref (data) : NULL;
  attachment->size = data != NULL ? g_bytes_get_size (data) : 0;
  attachment->sha256 = data != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, data)
                                    : g_strdup ("");
  g_ptr_array_add (self->attachments, attachment);
  return attachment;
}

BedHandoverMessage *
bed_handover_add_message (BedHandover *self, gint64 real_us, gboolean from_patient,
                          const char *text)
{
  BedHandoverMessage *message = g_new0 (BedHandoverMessage, 1);

  message->real_us = real_us;
  message->from_patient = from_patient;
  message->text = own (text);
  g_ptr_array_add (self->chat, message);
  return message;
}

BedHandoverSignature *
bed_handover_signature_new (const char *signer, gint64 real_us, const guint8 *key,
                            const guint8 *signature, GBytes *signed_bytes, gboolean verified)
{
  BedHandoverSignature *self = g_new0 (BedHandoverSignature, 1);

  self->signer = own (signer);
  self->real_us = real_us;
  memcpy (self->key, key, sizeof self->key);
  memcpy (self->signature, signature, sizeof self->signature);
  self->signed_bytes = signed_bytes != NULL ? g_bytes_ref (signed_bytes) : NULL;
  self->verified = verified;
  return self;
}

char *
bed_handover_fingerprint (const BedHandoverSignature *signature)
{
  return bed_handover_key_fingerprint (signature->key);
}

char *
bed_handover_key_json (const guint8 *key)
{
  g_autofree char *x = bed_base64url_encode (key, BED_SIGNATURE_KEY_LENGTH);

  return g_strdup_printf ("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
}

char *
bed_handover_key_thumbprint (const guint8 *key)
{
  g_autofree char *json = bed_handover_key_json (key);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guchar *) json, -1);
  g_checksum_get_digest (sum, digest, &length);
  return bed_base64url_encode (digest, length);
}

char *
bed_handover_key_fingerprint (const guint8 *key)
{
  g_autofree char *hex
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, key, BED_SIGNATURE_KEY_LENGTH);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < 32; i += 4)
    g_string_append_printf (out, "%s%.4s", i > 0 ? " " : "", hex + i);
  g_string_ascii_up (out);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
bed_handover_derive_uuid (const char *kind, const char *text)
{
  g_autofree char *input = g_strconcat ("bedside ", kind, " v1 ", text, NULL);
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, input, -1);

  return g_strdup_printf ("%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8, hex + 12, hex + 16,
                          hex + 20);
}

gboolean
bed_handover_is_signed (const BedHandover *self)
{
  return self->state != BED_NOTE_DRAFT;
}

gint64
bed_handover_get_date_us (const BedHandover *self)
{
  gint64 date = self->signature != NULL ? self->signature->real_us : self->updated_us;

  for (guint i = 0; i < self->addenda->len; i++)
    {
      const BedHandoverAddendum *addendum = g_ptr_array_index (self->addenda, i);

      date = MAX (date, addendum->real_us);
    }
  return date;
}
