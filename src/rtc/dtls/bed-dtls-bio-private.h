/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <openssl/bio.h>

G_BEGIN_DECLS

#define BED_DTLS_MTU 1200

/* What OpenSSL reads from and writes to. A memory BIO would join datagrams; this keeps them apart,
 * and holds the written ones back until the call into OpenSSL is over, so that a send may lead
 * anywhere. */
typedef struct
{
  GBytes *incoming; /* owned, at most one datagram */
  GQueue outgoing;  /* of GBytes, owned */
} BedDtlsPipe;

void _bed_dtls_pipe_init (BedDtlsPipe *self);
void _bed_dtls_pipe_clear (BedDtlsPipe *self);
/* (transfer full) */
BIO_METHOD *_bed_dtls_bio_method_new (void);
/* Borrows the pipe. (transfer full) (nullable) */
BIO *_bed_dtls_bio_new (const BIO_METHOD *method, BedDtlsPipe *pipe);

G_END_DECLS
