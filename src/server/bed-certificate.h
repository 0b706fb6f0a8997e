/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-settings.h"

G_BEGIN_DECLS

/* What there is to know about the server's certificate, without using it. */
typedef struct
{
  guint8 pin[32];      /* SHA-256 of its SubjectPublicKeyInfo (RFC 7469 section 2.4) */
  gint64 not_before;
  gint64 not_after;
  gboolean fits_host;  /* the public URL's name */
} BedCertificate;

/* Reads the first certificate of the file and, unless NULL, checks that the private key belongs to
 * it. */
gboolean bed_certificate_read (const char *file, const char *private_key, const char *host,
                               BedCertificate *out, GError **error);

G_END_DECLS
