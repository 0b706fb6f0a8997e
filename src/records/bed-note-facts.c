/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-version-private.h"

#include <string.h>

#include "bed-patient-consent.h"

BedNoteDeviceConsent *
bed_note_device_consent_new (gint64 real_us, guint device, guint scope, gboolean granted,
                             const char *text_version)
{
  BedNoteDeviceConsent *self = g_new0 (BedNoteDeviceConsent, 1);

  self->real_us = real_us;
  self->device = device;
  self->scope = scope;
  self->granted = granted;
  self->text_version = g_strdup (text_version);
  return self;
}

void
bed_note_device_consent_free (BedNoteDeviceConsent *self)
{
  g_free (self->text_version);
  g_free (self);
}

BedNoteFacts *
bed_note_facts_new (void)
{
  BedNoteFacts *self = g_new0 (BedNoteFacts, 1);
  char **const texts[] = { &self->encounter_uuid,      &self->patient_uuid, &self->patient_name,
                           &self->patient_birth_date,  &self->patient_identifiers,
                           &self->typed_name,          &self->callback,     &self->location,
                           &self->clinician,           &self->cipher,       &self->path };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup ("");
  self->device_consents
      = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_note_device_consent_free);
  return self;
}

void
bed_note_facts_free (BedNoteFacts *self)
{
  char *const texts[] = { self->encounter_uuid,     self->patient_uuid, self->patient_name,
                          self->patient_birth_date, self->patient_identifiers,
                          self->typed_name,         self->callback,     self->location,
                          self->clinician,          self->cipher,       self->path };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_clear_pointer (&self->consent, bed_patient_consent_free);
  g_ptr_array_unref (self->device_consents);
  g_free (self);
}

gboolean
bed_note_facts_same_patient (const BedNoteFacts *a, const BedNoteFacts *b)
{
  return g_str_equal (a->patient_uuid, b->patient_uuid)
         && g_str_equal (a->patient_name, b->patient_name)
         && g_str_equal (a->patient_birth_date, b->patient_birth_date)
         && g_str_equal (a->patient_identifiers, b->patient_identifiers);
}

static gboolean
same_device_consent (const BedNoteDeviceConsent *a, const BedNoteDeviceConsent *b)
{
  return a->real_us == b->real_us && a->device == b->device && a->scope == b->scope
         && a->granted == b->granted && g_str_equal (a->text_version, b->text_version);
}

static gboolean
begins_with (const GPtrArray *list, const GPtrArray *head)
{
  if (head->len > list->len)
    return FALSE;
  for (guint i = 0; i < head->len; i++)
    if (!same_device_consent (list->pdata[i], head->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
same_consent (const BedPatientConsent *a, const BedPatientConsent *b)
{
  return a == NULL || b == NULL ? a == b : bed_patient_consent_agree (a, b);
}

gboolean
bed_note_facts_agree (const BedNoteFacts *then, const BedNoteFacts *now)
{
  return g_str_equal (then->encounter_uuid, now->encounter_uuid)
         && (*then->patient_uuid == '\0' || g_str_equal (then->patient_uuid, now->patient_uuid))
         && g_str_equal (then->typed_name, now->typed_name)
         && g_str_equal (then->callback, now->callback)
         && g_str_equal (then->location, now->location)
         && g_str_equal (then->clinician, now->clinician) && then->started_us == now->started_us
         && then->ended_us == now->ended_us && g_str_equal (then->cipher, now->cipher)
         && g_str_equal (then->path, now->path) && then->verification == now->verification
         && same_consent (then->consent, now->consent)
         && begins_with (now->device_consents, then->device_consents);
}
