/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-store.h"

G_BEGIN_DECLS

/* One end of the reliable hop (docs/protocol.md, 3.3): what its client has sent us so far, and what
 * waits for it. Every change is in the store before it counts, so it outlives the process.
 * Thread: main. */
typedef struct _BedMailbox BedMailbox;

#define BED_MAILBOX_MAX_PARCELS 64
#define BED_MAILBOX_MAX_BYTES (256 * 1024)

typedef enum
{
  BED_MAILBOX_NEXT,   /* take it */
  BED_MAILBOX_REPEAT, /* confirm it again, and drop it */
  BED_MAILBOX_JUMP,   /* refuse it */
} BedMailboxVerdict;

BedMailbox *bed_mailbox_new (BedStore *store, GBytes *owner);
void bed_mailbox_free (BedMailbox *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedMailbox, bed_mailbox_free)

/* Back in from the store, without writing. */
void bed_mailbox_restore_hop (BedMailbox *self, const BedHopRecord *hop);
void bed_mailbox_restore_parcel (BedMailbox *self, const BedParcelRecord *parcel);
/* Takes everything out of the store; the mailbox is then only good to be freed. */
gboolean bed_mailbox_erase (BedMailbox *self, GError **error);

/* A client attached with this hop. A new one starts at 1 and inherits what waits. */
gboolean bed_mailbox_attach (BedMailbox *self, const guint8 hop[BED_HOP_LENGTH], GError **error);
BedMailboxVerdict bed_mailbox_judge (BedMailbox *self, gint64 n);
/* In one: `n` from this client counts as taken, and `data` waits at `target` (nullable: nowhere).
 * Returns: the parcel, lent until the next change, or NULL (without an error when target is
 * NULL). */
const BedParcelRecord *bed_mailbox_take (BedMailbox *self, gint64 n, BedMailbox *target,
                                         const guint8 *room, const guint8 *peer, const char *data,
                                         GError **error);
/* The client has everything up to `n`. */
gboolean bed_mailbox_confirm (BedMailbox *self, gint64 n, GError **error);
/* What waits, in order. */
void bed_mailbox_foreach (BedMailbox *self, BedStoreParcelFunc func, gpointer data);
/* Takes out what waits for or came from one room (it is over). */
gboolean bed_mailbox_forget_room (BedMailbox *self, const guint8 *room, GError **error);
guint bed_mailbox_get_length (BedMailbox *self);

G_END_DECLS
