/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The Data Channel Establishment Protocol, RFC 8832 section 5. Pure; any thread. */
typedef enum { BED_DCEP_MALFORMED, BED_DCEP_OPEN, BED_DCEP_ACK } BedDcepKind;

#define BED_DCEP_MAX_STRING 256 /* bytes, label and protocol */
#define BED_DCEP_MAX_LENGTH (12 + 2 * BED_DCEP_MAX_STRING)

typedef struct
{
  gboolean unordered;
  int max_packet_lifetime_ms; /* -1: no limit */
  int max_retransmits;        /* -1: no limit */
  char label[BED_DCEP_MAX_STRING + 1];
  char protocol[BED_DCEP_MAX_STRING + 1];
} BedDcepOpen;

/* Fills `open` for BED_DCEP_OPEN. Strings must be UTF-8 without NUL, and nothing may follow them.
 */
BedDcepKind bed_dcep_parse (const guint8 *data, gsize length, BedDcepOpen *open);
/* `out` has BED_DCEP_MAX_LENGTH bytes. Returns: the length written */
gsize bed_dcep_write_open (const BedDcepOpen *open, guint8 *out);
gsize bed_dcep_write_ack (guint8 *out);

G_END_DECLS
