/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-dtls-certificate.h"
#include "bed-dtls-transport.h"

G_BEGIN_DECLS

/* DTLS 1.2 by OpenSSL, which reads the machine's clock for its retransmission timer; `now_us` of
 * bed_dtls_transport_get_deadline_us is only the scale on which the next deadline is told. At most
 * 8 datagrams wait for the start.
 */
#define BED_TYPE_OPENSSL_DTLS_TRANSPORT (bed_openssl_dtls_transport_get_type ())
G_DECLARE_FINAL_TYPE (BedOpensslDtlsTransport, bed_openssl_dtls_transport, BED,
                      OPENSSL_DTLS_TRANSPORT, BedDtlsTransport)

/* Returns: (transfer full) (nullable) */
BedDtlsTransport *bed_openssl_dtls_transport_new (BedDtlsCertificate *certificate, GError **error);

G_END_DECLS
