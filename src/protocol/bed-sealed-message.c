/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sealed-message.h"

#include "bed-words-private.h"

#define MEMBER(name, member, kind, limit, extra) \
  { name, BED_WIRE_##kind, G_STRUCT_OFFSET (BedSealedMessage, member), limit, extra }
#define END { NULL }
#define SDP_MAX 32768

typedef struct { gboolean camera, microphone, speaker; } Devices;
static const BedWireField device_fields[] = {
  { "camera", BED_WIRE_BOOL, G_STRUCT_OFFSET (Devices, camera) },
  { "microphone", BED_WIRE_BOOL, G_STRUCT_OFFSET (Devices, microphone) },
  { "speaker", BED_WIRE_BOOL, G_STRUCT_OFFSET (Devices, speaker) },
  END,
};
static const BedWireSchema devices_schema = { sizeof (Devices), device_fields, NULL };
static const BedWireField consent_fields[] = {
  { "version", BED_WIRE_STRING, G_STRUCT_OFFSET (BedJoinConsent, version), 64 },
  { "hash", BED_WIRE_BYTES, G_STRUCT_OFFSET (BedJoinConsent, hash), BED_HASH_BYTES },
  { "language", BED_WIRE_STRING, G_STRUCT_OFFSET (BedJoinConsent, language), 35 },
  { "time", BED_WIRE_INT, G_STRUCT_OFFSET (BedJoinConsent, time), G_MAXINT64 },
  { "agreed", BED_WIRE_BOOL, G_STRUCT_OFFSET (BedJoinConsent, agreed) },
  END,
};
static const BedWireSchema consent_schema = { sizeof (BedJoinConsent), consent_fields, NULL };

static const char *const hang_up_words[] = { "ended", "left", "failed", NULL };

static const BedWireField join[] = {
  MEMBER ("name", name, STRING, 400, NULL),
  MEMBER ("callback", callback, STRING, 200, NULL),
  MEMBER ("location", location, STRING, 800, NULL),
  MEMBER ("language", language, STRING, 35, NULL),
  MEMBER ("devices", devices, OBJECT, 0, &devices_schema),
  MEMBER ("consent", consent, OBJECT, 0, &consent_schema),
  END,
};
static const BedWireField offer[] = {
  MEMBER ("sdp", sdp, STRING, SDP_MAX, NULL),
  MEMBER ("ice_restart", ice_restart, BOOL, 0, NULL),
  END,
};
static const BedWireField answer[] = { MEMBER ("sdp", sdp, STRING, SDP_MAX, NULL), END };
static const BedWireField candidate[] = {
  MEMBER ("candidate", candidate, STRING, 1024, NULL),
  MEMBER ("sdpMid", sdp_mid, STRING_OPTIONAL, 32, NULL),
  MEMBER ("sdpMLineIndex", sdp_mline_index, INT_OPTIONAL, 64, NULL),
  END,
};
static const BedWireField nothing[] = { END };
static const BedWireField text[] = { MEMBER ("text", text, STRING, 4 * BED_PROTOCOL_TEXT_MAX, NULL),
                                     END };
static const BedWireField media[] = {
  MEMBER ("camera", camera, BOOL, 0, NULL), MEMBER ("microphone", microphone, BOOL, 0, NULL), END,
};
static const BedWireField decline[] = {
  MEMBER ("reason", text, STRING, 4 * BED_PROTOCOL_TEXT_MAX, NULL), END
};
static const BedWireField hang_up[] = { MEMBER ("reason", reason, ENUM, 0, hang_up_words), END };
static const BedWireField commit[] = { MEMBER ("commit", nonce, BYTES, 32, NULL), END };
static const BedWireField nonce[] = { MEMBER ("nonce", nonce, BYTES, 32, NULL), END };
static const BedWireField passcode[] = { MEMBER ("code", text, STRING, 32, NULL), END };
static const BedWireField passcode_result[] = {
  MEMBER ("right", match, BOOL, 0, NULL), MEMBER ("left", left, INT, 100, NULL), END,
};
static const BedWireField result[] = { MEMBER ("match", match, BOOL, 0, NULL), END };

#define PATIENT (1 << BED_ROLE_PATIENT)
#define CLINICIAN (1 << BED_ROLE_CLINICIAN)
static const struct
{
  const char *word;
  const BedWireField *fields;
  guint senders;
} grammar[] = {
  [BED_SEALED_JOIN] = { "join", join, PATIENT },
  [BED_SEALED_OFFER] = { "offer", offer, CLINICIAN },
  [BED_SEALED_ANSWER] = { "answer", answer, PATIENT },
  [BED_SEALED_CANDIDATE] = { "candidate", candidate, PATIENT | CLINICIAN },
  [BED_SEALED_END_OF_CANDIDATES] = { "end-of-candidates", nothing, PATIENT | CLINICIAN },
  [BED_SEALED_TEXT] = { "message", text, PATIENT | CLINICIAN },
  [BED_SEALED_MEDIA] = { "media", media, PATIENT | CLINICIAN },
  [BED_SEALED_RESTART] = { "restart", nothing, PATIENT },
  [BED_SEALED_DECLINE] = { "decline", decline, CLINICIAN },
  [BED_SEALED_HANG_UP] = { "hang-up", hang_up, PATIENT | CLINICIAN },
  [BED_SEALED_SAS_COMMIT] = { "sas-commit", commit, CLINICIAN },
  [BED_SEALED_SAS_NONCE] = { "sas-nonce", nonce, PATIENT },
  [BED_SEALED_SAS_REVEAL] = { "sas-reveal", nonce, CLINICIAN },
  [BED_SEALED_SAS_RESULT] = { "sas-result", result, PATIENT | CLINICIAN },
  [BED_SEALED_PASSCODE] = { "passcode", passcode, PATIENT },
  [BED_SEALED_PASSCODE_RESULT] = { "passcode-result", passcode_result, CLINICIAN },
  [BED_SEALED_CHAT_KEPT] = { "chat-kept", nothing, CLINICIAN },
};

static BedWireSchema
schema_for (BedSealedType type)
{
  return (BedWireSchema){ sizeof (BedSealedMessage), grammar[type].fields,
                          (GDestroyNotify) bed_sealed_message_free };
}

const char *
bed_sealed_type_to_string (BedSealedType type)
{
  return grammar[type].word;
}

static gboolean
find_type (BedRole sender, const char *word, BedSealedType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (grammar); i++)
    if (g_strcmp0 (grammar[i].word, word) == 0 && (grammar[i].senders & (1u << sender)) != 0)
      {
        *type = i;
        return TRUE;
      }
  return FALSE;
}

/* What a schema cannot say. */
static gboolean
makes_sense (const BedSealedMessage *message)
{
  if (message->text != NULL && g_utf8_strlen (message->text, -1) > BED_PROTOCOL_TEXT_MAX)
    return FALSE;
  return message->type != BED_SEALED_JOIN || message->consent.agreed;
}

BedSealedMessage *
bed_sealed_message_decode (BedRole sender, const char *type, const char *json, gsize length,
                           GError **error)
{
  g_autoptr (BedSealedMessage) message = NULL;
  BedSealedType found = BED_SEALED_JOIN;
  gboolean known = find_type (sender, type, &found);
  BedWireSchema schema = schema_for (found);

  if (known && (message = bed_wire_decode (&schema, json, length, error)) == NULL)
    return NULL;
  if (known)
    message->type = found;
  if (!known || !makes_sense (message))
    {
      g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST,
                           "not a message of this sender");
      return NULL;
    }
  return g_steal_pointer (&message);
}

char *
bed_sealed_message_encode (const BedSealedMessage *message)
{
  BedWireSchema schema = schema_for (message->type);

  return bed_wire_encode (&schema, message);
}

void
bed_sealed_message_free (BedSealedMessage *message)
{
  if (message == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (grammar); i++)
    {
      /* Members of other types are zero, and clearing twice does nothing. */
      BedWireSchema schema = schema_for (i);
      bed_wire_clear (&schema, message);
    }
  g_free (message);
}
