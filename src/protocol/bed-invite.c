/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-invite.h"

#include <openssl/sha.h>
#include <string.h>

#include "bed-crypto-private.h"
#include "bed-encoding.h"

#define SECRET_BYTES 32
#define LINK_MAX 512
#define AUTHORITY_MAX 255
static const char room_label[] = "bedside room v1";
static const char card_label[] = "bedside card v1";

struct _BedInvite
{
  gatomicrefcount references;
  guint8 room_id[BED_ROOM_ID_BYTES];
  guint8 public_key[BED_POINT_BYTES];
  gboolean has_public_key;
  /* owned */
  char *room;
  BedSecret *secret, *private_key, *token, *seal_root, *card_key;
};

G_DEFINE_BOXED_TYPE (BedInvite, bed_invite, bed_invite_ref, bed_invite_unref)

static const BedWireField card_fields[] = {
  { "v", BED_WIRE_INT, G_STRUCT_OFFSET (BedCard, version), G_MAXINT32 },
  { "key", BED_WIRE_BYTES, G_STRUCT_OFFSET (BedCard, key), BED_POINT_BYTES },
  { "clinic", BED_WIRE_STRING, G_STRUCT_OFFSET (BedCard, clinic), 256 },
  { "clinician", BED_WIRE_STRING, G_STRUCT_OFFSET (BedCard, clinician), 256 },
  { "time", BED_WIRE_STRING_OPTIONAL, G_STRUCT_OFFSET (BedCard, time), 32 },
  { "language", BED_WIRE_STRING, G_STRUCT_OFFSET (BedCard, language), 35 },
  { "telephone", BED_WIRE_STRING, G_STRUCT_OFFSET (BedCard, telephone), 64 },
  { "relay_only", BED_WIRE_BOOL, G_STRUCT_OFFSET (BedCard, relay_only) },
  { "passcode", BED_WIRE_BOOL_OPTIONAL, G_STRUCT_OFFSET (BedCard, passcode) },
  { "consent", BED_WIRE_ARRAY, G_STRUCT_OFFSET (BedCard, consent), 16,
    &bed_consent_wording_schema },
  { NULL },
};
BED_WIRE_SCHEMA (BedCard, bed_card, card_fields)

BedInvite *
bed_invite_ref (BedInvite *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bed_invite_unref (BedInvite *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->room);
  g_clear_pointer (&self->secret, bed_secret_unref);
  g_clear_pointer (&self->private_key, bed_secret_unref);
  g_clear_pointer (&self->token, bed_secret_unref);
  g_clear_pointer (&self->seal_root, bed_secret_unref);
  g_clear_pointer (&self->card_key, bed_secret_unref);
  g_free (self);
}

static BedSecret *
derive (BedSecret *secret, const char *info)
{
  BedSecret *out = bed_secret_new_zero (32);

  bed_crypto_hkdf (bed_secret_get_data (secret), SECRET_BYTES, NULL, 0, (const guint8 *) info,
                   strlen (info), bed_secret_get_writable (out), 32);
  return out;
}

static void
derive_room_id (BedSecret *secret, const guint8 *public_key, guint8 room_id[BED_ROOM_ID_BYTES])
{
  guint8 info[sizeof room_label - 1 + BED_POINT_BYTES];

  memcpy (info, room_label, sizeof room_label - 1);
  memcpy (info + sizeof room_label - 1, public_key, BED_POINT_BYTES);
  bed_crypto_hkdf (bed_secret_get_data (secret), SECRET_BYTES, NULL, 0, info, sizeof info, room_id,
                   BED_ROOM_ID_BYTES);
}

static BedInvite *
invite_new (BedSecret *secret)
{
  BedInvite *self = g_new0 (BedInvite, 1);

  g_atomic_ref_count_init (&self->references);
  self->secret = bed_secret_ref (secret);
  self->token = derive (secret, "bedside admission v1");
  self->seal_root = derive (secret, "bedside seal v1");
  self->card_key = derive (secret, card_label);
  return self;
}

static BedInvite *
clinicians_new (BedSecret *secret, EVP_PKEY *key)
{
  BedInvite *self = invite_new (secret);

  self->private_key = bed_crypto_key_dup_scalar (key);
  bed_crypto_key_get_point (key, self->public_key);
  self->has_public_key = TRUE;
  derive_room_id (secret, self->public_key, self->room_id);
  self->room = bed_base64url_encode (self->room_id, BED_ROOM_ID_BYTES);
  return self;
}

BedInvite *
bed_invite_new (void)
{
  g_autoptr (BedSecret) secret = bed_secret_new_random (SECRET_BYTES);
  g_autoptr (EVP_PKEY) key = bed_crypto_key_generate ();

  return clinicians_new (secret, key);
}

static gpointer
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST, why);
  return NULL;
}

BedInvite *
bed_invite_new_from_keys (BedSecret *secret, BedSecret *private_key, GError **error)
{
  g_autoptr (EVP_PKEY) key = NULL;

  if (bed_secret_get_length (secret) != SECRET_BYTES
      || bed_secret_get_length (private_key) != BED_CRYPTO_SCALAR_BYTES
      || (key = bed_crypto_key_from_scalar (bed_secret_get_data (private_key))) == NULL)
    return refuse (error, "not the keys of an invitation");
  return clinicians_new (secret, key);
}

static gboolean
is_port (const char *text)
{
  guint64 port;

  return text[0] != '0' && g_ascii_string_to_unsigned (text, 10, 1, 65535, &port, NULL);
}

/* A name or IPv4 address, or an IPv6 address in brackets; then perhaps a port. */
static gboolean
is_authority (const char *text)
{
  const char *at = text;
  gboolean bracketed = *at == '[';

  if (bracketed)
    at += 1 + strspn (at + 1, "0123456789abcdef:.");
  else
    at += strspn (at, "abcdefghijklmnopqrstuvwxyz0123456789.-");
  if (at == text || text[0] == '.' || text[0] == '-'
      || (bracketed && (at == text + 1 || *at++ != ']')))
    return FALSE;
  return *at == '\0' || (*at == ':' && is_port (at + 1));
}

/* Splits scheme://authority/path#fragment. Returns: (transfer full) (nullable): authority, path,
 * fragment. */
static char **
split_link (const char *link, const char *const *schemes)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = g_new0 (char *, 4);
  char *start = NULL, *slash, *hash;

  if (link == NULL || strlen (link) > LINK_MAX * 2 || !g_str_is_ascii (link))
    return NULL;
  text = g_strstrip (g_strdup (link));
  for (guint i = 0; schemes[i] != NULL && start == NULL; i++)
    if (g_ascii_strncasecmp (text, schemes[i], strlen (schemes[i])) == 0)
      start = text + strlen (schemes[i]);
  if (start == NULL || strlen (text) > LINK_MAX || (slash = strchr (start, '/')) == NULL ||
      (hash = strchr (slash, '#')) == NULL || slash - start > AUTHORITY_MAX)
    return NULL;
  *hash = '\0';
  parts[0] = g_ascii_strdown (start, slash - start);
  parts[1] = g_strdup (slash);
  parts[2] = g_strdup (hash + 1);
  bed_secret_wipe (hash + 1, strlen (hash + 1));
  return is_authority (parts[0]) ? g_steal_pointer (&parts) : NULL;
}

BedInvite *
bed_invite_new_from_link (const char *link, char **authority, GError **error)
{
  static const char *const schemes[] = { "https://", "bedside://", NULL };
  g_auto (GStrv) parts = split_link (link, schemes);
  guint8 room_id[BED_ROOM_ID_BYTES], bytes[SECRET_BYTES];
  g_autoptr (BedSecret) secret = NULL;
  BedInvite *self;

  if (parts == NULL || !g_str_has_prefix (parts[1], "/j/") ||
      !bed_base64url_decode_exact (parts[1] + 3, room_id, sizeof room_id) ||
      !bed_base64url_decode_exact (parts[2], bytes, sizeof bytes))
    return refuse (error, "not an invitation link");
  secret = bed_secret_new (bytes, sizeof bytes);
  bed_secret_wipe (bytes, sizeof bytes);
  bed_secret_wipe (parts[2], strlen (parts[2]));
  self = invite_new (secret);
  memcpy (self->room_id, room_id, sizeof room_id);
  self->room = bed_base64url_encode (room_id, sizeof room_id);
  if (authority != NULL)
    *authority = g_strdup (parts[0]);
  return self;
}

char *
bed_invite_dup_link (BedInvite *self, const char *authority, gboolean app_scheme)
{
  g_autofree char *secret = bed_base64url_encode (bed_secret_get_data (self->secret), SECRET_BYTES);
  char *link = g_strdup_printf ("%s://%s/j/%s#%s", app_scheme ? "bedside" : "https", authority,
                                self->room, secret);

  bed_secret_wipe (secret, strlen (secret));
  return link;
}

const guint8 *
bed_invite_get_room_id (BedInvite *self)
{
  return self->room_id;
}

const char *
bed_invite_get_room (BedInvite *self)
{
  return self->room;
}

BedSecret *
bed_invite_get_secret (BedInvite *self)
{
  return self->secret;
}

BedSecret *
bed_invite_get_token (BedInvite *self)
{
  return self->token;
}

BedSecret *
bed_invite_get_seal_root (BedInvite *self)
{
  return self->seal_root;
}

void
bed_invite_get_token_hash (BedInvite *self, guint8 hash[BED_HASH_BYTES])
{
  SHA256 (bed_secret_get_data (self->token), bed_secret_get_length (self->token), hash);
}

const guint8 *
bed_invite_get_public_key (BedInvite *self)
{
  return self->has_public_key ? self->public_key : NULL;
}

BedSecret *
bed_invite_get_private_key (BedInvite *self)
{
  return self->private_key;
}

static void
card_associated_data (BedInvite *self, guint8 out[sizeof card_label - 1 + BED_ROOM_ID_BYTES])
{
  memcpy (out, card_label, sizeof card_label - 1);
  memcpy (out + sizeof card_label - 1, self->room_id, BED_ROOM_ID_BYTES);
}

GBytes *
bed_invite_seal_card (BedInvite *self, const BedCard *card, GError **error)
{
  g_autofree char *json = NULL;
  guint8 ad[sizeof card_label - 1 + BED_ROOM_ID_BYTES];
  BedCard copy = *card;
  guint8 *out;
  gsize length;

  g_return_val_if_fail (self->has_public_key, NULL);
  memcpy (copy.key, self->public_key, sizeof copy.key);
  json = bed_wire_encode (&bed_card_schema, &copy);
  length = BED_CRYPTO_NONCE_BYTES + strlen (json) + BED_CRYPTO_TAG_BYTES;
  if (length > BED_PROTOCOL_CARD_MAX)
    {
      g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_TOO_LARGE,
                           "the card is too large");
      return NULL;
    }
  out = g_malloc (length);
  bed_random_bytes (out, BED_CRYPTO_NONCE_BYTES);
  card_associated_data (self, ad);
  bed_crypto_seal (bed_secret_get_data (self->card_key), out, (guint8 *) json, strlen (json), ad,
                   sizeof ad, out + BED_CRYPTO_NONCE_BYTES);
  return g_bytes_new_take (out, length);
}

static gboolean
key_fits_room (BedInvite *self, const guint8 *public_key)
{
  g_autoptr (EVP_PKEY) key = bed_crypto_key_from_point (public_key);
  guint8 room_id[BED_ROOM_ID_BYTES];

  if (key == NULL)
    return FALSE;
  derive_room_id (self->secret, public_key, room_id);
  return memcmp (room_id, self->room_id, sizeof room_id) == 0;
}

BedCard *
bed_invite_open_card (BedInvite *self, GBytes *sealed, GError **error)
{
  gsize length;
  const guint8 *box = g_bytes_get_data (sealed, &length);
  guint8 ad[sizeof card_label - 1 + BED_ROOM_ID_BYTES];
  g_autofree guint8 *plain = NULL;
  g_autoptr (BedCard) card = NULL;

  if (length < BED_CRYPTO_NONCE_BYTES + BED_CRYPTO_TAG_BYTES || length > BED_PROTOCOL_CARD_MAX)
    return refuse (error, "not a card");
  length -= BED_CRYPTO_NONCE_BYTES;
  plain = g_malloc (length);
  card_associated_data (self, ad);
  if (!bed_crypto_open (bed_secret_get_data (self->card_key), box, box + BED_CRYPTO_NONCE_BYTES,
                        length, ad, sizeof ad, plain))
    return refuse (error, "the card was altered");
  card = bed_wire_decode (&bed_card_schema, (char *) plain, length - BED_CRYPTO_TAG_BYTES, error);
  if (card == NULL)
    return NULL;
  if (card->version != BED_PROTOCOL_VERSION || !key_fits_room (self, card->key))
    return refuse (error, "the card belongs to another room");
  memcpy (self->public_key, card->key, BED_POINT_BYTES);
  self->has_public_key = TRUE;
  return g_steal_pointer (&card);
}

BedActivationLink *
bed_activation_link_parse (const char *link, GError **error)
{
  static const char *const schemes[] = { "https://", NULL };
  g_auto (GStrv) parts = split_link (link, schemes);
  g_auto (GStrv) halves = NULL;
  g_autoptr (BedActivationLink) self = g_new0 (BedActivationLink, 1);
  guint8 code[32];

  if (parts == NULL || strcmp (parts[1], "/activate") != 0)
    return refuse (error, "not an activation link");
  halves = g_strsplit (parts[2], ".", 3);
  if (g_strv_length (halves) != 2 || !bed_base64url_decode_exact (halves[0], code, sizeof code) ||
      !bed_base64url_decode_exact (halves[1], self->pin, sizeof self->pin))
    return refuse (error, "not an activation link");
  bed_secret_wipe (code, sizeof code);
  self->authority = g_strdup (parts[0]);
  self->code = g_strdup (halves[0]);
  return g_steal_pointer (&self);
}

void
bed_activation_link_free (BedActivationLink *self)
{
  if (self == NULL)
    return;
  g_free (self->authority);
  g_free (self->code);
  g_free (self);
}
