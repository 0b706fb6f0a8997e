/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-encoding.h"
#include "sealed-pair.h"

static void
connect_pair (Pair *pair)
{
  g_autofree char *hello = bed_sealed_channel_start (pair->patient);
  g_autofree char *reply = NULL;

  g_assert_cmpint (take (pair, pair->clinician, hello), ==, BED_SEALED_BEGUN);
  reply = g_strdup (pair->output.reply);
  g_assert_cmpint (take (pair, pair->patient, reply), ==, BED_SEALED_BEGUN);
}

static char *
seal (BedSealedChannel *channel, const char *json)
{
  g_autoptr (GError) error = NULL;
  char *text = bed_sealed_channel_seal (channel, "message", json, &error);

  g_assert_no_error (error);
  return text;
}

/* Replaces one member of a message. */
static char *
with_string (const char *text, const char *member, const char *value)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  json_object_set_string_member (object, member, value);
  return bed_json_print (object);
}

static char *
get_string (const char *text, const char *member)
{
  g_autoptr (JsonObject) object = bed_json_parse (text, strlen (text), NULL);

  return g_strdup (json_object_get_string_member (object, member));
}

static char *
with_int (const char *text, const char *member, gint64 value)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  json_object_set_int_member (object, member, value);
  return bed_json_print (object);
}

/* The same text with another value, written as given: 1.0 stays 1.0. */
static char *
with_json (const char *text, const char *member, const char *value)
{
  g_autofree char *marked = with_string (text, member, "MARK");
  g_auto (GStrv) parts = g_strsplit (marked, "\"MARK\"", 2);

  return g_strjoinv (value, parts);
}

static void
test_both_ways (void)
{
  g_auto (Pair) pair;

  pair_init (&pair);
  connect_pair (&pair);
  for (guint i = 0; i < 100; i++)
    {
      gboolean up = i % 3 != 0;
      g_autofree char *json = g_strdup_printf ("{\"text\":\"%u\"}", i);
      g_autofree char *sealed = seal (up ? pair.patient : pair.clinician, json);
      g_assert_null (strstr (sealed, json));
      g_assert_cmpint (take (&pair, up ? pair.clinician : pair.patient, sealed), ==, BED_SEALED_MESSAGE);
      g_assert_cmpstr (pair.output.text, ==, json);
      g_assert_cmpstr (pair.output.type, ==, "message");
    }
}

static void
expect_lost (const char *sealed_member, gboolean shorten)
{
  g_auto (Pair) pair;
  g_autofree char *sealed = NULL, *value = NULL, *altered = NULL, *next = NULL;

  pair_init (&pair);
  connect_pair (&pair);
  sealed = seal (pair.patient, "{\"text\":\"hello\"}");
  value = get_string (sealed, sealed_member);
  if (shorten)
    value[16] = '\0';
  else
    value[3] = value[3] == 'a' ? 'b' : 'a';
  altered = with_string (sealed, sealed_member, value);
  g_assert_cmpint (take (&pair, pair.clinician, altered), ==, BED_SEALED_LOST);
  g_assert_cmpint (pair.output.reason, ==, BED_SEALED_REASON_BAD_TAG);
  g_assert_cmpstr (pair.output.reply, ==, "{\"t\":\"lost\"}");
  g_assert_null (pair.output.text);
  g_assert_false (bed_sealed_channel_is_open (pair.clinician));
  /* The keys are gone: even the true message opens nothing now. */
  g_assert_cmpint (take (&pair, pair.clinician, sealed), ==, BED_SEALED_IGNORED);
  next = bed_sealed_channel_seal (pair.clinician, "message", "{}", NULL);
  g_assert_null (next);
}

static void
test_altered (void)
{
  expect_lost ("box", FALSE);
  expect_lost ("type", FALSE);
  expect_lost ("box", TRUE);
}

static void
test_every_bit (void)
{
  g_auto (Pair) pair;

  pair_init (&pair);
  for (guint i = 0; i < 18 * 8; i++)
    {
      g_autofree char *sealed = NULL, *text = NULL, *box = NULL, *altered = NULL;
      guint8 bytes[18];

      connect_pair (&pair);
      sealed = seal (pair.clinician, "{}");
      text = get_string (sealed, "box");
      g_assert_true (bed_base64url_decode_exact (text, bytes, sizeof bytes));
      bytes[i / 8] ^= (guint8) (1u << (i % 8));
      box = bed_base64url_encode (bytes, sizeof bytes);
      altered = with_string (sealed, "box", box);
      g_assert_cmpint (take (&pair, pair.patient, altered), ==, BED_SEALED_LOST);
    }
}

static void
test_replayed (void)
{
  g_auto (Pair) pair;
  g_autofree char *first = NULL, *second = NULL;

  pair_init (&pair);
  connect_pair (&pair);
  first = seal (pair.patient, "{\"n\":1}");
  second = seal (pair.patient, "{\"n\":2}");
  g_assert_cmpint (take (&pair, pair.clinician, first), ==, BED_SEALED_MESSAGE);
  g_assert_cmpint (take (&pair, pair.clinician, first), ==, BED_SEALED_IGNORED);
  g_assert_cmpint (pair.output.reason, ==, BED_SEALED_REASON_REPEAT);
  g_assert_cmpint (take (&pair, pair.clinician, second), ==, BED_SEALED_MESSAGE);
  g_assert_cmpint (take (&pair, pair.clinician, first), ==, BED_SEALED_IGNORED);
}

/* An old number never counts, whatever comes with it, and the session goes on. */
static void
test_forged_repeats (void)
{
  g_auto (Pair) pair;
  g_autofree char *first = NULL, *second = NULL, *other_type = NULL, *other_box = NULL, *third = NULL;

  pair_init (&pair);
  connect_pair (&pair);
  first = seal (pair.patient, "{\"n\":1}");
  second = seal (pair.patient, "{\"n\":2}");
  take (&pair, pair.clinician, first);
  take (&pair, pair.clinician, second);
  other_type = with_string (first, "type", "hang-up");
  other_box = with_string (second, "box", "=");
  g_assert_cmpint (take (&pair, pair.clinician, other_type), ==, BED_SEALED_IGNORED);
  g_assert_cmpint (take (&pair, pair.clinician, other_box), ==, BED_SEALED_IGNORED);
  g_assert_null (pair.output.text);
  g_assert_null (pair.output.reply);
  third = seal (pair.patient, "{\"n\":3}");
  g_assert_cmpint (take (&pair, pair.clinician, third), ==, BED_SEALED_MESSAGE);
  g_assert_cmpstr (pair.output.text, ==, "{\"n\":3}");
}

/* What names the session but is no message of it was altered on the way. */
static void
test_mangled (void)
{
  static const struct
  {
    const char *member, *value; /* as JSON */
    BedSealedReason reason;
  } cases[] = {
    { "seq", "0", BED_SEALED_REASON_MALFORMED },
    { "seq", "-1", BED_SEALED_REASON_MALFORMED },
    { "seq", "1.5", BED_SEALED_REASON_MALFORMED },
    { "seq", "\"1\"", BED_SEALED_REASON_MALFORMED },
    { "seq", "9007199254740992", BED_SEALED_REASON_MALFORMED },
    { "seq", "9007199254740991", BED_SEALED_REASON_GAP },
    { "seq", "2", BED_SEALED_REASON_GAP },
    { "type", "5", BED_SEALED_REASON_MALFORMED },
    { "type", "\"ttttttttttttttttttttttttttttttttt\"", BED_SEALED_REASON_MALFORMED },
    { "box", "null", BED_SEALED_REASON_MALFORMED },
    { "box", "\"=\"", BED_SEALED_REASON_MALFORMED },
    { "box", "\"\"", BED_SEALED_REASON_BAD_TAG },
    { "seq", "1.0", BED_SEALED_REASON_NONE },
    { "seq", "1e0", BED_SEALED_REASON_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Pair) pair;
      g_autofree char *sealed = NULL, *altered = NULL;
      gboolean same = cases[i].reason == BED_SEALED_REASON_NONE;

      pair_init (&pair);
      connect_pair (&pair);
      sealed = seal (pair.patient, "{}");
      altered = with_json (sealed, cases[i].member, cases[i].value);
      g_assert_cmpint (take (&pair, pair.clinician, altered), ==, same ? BED_SEALED_MESSAGE : BED_SEALED_LOST);
      g_assert_cmpint (pair.output.reason, ==, cases[i].reason);
      g_assert_cmpstr (pair.output.reply, ==, same ? NULL : "{\"t\":\"lost\"}");
      g_assert_cmpint (bed_sealed_channel_is_open (pair.clinician), ==, same);
    }
}

static void
test_reordered (void)
{
  g_auto (Pair) pair;
  g_autofree char *first = NULL, *second = NULL, *renumbered = NULL;

  pair_init (&pair);
  connect_pair (&pair);
  first = seal (pair.patient, "{\"n\":1}");
  second = seal (pair.patient, "{\"n\":2}");
  g_assert_cmpint (take (&pair, pair.clinician, second), ==, BED_SEALED_LOST);
  g_assert_cmpint (pair.output.reason, ==, BED_SEALED_REASON_GAP);

  connect_pair (&pair);
  g_clear_pointer (&first, g_free);
  g_clear_pointer (&second, g_free);
  first = seal (pair.patient, "{\"n\":1}");
  second = seal (pair.patient, "{\"n\":2}");
  renumbered = with_int (second, "seq", 1);
  g_assert_cmpint (take (&pair, pair.clinician, renumbered), ==, BED_SEALED_LOST);
  g_assert_cmpint (pair.output.reason, ==, BED_SEALED_REASON_BAD_TAG);
}

static void
test_reflected (void)
{
  g_auto (Pair) pair;
  g_autofree char *sealed = NULL, *from = NULL, *to = NULL, *half = NULL, *turned = NULL, *hello = NULL;

  pair_init (&pair);
  connect_pair (&pair);
  sealed = seal (pair.patient, "{}");
  g_assert_cmpint (take (&pair, pair.patient, sealed), ==, BED_SEALED_IGNORED);
  from = get_string (sealed, "from");
  to = get_string (sealed, "to");
  half = with_string (sealed, "from", to);
  turned = with_string (half, "to", from);
  g_assert_cmpint (take (&pair, pair.patient, turned), ==, BED_SEALED_LOST);
  hello = bed_sealed_channel_start (pair.patient);
  g_assert_cmpint (take (&pair, pair.patient, hello), ==, BED_SEALED_IGNORED);
}

static void
test_other_session (void)
{
  g_auto (Pair) pair;
  g_autofree char *old = NULL, *fresh = NULL, *from = NULL, *to = NULL, *half = NULL, *forged = NULL;

  pair_init (&pair);
  connect_pair (&pair);
  old = seal (pair.patient, "{}");
  connect_pair (&pair);
  g_assert_cmpint (take (&pair, pair.clinician, old), ==, BED_SEALED_IGNORED);
  fresh = seal (pair.patient, "{}");
  from = get_string (fresh, "from");
  to = get_string (fresh, "to");
  half = with_string (old, "from", from);
  forged = with_string (half, "to", to);
  g_assert_cmpint (take (&pair, pair.clinician, forged), ==, BED_SEALED_LOST);
}

/* A server that puts keys of its own into a hello gets no session that either side could use. */
static void
test_swapped_hello (void)
{
  g_auto (Pair) pair;
  g_auto (Pair) evil;
  g_autofree char *hello = NULL, *foreign = NULL, *key = NULL, *swapped = NULL, *reply = NULL, *sealed = NULL;

  pair_init (&pair);
  pair_init (&evil);
  hello = bed_sealed_channel_start (pair.patient);
  foreign = bed_sealed_channel_start (evil.patient);
  key = get_string (foreign, "key");
  swapped = with_string (hello, "key", key);
  g_assert_cmpint (take (&pair, pair.clinician, swapped), ==, BED_SEALED_BEGUN);
  reply = g_strdup (pair.output.reply);
  g_assert_cmpint (take (&pair, pair.patient, reply), ==, BED_SEALED_BEGUN);
  sealed = seal (pair.clinician, "{\"sdp\":\"secret\"}");
  g_assert_cmpint (take (&pair, pair.patient, sealed), ==, BED_SEALED_LOST);
}

/* Whoever knows the link, but not the clinician's key C, cannot play the clinician. */
static void
test_link_is_not_enough (void)
{
  g_auto (Pair) pair;
  g_autoptr (BedSecret) scalar = bed_secret_new_random (32);
  g_autoptr (BedInvite) forged = NULL;
  g_autoptr (BedSealedChannel) impostor = NULL;
  g_autofree char *hello = NULL, *reply = NULL, *sealed = NULL;

  pair_init (&pair);
  forged = bed_invite_new_from_keys (bed_invite_get_secret (pair.invite), scalar, NULL);
  g_assert_nonnull (forged);
  impostor = bed_sealed_channel_new (BED_ROLE_CLINICIAN, forged);
  hello = bed_sealed_channel_start (pair.patient);
  g_assert_cmpint (take (&pair, impostor, hello), ==, BED_SEALED_BEGUN);
  reply = g_strdup (pair.output.reply);
  take (&pair, pair.patient, reply);
  sealed = seal (impostor, "{}");
  g_assert_cmpint (take (&pair, pair.patient, sealed), ==, BED_SEALED_LOST);
}

static void
test_bad_points (void)
{
  g_auto (Pair) pair;
  g_autofree char *hello = NULL;
  guint8 points[][BED_POINT_BYTES] = { { 0 }, { 4 }, { 4, 1 }, { 2, 9 } };

  pair_init (&pair);
  hello = bed_sealed_channel_start (pair.patient);
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      g_autofree char *key = bed_base64url_encode (points[i], BED_POINT_BYTES);
      g_autofree char *bad = with_string (hello, "key", key);
      g_assert_cmpint (take (&pair, pair.clinician, bad), ==, BED_SEALED_MALFORMED);
    }
}

static void
test_hello_rules (void)
{
  g_auto (Pair) pair;
  g_autofree char *first = NULL, *second = NULL, *answer_first = NULL, *answer_second = NULL, *again = NULL;
  g_autoptr (BedSealedChannel) restarted = NULL;

  pair_init (&pair);
  first = bed_sealed_channel_start (pair.patient);
  second = bed_sealed_channel_start (pair.patient);
  g_assert_cmpint (take (&pair, pair.clinician, first), ==, BED_SEALED_BEGUN);
  answer_first = g_strdup (pair.output.reply);
  g_assert_cmpint (take (&pair, pair.clinician, first), ==, BED_SEALED_IGNORED);
  g_assert_cmpint (take (&pair, pair.clinician, second), ==, BED_SEALED_BEGUN);
  answer_second = g_strdup (pair.output.reply);
  /* The answer to the hello before the reload is not for this page. */
  g_assert_cmpint (take (&pair, pair.patient, answer_first), ==, BED_SEALED_IGNORED);
  g_assert_cmpint (take (&pair, pair.patient, answer_second), ==, BED_SEALED_BEGUN);
  g_assert_cmpint (take (&pair, pair.patient, answer_second), ==, BED_SEALED_IGNORED);
  /* Another answer to the same hello would use its key twice. */
  restarted = bed_sealed_channel_new (BED_ROLE_CLINICIAN, pair.invite);
  g_assert_cmpint (take (&pair, restarted, second), ==, BED_SEALED_BEGUN);
  again = g_strdup (pair.output.reply);
  g_assert_cmpint (take (&pair, pair.patient, again), ==, BED_SEALED_LOST);
  g_assert_cmpint (pair.output.reason, ==, BED_SEALED_REASON_HELLO);
  g_assert_false (bed_sealed_channel_is_open (pair.patient));
  connect_pair (&pair);
}

/* One id with another key is another hello. */
static void
test_hello_same_id (void)
{
  g_auto (Pair) pair;
  g_autofree char *hello = NULL, *reply = NULL, *foreign = NULL, *key = NULL, *swapped = NULL, *bad = NULL;

  pair_init (&pair);
  hello = bed_sealed_channel_start (pair.patient);
  take (&pair, pair.clinician, hello);
  reply = g_strdup (pair.output.reply);
  g_assert_cmpint (take (&pair, pair.patient, reply), ==, BED_SEALED_BEGUN);
  bad = with_string (reply, "key", "BAAA");
  g_assert_cmpint (take (&pair, pair.patient, bad), ==, BED_SEALED_MALFORMED);
  g_assert_true (bed_sealed_channel_is_open (pair.patient));
  {
    g_auto (Pair) other;
    pair_init (&other);
    foreign = bed_sealed_channel_start (other.patient);
  }
  key = get_string (foreign, "key");
  swapped = with_string (reply, "key", key);
  g_assert_cmpint (take (&pair, pair.patient, swapped), ==, BED_SEALED_LOST);
  g_assert_cmpint (pair.output.reason, ==, BED_SEALED_REASON_HELLO);
}

static void
test_lost (void)
{
  g_auto (Pair) pair;
  g_autofree char *ask = NULL;

  pair_init (&pair);
  connect_pair (&pair);
  ask = bed_sealed_channel_ask_hello (pair.clinician);
  g_assert_cmpint (take (&pair, pair.patient, ask), ==, BED_SEALED_PEER_LOST);
  g_assert_cmpint (take (&pair, pair.patient, ask), ==, BED_SEALED_IGNORED);
  g_assert_cmpint (take (&pair, pair.clinician, ask), ==, BED_SEALED_IGNORED);
  g_assert_true (bed_sealed_channel_is_open (pair.clinician));
  connect_pair (&pair);
}

static void
test_limits (void)
{
  g_auto (Pair) pair;
  g_autofree char *fits = g_strnfill (BED_PROTOCOL_PLAINTEXT_MAX, ' ');
  g_autofree char *too_long = g_strnfill (BED_PROTOCOL_PLAINTEXT_MAX + 1, ' ');
  g_autofree char *sealed = NULL;
  g_autoptr (GError) error = NULL;

  pair_init (&pair);
  g_assert_null (bed_sealed_channel_seal (pair.patient, "message", "{}", &error));
  g_assert_error (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_CONFLICT);
  g_clear_error (&error);
  connect_pair (&pair);
  g_assert_null (bed_sealed_channel_seal (pair.patient, "message", too_long, &error));
  g_assert_error (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_TOO_LARGE);
  sealed = seal (pair.patient, fits);
  g_assert_cmpuint (strlen (sealed), <, BED_PROTOCOL_MESSAGE_MAX - 1024);
  g_assert_cmpint (take (&pair, pair.clinician, sealed), ==, BED_SEALED_MESSAGE);
  g_assert_cmpuint (pair.output.length, ==, BED_PROTOCOL_PLAINTEXT_MAX);
}

static void
test_garbage (void)
{
  static const char *const texts[] = {
    "", "{}", "[]", "{\"t\":1}", "{\"t\":\"x\"}", "{\"t\":\"hello\"}", "{\"t\":\"sealed\"}",
    "{\"t\":\"hello\",\"v\":2,\"role\":\"patient\",\"id\":\"\",\"key\":\"\"}",
    "{\"t\":\"sealed\",\"from\":\"AAAA\",\"to\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"seq\":1,\"type\":\"a\",\"box\":\"\"}",
  };
  g_auto (Pair) pair;

  pair_init (&pair);
  connect_pair (&pair);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_cmpint (take (&pair, pair.clinician, texts[i]), ==, BED_SEALED_MALFORMED);
      g_assert_cmpint (take (&pair, pair.patient, texts[i]), ==, BED_SEALED_MALFORMED);
    }
  g_assert_cmpint (take (&pair, pair.patient, "{\"t\":\"sealed\",\"from\":\"AAAAAAAAAAAAAAAAAAAAAA\","
                                              "\"to\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"seq\":-1}"), ==, BED_SEALED_IGNORED);
  g_assert_true (bed_sealed_channel_is_open (pair.clinician));
  g_assert_true (bed_sealed_channel_is_open (pair.patient));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/sealed-channel/both-ways", test_both_ways);
  g_test_add_func ("/protocol/sealed-channel/altered", test_altered);
  g_test_add_func ("/protocol/sealed-channel/every-bit", test_every_bit);
  g_test_add_func ("/protocol/sealed-channel/replayed", test_replayed);
  g_test_add_func ("/protocol/sealed-channel/forged-repeats", test_forged_repeats);
  g_test_add_func ("/protocol/sealed-channel/mangled", test_mangled);
  g_test_add_func ("/protocol/sealed-channel/reordered", test_reordered);
  g_test_add_func ("/protocol/sealed-channel/reflected", test_reflected);
  g_test_add_func ("/protocol/sealed-channel/other-session", test_other_session);
  g_test_add_func ("/protocol/sealed-channel/swapped-hello", test_swapped_hello);
  g_test_add_func ("/protocol/sealed-channel/link-is-not-enough", test_link_is_not_enough);
  g_test_add_func ("/protocol/sealed-channel/bad-points", test_bad_points);
  g_test_add_func ("/protocol/sealed-channel/hello-rules", test_hello_rules);
  g_test_add_func ("/protocol/sealed-channel/hello-same-id", test_hello_same_id);
  g_test_add_func ("/protocol/sealed-channel/lost", test_lost);
  g_test_add_func ("/protocol/sealed-channel/limits", test_limits);
  g_test_add_func ("/protocol/sealed-channel/garbage", test_garbage);
  return g_test_run ();
}
