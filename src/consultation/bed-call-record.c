/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a call is to be in the record. What fails is told, and tried again as long as it lasts. */
#include "bed-call-parts-private.h"

static gboolean
record_arrival (BedCall *self, GError **error)
{
  gint64 before = bed_call_get_encounter_id (self);

  if (!self->arrival_due || self->recorder == NULL)
    return TRUE;
  self->arrival_due = !self->record_arrival (self->recorder, &self->encounter, error);
  if (bed_call_get_encounter_id (self) != before)
    bed_call_notify (self, BED_CALL_PROP_ENCOUNTER_ID);
  return !self->arrival_due;
}

static gboolean
record_encryption (BedCall *self, GError **error)
{
  BedEngineStats stats = { 0 };
  gboolean relayed;

  if (!self->encryption_due || self->encounter == NULL || self->engine == NULL || !self->was_up)
    return TRUE;
  bed_engine_get_stats (self->engine, &stats);
  relayed = g_str_equal (stats.local_candidate_type, "relay")
            || g_str_equal (stats.remote_candidate_type, "relay");
  self->encryption_due = !bed_record_store_set_encounter_encryption (
      self->store, self->encounter, stats.srtp_cipher, relayed ? "relayed" : "direct",
      self->verification, error);
  return !self->encryption_due;
}

/* What a crash leaves of the call's length. */
static gboolean
record_seen (BedCall *self, GError **error)
{
  if (!self->seen_due || self->encounter == NULL)
    return TRUE;
  self->seen_due = !bed_record_store_see_encounter (self->store, self->encounter, error);
  return !self->seen_due;
}

static gboolean
record_end (BedCall *self, GError **error)
{
  return self->end == BED_CALL_END_NONE || self->encounter == NULL
         || bed_record_store_end_encounter (self->store, self->encounter, error);
}

/* A locked record is no failure: the person locked it. */
static void
take_error (BedCall *self, GError *error)
{
  gboolean same = error == self->record_error
                  || (error != NULL && self->record_error != NULL
                      && g_error_matches (error, self->record_error->domain,
                                          self->record_error->code));

  if (error != NULL && !same)
    g_warning ("Not everything of the call is recorded (%s %d)",
               g_quark_to_string (error->domain), error->code);
  if (g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_LOCKED))
    g_clear_error (&error);
  g_clear_error (&self->record_error);
  self->record_error = error;
  if (!same)
    bed_call_notify (self, BED_CALL_PROP_RECORD_ERROR);
}

void
bed_call_record (BedCall *self)
{
  gboolean (*const parts[]) (BedCall *, GError **)
      = { record_arrival, record_encryption, record_seen, bed_call_store_chat, record_end };
  GError *first = NULL;

  if (self->store == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    parts[i] (self, first == NULL ? &first : NULL);
  take_error (self, first);
}

void
bed_call_record_encryption (BedCall *self)
{
  self->encryption_due = TRUE;
  bed_call_record (self);
}

void
bed_call_record_seen (BedCall *self)
{
  self->seen_due = TRUE;
  bed_call_record (self);
}

const GError *
bed_call_get_record_error (BedCall *self)
{
  return self->record_error;
}
