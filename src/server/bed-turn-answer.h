/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a TURN server's refusal says (RFC 8489 section 14). Value. */
typedef struct
{
  guint code;  /* 400 where it names none */
  char *realm; /* the last that was heard, nullable */
  char *nonce;
} BedTurnAnswer;

/* Reads a whole STUN message of `length` bytes, at least a header; what is cut off or malformed is
 * passed over. */
void bed_turn_answer_read (BedTurnAnswer *self, const guint8 *data, gsize length);
void bed_turn_answer_clear (BedTurnAnswer *self);

G_END_DECLS
