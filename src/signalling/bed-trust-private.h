/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-protocol.h"

G_BEGIN_DECLS

/* Whom we take for the clinic's server: exactly the pinned key, or whom the authorities vouch
 * for. */
typedef struct
{
  gboolean pinned;
  guint8 pin[BED_HASH_BYTES];
  GTlsDatabase *database; /* owned; NULL: the system's */
} BedTrust;

void bed_trust_clear (BedTrust *self);
/* Prepares a handshake. With a pin no authority is asked, so that every certificate comes to
 * bed_trust_accepts. */
void bed_trust_apply (BedTrust *self, GTlsConnection *connection);
/* For "accept-certificate", which is raised when the authorities do not vouch. */
gboolean bed_trust_accepts (BedTrust *self, GTlsCertificate *certificate);
/* SHA-256 of the SubjectPublicKeyInfo. */
gboolean bed_trust_hash_key (GTlsCertificate *certificate, guint8 hash[BED_HASH_BYTES]);

G_END_DECLS
