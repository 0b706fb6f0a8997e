/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-message.h"
#include "bed-vectors.h"

static void
test_vectors (void)
{
  g_autoptr (JsonObject) vectors = bed_vectors_load ();
  JsonObject *expected = json_object_get_object_member (vectors, "invite");
  g_autoptr (BedInvite) invite = bed_vectors_invite (vectors);
  g_autofree char *link = bed_invite_dup_link (invite, json_object_get_string_member (expected, "authority"), FALSE);
  g_autofree char *app_link = bed_invite_dup_link (invite, json_object_get_string_member (expected, "authority"), TRUE);
  guint8 bytes[BED_POINT_BYTES], hash[BED_HASH_BYTES];

  g_assert_cmpstr (link, ==, json_object_get_string_member (expected, "link"));
  g_assert_cmpstr (app_link, ==, json_object_get_string_member (expected, "app_link"));
  g_assert_cmpstr (bed_invite_get_room (invite), ==, json_object_get_string_member (expected, "room"));
  bed_vector_bytes (expected, "public_key", bytes, BED_POINT_BYTES);
  g_assert_cmpmem (bed_invite_get_public_key (invite), BED_POINT_BYTES, bytes, BED_POINT_BYTES);
  bed_vector_bytes (expected, "token", bytes, 32);
  g_assert_cmpmem (bed_secret_get_data (bed_invite_get_token (invite)), 32, bytes, 32);
  bed_vector_bytes (expected, "seal_root", bytes, 32);
  g_assert_cmpmem (bed_secret_get_data (bed_invite_get_seal_root (invite)), 32, bytes, 32);
  bed_vector_bytes (expected, "token_hash", bytes, 32);
  bed_invite_get_token_hash (invite, hash);
  g_assert_cmpmem (hash, 32, bytes, 32);
}

static void
test_card_vector (void)
{
  g_autoptr (JsonObject) vectors = bed_vectors_load ();
  JsonObject *expected = json_object_get_object_member (vectors, "card");
  const char *link = json_object_get_string_member (json_object_get_object_member (vectors, "invite"), "link");
  g_autofree char *authority = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedInvite) guest = bed_invite_new_from_link (link, &authority, &error);
  g_autoptr (GBytes) sealed = bed_base64url_decode (json_object_get_string_member (expected, "sealed"), 65536);
  g_autoptr (BedCard) card = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (authority, ==, "clinic.example:8443");
  g_assert_null (bed_invite_get_public_key (guest));
  g_assert_null (bed_invite_get_private_key (guest));
  card = bed_invite_open_card (guest, sealed, &error);
  g_assert_no_error (error);
  g_assert_nonnull (bed_invite_get_public_key (guest));
  g_assert_cmpstr (card->clinician, ==, "Dr. Jana Färber");
  g_assert_cmpstr (card->time, ==, "2026-03-14T10:30:00Z");
  g_assert_cmpuint (card->consent->len, ==, 1);
}

static void
test_peer_vector (void)
{
  g_autoptr (JsonObject) vectors = bed_vectors_load ();
  JsonObject *expected = json_object_get_object_member (vectors, "peer");
  guint8 room[BED_ROOM_ID_BYTES], seat[BED_SEAT_BYTES], peer[BED_PEER_BYTES], got[BED_PEER_BYTES];

  bed_vector_bytes (json_object_get_object_member (vectors, "invite"), "room", room, sizeof room);
  bed_vector_bytes (expected, "seat", seat, sizeof seat);
  bed_vector_bytes (expected, "peer", peer, sizeof peer);
  bed_message_peer_id (room, seat, got);
  g_assert_cmpmem (got, sizeof got, peer, sizeof peer);
}

static BedCard
sample_card (void)
{
  return (BedCard) { .version = 1, .clinic = (char *) "C", .clinician = (char *) "D", .language = (char *) "en",
                     .telephone = (char *) "1" };
}

static void
test_card_of_another_room (void)
{
  g_autoptr (BedInvite) mine = bed_invite_new ();
  g_autoptr (BedSecret) scalar = bed_secret_new_random (32);
  /* The server read the link, say, and made a card with a key of its own. */
  g_autoptr (BedInvite) forged = bed_invite_new_from_keys (bed_invite_get_secret (mine), scalar, NULL);
  g_autofree char *link = bed_invite_dup_link (mine, "c.example", FALSE);
  g_autoptr (BedInvite) guest = bed_invite_new_from_link (link, NULL, NULL);
  BedCard card = sample_card ();
  g_autoptr (GBytes) good = bed_invite_seal_card (mine, &card, NULL);
  g_autoptr (GBytes) bad = bed_invite_seal_card (forged, &card, NULL);
  g_autoptr (BedCard) opened = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (bed_invite_open_card (guest, bad, &error));
  g_assert_error (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST);
  g_assert_null (bed_invite_get_public_key (guest));
  opened = bed_invite_open_card (guest, good, NULL);
  g_assert_nonnull (opened);
}

static void
test_altered_card (void)
{
  g_autoptr (BedInvite) invite = bed_invite_new ();
  g_autofree char *link = bed_invite_dup_link (invite, "c.example", TRUE);
  g_autoptr (BedInvite) guest = bed_invite_new_from_link (link, NULL, NULL);
  BedCard card = sample_card ();
  g_autoptr (GBytes) sealed = bed_invite_seal_card (invite, &card, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (sealed, &length);

  for (gsize i = 0; i < length; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      g_autoptr (GBytes) altered = NULL;
      copy[i] ^= 1;
      altered = g_bytes_new (copy, length);
      g_assert_null (bed_invite_open_card (guest, altered, NULL));
    }
  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (GBytes) truncated = g_bytes_new (data, i);
      g_assert_null (bed_invite_open_card (guest, truncated, NULL));
    }
}

static void
test_card_too_large (void)
{
  g_autoptr (BedInvite) invite = bed_invite_new ();
  g_autofree char *text = g_strnfill (30000, 'x');
  BedConsentWording wording = { (char *) "1", (char *) "en", (char *) "", text };
  g_autoptr (GPtrArray) consent = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  BedCard card = sample_card ();

  g_ptr_array_add (consent, &wording);
  g_ptr_array_add (consent, &wording);
  card.consent = consent;
  g_assert_null (bed_invite_seal_card (invite, &card, &error));
  g_assert_error (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_TOO_LARGE);
}

#define ROOM "AAAAAAAAAAAAAAAAAAAAAA"
#define SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void
test_links (void)
{
  static const char *const good[] = {
    "https://c.example/j/" ROOM "#" SECRET, "  bedside://C.Example:8443/j/" ROOM "#" SECRET "\n",
    "HTTPS://[::1]:8443/j/" ROOM "#" SECRET, "https://127.0.0.1/j/" ROOM "#" SECRET,
  };
  static const char *const bad[] = {
    "", "https://", "https://c.example", "https://c.example/j/" ROOM, "http://c.example/j/" ROOM "#" SECRET,
    "https://u@c.example/j/" ROOM "#" SECRET, "https://c.example:0/j/" ROOM "#" SECRET,
    "https://c.example:99999/j/" ROOM "#" SECRET, "https://c.example:/j/" ROOM "#" SECRET,
    "https://c.example/j/" ROOM "?x#" SECRET, "https://c.example/j/" ROOM "#" SECRET "=",
    "https://c.example/j/" ROOM "A#" SECRET, "https://c.example/k/" ROOM "#" SECRET,
    "https://c.example/j/" ROOM "#" SECRET "#", "https://c\xc3\xa9.example/j/" ROOM "#" SECRET,
    "https://c.example\\@e.example/j/" ROOM "#" SECRET, "https:///j/" ROOM "#" SECRET,
    "https://-a/j/" ROOM "#" SECRET, "https://[]/j/" ROOM "#" SECRET, "https://[::1/j/" ROOM "#" SECRET,
    "javascript://c.example/j/" ROOM "#" SECRET, "https://c.example/../j/" ROOM "#" SECRET,
  };
  g_autofree char *huge = g_strnfill (1 << 20, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *authority = NULL;
      g_autoptr (BedInvite) invite = bed_invite_new_from_link (good[i], &authority, NULL);
      g_assert_nonnull (invite);
      g_assert_cmpstr (bed_invite_get_room (invite), ==, ROOM);
      g_assert_cmpint (authority[0], !=, 'C');
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", bad[i]);
      g_assert_null (bed_invite_new_from_link (bad[i], NULL, &error));
      g_assert_error (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST);
    }
  g_assert_null (bed_invite_new_from_link (huge, NULL, NULL));
  g_assert_null (bed_invite_new_from_link (NULL, NULL, NULL));
}

static void
test_activation_link (void)
{
  g_autoptr (BedActivationLink) link = bed_activation_link_parse ("https://c.example:1/activate#" SECRET "." SECRET, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (link);
  g_assert_cmpstr (link->authority, ==, "c.example:1");
  g_assert_cmpstr (link->code, ==, SECRET);
  g_assert_null (bed_activation_link_parse ("bedside://c.example/activate#" SECRET "." SECRET, &error));
  g_assert_error (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST);
  g_assert_null (bed_activation_link_parse ("https://c.example/activate#" SECRET, NULL));
  g_assert_null (bed_activation_link_parse ("https://c.example/activate#" SECRET "." SECRET "." SECRET, NULL));
  g_assert_null (bed_activation_link_parse ("https://c.example/activate/#" SECRET "." SECRET, NULL));
}

static void
test_keys (void)
{
  g_autoptr (BedInvite) one = bed_invite_new ();
  g_autoptr (BedInvite) same = bed_invite_new_from_keys (bed_invite_get_secret (one), bed_invite_get_private_key (one), NULL);
  g_autoptr (BedInvite) other = bed_invite_new ();
  g_autoptr (BedSecret) zero = bed_secret_new_zero (32);
  g_autoptr (BedSecret) large = bed_secret_new_zero (32);
  g_autoptr (BedSecret) tiny = bed_secret_new_zero (31);

  memset (bed_secret_get_writable (large), 0xff, 32);
  g_assert_cmpstr (bed_invite_get_room (one), ==, bed_invite_get_room (same));
  g_assert_cmpstr (bed_invite_get_room (one), !=, bed_invite_get_room (other));
  g_assert_null (bed_invite_new_from_keys (bed_invite_get_secret (one), zero, NULL));
  g_assert_null (bed_invite_new_from_keys (bed_invite_get_secret (one), large, NULL));
  g_assert_null (bed_invite_new_from_keys (tiny, bed_invite_get_private_key (one), NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/invite/vectors", test_vectors);
  g_test_add_func ("/protocol/invite/card-vector", test_card_vector);
  g_test_add_func ("/protocol/invite/peer-vector", test_peer_vector);
  g_test_add_func ("/protocol/invite/card-of-another-room", test_card_of_another_room);
  g_test_add_func ("/protocol/invite/altered-card", test_altered_card);
  g_test_add_func ("/protocol/invite/card-too-large", test_card_too_large);
  g_test_add_func ("/protocol/invite/links", test_links);
  g_test_add_func ("/protocol/invite/activation-link", test_activation_link);
  g_test_add_func ("/protocol/invite/keys", test_keys);
  return g_test_run ();
}
