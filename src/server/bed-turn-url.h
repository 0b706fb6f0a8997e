/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stun:, turn: or turns: URI (RFC 7064, RFC 7065), as the settings hold it. Value; any thread. */
typedef struct
{
  enum
  {
    BED_TURN_URL_STUN,
    BED_TURN_URL_UDP,
    BED_TURN_URL_TCP,
    BED_TURN_URL_TLS,
  } kind;
  char *host;
  guint16 port;
} BedTurnUrl;

#define BED_TURN_URL_MAX 256

/* turns: over UDP would be DTLS, which no browser speaks to a relay, and is refused.
 * Returns: (transfer full) (nullable): NULL when it is none. */
BedTurnUrl *bed_turn_url_parse (const char *text);
void bed_turn_url_free (BedTurnUrl *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedTurnUrl, bed_turn_url_free)

G_END_DECLS
