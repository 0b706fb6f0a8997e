/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-invite.h"

G_BEGIN_DECLS

/* The end-to-end channel of section 4, one for each peer: pure, no I/O, no clock. What it returns
 * goes out as a relay's `data`, what comes in goes to bed_sealed_channel_receive. One thread.
 *
 *   patient:   start () → hello text ... receive (clinician's hello) → BEGUN ... seal / receive
 *   clinician: receive (patient's hello) → BEGUN with a reply ... seal / receive
 *
 * Invariants: a key and a sequence number meet once; after LOST the keys are gone and nothing opens
 * until another session has begun.
 */
typedef enum
{
  BED_SEALED_IGNORED, /* nothing to do: the same hello or number again, or another session's message
                       */
  BED_SEALED_BEGUN,   /* a session began: verification is back to "not checked" */
  BED_SEALED_MESSAGE, /* a message was opened */
  BED_SEALED_LOST,    /* not what was sent: the session is over; see the reason */
  BED_SEALED_PEER_LOST, /* the other side has lost the session: it is over here, too */
  BED_SEALED_MALFORMED, /* names no session: dropped, the session stands */
} BedSealedEvent;

typedef enum
{
  BED_SEALED_REASON_NONE,
  BED_SEALED_REASON_GAP,
  BED_SEALED_REASON_REPEAT, /* with IGNORED */
  BED_SEALED_REASON_BAD_TAG,
  BED_SEALED_REASON_MALFORMED, /* for this session, but without a number, a type or a box */
  BED_SEALED_REASON_HELLO, /* a second clinician's hello for the same hello of ours */
} BedSealedReason;

/* What bed_sealed_channel_receive hands out; zero it before, bed_sealed_output_clear after. */
typedef struct
{
  BedSealedReason reason;
  char *reply;  /* to be sent: the clinician's hello after BEGUN, a `lost` after LOST (clinician);
                   else NULL */
  char *type;   /* of the message, e.g. "offer" */
  char *text;   /* the message's JSON */
  gsize length; /* of text */
} BedSealedOutput;
void bed_sealed_output_clear (BedSealedOutput *output);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BedSealedOutput, bed_sealed_output_clear)

#define BED_TYPE_SEALED_CHANNEL (bed_sealed_channel_get_type ())
G_DECLARE_FINAL_TYPE (BedSealedChannel, bed_sealed_channel, BED, SEALED_CHANNEL, GObject)

/* The clinician's invite has the private key, the patient's an open card. Returns: (transfer full)
 */
BedSealedChannel *bed_sealed_channel_new (BedRole role, BedInvite *invite);
/* Patient: a new hello, which ends any session before. The caller keeps to 3 a minute after losses.
 * Returns: (transfer full) */
char *bed_sealed_channel_start (BedSealedChannel *self);
/* Takes a relay's data: hostile bytes. */
BedSealedEvent bed_sealed_channel_receive (BedSealedChannel *self, const char *data, gsize length,
                                           BedSealedOutput *output);
/* Seals one JSON text of a type. Returns: (transfer full) (nullable): NULL with
 * BED_PROTOCOL_ERROR_CONFLICT when there is no session, _TOO_LARGE over 40 KiB. */
char *bed_sealed_channel_seal (BedSealedChannel *self, const char *type, const char *json,
                               GError **error);
/* Clinician, without a session (the app came back): asks the patient for a hello. Returns:
 * (transfer full) */
char *bed_sealed_channel_ask_hello (BedSealedChannel *self);
gboolean bed_sealed_channel_is_open (BedSealedChannel *self);
/* The session's ids of BED_HELLO_ID_BYTES, lent while it is open; NULL otherwise. */
const guint8 *bed_sealed_channel_get_id (BedSealedChannel *self, BedRole role);

G_END_DECLS
