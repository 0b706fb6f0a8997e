/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-patient-consent.h"

#include <string.h>

#define MAX_VERSION 64
#define MAX_LANGUAGE 35

struct _BedPatientConsent
{
  char *text_version;
  char *language;
  guint8 text_hash[BED_CONSENT_TEXT_HASH_LENGTH];
  gint64 real_us;
  gboolean camera;
  gboolean microphone;
  gboolean text_known;
};

G_DEFINE_BOXED_TYPE (BedPatientConsent, bed_patient_consent, bed_patient_consent_copy,
                     bed_patient_consent_free)

static gboolean
usable_version (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  return length > 0 && length <= MAX_VERSION && g_utf8_validate (text, length, NULL);
}

static gboolean
usable_language (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > MAX_LANGUAGE)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
      return FALSE;
  return TRUE;
}

BedPatientConsent *
bed_patient_consent_new (const char *text_version,
                         const guint8 *text_hash,
                         gsize text_hash_length,
                         const char *language,
                         gint64 real_us,
                         gboolean camera,
                         gboolean microphone)
{
  BedPatientConsent *self;

  if (!usable_version (text_version) || !usable_language (language) || text_hash == NULL
      || text_hash_length != BED_CONSENT_TEXT_HASH_LENGTH || real_us <= 0)
    return NULL;
  self = g_new0 (BedPatientConsent, 1);
  self->text_version = g_strdup (text_version);
  self->language = g_strdup (language);
  memcpy (self->text_hash, text_hash, BED_CONSENT_TEXT_HASH_LENGTH);
  self->real_us = real_us;
  self->camera = !!camera;
  self->microphone = !!microphone;
  self->text_known = TRUE;
  return self;
}

BedPatientConsent *
bed_patient_consent_copy (const BedPatientConsent *self)
{
  BedPatientConsent *copy = bed_patient_consent_new (
      self->text_version, self->text_hash, BED_CONSENT_TEXT_HASH_LENGTH, self->language,
      self->real_us, self->camera, self->microphone);

  copy->text_known = self->text_known;
  return copy;
}

BedPatientConsent *
bed_patient_consent_copy_unknown (const BedPatientConsent *self)
{
  BedPatientConsent *copy = bed_patient_consent_copy (self);

  copy->text_known = FALSE;
  return copy;
}

void
bed_patient_consent_free (BedPatientConsent *self)
{
  g_free (self->text_version);
  g_free (self->language);
  g_free (self);
}

const char *
bed_patient_consent_get_text_version (const BedPatientConsent *self)
{
  return self->text_version;
}

const guint8 *
bed_patient_consent_get_text_hash (const BedPatientConsent *self)
{
  return self->text_hash;
}

const char *
bed_patient_consent_get_language (const BedPatientConsent *self)
{
  return self->language;
}

gint64
bed_patient_consent_get_real_us (const BedPatientConsent *self)
{
  return self->real_us;
}

gboolean
bed_patient_consent_get_camera (const BedPatientConsent *self)
{
  return self->camera;
}

gboolean
bed_patient_consent_get_microphone (const BedPatientConsent *self)
{
  return self->microphone;
}

gboolean
bed_patient_consent_get_text_known (const BedPatientConsent *self)
{
  return self->text_known;
}

gboolean
bed_patient_consent_agree (const BedPatientConsent *a, const BedPatientConsent *b)
{
  return g_str_equal (a->text_version, b->text_version) && g_str_equal (a->language, b->language)
         && memcmp (a->text_hash, b->text_hash, BED_CONSENT_TEXT_HASH_LENGTH) == 0
         && a->real_us == b->real_us && a->camera == b->camera && a->microphone == b->microphone;
}

gboolean
bed_patient_consent_equal (const BedPatientConsent *a, const BedPatientConsent *b)
{
  return bed_patient_consent_agree (a, b) && a->text_known == b->text_known;
}
