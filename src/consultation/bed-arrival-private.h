/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-arrival.h"
#include "bed-patient-consent.h"
#include "bed-sealed-link-private.h"

G_BEGIN_DECLS

BedArrival *bed_arrival_new (const char *room, const char *peer, const char *label, gint64 since_us,
                             gboolean second_device, gboolean returning, BedSealedLink *link);
const char *bed_arrival_get_peer (BedArrival *self);
BedSealedLink *bed_arrival_get_link (BedArrival *self);
void bed_arrival_set_online (BedArrival *self, gboolean online);
void bed_arrival_set_second_device (BedArrival *self, gboolean second_device);
void bed_arrival_set_returning (BedArrival *self, gboolean returning);
/* The sealed `join`: what the patient typed and agreed to. */
void bed_arrival_set_details (BedArrival *self, const BedSealedMessage *join);
/* Nobody is known behind it any more: a new session began. */
void bed_arrival_clear_details (BedArrival *self);
void bed_arrival_set_passcode (BedArrival *self, BedPasscode passcode, guint left);
/* Returns: (transfer none) (nullable) */
const BedPatientConsent *bed_arrival_get_consent (BedArrival *self);
/* Of one who has agreed. */
void bed_arrival_set_text_unknown (BedArrival *self);

G_END_DECLS
