/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The thin layer over one usrsctp socket: options, sending and reading, without any policy. */
typedef struct _BedSctpAssociation BedSctpAssociation;

typedef enum
{
  BED_SCTP_READ_NOTHING,
  BED_SCTP_READ_DATA,
  BED_SCTP_READ_UP,
  BED_SCTP_READ_DOWN,
  BED_SCTP_READ_RESET,
  BED_SCTP_READ_OTHER,
} BedSctpReadKind;

typedef struct
{
  BedSctpReadKind kind;
  /* DATA: a piece of a message; `data` is lent until the next read */
  const guint8 *data;
  gsize length;
  guint16 stream;
  guint32 ppid;
  gboolean last;
  /* UP */
  guint outgoing_streams, incoming_streams;
  /* RESET: the streams; none means all of them */
  const guint16 *streams;
  gsize n_streams;
  gboolean incoming_reset, outgoing_reset, reset_refused;
} BedSctpRead;

typedef struct
{
  guint16 stream;
  guint32 ppid;
  gboolean unordered;
  int max_packet_lifetime_ms;
  int max_retransmits;
} BedSctpSendInfo;

typedef enum { BED_SCTP_WRITTEN, BED_SCTP_LATER, BED_SCTP_BROKEN } BedSctpWrite;

/* (transfer full) (nullable) */
BedSctpAssociation *_bed_sctp_association_connect (gpointer address, guint16 local_port,
                                                   guint16 remote_port);
/* Aborts. */
void _bed_sctp_association_free (BedSctpAssociation *self);
void _bed_sctp_association_read (BedSctpAssociation *self, BedSctpRead *read);
BedSctpWrite _bed_sctp_association_write (BedSctpAssociation *self, const guint8 *data,
                                          gsize length, const BedSctpSendInfo *info);
BedSctpWrite _bed_sctp_association_reset_stream (BedSctpAssociation *self, guint16 stream);

G_END_DECLS
