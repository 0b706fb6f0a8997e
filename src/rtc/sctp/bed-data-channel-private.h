/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-data-channel.h"
#include "bed-dcep.h"
#include "bed-sctp-association-private.h"

G_BEGIN_DECLS

/* PPIDs of RFC 8831 section 8. */
#define BED_PPID_DCEP 50
#define BED_PPID_STRING 51
#define BED_PPID_BINARY 53
#define BED_PPID_STRING_EMPTY 56
#define BED_PPID_BINARY_EMPTY 57

/* Something waits to be sent or the channel wants to be closed. */
typedef void (*BedDataChannelWakeFunc) (gpointer user_data);

BedDataChannel *_bed_data_channel_new (const BedDcepOpen *open, BedDataChannelWakeFunc wake,
                                       gpointer user_data);
/* Ours: queues OPEN. Theirs: queues the ACK. Then it is open. */
void _bed_data_channel_announce (BedDataChannel *self, guint16 id, gboolean ours);
void _bed_data_channel_set_max_message (BedDataChannel *self, guint64 max_message);
void _bed_data_channel_take_ack (BedDataChannel *self);
/* Returns: FALSE when the message was not well-formed */
gboolean _bed_data_channel_take_message (BedDataChannel *self, guint32 ppid, const guint8 *data,
                                         gsize length);
/* Sends one message. Returns: BED_SCTP_LATER also when nothing waits */
BedSctpWrite _bed_data_channel_send_next (BedDataChannel *self, BedSctpAssociation *association);
/* Whether everything is sent and our side of the stream is to be reset now; says so once. */
gboolean _bed_data_channel_wants_reset (BedDataChannel *self);
void _bed_data_channel_take_reset (BedDataChannel *self, gboolean incoming, gboolean outgoing);
void _bed_data_channel_lose (BedDataChannel *self);

G_END_DECLS
