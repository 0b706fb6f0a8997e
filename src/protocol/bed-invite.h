/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rest.h"
#include "bed-secret.h"

G_BEGIN_DECLS

/* What the patient's page shows before anybody talks (section 1). */
typedef struct
{
  gint64 version;
  guint8 key[BED_POINT_BYTES]; /* C_pub; bed_invite_seal_card fills it in */
  char *clinic, *clinician;
  char *time;                  /* RFC 3339 in UTC, or NULL: no time was set */
  char *language, *telephone;
  gboolean relay_only;
  gboolean passcode;           /* the clinic asks for the passcode that it told by telephone */
  GPtrArray *consent;          /* BedConsentWording */
} BedCard;
BED_WIRE_DECLARE (BedCard, bed_card)

/* The keys of one invitation: at the clinician's side with the private key C, at the patient's with
 * the public one, known once the card is open. Any thread, not shared between threads while it
 * changes.
 */
typedef struct _BedInvite BedInvite;
#define BED_TYPE_INVITE (bed_invite_get_type ())
GType bed_invite_get_type (void);
BedInvite *bed_invite_ref (BedInvite *self);
void bed_invite_unref (BedInvite *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedInvite, bed_invite_unref)

/* The clinician's: fresh keys. Returns: (transfer full) */
BedInvite *bed_invite_new (void);
/* The clinician's, from the vault: 32 bytes of secret and the 32-byte scalar of C.
 * Returns: (transfer full) (nullable): NULL with BED_PROTOCOL_ERROR_BAD_REQUEST when they are no
 * keys. */
BedInvite *bed_invite_new_from_keys (BedSecret *secret, BedSecret *private_key, GError **error);
/* The patient's, from `https://` or `bedside://` <authority>/j/<room id>#<secret>. Takes only what
 * bed_invite_dup_link would write: no user info, query, escapes or white space (around it is
 * trimmed). Returns: (transfer full) (nullable); `authority` gets host[:port] in lower case. */
BedInvite *bed_invite_new_from_link (const char *link, char **authority, GError **error);

/* Returns: (transfer full): the https link, or the bedside one. */
char *bed_invite_dup_link (BedInvite *self, const char *authority, gboolean app_scheme);
/* BED_ROOM_ID_BYTES bytes, lent. */
const guint8 *bed_invite_get_room_id (BedInvite *self);
/* Base64url of the room id, lent. */
const char *bed_invite_get_room (BedInvite *self);
/* Lent secrets: the link's, the admission token (32 bytes), the seal root (32 bytes). */
BedSecret *bed_invite_get_secret (BedInvite *self);
BedSecret *bed_invite_get_token (BedInvite *self);
BedSecret *bed_invite_get_seal_root (BedInvite *self);
/* SHA-256 of the admission token: all the server keeps of it. */
void bed_invite_get_token_hash (BedInvite *self, guint8 hash[BED_HASH_BYTES]);
/* BED_POINT_BYTES bytes, lent, or NULL at the patient's side before the card is open. */
const guint8 *bed_invite_get_public_key (BedInvite *self);
/* The scalar of C, lent, or NULL at the patient's side. */
BedSecret *bed_invite_get_private_key (BedInvite *self);

/* Seals a card for the server to keep. Returns: (transfer full) (nullable): NULL with _TOO_LARGE.
 */
GBytes *bed_invite_seal_card (BedInvite *self, const BedCard *card, GError **error);
/* Opens a card and checks that its key belongs to this room id; afterwards the public key is known.
 * Returns: (transfer full) (nullable): NULL with BED_PROTOCOL_ERROR_BAD_REQUEST: altered, or
 * another room's. */
BedCard *bed_invite_open_card (BedInvite *self, GBytes *sealed, GError **error);

/* The activation link of section 2.2: `https://<clinic>/activate#<code>.<pin>`. */
typedef struct
{
  char *authority;
  char *code; /* as it goes into the requests */
  guint8 pin[BED_HASH_BYTES];
} BedActivationLink;
BedActivationLink *bed_activation_link_parse (const char *link, GError **error);
void bed_activation_link_free (BedActivationLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedActivationLink, bed_activation_link_free)

G_END_DECLS
