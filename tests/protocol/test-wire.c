/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-message.h"
#include "bed-sealed-message.h"

static gboolean
scan (const char *text)
{
  return bed_json_scan (text, strlen (text));
}

static void
test_scan (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *long_text = g_strnfill (BED_PROTOCOL_MESSAGE_MAX + 1, ' ');

  g_assert_true (scan ("{\"a\":[1,-2.5e+3,true,null,\"}]\\\"[\"]}"));
  g_assert_true (scan ("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"));
  g_assert_false (scan ("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"));
  g_assert_false (scan (deep));
  g_assert_false (bed_json_scan (deep, 60000));
  g_assert_false (scan (long_text));
  g_assert_false (scan ("{]"));
  g_assert_false (scan ("{"));
  g_assert_false (scan ("}"));
  g_assert_false (scan ("\"open"));
  g_assert_false (scan ("\"open\\"));
  g_assert_false (scan ("{\"a\":'[['}"));
  g_assert_false (scan ("/* [[[ */ {}"));
  g_assert_false (scan ("// [\n{}"));
  g_assert_false (scan ("# [\n{}"));
  g_assert_false (scan ("var a = {}"));
  g_assert_false (scan ("{\"a\":\"\xff\"}"));
  g_assert_false (bed_json_scan ("{}\0{}", 5));
}

/* json-glib knows more escapes than JSON has, and some make what is no text. */
static void
test_escapes (void)
{
  static const char *const bad[] = { "\\377", "\\0", "\\q", "\\x41", "\\u0000", "\\u12", "\\u12g4", "\\ud800", "\\ud800x",
                                     "\\ud800\\u0041", "\\ud800\\ud800", "\\udc00\\ud800", "\\", "\n", "\t", "\x01" };

  g_assert_true (scan ("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uFFFF\\ud83d\\ude00\\u0001\"}"));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", bad[i]);

      g_test_message ("%s", text);
      g_assert_false (scan (text));
    }
}

static void
test_parse (void)
{
  static const char *const bad[] = { "", "[]", "1", "null", "{} {}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = bed_json_parse (bad[i], strlen (bad[i]), &error);
      g_test_message ("%s", bad[i]);
      g_assert_null (object);
      g_assert_error (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST);
    }
}

static gpointer
decode (const BedWireSchema *schema, const char *text)
{
  return bed_wire_decode (schema, text, strlen (text), NULL);
}

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ID "AAAAAAAAAAAAAAAAAAAAAA"

static void
test_strict (void)
{
  static const char *const bad[] = {
    "{}", "{\"login\":1,\"auth\":\"" HASH "\"}", "{\"login\":null,\"auth\":\"" HASH "\"}",
    "{\"login\":\"a\",\"auth\":\"" HASH "=\"}", "{\"login\":\"a\",\"auth\":\"AAAA\"}",
    "{\"login\":\"a\",\"auth\":[]}", "{\"login\":[\"a\"],\"auth\":\"" HASH "\"}",
  };
  g_autoptr (BedLoginPassword) good = decode (&bed_login_password_schema, "{\"login\":\"a\",\"auth\":\"" HASH "\",\"x\":{}}");
  g_autofree char *name = g_strnfill (129, 'a');
  g_autofree char *too_long = g_strdup_printf ("{\"login\":\"%s\",\"auth\":\"" HASH "\"}", name);

  g_assert_nonnull (good);
  g_assert_cmpstr (good->login, ==, "a");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (decode (&bed_login_password_schema, bad[i]));
  g_assert_null (decode (&bed_login_password_schema, too_long));
  g_assert_null (decode (&bed_kdf_params_schema, "{\"salt\":\"" ID "\",\"ops\":-1,\"mem\":1}"));
  g_assert_null (decode (&bed_kdf_params_schema, "{\"salt\":\"" ID "\",\"ops\":1.5,\"mem\":1}"));
  g_assert_null (decode (&bed_kdf_params_schema, "{\"salt\":\"" ID "\",\"ops\":\"3\",\"mem\":1}"));
  g_assert_null (decode (&bed_room_info_schema, "{\"room\":\"" ID "\",\"state\":\"open\",\"expires\":1}"));
}

/* What one side writes the other reads, with nothing lost. */
static void
round_trip (const BedWireSchema *schema, const char *text)
{
  gpointer first = decode (schema, text);
  g_autofree char *once = NULL, *twice = NULL;
  gpointer second;

  g_test_message ("%s", text);
  g_assert_nonnull (first);
  once = bed_wire_encode (schema, first);
  second = decode (schema, once);
  g_assert_nonnull (second);
  twice = bed_wire_encode (schema, second);
  g_assert_cmpstr (once, ==, twice);
  g_assert_cmpstr (once, ==, text);
  bed_wire_free (schema, first);
  bed_wire_free (schema, second);
}

static void
test_round_trips (void)
{
  round_trip (&bed_clinic_info_schema,
              "{\"protocol\":1,\"server_time\":5,\"name\":\"C\",\"telephone\":\"\",\"privacy_notice\":\"\",\"consent\":"
              "[{\"version\":\"1\",\"language\":\"en\",\"summary\":\"s\",\"text\":\"t\"}]}");
  round_trip (&bed_activation_ticket_schema,
              "{\"ticket\":\"t\",\"otp\":{\"secret\":\"AB\",\"issuer\":\"i\",\"account\":\"a\",\"digits\":6,\"period\":30}}");
  round_trip (&bed_activated_schema,
              "{\"access_token\":\"a\",\"access_expires_in\":900,\"refresh_token\":\"r\",\"login\":\"l\","
              "\"display_name\":\"d\",\"recovery_codes\":[\"x-y\",\"z\"]}");
  round_trip (&bed_room_request_schema, "{\"room\":\"" ID "\",\"token_hash\":\"" HASH "\",\"expires\":9,\"card\":\"AQID\"}");
  round_trip (&bed_room_list_schema,
              "{\"rooms\":[{\"room\":\"" ID "\",\"state\":\"waiting\",\"created\":1,\"expires\":2}]}");
  round_trip (&bed_room_info_schema, "{\"room\":\"" ID "\",\"state\":\"created\",\"expires\":2}");
  round_trip (&bed_account_schema,
              "{\"login\":\"l\",\"display_name\":\"d\",\"sessions\":[{\"id\":\"i\",\"created\":1,\"last_used\":2,\"current\":true}]}");
  round_trip (&bed_ice_servers_schema,
              "{\"ice_servers\":[{\"urls\":[\"turn:a\"],\"username\":\"u\",\"credential\":\"c\"}],\"ttl\":60}");
  round_trip (&bed_card_answer_schema, "{\"card\":\"AQID\",\"server_time\":1,\"state\":\"opened\"}");
  round_trip (&bed_error_answer_schema, "{\"error\":\"rate-limited\"}");
}

static void
test_optional (void)
{
  g_autoptr (BedIceServers) servers = decode (&bed_ice_servers_schema, "{\"ice_servers\":[{\"urls\":[\"stun:a\"]}],\"ttl\":1}");
  BedIceServer *server;

  g_assert_nonnull (servers);
  server = servers->ice_servers->pdata[0];
  g_assert_null (server->username);
  g_assert_cmpstr (server->urls[0], ==, "stun:a");
}

static void
test_limits_of_arrays (void)
{
  g_autoptr (GString) text = g_string_new ("{\"ice_servers\":[");

  for (guint i = 0; i < 9; i++)
    g_string_append (text, i == 0 ? "{\"urls\":[]}" : ",{\"urls\":[]}");
  g_string_append (text, "],\"ttl\":1}");
  g_assert_null (decode (&bed_ice_servers_schema, text->str));
}

/* Each message, from everybody: only who may send it is heard. */
static void
test_messages (void)
{
  static const struct { const char *text; gboolean allowed[4]; } rows[] = {
    { "{\"type\":\"attach\",\"hop\":\"" ID "\"}", { 1, 0, 0, 0 } },
    { "{\"type\":\"join\",\"room\":\"" ID "\",\"token\":\"" HASH "\",\"seat\":\"" ID "\",\"hop\":\"" ID "\"}", { 0, 1, 0, 0 } },
    { "{\"type\":\"welcome\",\"server_time\":1,\"ice_servers\":[],\"ttl\":1}", { 0, 0, 1, 0 } },
    { "{\"type\":\"welcome\",\"server_time\":1,\"ice_servers\":[],\"ttl\":1,\"position\":1,\"peer\":\"AAAAAAAAAAAAAAAA\","
      "\"state\":\"waiting\",\"host_online\":true}", { 0, 0, 1, 1 } },
    { "{\"type\":\"arrived\",\"room\":\"" ID "\",\"peer\":\"AAAAAAAAAAAAAAAA\",\"since\":1,\"second_device\":false,\"admitted\":false}", { 0, 0, 1, 0 } },
    { "{\"type\":\"left\",\"room\":\"" ID "\",\"peer\":\"AAAAAAAAAAAAAAAA\"}", { 0, 0, 1, 0 } },
    { "{\"type\":\"room\",\"room\":\"" ID "\",\"state\":\"expired\"}", { 0, 0, 1, 0 } },
    { "{\"type\":\"position\",\"position\":3}", { 0, 0, 0, 1 } },
    { "{\"type\":\"host\",\"online\":true}", { 0, 0, 0, 1 } },
    { "{\"type\":\"over\",\"reason\":\"replaced\"}", { 0, 0, 0, 1 } },
    { "{\"type\":\"relay\",\"n\":1,\"data\":\"x\"}", { 0, 1, 0, 0 } },
    { "{\"type\":\"relay\",\"room\":\"" ID "\",\"peer\":\"AAAAAAAAAAAAAAAA\",\"n\":1,\"data\":\"x\"}", { 1, 1, 1, 1 } },
    { "{\"type\":\"ok\",\"n\":1}", { 1, 1, 1, 1 } },
    { "{\"type\":\"error\",\"code\":\"conflict\"}", { 0, 0, 1, 1 } },
    { "{\"type\":\"admit\",\"room\":\"" ID "\",\"peer\":\"AAAAAAAAAAAAAAAA\"}", { 1, 0, 0, 0 } },
    { "{\"type\":\"decline\",\"room\":\"" ID "\",\"peer\":\"AAAAAAAAAAAAAAAA\"}", { 1, 0, 0, 0 } },
    { "{\"type\":\"leave\"}", { 0, 1, 0, 0 } },
    { "{\"type\":\"host\"}", { 0, 0, 0, 0 } },
    { "{\"type\":\"nonsense\"}", { 0, 0, 0, 0 } },
    { "{\"type\":5}", { 0, 0, 0, 0 } },
    { "{}", { 0, 0, 0, 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint sender = 0; sender < 4; sender++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (BedMessage) message = bed_message_decode (sender, rows[i].text, strlen (rows[i].text), &error);
        g_test_message ("%s from %u", rows[i].text, sender);
        g_assert_cmpint (message != NULL, ==, rows[i].allowed[sender]);
        g_assert_cmpint (error == NULL, ==, rows[i].allowed[sender]);
        if (message != NULL)
          {
            g_autofree char *text = bed_message_encode (sender, message);
            g_autoptr (BedMessage) again = bed_message_decode (sender, text, strlen (text), NULL);
            g_assert_nonnull (again);
            g_assert_cmpint (again->n, ==, message->n);
            g_assert_cmpstr (again->data, ==, message->data);
          }
      }
}

static void
test_sealed_messages (void)
{
  static const struct { const char *type, *text; gboolean allowed[2]; } rows[] = {
    { "join",
      "{\"name\":\"A\",\"callback\":\"1\",\"location\":\"x\",\"language\":\"de\",\"devices\":{\"camera\":true,\"microphone\":true,"
      "\"speaker\":false},\"consent\":{\"version\":\"1\",\"hash\":\"" HASH "\",\"language\":\"de\",\"time\":7,\"agreed\":true}}", { 1, 0 } },
    { "join",
      "{\"name\":\"A\",\"callback\":\"1\",\"location\":\"x\",\"language\":\"de\",\"devices\":{\"camera\":true,\"microphone\":true,"
      "\"speaker\":false},\"consent\":{\"version\":\"1\",\"hash\":\"" HASH "\",\"language\":\"de\",\"time\":7,\"agreed\":false}}", { 0, 0 } },
    { "offer", "{\"sdp\":\"v=0\",\"ice_restart\":false}", { 0, 1 } },
    { "answer", "{\"sdp\":\"v=0\"}", { 1, 0 } },
    { "candidate", "{\"candidate\":\"c\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}", { 1, 1 } },
    { "candidate", "{\"candidate\":\"c\",\"sdpMid\":null,\"sdpMLineIndex\":null}", { 1, 1 } },
    { "end-of-candidates", "{}", { 1, 1 } },
    { "message", "{\"text\":\"hello\"}", { 1, 1 } },
    { "media", "{\"camera\":true,\"microphone\":false}", { 1, 1 } },
    { "restart", "{}", { 1, 0 } },
    { "decline", "{\"reason\":\"\"}", { 0, 1 } },
    { "hang-up", "{\"reason\":\"left\"}", { 1, 1 } },
    { "hang-up", "{\"reason\":\"why\"}", { 0, 0 } },
    { "sas-commit", "{\"commit\":\"" HASH "\"}", { 0, 1 } },
    { "sas-nonce", "{\"nonce\":\"" HASH "\"}", { 1, 0 } },
    { "sas-reveal", "{\"nonce\":\"" HASH "\"}", { 0, 1 } },
    { "sas-result", "{\"match\":true}", { 1, 1 } },
    { "passcode", "{\"code\":\"123456\"}", { 1, 0 } },
    { "passcode", "{\"code\":123456}", { 0, 0 } },
    { "passcode", "{\"code\":\"123456789012345678901234567890123\"}", { 0, 0 } },
    { "passcode-result", "{\"right\":false,\"left\":4}", { 0, 1 } },
    { "passcode-result", "{\"right\":false,\"left\":-1}", { 0, 0 } },
    { "chat-kept", "{}", { 0, 1 } },
    { "sas-result", "{\"match\":1}", { 0, 0 } },
    { "unknown", "{}", { 0, 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint role = 0; role < 2; role++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (BedSealedMessage) message = bed_sealed_message_decode (role, rows[i].type, rows[i].text,
                                                                          strlen (rows[i].text), &error);
        g_test_message ("%s from %u", rows[i].type, role);
        g_assert_cmpint (message != NULL, ==, rows[i].allowed[role]);
        g_assert_cmpint (error == NULL, ==, rows[i].allowed[role]);
        if (message != NULL)
          {
            g_autofree char *text = bed_sealed_message_encode (message);
            g_autoptr (BedSealedMessage) again = bed_sealed_message_decode (role, bed_sealed_type_to_string (message->type),
                                                                            text, strlen (text), &error);
            g_assert_no_error (error);
            g_assert_cmpstr (again->sdp, ==, message->sdp);
            g_assert_cmpint (again->sdp_mline_index, ==, message->sdp_mline_index);
          }
      }
}

static void
test_long_text (void)
{
  g_autofree char *fits = g_strnfill (BED_PROTOCOL_TEXT_MAX, 'a');
  g_autofree char *too_long = g_strnfill (BED_PROTOCOL_TEXT_MAX + 1, 'a');
  g_autofree char *good = g_strdup_printf ("{\"text\":\"%s\"}", fits);
  g_autofree char *bad = g_strdup_printf ("{\"text\":\"%s\"}", too_long);
  g_autoptr (BedSealedMessage) message = bed_sealed_message_decode (BED_ROLE_PATIENT, "message", good, strlen (good), NULL);

  g_assert_nonnull (message);
  g_assert_null (bed_sealed_message_decode (BED_ROLE_PATIENT, "message", bad, strlen (bad), NULL));
}

static void
test_endpoints (void)
{
  BedEndpoint endpoint;
  char argument[65];

  for (guint i = 0; i < BED_ENDPOINT_COUNT; i++)
    {
      const BedEndpointInfo *info = bed_endpoint_get_info (i);
      g_autofree char *path = bed_endpoint_build_path (i, "abc-_9");
      g_assert_true (bed_endpoint_find (info->method, path, &endpoint, argument));
      g_assert_cmpint (endpoint, ==, i);
      g_assert_cmpstr (argument, ==, strchr (info->path, '*') != NULL ? "abc-_9" : "");
    }
  g_assert_false (bed_endpoint_find ("GET", "/api/v1/rooms//card", &endpoint, argument));
  g_assert_false (bed_endpoint_find ("GET", "/api/v1/rooms/a.b/card", &endpoint, argument));
  g_assert_false (bed_endpoint_find ("GET", "/api/v1/rooms/a/card/", &endpoint, argument));
  g_assert_false (bed_endpoint_find ("PUT", "/api/v1/rooms", &endpoint, argument));
  g_assert_false (bed_endpoint_find ("GET", "/api/v2/clinic", &endpoint, argument));
}

static void
test_words (void)
{
  for (int i = 0; i <= BED_PROTOCOL_ERROR_UNAVAILABLE; i++)
    {
      BedProtocolError error;
      g_assert_true (bed_protocol_error_from_code (bed_protocol_error_to_code (i), &error));
      g_assert_cmpint (error, ==, i);
      g_assert_cmpuint (bed_protocol_error_to_status (i), >=, 400);
    }
  for (int i = 0; i <= BED_ROOM_STATE_EXPIRED; i++)
    {
      BedRoomState state;
      g_assert_true (bed_room_state_from_string (bed_room_state_to_string (i), &state));
      g_assert_cmpint (state, ==, i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/json/scan", test_scan);
  g_test_add_func ("/protocol/json/escapes", test_escapes);
  g_test_add_func ("/protocol/json/parse", test_parse);
  g_test_add_func ("/protocol/wire/strict", test_strict);
  g_test_add_func ("/protocol/wire/round-trips", test_round_trips);
  g_test_add_func ("/protocol/wire/optional", test_optional);
  g_test_add_func ("/protocol/wire/limits-of-arrays", test_limits_of_arrays);
  g_test_add_func ("/protocol/message/every-sender", test_messages);
  g_test_add_func ("/protocol/sealed-message/every-sender", test_sealed_messages);
  g_test_add_func ("/protocol/sealed-message/long-text", test_long_text);
  g_test_add_func ("/protocol/endpoints", test_endpoints);
  g_test_add_func ("/protocol/words", test_words);
  return g_test_run ();
}
