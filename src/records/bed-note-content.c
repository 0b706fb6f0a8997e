/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-version-private.h"

#include <string.h>

#include "bed-byte-reader.h"
#include "bed-patient-consent.h"
#include "bed-secret.h"

/* The label says what is signed and in which form: no signature over anything else begins so. */
#define LABEL "Bedside clinical note, signed form 1\n"
#define DEVICE_CONSENTS_MAX 100000
#define ATTACHMENTS_MAX 10000
#define HASH_LENGTH BED_NOTE_HASH_LENGTH

BedNoteSignedAttachment *
bed_note_signed_attachment_new (const char *uuid, const char *name, const char *media_type,
                                guint64 size, const guint8 *hash)
{
  BedNoteSignedAttachment *self = g_new0 (BedNoteSignedAttachment, 1);

  self->uuid = g_strdup (uuid);
  self->name = g_strdup (name);
  self->media_type = g_strdup (media_type);
  self->size = size;
  memcpy (self->hash, hash, sizeof self->hash);
  return self;
}

void
bed_note_signed_attachment_free (BedNoteSignedAttachment *self)
{
  g_free (self->uuid);
  g_free (self->name);
  g_free (self->media_type);
  g_free (self);
}

BedNoteContent *
bed_note_content_new (void)
{
  BedNoteContent *self = g_new0 (BedNoteContent, 1);

  self->facts = bed_note_facts_new ();
  self->attachments
      = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_note_signed_attachment_free);
  return self;
}

static void
free_text (char *text)
{
  if (text != NULL)
    bed_secret_wipe (text, strlen (text));
  g_free (text);
}

void
bed_note_content_free (BedNoteContent *self)
{
  g_free (self->note_uuid);
  g_free (self->author);
  g_free (self->author_name);
  g_free (self->template_id);
  free_text (self->reason);
  free_text (self->text);
  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    {
      free_text (self->headings[i]);
      free_text (self->sections[i]);
    }
  bed_note_facts_free (self->facts);
  g_ptr_array_unref (self->attachments);
  g_free (self);
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void
put_u32 (GByteArray *out, gsize value)
{
  guint32 big = GUINT32_TO_BE ((guint32) value);

  g_byte_array_append (out, (const guint8 *) &big, sizeof big);
}

static void
put_u64 (GByteArray *out, guint64 value)
{
  guint64 big = GUINT64_TO_BE (value);

  g_byte_array_append (out, (const guint8 *) &big, sizeof big);
}

static void
put_text (GByteArray *out, const char *text)
{
  put_u32 (out, strlen (text));
  g_byte_array_append (out, (const guint8 *) text, (guint) strlen (text));
}

static void
put_consent (GByteArray *out, const BedPatientConsent *consent)
{
  put_u32 (out, consent != NULL);
  if (consent == NULL)
    return;
  put_text (out, bed_patient_consent_get_text_version (consent));
  g_byte_array_append (out, bed_patient_consent_get_text_hash (consent),
                       BED_CONSENT_TEXT_HASH_LENGTH);
  put_text (out, bed_patient_consent_get_language (consent));
  put_u64 (out, (guint64) bed_patient_consent_get_real_us (consent));
  put_u32 (out, bed_patient_consent_get_camera (consent) != FALSE);
  put_u32 (out, bed_patient_consent_get_microphone (consent) != FALSE);
}

static void
put_facts (GByteArray *out, const BedNoteFacts *facts)
{
  put_text (out, facts->encounter_uuid);
  put_text (out, facts->patient_uuid);
  put_text (out, facts->patient_name);
  put_text (out, facts->patient_birth_date);
  put_text (out, facts->patient_identifiers);
  put_text (out, facts->typed_name);
  put_text (out, facts->callback);
  put_text (out, facts->location);
  put_text (out, facts->clinician);
  put_u64 (out, (guint64) facts->started_us);
  put_u64 (out, (guint64) facts->ended_us);
  put_text (out, facts->cipher);
  put_text (out, facts->path);
  put_u32 (out, facts->verification);
  put_consent (out, facts->consent);
  put_u32 (out, facts->device_consents->len);
  for (guint i = 0; i < facts->device_consents->len; i++)
    {
      const BedNoteDeviceConsent *device = facts->device_consents->pdata[i];

      put_u64 (out, (guint64) device->real_us);
      put_u32 (out, device->device);
      put_u32 (out, device->scope);
      put_u32 (out, device->granted != FALSE);
      put_text (out, device->text_version);
    }
}

static void
put_attachments (GByteArray *out, const GPtrArray *attachments)
{
  put_u32 (out, attachments->len);
  for (guint i = 0; i < attachments->len; i++)
    {
      const BedNoteSignedAttachment *attachment = attachments->pdata[i];

      put_text (out, attachment->uuid);
      put_text (out, attachment->name);
      put_text (out, attachment->media_type);
      put_u64 (out, attachment->size);
      g_byte_array_append (out, attachment->hash, HASH_LENGTH);
    }
}

GBytes *
bed_note_content_write (const BedNoteContent *self)
{
  GByteArray *out = g_byte_array_new ();

  g_byte_array_append (out, (const guint8 *) LABEL, strlen (LABEL));
  put_text (out, self->note_uuid);
  put_u64 (out, self->number);
  g_byte_array_append (out, self->previous, HASH_LENGTH);
  put_text (out, self->author);
  put_text (out, self->author_name);
  put_u64 (out, (guint64) self->signed_us);
  put_text (out, self->reason);
  put_text (out, self->text);
  put_u32 (out, self->corrects != FALSE);
  put_u64 (out, (guint64) self->created_us);
  put_u64 (out, (guint64) self->updated_us);
  put_text (out, self->template_id);
  put_u32 (out, self->n_sections);
  for (guint i = 0; i < self->n_sections; i++)
    {
      put_text (out, self->headings[i]);
      put_text (out, self->sections[i]);
    }
  put_facts (out, self->facts);
  put_attachments (out, self->attachments);
  return g_byte_array_free_to_bytes (out);
}

/* --- Reading ---------------------------------------------------------------------------------- */

typedef struct
{
  BedByteReader reader;
  gboolean bad;
} Input;

static void
take_text (Input *in, char **text)
{
  guint32 length = bed_byte_reader_u32 (&in->reader);
  const char *bytes = (const char *) bed_byte_reader_bytes (&in->reader, length);

  g_free (*text);
  if (bed_byte_reader_failed (&in->reader)
      || (length > 0 && !g_utf8_validate_len (bytes, length, NULL)))
    {
      in->bad = TRUE;
      *text = g_strdup ("");
      return;
    }
  *text = g_strndup (length > 0 ? bytes : "", length);
}

static void
take_bytes (Input *in, guint8 *out, gsize length)
{
  const guint8 *bytes = bed_byte_reader_bytes (&in->reader, length);

  if (bytes != NULL)
    memcpy (out, bytes, length);
  else
    in->bad = TRUE;
}

/* A number up to `max`; 0 where it is above. */
static guint32
take_u32 (Input *in, guint32 max)
{
  guint32 value = bed_byte_reader_u32 (&in->reader);

  if (value <= max && !bed_byte_reader_failed (&in->reader))
    return value;
  in->bad = TRUE;
  return 0;
}

static gint64
take_time (Input *in)
{
  guint64 value = bed_byte_reader_u64 (&in->reader);

  in->bad = in->bad || value > G_MAXINT64;
  return (gint64) (value & G_MAXINT64);
}

static void
take_consent (Input *in, BedNoteFacts *facts)
{
  guint8 hash[BED_CONSENT_TEXT_HASH_LENGTH] = { 0 };
  g_autofree char *version = NULL;
  g_autofree char *language = NULL;
  gboolean camera;
  gint64 real_us;

  if (take_u32 (in, 1) == 0)
    return;
  take_text (in, &version);
  take_bytes (in, hash, sizeof hash);
  take_text (in, &language);
  real_us = take_time (in);
  camera = take_u32 (in, 1) != 0;
  facts->consent = bed_patient_consent_new (version, hash, sizeof hash, language, real_us, camera,
                                            take_u32 (in, 1) != 0);
  in->bad = in->bad || facts->consent == NULL;
}

static void
take_device_consents (Input *in, GPtrArray *list)
{
  guint32 n = take_u32 (in, DEVICE_CONSENTS_MAX);

  for (guint32 i = 0; i < n && !in->bad; i++)
    {
      BedNoteDeviceConsent *device = g_new0 (BedNoteDeviceConsent, 1);

      device->real_us = take_time (in);
      device->device = take_u32 (in, G_MAXUINT32);
      device->scope = take_u32 (in, G_MAXUINT32);
      device->granted = take_u32 (in, 1) != 0;
      take_text (in, &device->text_version);
      g_ptr_array_add (list, device);
    }
}

static void
take_facts (Input *in, BedNoteFacts *facts)
{
  take_text (in, &facts->encounter_uuid);
  take_text (in, &facts->patient_uuid);
  take_text (in, &facts->patient_name);
  take_text (in, &facts->patient_birth_date);
  take_text (in, &facts->patient_identifiers);
  take_text (in, &facts->typed_name);
  take_text (in, &facts->callback);
  take_text (in, &facts->location);
  take_text (in, &facts->clinician);
  facts->started_us = take_time (in);
  facts->ended_us = take_time (in);
  take_text (in, &facts->cipher);
  take_text (in, &facts->path);
  facts->verification = (BedVerification) take_u32 (in, BED_VERIFICATION_DIFFERED);
  take_consent (in, facts);
  take_device_consents (in, facts->device_consents);
}

static void
take_attachments (Input *in, GPtrArray *list)
{
  guint32 n = take_u32 (in, ATTACHMENTS_MAX);

  for (guint32 i = 0; i < n && !in->bad; i++)
    {
      BedNoteSignedAttachment *attachment = g_new0 (BedNoteSignedAttachment, 1);

      take_text (in, &attachment->uuid);
      take_text (in, &attachment->name);
      take_text (in, &attachment->media_type);
      attachment->size = bed_byte_reader_u64 (&in->reader);
      take_bytes (in, attachment->hash, sizeof attachment->hash);
      g_ptr_array_add (list, attachment);
    }
}

static void
take_note (Input *in, BedNoteContent *self)
{
  take_text (in, &self->note_uuid);
  self->number = bed_byte_reader_u64 (&in->reader);
  take_bytes (in, self->previous, HASH_LENGTH);
  take_text (in, &self->author);
  take_text (in, &self->author_name);
  self->signed_us = take_time (in);
  take_text (in, &self->reason);
  take_text (in, &self->text);
  self->corrects = take_u32 (in, 1) != 0;
  self->created_us = take_time (in);
  self->updated_us = take_time (in);
  take_text (in, &self->template_id);
  self->n_sections = take_u32 (in, BED_NOTE_SECTIONS_MAX);
  for (guint i = 0; i < self->n_sections; i++)
    {
      take_text (in, &self->headings[i]);
      take_text (in, &self->sections[i]);
    }
}

BedNoteContent *
bed_note_content_read (GBytes *bytes)
{
  g_autoptr (BedNoteContent) self = bed_note_content_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  Input in = { .bad = FALSE };

  if (length < strlen (LABEL) || memcmp (data, LABEL, strlen (LABEL)) != 0)
    return NULL;
  bed_byte_reader_init (&in.reader, data + strlen (LABEL), length - strlen (LABEL));
  take_note (&in, self);
  take_facts (&in, self->facts);
  take_attachments (&in, self->attachments);
  if (in.bad || bed_byte_reader_failed (&in.reader)
      || bed_byte_reader_get_remaining (&in.reader) != 0)
    return NULL;
  return g_steal_pointer (&self);
}
