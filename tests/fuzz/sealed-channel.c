/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sealed-channel.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static BedInvite *clinician_invite, *patient_invite;

static void
make_invites (void)
{
  g_autofree char *link = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (BedCard) opened = NULL;
  BedCard card = { .version = BED_PROTOCOL_VERSION, .clinic = (char *) "c", .clinician = (char *) "d",
                   .language = (char *) "en", .telephone = (char *) "1" };
  g_autoptr (GPtrArray) consent = bed_wire_array_new (&bed_consent_wording_schema);

  card.consent = consent;
  clinician_invite = bed_invite_new ();
  link = bed_invite_dup_link (clinician_invite, "c.example", FALSE);
  patient_invite = bed_invite_new_from_link (link, NULL, NULL);
  sealed = bed_invite_seal_card (clinician_invite, &card, NULL);
  opened = bed_invite_open_card (patient_invite, sealed, NULL);
  if (opened == NULL)
    abort ();
}

static BedSealedEvent
take (BedSealedChannel *channel, const char *text, gsize length, char **reply)
{
  g_auto (BedSealedOutput) output = { 0 };
  BedSealedEvent event = bed_sealed_channel_receive (channel, text, length, &output);

  if (reply)
    *reply = g_steal_pointer (&output.reply);
  return event;
}

/* A session between the two, begun again when it is over. */
static void
connect_both (BedSealedChannel *clinician, BedSealedChannel *patient)
{
  g_autofree char *hello = NULL;
  g_autofree char *reply = NULL;

  if (bed_sealed_channel_is_open (clinician) && bed_sealed_channel_is_open (patient))
    return;
  hello = bed_sealed_channel_start (patient);
  if (take (clinician, hello, strlen (hello), &reply) != BED_SEALED_BEGUN
      || take (patient, reply, strlen (reply), NULL) != BED_SEALED_BEGUN)
    abort ();
}

/* Lines from outside into both ends of a session that is up: nobody without the keys has one opened. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static BedSealedChannel *clinician, *patient;

  if (clinician == NULL)
    {
      make_invites ();
      clinician = bed_sealed_channel_new (BED_ROLE_CLINICIAN, clinician_invite);
      patient = bed_sealed_channel_new (BED_ROLE_PATIENT, patient_invite);
    }
  connect_both (clinician, patient);
  for (gsize at = 0; at < size;)
    {
      const uint8_t *end = memchr (data + at, '\n', size - at);
      gsize length = end ? (gsize) (end - data - at) : size - at;

      if (take (clinician, (const char *) data + at, length, NULL) == BED_SEALED_MESSAGE
          || take (patient, (const char *) data + at, length, NULL) == BED_SEALED_MESSAGE)
        abort ();
      at += length + 1;
    }
  return 0;
}
