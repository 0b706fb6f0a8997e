/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-dtls-certificate.h"

#include <openssl/x509.h>

G_BEGIN_DECLS

/* Lent. */
X509 *_bed_dtls_certificate_get_x509 (BedDtlsCertificate *self);
EVP_PKEY *_bed_dtls_certificate_get_key (BedDtlsCertificate *self);

G_END_DECLS
