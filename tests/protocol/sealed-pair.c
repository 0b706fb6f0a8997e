/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sealed-pair.h"

#include <string.h>

static BedCard *
sample_card (void)
{
  BedCard *card = g_new0 (BedCard, 1);

  card->version = BED_PROTOCOL_VERSION;
  card->clinic = g_strdup ("Clinic");
  card->clinician = g_strdup ("Dr. A");
  card->language = g_strdup ("en");
  card->telephone = g_strdup ("1");
  card->consent = bed_wire_array_new (&bed_consent_wording_schema);
  return card;
}

BedInvite *
guest_of (BedInvite *invite)
{
  g_autofree char *link = bed_invite_dup_link (invite, "c.example", FALSE);
  BedInvite *guest = bed_invite_new_from_link (link, NULL, NULL);
  g_autoptr (BedCard) card = sample_card ();
  g_autoptr (GBytes) sealed = bed_invite_seal_card (invite, card, NULL);
  g_autoptr (BedCard) opened = bed_invite_open_card (guest, sealed, NULL);

  g_assert_nonnull (opened);
  return guest;
}

void
pair_init (Pair *pair)
{
  memset (pair, 0, sizeof *pair);
  pair->invite = bed_invite_new ();
  pair->guest_invite = guest_of (pair->invite);
  pair->patient = bed_sealed_channel_new (BED_ROLE_PATIENT, pair->guest_invite);
  pair->clinician = bed_sealed_channel_new (BED_ROLE_CLINICIAN, pair->invite);
}

void
pair_clear (Pair *pair)
{
  bed_sealed_output_clear (&pair->output);
  g_clear_object (&pair->patient);
  g_clear_object (&pair->clinician);
  g_clear_pointer (&pair->invite, bed_invite_unref);
  g_clear_pointer (&pair->guest_invite, bed_invite_unref);
}

BedSealedEvent
take (Pair *pair, BedSealedChannel *channel, const char *text)
{
  bed_sealed_output_clear (&pair->output);
  return bed_sealed_channel_receive (channel, text, strlen (text), &pair->output);
}
