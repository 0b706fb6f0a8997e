/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sctp-association-private.h"

#include "bed-data-channel.h"
#include "bed-sctp-transport.h"

#include <errno.h>
#include <string.h>
#include <usrsctp.h>

#define READ_SIZE (64 * 1024)
#define SOCKET_BUFFER (2 * BED_DATA_CHANNEL_MAX_MESSAGE)
#define COMMON_HEADER 12
#define MAX_INIT_ATTEMPTS 8

struct _BedSctpAssociation
{
  struct socket *socket; /* owned */
  guint8 buffer[READ_SIZE] __attribute__ ((aligned (8)));
};

static gboolean
set_option (struct socket *socket, int level, int option, const void *value, gsize length)
{
  return usrsctp_setsockopt (socket, level, option, value, (socklen_t) length) == 0;
}

static gboolean
subscribe (struct socket *socket)
{
  static const guint16 types[] = { SCTP_ASSOC_CHANGE, SCTP_STREAM_RESET_EVENT };
  struct sctp_event event = { .se_assoc_id = SCTP_ALL_ASSOC, .se_on = 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      event.se_type = types[i];
      if (!set_option (socket, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event))
        return FALSE;
    }
  return TRUE;
}

static gboolean
configure (struct socket *socket)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  struct sctp_assoc_value reset = { .assoc_id = SCTP_ALL_ASSOC,
                                    .assoc_value = SCTP_ENABLE_RESET_STREAM_REQ };
  struct sctp_initmsg init = { .sinit_num_ostreams = BED_SCTP_MAX_STREAMS,
                               .sinit_max_instreams = BED_SCTP_MAX_STREAMS,
                               .sinit_max_attempts = MAX_INIT_ATTEMPTS };
  int on = 1, buffer = SOCKET_BUFFER;

  return usrsctp_set_non_blocking (socket, 1) == 0
         && set_option (socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger)
         && set_option (socket, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer)
         && set_option (socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer)
         && set_option (socket, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET, &reset, sizeof reset)
         && set_option (socket, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on)
         && set_option (socket, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof on)
         && set_option (socket, IPPROTO_SCTP, SCTP_INITMSG, &init, sizeof init)
         && subscribe (socket);
}

static void
fill_address (struct sockaddr_conn *conn, gpointer address, guint16 port)
{
  memset (conn, 0, sizeof *conn);
  conn->sconn_family = AF_CONN;
  conn->sconn_port = g_htons (port);
  conn->sconn_addr = address;
}

static gboolean
connect_socket (struct socket *socket, gpointer address, guint16 local_port, guint16 remote_port)
{
  struct sockaddr_conn local, remote;
  struct sctp_paddrparams parameters = { .spp_flags = SPP_PMTUD_DISABLE,
                                         .spp_pathmtu = BED_SCTP_MAX_PACKET - COMMON_HEADER };

  fill_address (&local, address, local_port);
  fill_address (&remote, address, remote_port);
  if (usrsctp_bind (socket, (struct sockaddr *) &local, sizeof local) != 0)
    return FALSE;
  if (usrsctp_connect (socket, (struct sockaddr *) &remote, sizeof remote) != 0
      && errno != EINPROGRESS)
    return FALSE;
  memcpy (&parameters.spp_address, &remote, sizeof remote);
  return set_option (socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &parameters, sizeof parameters);
}

BedSctpAssociation *
_bed_sctp_association_connect (gpointer address, guint16 local_port, guint16 remote_port)
{
  struct socket *socket = usrsctp_socket (AF_CONN, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
  BedSctpAssociation *self;

  if (socket == NULL)
    return NULL;
  if (!configure (socket) || !connect_socket (socket, address, local_port, remote_port))
    {
      usrsctp_close (socket);
      return NULL;
    }
  self = g_new (BedSctpAssociation, 1);
  self->socket = socket;
  return self;
}

void
_bed_sctp_association_free (BedSctpAssociation *self)
{
  usrsctp_close (self->socket);
  g_free (self);
}

static void
read_association_change (const struct sctp_assoc_change *change, BedSctpRead *read)
{
  switch (change->sac_state)
    {
    case SCTP_COMM_UP:
      read->kind = BED_SCTP_READ_UP;
      read->outgoing_streams = change->sac_outbound_streams;
      read->incoming_streams = change->sac_inbound_streams;
      break;
    case SCTP_COMM_LOST:
    case SCTP_SHUTDOWN_COMP:
    case SCTP_CANT_STR_ASSOC:
    case SCTP_RESTART: /* the peer made a new association: ours, with its channels, is gone */
      read->kind = BED_SCTP_READ_DOWN;
      break;
    default:
      break;
    }
}

static void
read_stream_reset (const struct sctp_stream_reset_event *event, gsize length, BedSctpRead *read)
{
  if (length < sizeof *event)
    return;
  read->kind = BED_SCTP_READ_RESET;
  read->streams = event->strreset_stream_list;
  read->n_streams = (length - sizeof *event) / sizeof (guint16);
  read->incoming_reset = (event->strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0;
  read->outgoing_reset = (event->strreset_flags & SCTP_STREAM_RESET_OUTGOING_SSN) != 0;
  read->reset_refused =
      (event->strreset_flags & (SCTP_STREAM_RESET_DENIED | SCTP_STREAM_RESET_FAILED)) != 0;
}

static void
read_notification (BedSctpAssociation *self, gsize length, BedSctpRead *read)
{
  const union sctp_notification *notification = (const union sctp_notification *) self->buffer;

  read->kind = BED_SCTP_READ_OTHER;
  if (length < sizeof notification->sn_header || notification->sn_header.sn_length > length)
    return;
  if (notification->sn_header.sn_type == SCTP_ASSOC_CHANGE
      && length >= sizeof (struct sctp_assoc_change))
    read_association_change (&notification->sn_assoc_change, read);
  else if (notification->sn_header.sn_type == SCTP_STREAM_RESET_EVENT)
    read_stream_reset (&notification->sn_strreset_event, notification->sn_header.sn_length, read);
}

void
_bed_sctp_association_read (BedSctpAssociation *self, BedSctpRead *read)
{
  struct sctp_rcvinfo info = { 0 };
  struct sockaddr_conn from;
  socklen_t from_length = sizeof from, info_length = sizeof info;
  unsigned int info_type = 0;
  int flags = 0;
  ssize_t length;

  memset (read, 0, sizeof *read);
  length = usrsctp_recvv (self->socket, self->buffer, sizeof self->buffer,
                          (struct sockaddr *) &from, &from_length, &info, &info_length, &info_type,
                          &flags);
  if (length < 0)
    {
      read->kind = errno == EWOULDBLOCK || errno == EAGAIN || errno == ENOTCONN
                           || errno == EINPROGRESS
                       ? BED_SCTP_READ_NOTHING
                       : BED_SCTP_READ_DOWN;
      return;
    }
  if (length == 0)
    read->kind = BED_SCTP_READ_DOWN;
  else if (flags & MSG_NOTIFICATION)
    read_notification (self, (gsize) length, read);
  else if (info_type == SCTP_RECVV_RCVINFO)
    {
      read->kind = BED_SCTP_READ_DATA;
      read->data = self->buffer;
      read->length = (gsize) length;
      read->stream = info.rcv_sid;
      read->ppid = g_ntohl (info.rcv_ppid);
      read->last = (flags & MSG_EOR) != 0;
    }
  else
    read->kind = BED_SCTP_READ_OTHER;
}

static BedSctpWrite
from_errno (void)
{
  return errno == EWOULDBLOCK || errno == EAGAIN || errno == EALREADY || errno == EINPROGRESS
             || errno == ENOBUFS
           ? BED_SCTP_LATER : BED_SCTP_BROKEN;
}

BedSctpWrite
_bed_sctp_association_write (BedSctpAssociation *self, const guint8 *data, gsize length,
                             const BedSctpSendInfo *info)
{
  struct sctp_sendv_spa spa = { 0 };

  spa.sendv_flags = SCTP_SEND_SNDINFO_VALID;
  spa.sendv_sndinfo.snd_sid = info->stream;
  spa.sendv_sndinfo.snd_ppid = g_htonl (info->ppid);
  if (info->unordered)
    spa.sendv_sndinfo.snd_flags = SCTP_UNORDERED;
  if (info->max_packet_lifetime_ms >= 0 || info->max_retransmits >= 0)
    {
      gboolean timed = info->max_packet_lifetime_ms >= 0;

      spa.sendv_flags |= SCTP_SEND_PRINFO_VALID;
      spa.sendv_prinfo.pr_policy = timed ? SCTP_PR_SCTP_TTL : SCTP_PR_SCTP_RTX;
      spa.sendv_prinfo.pr_value = (guint32) (timed ? info->max_packet_lifetime_ms
                                                   : info->max_retransmits);
    }
  if (usrsctp_sendv (self->socket, data, length, NULL, 0, &spa, sizeof spa, SCTP_SENDV_SPA, 0) >= 0)
    return BED_SCTP_WRITTEN;
  return from_errno ();
}

BedSctpWrite
_bed_sctp_association_reset_stream (BedSctpAssociation *self, guint16 stream)
{
  guint8 memory[sizeof (struct sctp_reset_streams) + sizeof (guint16)]
      __attribute__ ((aligned (8))) = { 0 };
  struct sctp_reset_streams *reset = (struct sctp_reset_streams *) memory;

  reset->srs_assoc_id = SCTP_ALL_ASSOC;
  reset->srs_flags = SCTP_STREAM_RESET_OUTGOING;
  reset->srs_number_streams = 1;
  reset->srs_stream_list[0] = stream;
  if (set_option (self->socket, IPPROTO_SCTP, SCTP_RESET_STREAMS, reset, sizeof memory))
    return BED_SCTP_WRITTEN;
  return from_errno ();
}
