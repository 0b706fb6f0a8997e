/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sealed-channel-private.h"

#include <openssl/sha.h>
#include <string.h>

#include "bed-byte-writer.h"
#include "bed-crypto-private.h"
#include "bed-encoding.h"

#define TYPE_MAX 32
#define DIRECTION_BYTES (BED_CRYPTO_KEY_BYTES + BED_CRYPTO_NONCE_BYTES)
#define SEQUENCE_MAX ((G_GINT64_CONSTANT (1) << 53) - 1) /* what every JSON reader holds exactly */
#define AD_MAX 128

static const char hello_label[] = "bedside hello v1";
static const char channel_label[] = "bedside channel v1";
static const char sealed_label[] = "bedside sealed v1";

typedef struct
{
  gint64 version;
  int role;
  guint8 id[BED_HELLO_ID_BYTES];
  guint8 key[BED_POINT_BYTES];
  char *to;
} Hello;

typedef struct
{
  guint8 from[BED_HELLO_ID_BYTES], to[BED_HELLO_ID_BYTES];
  gint64 seq;
  char *type;
  GBytes *box;
} Envelope;

struct _BedSealedChannel
{
  GObject parent;
  BedRole role;
  gboolean open;
  gboolean has_hello;      /* patient: ours is out; clinician: `hellos` has the last one answered */
  guint8 hellos[2][BED_HELLO_ID_BYTES];
  guint8 points[2][BED_POINT_BYTES];
  gint64 sent, received;
  /* owned */
  BedInvite *invite;
  EVP_PKEY *ephemeral;
  BedSecret *keys[2];      /* by the sender's role */
  EVP_PKEY *next_key;
  guint8 next_id[BED_HELLO_ID_BYTES];
};

G_DEFINE_FINAL_TYPE (BedSealedChannel, bed_sealed_channel, G_TYPE_OBJECT)

static const char *const role_words[] = { "patient", "clinician", NULL };
static const BedWireField hello_fields[] = {
  { "v", BED_WIRE_INT, G_STRUCT_OFFSET (Hello, version), G_MAXINT32 },
  { "role", BED_WIRE_ENUM, G_STRUCT_OFFSET (Hello, role), 0, role_words },
  { "id", BED_WIRE_BYTES, G_STRUCT_OFFSET (Hello, id), BED_HELLO_ID_BYTES },
  { "key", BED_WIRE_BYTES, G_STRUCT_OFFSET (Hello, key), BED_POINT_BYTES },
  { "to", BED_WIRE_STRING_OPTIONAL, G_STRUCT_OFFSET (Hello, to), 32 },
  { NULL },
};
static const BedWireSchema hello_schema = { sizeof (Hello), hello_fields, NULL };
/* In three parts, as they are judged one after the other. */
static const BedWireField address_fields[] = {
  { "from", BED_WIRE_BYTES, G_STRUCT_OFFSET (Envelope, from), BED_HELLO_ID_BYTES },
  { "to", BED_WIRE_BYTES, G_STRUCT_OFFSET (Envelope, to), BED_HELLO_ID_BYTES },
  { NULL },
};
static const BedWireSchema address_schema = { sizeof (Envelope), address_fields, NULL };
static const BedWireField number_fields[] = {
  { "seq", BED_WIRE_INT, G_STRUCT_OFFSET (Envelope, seq), SEQUENCE_MAX },
  { NULL },
};
static const BedWireSchema number_schema = { sizeof (Envelope), number_fields, NULL };
static const BedWireField content_fields[] = {
  { "type", BED_WIRE_STRING, G_STRUCT_OFFSET (Envelope, type), TYPE_MAX },
  { "box", BED_WIRE_BLOB, G_STRUCT_OFFSET (Envelope, box),
    BED_PROTOCOL_PLAINTEXT_MAX + BED_CRYPTO_TAG_BYTES },
  { NULL },
};
static const BedWireSchema content_schema = { sizeof (Envelope), content_fields, NULL };

static void
forget_session (BedSealedChannel *self)
{
  self->open = FALSE;
  g_clear_pointer (&self->keys[0], bed_secret_unref);
  g_clear_pointer (&self->keys[1], bed_secret_unref);
  g_clear_pointer (&self->ephemeral, EVP_PKEY_free);
}

static void
bed_sealed_channel_finalize (GObject *object)
{
  BedSealedChannel *self = BED_SEALED_CHANNEL (object);

  forget_session (self);
  g_clear_pointer (&self->next_key, EVP_PKEY_free);
  g_clear_pointer (&self->invite, bed_invite_unref);
  G_OBJECT_CLASS (bed_sealed_channel_parent_class)->finalize (object);
}

static void
bed_sealed_channel_class_init (BedSealedChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_sealed_channel_finalize;
}

static void
bed_sealed_channel_init (BedSealedChannel *self)
{
}

BedSealedChannel *
bed_sealed_channel_new (BedRole role, BedInvite *invite)
{
  BedSealedChannel *self;

  g_return_val_if_fail (bed_invite_get_public_key (invite) != NULL, NULL);
  g_return_val_if_fail (role == BED_ROLE_PATIENT || bed_invite_get_private_key (invite) != NULL,
                        NULL);
  self = g_object_new (BED_TYPE_SEALED_CHANNEL, NULL);
  self->role = role;
  self->invite = bed_invite_ref (invite);
  return self;
}

void
bed_sealed_output_clear (BedSealedOutput *output)
{
  if (output->text != NULL)
    bed_secret_wipe (output->text, output->length);
  g_clear_pointer (&output->text, g_free);
  g_clear_pointer (&output->type, g_free);
  g_clear_pointer (&output->reply, g_free);
  output->length = 0;
  output->reason = BED_SEALED_REASON_NONE;
}

void
bed_sealed_channel_set_next_hello (BedSealedChannel *self, const guint8 id[BED_HELLO_ID_BYTES],
                                   const guint8 scalar[32])
{
  g_clear_pointer (&self->next_key, EVP_PKEY_free);
  self->next_key = bed_crypto_key_from_scalar (scalar);
  memcpy (self->next_id, id, BED_HELLO_ID_BYTES);
}

BedSecret *
bed_sealed_channel_get_key (BedSealedChannel *self, BedRole from)
{
  return self->keys[from];
}

/* A fresh id and ephemeral key on our side. */
static void
make_hello (BedSealedChannel *self)
{
  g_clear_pointer (&self->ephemeral, EVP_PKEY_free);
  if (self->next_key != NULL)
    {
      self->ephemeral = g_steal_pointer (&self->next_key);
      memcpy (self->hellos[self->role], self->next_id, BED_HELLO_ID_BYTES);
    }
  else
    {
      self->ephemeral = bed_crypto_key_generate ();
      bed_random_bytes (self->hellos[self->role], BED_HELLO_ID_BYTES);
    }
  bed_crypto_key_get_point (self->ephemeral, self->points[self->role]);
}

static char *
print_hello (BedSealedChannel *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *to = NULL;
  Hello hello = { .version = BED_PROTOCOL_VERSION, .role = self->role };

  memcpy (hello.id, self->hellos[self->role], sizeof hello.id);
  memcpy (hello.key, self->points[self->role], sizeof hello.key);
  if (self->role == BED_ROLE_CLINICIAN)
    hello.to = to = bed_base64url_encode (self->hellos[BED_ROLE_PATIENT], BED_HELLO_ID_BYTES);
  json_object_set_string_member (object, "t", "hello");
  bed_wire_write (&hello_schema, &hello, object);
  if (hello.to == NULL)
    json_object_remove_member (object, "to");
  return bed_json_print (object);
}

static void
hash_hellos (BedSealedChannel *self, guint8 salt[SHA256_DIGEST_LENGTH])
{
  guint8 bytes[2 * (sizeof hello_label - 1 + 1 + BED_HELLO_ID_BYTES + BED_POINT_BYTES)];
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  for (guint role = 0; role < 2; role++)
    {
      bed_byte_writer_bytes (&writer, hello_label, sizeof hello_label - 1);
      bed_byte_writer_u8 (&writer, (guint8) role);
      bed_byte_writer_bytes (&writer, self->hellos[role], BED_HELLO_ID_BYTES);
      bed_byte_writer_bytes (&writer, self->points[role], BED_POINT_BYTES);
    }
  SHA256 (bytes, sizeof bytes, salt);
}

/* ECDH(e_patient, C) || ECDH(e_patient, e_clinician) || seal root, seen from either side. */
static BedSecret *
agree (BedSealedChannel *self, EVP_PKEY *peer)
{
  g_autoptr (BedSecret) ikm = bed_secret_new_zero (96);
  guint8 *out = bed_secret_get_writable (ikm);
  BedSecret *scalar = bed_invite_get_private_key (self->invite);
  g_autoptr (EVP_PKEY)
      fixed = self->role == BED_ROLE_CLINICIAN
                  ? bed_crypto_key_from_scalar (bed_secret_get_data (scalar))
                  : bed_crypto_key_from_point (bed_invite_get_public_key (self->invite));
  gboolean agreed = self->role == BED_ROLE_CLINICIAN
                        ? bed_crypto_ecdh (fixed, peer, out)
                        : bed_crypto_ecdh (self->ephemeral, fixed, out);

  if (!agreed || !bed_crypto_ecdh (self->ephemeral, peer, out + 32))
    return NULL;
  memcpy (out + 64, bed_secret_get_data (bed_invite_get_seal_root (self->invite)), 32);
  return g_steal_pointer (&ikm);
}

static gboolean
begin_session (BedSealedChannel *self, EVP_PKEY *peer)
{
  g_autoptr (BedSecret) ikm = agree (self, peer);
  guint8 salt[SHA256_DIGEST_LENGTH];
  guint8 info[sizeof channel_label - 1 + BED_ROOM_ID_BYTES + 1];

  if (ikm == NULL)
    return FALSE;
  hash_hellos (self, salt);
  memcpy (info, channel_label, sizeof channel_label - 1);
  memcpy (info + sizeof channel_label - 1, bed_invite_get_room_id (self->invite),
          BED_ROOM_ID_BYTES);
  for (guint8 direction = 0; direction < 2; direction++)
    {
      info[sizeof info - 1] = direction;
      g_clear_pointer (&self->keys[direction], bed_secret_unref);
      self->keys[direction] = bed_secret_new_zero (DIRECTION_BYTES);
      bed_crypto_hkdf (bed_secret_get_data (ikm), bed_secret_get_length (ikm), salt, sizeof salt,
                       info, sizeof info, bed_secret_get_writable (self->keys[direction]),
                       DIRECTION_BYTES);
    }
  self->sent = self->received = 0;
  self->open = TRUE;
  return TRUE;
}

char *
bed_sealed_channel_start (BedSealedChannel *self)
{
  g_return_val_if_fail (self->role == BED_ROLE_PATIENT, NULL);
  forget_session (self);
  make_hello (self);
  self->has_hello = TRUE;
  return print_hello (self);
}

char *
bed_sealed_channel_ask_hello (BedSealedChannel *self)
{
  g_return_val_if_fail (self->role == BED_ROLE_CLINICIAN, NULL);
  return g_strdup ("{\"t\":\"lost\"}");
}

static BedSealedEvent
lose (BedSealedChannel *self, BedSealedReason reason, BedSealedOutput *output)
{
  forget_session (self);
  if (self->role == BED_ROLE_PATIENT)
    self->has_hello = FALSE;
  else
    output->reply = bed_sealed_channel_ask_hello (self);
  output->reason = reason;
  return BED_SEALED_LOST;
}

static gboolean
is_hello_of (BedSealedChannel *self, BedRole role, const Hello *hello)
{
  return memcmp (hello->id, self->hellos[role], BED_HELLO_ID_BYTES) == 0 &&
         memcmp (hello->key, self->points[role], BED_POINT_BYTES) == 0;
}

static BedSealedEvent
take_patients_hello (BedSealedChannel *self, const Hello *hello, EVP_PKEY *peer,
                     BedSealedOutput *output)
{
  if (self->has_hello && is_hello_of (self, BED_ROLE_PATIENT, hello))
    return BED_SEALED_IGNORED;
  forget_session (self);
  make_hello (self);
  self->has_hello = TRUE;
  memcpy (self->hellos[BED_ROLE_PATIENT], hello->id, BED_HELLO_ID_BYTES);
  memcpy (self->points[BED_ROLE_PATIENT], hello->key, BED_POINT_BYTES);
  if (!begin_session (self, peer))
    return BED_SEALED_MALFORMED;
  output->reply = print_hello (self);
  return BED_SEALED_BEGUN;
}

static BedSealedEvent
take_clinicians_hello (BedSealedChannel *self, const Hello *hello, EVP_PKEY *peer,
                       BedSealedOutput *output)
{
  guint8 to[BED_HELLO_ID_BYTES];

  if (hello->to == NULL || !bed_base64url_decode_exact (hello->to, to, sizeof to))
    return BED_SEALED_MALFORMED;
  if (!self->has_hello || memcmp (to, self->hellos[BED_ROLE_PATIENT], sizeof to) != 0)
    return BED_SEALED_IGNORED;
  if (self->open)
    return is_hello_of (self, BED_ROLE_CLINICIAN, hello)
               ? BED_SEALED_IGNORED
               : lose (self, BED_SEALED_REASON_HELLO, output);
  memcpy (self->hellos[BED_ROLE_CLINICIAN], hello->id, BED_HELLO_ID_BYTES);
  memcpy (self->points[BED_ROLE_CLINICIAN], hello->key, BED_POINT_BYTES);
  return begin_session (self, peer) ? BED_SEALED_BEGUN : BED_SEALED_MALFORMED;
}

static BedSealedEvent
receive_hello (BedSealedChannel *self, JsonObject *object, BedSealedOutput *output)
{
  Hello hello = { 0 };
  g_autoptr (EVP_PKEY) peer = NULL;
  BedSealedEvent event = BED_SEALED_MALFORMED;

  if (bed_wire_read (&hello_schema, object, &hello, NULL) && hello.version == BED_PROTOCOL_VERSION
      && (peer = bed_crypto_key_from_point (hello.key)) != NULL)
    {
      if ((BedRole) hello.role == self->role)
        event = BED_SEALED_IGNORED; /* our own, reflected */
      else if (self->role == BED_ROLE_CLINICIAN)
        event = take_patients_hello (self, &hello, peer, output);
      else
        event = take_clinicians_hello (self, &hello, peer, output);
    }
  bed_wire_clear (&hello_schema, &hello);
  return event;
}

static void
make_nonce (BedSecret *key, gint64 seq, guint8 nonce[BED_CRYPTO_NONCE_BYTES])
{
  memcpy (nonce, bed_secret_get_data (key) + BED_CRYPTO_KEY_BYTES, BED_CRYPTO_NONCE_BYTES);
  for (guint i = 0; i < 8; i++)
    nonce[BED_CRYPTO_NONCE_BYTES - 1 - i] ^= (guint8) ((guint64) seq >> (8 * i));
}

static gsize
make_associated_data (BedSealedChannel *self, BedRole from, gint64 seq, const char *type,
                      guint8 out[AD_MAX])
{
  BedByteWriter writer;

  bed_byte_writer_init (&writer, out, AD_MAX);
  bed_byte_writer_bytes (&writer, sealed_label, sizeof sealed_label - 1);
  bed_byte_writer_bytes (&writer, bed_invite_get_room_id (self->invite), BED_ROOM_ID_BYTES);
  bed_byte_writer_bytes (&writer, self->hellos[BED_ROLE_PATIENT], BED_HELLO_ID_BYTES);
  bed_byte_writer_bytes (&writer, self->hellos[BED_ROLE_CLINICIAN], BED_HELLO_ID_BYTES);
  bed_byte_writer_u8 (&writer, (guint8) from);
  bed_byte_writer_u64 (&writer, (guint64) seq);
  bed_byte_writer_bytes (&writer, type, strlen (type));
  return bed_byte_writer_get_length (&writer);
}

static gboolean
open_box (BedSealedChannel *self, const Envelope *envelope, BedSealedOutput *output)
{
  gsize length;
  const guint8 *box = g_bytes_get_data (envelope->box, &length);
  BedRole from = 1 - self->role;
  guint8 nonce[BED_CRYPTO_NONCE_BYTES], ad[AD_MAX];
  gsize ad_length = make_associated_data (self, from, envelope->seq, envelope->type, ad);

  if (length < BED_CRYPTO_TAG_BYTES)
    return FALSE;
  output->length = length - BED_CRYPTO_TAG_BYTES;
  output->text = g_malloc0 (output->length + 1);
  make_nonce (self->keys[from], envelope->seq, nonce);
  return bed_crypto_open (bed_secret_get_data (self->keys[from]), nonce, box, length, ad, ad_length,
                          (guint8 *) output->text);
}

static gboolean
concerns_session (BedSealedChannel *self, const Envelope *envelope)
{
  return self->open
         && memcmp (envelope->from, self->hellos[1 - self->role], BED_HELLO_ID_BYTES) == 0
         && memcmp (envelope->to, self->hellos[self->role], BED_HELLO_ID_BYTES) == 0;
}

static BedSealedEvent
take_envelope (BedSealedChannel *self, JsonObject *object, Envelope *envelope,
               BedSealedOutput *output)
{
  gboolean numbered = bed_wire_read (&number_schema, object, envelope, NULL) && envelope->seq > 0;

  if (numbered && envelope->seq <= self->received)
    {
      output->reason = BED_SEALED_REASON_REPEAT;
      return BED_SEALED_IGNORED;
    }
  if (numbered && envelope->seq != self->received + 1)
    return lose (self, BED_SEALED_REASON_GAP, output);
  if (!numbered || !bed_wire_read (&content_schema, object, envelope, NULL))
    return lose (self, BED_SEALED_REASON_MALFORMED, output);
  if (!open_box (self, envelope, output))
    {
      bed_sealed_output_clear (output);
      return lose (self, BED_SEALED_REASON_BAD_TAG, output);
    }
  self->received++;
  output->type = g_strdup (envelope->type);
  return BED_SEALED_MESSAGE;
}

static BedSealedEvent
receive_sealed (BedSealedChannel *self, JsonObject *object, BedSealedOutput *output)
{
  Envelope envelope = { 0 };
  BedSealedEvent event;

  if (!bed_wire_read (&address_schema, object, &envelope, NULL))
    event = BED_SEALED_MALFORMED;
  else if (!concerns_session (self, &envelope))
    event = BED_SEALED_IGNORED;
  else
    event = take_envelope (self, object, &envelope, output);
  bed_wire_clear (&address_schema, &envelope);
  bed_wire_clear (&content_schema, &envelope);
  return event;
}

static BedSealedEvent
receive_lost (BedSealedChannel *self)
{
  if (self->role != BED_ROLE_PATIENT || !self->has_hello)
    return BED_SEALED_IGNORED;
  forget_session (self);
  self->has_hello = FALSE;
  return BED_SEALED_PEER_LOST;
}

BedSealedEvent
bed_sealed_channel_receive (BedSealedChannel *self, const char *data, gsize length,
                            BedSealedOutput *output)
{
  g_autoptr (JsonObject) object = bed_json_parse (data, length, NULL);
  JsonNode *node = object != NULL ? json_object_get_member (object, "t") : NULL;
  const char *kind;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return BED_SEALED_MALFORMED;
  kind = json_node_get_string (node);
  if (strcmp (kind, "hello") == 0)
    return receive_hello (self, object, output);
  if (strcmp (kind, "sealed") == 0)
    return receive_sealed (self, object, output);
  return strcmp (kind, "lost") == 0 ? receive_lost (self) : BED_SEALED_MALFORMED;
}

static char *
seal_now (BedSealedChannel *self, const char *type, const char *json)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gsize length = strlen (json);
  g_autofree guint8 *box = g_malloc (length + BED_CRYPTO_TAG_BYTES);
  g_autoptr (GBytes) bytes = NULL;
  guint8 nonce[BED_CRYPTO_NONCE_BYTES], ad[AD_MAX];
  gsize ad_length;
  Envelope envelope = { .seq = ++self->sent, .type = (char *) type };

  memcpy (envelope.from, self->hellos[self->role], BED_HELLO_ID_BYTES);
  memcpy (envelope.to, self->hellos[1 - self->role], BED_HELLO_ID_BYTES);
  ad_length = make_associated_data (self, self->role, envelope.seq, type, ad);
  make_nonce (self->keys[self->role], envelope.seq, nonce);
  bed_crypto_seal (bed_secret_get_data (self->keys[self->role]), nonce, (const guint8 *) json,
                   length, ad, ad_length, box);
  envelope.box = bytes = g_bytes_new (box, length + BED_CRYPTO_TAG_BYTES);
  json_object_set_string_member (object, "t", "sealed");
  bed_wire_write (&address_schema, &envelope, object);
  bed_wire_write (&number_schema, &envelope, object);
  bed_wire_write (&content_schema, &envelope, object);
  return bed_json_print (object);
}

char *
bed_sealed_channel_seal (BedSealedChannel *self, const char *type, const char *json, GError **error)
{
  g_return_val_if_fail (strlen (type) <= TYPE_MAX, NULL);
  if (!self->open)
    {
      g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_CONFLICT, "no session");
      return NULL;
    }
  if (strlen (json) > BED_PROTOCOL_PLAINTEXT_MAX)
    {
      g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_TOO_LARGE,
                           "the message is too large");
      return NULL;
    }
  return seal_now (self, type, json);
}

gboolean
bed_sealed_channel_is_open (BedSealedChannel *self)
{
  return self->open;
}

const guint8 *
bed_sealed_channel_get_id (BedSealedChannel *self, BedRole role)
{
  return self->open ? self->hellos[role] : NULL;
}
