/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-export-file.h"
#include "bed-secret.h"

G_BEGIN_DECLS

/* The encrypted stream of docs/export.md: a header, then libsodium's secretstream
 * (XChaCha20-Poly1305) in pieces of 64 KiB under a key that Argon2id makes of the passphrase. */
#define BED_SEAL_HEADER_LENGTH 64
#define BED_SEAL_PIECE (64 * 1024)

typedef struct
{
  guint32 passes;
  guint32 memory_kib;
} BedSealCost;
/* 256 MiB, 3 passes. */
extern const BedSealCost bed_seal_cost;

/* Whether these first 64 bytes begin a file that can be opened within limits; what it costs.
 * NEWER: of no known version; DAMAGED: a cost out of bounds. */
gboolean bed_seal_parse_header (const guint8 header[BED_SEAL_HEADER_LENGTH], BedSealCost *cost,
                                GError **error);

typedef struct _BedSealWriter BedSealWriter;
/* file: borrowed. Runs Argon2id. Returns: (transfer full) (nullable) */
BedSealWriter *bed_seal_writer_new (BedExportFile *file, const BedSecret *passphrase,
                                    BedSealCost cost, GError **error);
gboolean bed_seal_writer_write (BedSealWriter *self, const void *data, gsize length,
                                GError **error);
/* The last piece, with its mark. */
gboolean bed_seal_writer_end (BedSealWriter *self, GError **error);
void bed_seal_writer_free (BedSealWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSealWriter, bed_seal_writer_free)

/* FALSE with an error stops. */
typedef gboolean (*BedSealPiece) (const guint8 *data, gsize length, gpointer user_data,
                                  GError **error);
/* Opens the whole stream and hands out what is in it. */
gboolean bed_seal_read (GInputStream *stream, const BedSecret *passphrase, BedSealPiece piece,
                        gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS
