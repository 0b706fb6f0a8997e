/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-chat-file-private.h"

G_BEGIN_DECLS

#define BED_TRANSFERS_MAX_BYTES (64 * 1024 * 1024) /* that come in, in one call */
#define BED_TRANSFERS_MAX_FILES 100                /* that come in, in one call */
#define BED_TRANSFERS_PATIENCE 20                  /* ticks without anything moving */

/* The files that go through the channel of one call, at most one in each direction at a time
 * (docs/protocol.md section 5.1). Main thread. */
typedef struct _BedFileTransfers BedFileTransfers;

typedef struct
{
  /* FALSE: the channel is not open. */
  gboolean (*send) (GBytes *message, gpointer user_data);
  /* One was offered by the other side, and taken. */
  void (*added) (BedChatFile *file, gpointer user_data);
} BedTransfersFuncs;

/* funcs: outlive it. */
BedFileTransfers *bed_file_transfers_new (const BedTransfersFuncs *funcs, gpointer user_data);
void bed_file_transfers_free (BedFileTransfers *self);
/* A binary message of the other side; what does not fit is dropped. */
void bed_file_transfers_take (BedFileTransfers *self, GBytes *message);
/* Returns: (transfer full) (nullable): NULL when one is on its way, the channel is not open, or it
 * is no PNG, JPEG or PDF of a size that is let through. */
BedChatFile *bed_file_transfers_offer (BedFileTransfers *self, const char *name,
                                       const char *media_type, GBytes *content);
/* One's own, or the other side's; nothing for one that is over. */
void bed_file_transfers_stop (BedFileTransfers *self, BedChatFile *file);
/* Both, and the other side is told. */
void bed_file_transfers_stop_all (BedFileTransfers *self);
/* The channel is gone: what was on its way is lost. */
void bed_file_transfers_lose (BedFileTransfers *self);
/* The channel did not take a message of them: both are lost, and the other side is told. */
void bed_file_transfers_give_up (BedFileTransfers *self);
/* Nothing of a file goes out meanwhile, and nobody loses patience. */
void bed_file_transfers_set_paused (BedFileTransfers *self, gboolean paused);
/* Once a second. */
void bed_file_transfers_tick (BedFileTransfers *self);

G_END_DECLS
