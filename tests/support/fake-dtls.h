/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-dtls-transport.h"

G_BEGIN_DECLS

/* DTLS without its cryptography, on handed-in time. The client is connected after so many round trips, the
 * server half a one before; what is lost on the way is sent again after 200 ms, 400 ms, … 2 s. Each tells its
 * fingerprint, and the other one compares it with what was announced. Both have the keying material that
 * `secret` makes. Records are as long as real ones and end in a digest with that secret: one that was altered
 * or came before is dropped and counted, as by the real one. */
#define BED_TYPE_FAKE_DTLS (bed_fake_dtls_get_type ())
G_DECLARE_FINAL_TYPE (BedFakeDtls, bed_fake_dtls, BED, FAKE_DTLS, BedDtlsTransport)

/* secret: of both ends. own: makes the fingerprint. Returns: (transfer full) */
BedDtlsTransport *bed_fake_dtls_new (BedClock *clock, guint32 secret, guint8 own, guint round_trips);
/* From now on it tells another fingerprint than the one that is announced. */
void bed_fake_dtls_set_impostor (BedFakeDtls *self);

G_END_DECLS
