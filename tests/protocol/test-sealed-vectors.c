/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-vectors.h"
#include "sealed-pair.h"

static void
set_hello (BedSealedChannel *channel, JsonObject *side)
{
  guint8 id[BED_HELLO_ID_BYTES], scalar[32];

  bed_vector_bytes (side, "id", id, sizeof id);
  bed_vector_bytes (side, "private_key", scalar, sizeof scalar);
  bed_sealed_channel_set_next_hello (channel, id, scalar);
}

static void
assert_same_json (const char *text, JsonObject *expected)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), expected);

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  g_assert_true (json_node_equal (json_parser_get_root (parser), node));
}

static void
assert_keys (BedSealedChannel *channel, JsonObject *session)
{
  static const char *const roles[] = { "patient", "clinician" };

  for (guint role = 0; role < 2; role++)
    {
      JsonObject *side = json_object_get_object_member (session, roles[role]);
      guint8 expected[44];
      BedSecret *key = bed_sealed_channel_get_key (channel, role);

      bed_vector_bytes (side, "key", expected, 32);
      bed_vector_bytes (side, "iv", expected + 32, 12);
      g_assert_cmpmem (bed_secret_get_data (key), bed_secret_get_length (key), expected, sizeof expected);
    }
}

static void
test_vectors (void)
{
  g_autoptr (JsonObject) vectors = bed_vectors_load ();
  JsonObject *session = json_object_get_object_member (vectors, "session");
  JsonObject *patient_side = json_object_get_object_member (session, "patient");
  JsonObject *clinician_side = json_object_get_object_member (session, "clinician");
  JsonArray *messages = json_object_get_array_member (session, "messages");
  g_autoptr (BedInvite) invite = bed_vectors_invite (vectors);
  g_auto (Pair) pair = { .invite = bed_invite_ref (invite), .guest_invite = guest_of (invite) };
  g_autofree char *hello = NULL, *reply = NULL;

  pair.patient = bed_sealed_channel_new (BED_ROLE_PATIENT, pair.guest_invite);
  pair.clinician = bed_sealed_channel_new (BED_ROLE_CLINICIAN, pair.invite);
  set_hello (pair.patient, patient_side);
  set_hello (pair.clinician, clinician_side);
  hello = bed_sealed_channel_start (pair.patient);
  assert_same_json (hello, json_object_get_object_member (patient_side, "hello"));
  g_assert_cmpint (take (&pair, pair.clinician, hello), ==, BED_SEALED_BEGUN);
  reply = g_strdup (pair.output.reply);
  assert_same_json (reply, json_object_get_object_member (clinician_side, "hello"));
  g_assert_cmpint (take (&pair, pair.patient, reply), ==, BED_SEALED_BEGUN);
  assert_keys (pair.patient, session);
  assert_keys (pair.clinician, session);
  g_assert_cmpuint (json_array_get_length (messages), ==, 4);
  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonObject *message = json_array_get_object_element (messages, i);
      const char *plain = json_object_get_string_member (message, "plaintext");
      gboolean up = strcmp (json_object_get_string_member (message, "from_role"), "patient") == 0;
      g_autofree char *sealed = bed_sealed_channel_seal (up ? pair.patient : pair.clinician,
                                                         json_object_get_string_member (message, "type"), plain, NULL);

      assert_same_json (sealed, json_object_get_object_member (message, "message"));
      g_assert_cmpint (take (&pair, up ? pair.clinician : pair.patient, sealed), ==, BED_SEALED_MESSAGE);
      g_assert_cmpstr (pair.output.text, ==, plain);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/sealed-channel/vectors", test_vectors);
  return g_test_run ();
}
