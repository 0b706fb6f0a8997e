/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-turn-probe.h"

#include "bed-turn-answer.h"
#include "bed-turn-wire.h"

#include <string.h>

#define COOKIE 0x2112a442u
#define ALLOCATE 0x0003
#define REFRESH 0x0004
#define SUCCESS 0x0100
#define ATTR_USERNAME 0x0006
#define ATTR_INTEGRITY 0x0008
#define ATTR_LIFETIME 0x000d
#define ATTR_REALM 0x0014
#define ATTR_NONCE 0x0015
#define ATTR_TRANSPORT 0x0019

typedef struct
{
  BedTurnWire *wire;
  char *username;
  char *password;
  BedTurnAnswer last;
} Probe;

static void
put16 (GByteArray *out, guint value)
{
  guint8 bytes[2] = { value >> 8, value };

  g_byte_array_append (out, bytes, 2);
}

static void
put_attribute (GByteArray *out, guint type, const void *data, gsize length)
{
  static const guint8 zero[4];

  put16 (out, type);
  put16 (out, (guint) length);
  g_byte_array_append (out, data, (guint) length);
  g_byte_array_append (out, zero, (4 - length % 4) % 4);
}

static void
set_length (GByteArray *out, gsize extra)
{
  gsize length = out->len - 20 + extra;

  out->data[2] = (guint8) (length >> 8);
  out->data[3] = (guint8) length;
}

/* RFC 8489 section 14.5, with the key of section 9.2.2. */
static void
put_integrity (GByteArray *out, Probe *probe)
{
  g_autofree char *text
      = g_strconcat (probe->username, ":", probe->last.realm, ":", probe->password, NULL);
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  g_autoptr (GHmac) hmac = NULL;
  guint8 key[16];
  guint8 digest[20];
  gsize length = sizeof key;

  g_checksum_update (md5, (const guchar *) text, -1);
  g_checksum_get_digest (md5, key, &length);
  set_length (out, 24);
  hmac = g_hmac_new (G_CHECKSUM_SHA1, key, sizeof key);
  g_hmac_update (hmac, out->data, out->len);
  length = sizeof digest;
  g_hmac_get_digest (hmac, digest, &length);
  put_attribute (out, ATTR_INTEGRITY, digest, sizeof digest);
}

static GByteArray *
make_request (Probe *probe, guint method)
{
  static const guint8 udp[4] = { 17, 0, 0, 0 };
  static const guint8 none[4] = { 0, 0, 0, 0 };
  GByteArray *out = g_byte_array_new ();
  guint8 id[12];

  bed_random_bytes (id, sizeof id);
  put16 (out, method);
  put16 (out, 0);
  put16 (out, COOKIE >> 16);
  put16 (out, COOKIE & 0xffff);
  g_byte_array_append (out, id, sizeof id);
  if (method == ALLOCATE)
    put_attribute (out, ATTR_TRANSPORT, udp, sizeof udp);
  else
    put_attribute (out, ATTR_LIFETIME, none, sizeof none);
  if (probe->last.nonce)
    {
      put_attribute (out, ATTR_USERNAME, probe->username, strlen (probe->username));
      put_attribute (out, ATTR_REALM, probe->last.realm, strlen (probe->last.realm));
      put_attribute (out, ATTR_NONCE, probe->last.nonce, strlen (probe->last.nonce));
      put_integrity (out, probe);
    }
  else
    set_length (out, 0);
  return out;
}

/* Returns: 0 for success, a STUN error code, or -1 with an error. */
static int
ask (Probe *probe, guint method, GError **error)
{
  g_autoptr (GByteArray) request = make_request (probe, method);
  guint8 answer[2048];
  gsize length = bed_turn_wire_ask (probe->wire, request->data, request->len, answer, sizeof answer,
                                    error);

  if (length == 0)
    return -1;
  if ((answer[0] << 8 | answer[1]) == (int) (method | SUCCESS))
    return 0;
  bed_turn_answer_read (&probe->last, answer, length);
  return (int) probe->last.code;
}

static gboolean
allocate (Probe *probe, GError **error)
{
  int code = ask (probe, ALLOCATE, error);

  if (code == 401 && probe->last.nonce && probe->last.realm)
    code = ask (probe, ALLOCATE, error);
  if (code > 0)
    g_set_error (error, BED_SERVER_ERROR,
                 code == 401 ? BED_SERVER_ERROR_RELAY_SECRET : BED_SERVER_ERROR_RELAY_ANSWER,
                 code == 401 ? "the shared secret is not the server's (401)" : "it answered %d",
                 code);
  return code == 0 && ask (probe, REFRESH, NULL) == 0;
}

gboolean
bed_turn_probe (BedTurn *turn, const char *text, gint64 now, gint64 *not_after, GError **error)
{
  g_autoptr (BedTurnUrl) url = bed_turn_url_parse (text);
  Probe probe = { 0 };
  gboolean ok;

  *not_after = 0;
  probe.wire = bed_turn_wire_open (url, error);
  if (!probe.wire)
    return FALSE;
  *not_after = bed_turn_wire_get_not_after (probe.wire);
  bed_turn_make_credential (turn, now + 60, &probe.username, &probe.password);
  ok = allocate (&probe, error);
  if (!ok && error && !*error)
    g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_NETWORK,
                 "the allocation could not be given back");
  bed_turn_wire_free (probe.wire);
  g_free (probe.username);
  g_free (probe.password);
  bed_turn_answer_clear (&probe.last);
  return ok;
}
