/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-sctp-stack.h"

G_BEGIN_DECLS

typedef struct
{
  void (*send) (const guint8 *packet, gsize length, gpointer owner);
  void (*poll) (gpointer owner); /* read what arrived, send what waits */
} BedSctpPort;

/* Gives an integer that stands for `owner` inside usrsctp, where it becomes part of a cookie that
 * the peer sees. Borrows the owner (a GObject) until it is removed. */
guint _bed_sctp_stack_add (BedSctpStack *self, const BedSctpPort *port, gpointer owner);
/* Sends what waits to be sent, then forgets the id. */
void _bed_sctp_stack_remove (BedSctpStack *self, guint id);
void _bed_sctp_stack_input (BedSctpStack *self, guint id, const guint8 *packet, gsize length);
/* After each call into usrsctp: moves packets and polls until nothing is left. Not from within
 * usrsctp. */
void _bed_sctp_stack_drain (BedSctpStack *self);
gpointer _bed_sctp_stack_address (guint id);

G_END_DECLS
