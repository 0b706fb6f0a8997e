/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-parts-private.h"

#include <string.h>

void
bed_call_set_verification (BedCall *self, BedVerification verification)
{
  if (self->verification == verification)
    return;
  self->verification = verification;
  bed_call_notify (self, BED_CALL_PROP_VERIFICATION);
}

void
bed_call_begin_sas (BedCall *self)
{
  guint8 local[32], remote[32], commit[32];
  const guint8 *patient_id = bed_sealed_link_get_id (self->link, BED_ROLE_PATIENT);
  const guint8 *clinician_id = bed_sealed_link_get_id (self->link, BED_ROLE_CLINICIAN);
  gboolean host = bed_call_is_host (self);

  if (self->sas != NULL || self->engine == NULL || patient_id == NULL || clinician_id == NULL
      || !bed_engine_get_local_fingerprint (self->engine, local)
      || !bed_engine_get_remote_fingerprint (self->engine, remote))
    return;
  self->sas = bed_sas_new (bed_sealed_link_get_role (self->link), patient_id, clinician_id,
                           host ? remote : local, host ? local : remote);
  if (host && bed_sas_get_commit (self->sas, commit))
    {
      BedSealedMessage message = { .type = BED_SEALED_SAS_COMMIT };

      memcpy (message.nonce, commit, sizeof commit);
      bed_call_say (self, &message);
    }
}

/* Host: the nonce; guest: the commitment, then the reveal. */
void
bed_call_take_sas (BedCall *self, const BedSealedMessage *message)
{
  BedSealedMessage reply = { 0 };
  gboolean taken = FALSE;

  bed_call_begin_sas (self);
  if (self->sas == NULL)
    return;
  if (message->type == BED_SEALED_SAS_NONCE)
    {
      reply.type = BED_SEALED_SAS_REVEAL;
      taken = bed_sas_take_nonce (self->sas, message->nonce, reply.nonce);
    }
  else if (message->type == BED_SEALED_SAS_COMMIT)
    {
      reply.type = BED_SEALED_SAS_NONCE;
      taken = bed_sas_take_commit (self->sas, message->nonce, reply.nonce);
    }
  else
    {
      taken = bed_sas_take_reveal (self->sas, message->nonce);
    }
  if (!taken) /* one attempt: whoever tries another is not to be trusted */
    {
      bed_call_end_and_tell (self, BED_CALL_END_TAMPERED, BED_HANG_UP_FAILED);
      return;
    }
  if (message->type != BED_SEALED_SAS_REVEAL)
    bed_call_say (self, &reply);
  bed_call_notify (self, BED_CALL_PROP_WORDS_READY);
}

static void
stop_sending (BedCall *self)
{
  bed_file_transfers_stop_all (self->files);
  bed_call_set_verification (self, BED_VERIFICATION_DIFFERED);
  bed_call_notify (self, BED_CALL_PROP_CHAT_OPEN);
  bed_call_apply_media (self);
  bed_call_tell_media (self);
  bed_call_record_encryption (self);
}

/* The other side's word: it can make it worse here, but not better. */
void
bed_call_take_sas_result (BedCall *self, gboolean match)
{
  if (!match && self->sas != NULL)
    stop_sending (self);
}

gboolean
bed_call_get_words (BedCall *self, guint8 out[4])
{
  return self->sas != NULL && bed_sas_get_words (self->sas, out);
}

void
bed_call_set_words_match (BedCall *self, gboolean match)
{
  guint8 words[4];

  if (self->state == BED_CALL_STATE_ENDED || bed_call_is_unsafe (self)
      || !bed_call_get_words (self, words))
    return;
  bed_call_say (self, &(BedSealedMessage) { .type = BED_SEALED_SAS_RESULT, .match = match });
  if (!match)
    {
      stop_sending (self);
      return;
    }
  bed_call_set_verification (self, BED_VERIFICATION_MATCHED);
  bed_call_record_encryption (self);
}

BedVerification
bed_call_get_verification (BedCall *self)
{
  return self->verification;
}
