/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rest.h"

G_BEGIN_DECLS

/* What passes inside the sealed channel (section 4.1). */
typedef enum
{
  BED_SEALED_JOIN,
  BED_SEALED_OFFER,
  BED_SEALED_ANSWER,
  BED_SEALED_CANDIDATE,
  BED_SEALED_END_OF_CANDIDATES,
  BED_SEALED_TEXT, /* on the wire: message */
  BED_SEALED_MEDIA,
  BED_SEALED_RESTART,
  BED_SEALED_DECLINE,
  BED_SEALED_HANG_UP,
  BED_SEALED_SAS_COMMIT,
  BED_SEALED_SAS_NONCE,
  BED_SEALED_SAS_REVEAL,
  BED_SEALED_SAS_RESULT,
  BED_SEALED_PASSCODE,
  BED_SEALED_PASSCODE_RESULT,
  BED_SEALED_CHAT_KEPT,
} BedSealedType;

typedef enum { BED_HANG_UP_ENDED, BED_HANG_UP_LEFT, BED_HANG_UP_FAILED } BedHangUpReason;

typedef struct
{
  char *version;
  guint8 hash[BED_HASH_BYTES]; /* SHA-256 of the consent text */
  char *language;
  gint64 time; /* seconds since 1970 UTC */
  gboolean agreed;
} BedJoinConsent;

typedef struct
{
  BedSealedType type;
  char *name, *callback, *location, *language;      /* join */
  struct { gboolean camera, microphone, speaker; } devices;
  BedJoinConsent consent;
  char *sdp;                                        /* offer, answer */
  gboolean ice_restart;
  char *candidate, *sdp_mid;                        /* candidate; sdp_mid nullable */
  gint64 sdp_mline_index;                           /* -1: not given */
  char *text;                                       /* message; decline: words for the patient; passcode */
  gboolean camera, microphone;                      /* media */
  BedHangUpReason reason;                           /* hang-up */
  guint8 nonce[32]; /* sas-commit (the commitment), sas-nonce, sas-reveal */
  gboolean match;                                   /* sas-result, passcode-result */
  gint64 left;                                      /* passcode-result: tries that are left */
} BedSealedMessage;

/* The wire's word. Returns: (transfer none) */
const char *bed_sealed_type_to_string (BedSealedType type);
/* Decodes what bed_sealed_channel_receive opened, from a sender of this role. Any thread.
 * Returns: (transfer full) (nullable): NULL with BED_PROTOCOL_ERROR_BAD_REQUEST. */
BedSealedMessage *bed_sealed_message_decode (BedRole sender, const char *type, const char *text,
                                             gsize length, GError **error);
/* Returns: (transfer full): JSON for bed_sealed_channel_seal with bed_sealed_type_to_string
 * (message->type). */
char *bed_sealed_message_encode (const BedSealedMessage *message);
void bed_sealed_message_free (BedSealedMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSealedMessage, bed_sealed_message_free)

G_END_DECLS
