/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BED_SCTP_ERROR (bed_sctp_error_quark ())
GQuark bed_sctp_error_quark (void);
typedef enum
{
  BED_SCTP_ERROR_BUSY,    /* a stack exists in this process already */
  BED_SCTP_ERROR_SOCKET,  /* the library refused */
  BED_SCTP_ERROR_STATE,   /* closed, or started before */
  BED_SCTP_ERROR_LIMIT,   /* label, protocol or number of channels over the limit */
} BedSctpError;

/* usrsctp keeps its state in the process, so this object stands for it: made once, handed to each
 * transport, torn down with the last reference. It has no threads. It and all of its transports
 * belong to one thread (the network thread; several connections share it).
 */
#define BED_TYPE_SCTP_STACK (bed_sctp_stack_get_type ())
G_DECLARE_FINAL_TYPE (BedSctpStack, bed_sctp_stack, BED, SCTP_STACK, GObject)

/* Returns: (transfer full) (nullable): NULL with BED_SCTP_ERROR_BUSY while another one lives */
BedSctpStack *bed_sctp_stack_new (gint64 now_us, GError **error);
/* Runs the timers up to `now_us` (monotonic). Call it every BED_SCTP_TICK_US while a transport
 * lives. */
void bed_sctp_stack_advance (BedSctpStack *self, gint64 now_us);

#define BED_SCTP_TICK_US 10000

G_END_DECLS
