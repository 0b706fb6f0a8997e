/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-srtp.h"

#include <openssl/evp.h>
#include <string.h>

/* A second implementation of the key derivation (RFC 3711 section 4.3) and of AEAD (RFC 7714), itself held
 * against the RFCs' vectors, to hold ours against. */
static gsize
unhex (const char *hex, guint8 *out)
{
  gsize n = 0;

  for (; hex[0] != '\0'; hex += hex[0] == ' ' ? 1 : 2)
    if (hex[0] != ' ')
      out[n++] = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
  return n;
}

static void
derive (const guint8 *key, gsize key_length, const guint8 *salt, gsize salt_length, guint8 label, guint8 *out,
        gsize length)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  guint8 iv[16] = { 0 }, zero[64] = { 0 };
  int written;

  memcpy (iv, salt, salt_length);
  iv[7] ^= label;
  g_assert_true (EVP_EncryptInit_ex (context, key_length == 16 ? EVP_aes_128_ctr () : EVP_aes_256_ctr (), NULL,
                                     key, iv));
  g_assert_true (EVP_EncryptUpdate (context, out, &written, zero, (int) length));
  EVP_CIPHER_CTX_free (context);
}

static gsize
seal_rtp (const guint8 *key, gsize key_length, const guint8 *salt, guint8 *packet, gsize length)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  guint8 iv[12] = { 0 };
  int written;

  memcpy (iv + 2, packet + 8, 4);
  memcpy (iv + 10, packet + 2, 2); /* roll-over counter 0 */
  for (guint i = 0; i < 12; i++)
    iv[i] ^= salt[i];
  g_assert_true (EVP_EncryptInit_ex (context, key_length == 16 ? EVP_aes_128_gcm () : EVP_aes_256_gcm (), NULL,
                                     key, iv));
  g_assert_true (EVP_EncryptUpdate (context, NULL, &written, packet, 12));
  g_assert_true (EVP_EncryptUpdate (context, packet + 12, &written, packet + 12, (int) length - 12));
  g_assert_true (EVP_EncryptFinal_ex (context, packet + length, &written));
  g_assert_true (EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, 16, packet + length));
  EVP_CIPHER_CTX_free (context);
  return length + 16;
}

#define HEADER "8040f17b 8041f8d3 5501a0b2"
#define GALLIA "47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573"

static void
test_reference (void)
{
  guint8 key[32], salt[16], wanted[64], got[64], packet[128];
  gsize length;

  unhex ("E1F97A0D3E018BE0D64FA32C06DE4139", key);
  unhex ("0EC675AD498AFEEBB6960B3AABE6", salt);
  derive (key, 16, salt, 14, 0, got, 16);
  unhex ("C61E7A93744F39EE10734AFE3FF7A087", wanted);
  g_assert_cmpmem (got, 16, wanted, 16);
  derive (key, 16, salt, 14, 2, got, 14);
  unhex ("30CBBC08863D8C85D49DB34A9AE1", wanted);
  g_assert_cmpmem (got, 14, wanted, 14);
  derive (key, 16, salt, 14, 1, got, 16);
  unhex ("CEBE321F6FF7716B6FD4AB49AF256A15", wanted);
  g_assert_cmpmem (got, 16, wanted, 16);

  unhex ("000102030405060708090a0b0c0d0e0f", key);
  unhex ("517569642070726f2071756f", salt);
  length = unhex (HEADER GALLIA, packet);
  length = seal_rtp (key, 16, salt, packet, length);
  g_assert_cmpuint (unhex ("f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d"
                           "7f27beb16a9152cf765ee4390cce", wanted), ==, length - 12);
  g_assert_cmpmem (packet + 12, length - 12, wanted, length - 12);
}

static BedSecret *
make_key (guint16 profile)
{
  guint8 bytes[64];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (i * 7 + 1);
  return bed_secret_new (bytes, bed_srtp_profile_get_key_length (profile));
}

static const guint16 profiles[] = { BED_SRTP_AEAD_AES_256_GCM, BED_SRTP_AEAD_AES_128_GCM,
                                    BED_SRTP_AES128_CM_SHA1_80 };

/* What the library makes from a master key equals what the RFCs' formulas make. */
static void
test_gcm_against_reference (void)
{
  for (guint p = 0; p < 2; p++)
    {
      g_autoptr (BedSecret) key = make_key (profiles[p]);
      g_autoptr (BedSrtp) sender = bed_srtp_new_send (profiles[p], key, NULL);
      const guint8 *master = bed_secret_get_data (key);
      gsize key_length = profiles[p] == BED_SRTP_AEAD_AES_256_GCM ? 32 : 16;
      guint8 session_key[32], session_salt[12], ours[128], theirs[128];
      gsize length = unhex (HEADER GALLIA, ours), wanted;

      memcpy (theirs, ours, length);
      derive (master, key_length, master + key_length, 12, 0, session_key, key_length);
      derive (master, key_length, master + key_length, 12, 2, session_salt, 12);
      wanted = seal_rtp (session_key, key_length, session_salt, theirs, length);
      g_assert_cmpint (bed_srtp_protect_rtp (sender, ours, &length, sizeof ours), ==, BED_SRTP_OK);
      g_assert_cmpmem (ours, length, theirs, wanted);
    }
}

static gsize
make_rtp (guint8 *packet, guint16 sequence, guint32 ssrc)
{
  memset (packet, 0x5a, 200);
  memset (packet, 0, 12);
  packet[0] = 0x80;
  packet[1] = 96;
  packet[2] = sequence >> 8;
  packet[3] = sequence & 0xff;
  packet[8] = ssrc >> 24;
  packet[9] = (ssrc >> 16) & 0xff;
  packet[10] = (ssrc >> 8) & 0xff;
  packet[11] = ssrc & 0xff;
  return 200;
}

static gsize
make_rtcp (guint8 *packet)
{
  gsize length = unhex ("81c8000b 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef"
                        "deadbeef deadbeef deadbeef deadbeef", packet);
  return length;
}

static void
test_round_trip (void)
{
  for (guint p = 0; p < G_N_ELEMENTS (profiles); p++)
    {
      g_autoptr (BedSecret) key = make_key (profiles[p]);
      g_autoptr (BedSrtp) sender = bed_srtp_new_send (profiles[p], key, NULL);
      g_autoptr (BedSrtp) receiver = bed_srtp_new_receive (profiles[p], key, NULL);
      guint8 packet[256], plain[256];
      gsize length, plain_length;

      for (guint i = 0; i < 70000; i += 7) /* over the wrap of the sequence number */
        {
          length = plain_length = make_rtp (packet, (guint16) i, 0x01020304);
          memcpy (plain, packet, length);
          g_assert_cmpint (bed_srtp_protect_rtp (sender, packet, &length, sizeof packet), ==, BED_SRTP_OK);
          g_assert_cmpuint (length, >, plain_length);
          g_assert_cmpuint (length, <=, plain_length + BED_SRTP_MAX_OVERHEAD);
          g_assert_true (memcmp (packet + 12, plain + 12, plain_length - 12) != 0);
          g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_OK);
          g_assert_cmpmem (packet, length, plain, plain_length);
        }
      length = plain_length = make_rtcp (packet);
      memcpy (plain, packet, length);
      g_assert_cmpint (bed_srtp_protect_rtcp (sender, packet, &length, sizeof packet), ==, BED_SRTP_OK);
      g_assert_true (memcmp (packet + 8, plain + 8, plain_length - 8) != 0);
      g_assert_cmpint (bed_srtp_unprotect_rtcp (receiver, packet, &length), ==, BED_SRTP_OK);
      g_assert_cmpmem (packet, length, plain, plain_length);
      g_assert_cmpuint (bed_srtp_get_count (receiver, BED_SRTP_OK), ==, 10001);
    }
}

static void
test_tampered (void)
{
  for (guint p = 0; p < G_N_ELEMENTS (profiles); p++)
    {
      g_autoptr (BedSecret) key = make_key (profiles[p]);
      g_autoptr (BedSrtp) sender = bed_srtp_new_send (profiles[p], key, NULL);
      g_autoptr (BedSrtp) receiver = bed_srtp_new_receive (profiles[p], key, NULL);
      guint8 good[256], packet[256];
      gsize length = make_rtp (good, 1000, 1), copy;

      g_assert_cmpint (bed_srtp_protect_rtp (sender, good, &length, sizeof good), ==, BED_SRTP_OK);
      for (gsize i = 0; i < length; i++)
        {
          memcpy (packet, good, length);
          packet[i] ^= 0x40;
          copy = length;
          g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &copy), !=, BED_SRTP_OK);
        }
      g_assert_cmpuint (bed_srtp_get_count (receiver, BED_SRTP_OK), ==, 0);
      g_assert_cmpuint (bed_srtp_get_count (receiver, BED_SRTP_AUTH_FAILED), >, 150);
      length = make_rtcp (good);
      g_assert_cmpint (bed_srtp_protect_rtcp (sender, good, &length, sizeof good), ==, BED_SRTP_OK);
      for (gsize i = 0; i < length; i++)
        {
          memcpy (packet, good, length);
          packet[i] ^= 0x80;
          copy = length;
          g_assert_cmpint (bed_srtp_unprotect_rtcp (receiver, packet, &copy), !=, BED_SRTP_OK);
        }
      g_assert_cmpuint (bed_srtp_get_count (receiver, BED_SRTP_OK), ==, 0);
    }
}

static void
test_replayed (void)
{
  g_autoptr (BedSecret) key = make_key (profiles[0]);
  g_autoptr (BedSrtp) sender = bed_srtp_new_send (profiles[0], key, NULL);
  g_autoptr (BedSrtp) receiver = bed_srtp_new_receive (profiles[0], key, NULL);
  guint8 kept[2][256], packet[256];
  gsize kept_length[2], length;

  for (guint i = 0; i < 2; i++)
    {
      kept_length[i] = make_rtp (kept[i], (guint16) (1 + i), 1);
      g_assert_cmpint (bed_srtp_protect_rtp (sender, kept[i], &kept_length[i], 256), ==, BED_SRTP_OK);
    }
  memcpy (packet, kept[0], length = kept_length[0]);
  g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_OK);
  memcpy (packet, kept[0], length = kept_length[0]);
  g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_REPLAYED);
  for (guint i = 3; i < 3 + BED_SRTP_WINDOW + 10; i++)
    {
      length = make_rtp (packet, (guint16) i, 1);
      g_assert_cmpint (bed_srtp_protect_rtp (sender, packet, &length, 256), ==, BED_SRTP_OK);
      g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_OK);
    }
  memcpy (packet, kept[1], length = kept_length[1]); /* never seen, but older than the window */
  g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_REPLAYED);
  g_assert_cmpuint (bed_srtp_get_count (receiver, BED_SRTP_REPLAYED), ==, 2);
}

static void
test_malformed (void)
{
  g_autoptr (BedSecret) key = make_key (profiles[0]);
  g_autoptr (BedSrtp) receiver = bed_srtp_new_receive (profiles[0], key, NULL);
  guint8 packet[256] = { 0 };
  gsize length;

  for (length = 0; length < 28; length++)
    {
      gsize copy = length;
      packet[0] = 0x80;
      g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &copy), ==, BED_SRTP_MALFORMED);
    }
  packet[0] = 0x9f; /* CSRCs and an extension that reach past the end */
  length = 60;
  g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_MALFORMED);
  packet[0] = 0x90;
  packet[14] = 0xff;
  length = 200;
  g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_MALFORMED);
  packet[0] = 0x40;
  length = 200;
  g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==, BED_SRTP_MALFORMED);
}

static void
test_too_many_sources (void)
{
  g_autoptr (BedSecret) key = make_key (profiles[1]);
  g_autoptr (BedSrtp) sender = bed_srtp_new_send (profiles[1], key, NULL);
  g_autoptr (BedSrtp) receiver = bed_srtp_new_receive (profiles[1], key, NULL);
  guint8 packet[256];

  for (guint i = 0; i < BED_SRTP_MAX_SSRCS + 5; i++)
    {
      gsize length = make_rtp (packet, 1, 100 + i);
      g_assert_cmpint (bed_srtp_protect_rtp (sender, packet, &length, 256), ==, BED_SRTP_OK);
      g_assert_cmpint (bed_srtp_unprotect_rtp (receiver, packet, &length), ==,
                       i < BED_SRTP_MAX_SSRCS ? BED_SRTP_OK : BED_SRTP_REFUSED);
    }
}

static void
test_refused (void)
{
  g_autoptr (BedSecret) key = make_key (profiles[0]);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSrtp) sender = bed_srtp_new_send (profiles[0], key, NULL);
  guint8 packet[256];
  gsize length = make_rtp (packet, 1, 1);

  g_assert_cmpint (bed_srtp_protect_rtp (sender, packet, &length, 210), ==, BED_SRTP_REFUSED);
  g_assert_null (bed_srtp_new_send (profiles[1], key, &error));
  g_assert_error (error, BED_SRTP_ERROR, BED_SRTP_ERROR_KEY);
  g_clear_error (&error);
  /* SRTP_NULL_HMAC_SHA1_80, SRTP_NULL_HMAC_SHA1_32, AES_CM_SHA1_32, nothing */
  for (guint i = 0; i < 4; i++)
    {
      g_assert_null (bed_srtp_new_receive (((const guint16[]) { 5, 6, 2, 0 })[i], key, &error));
      g_assert_error (error, BED_SRTP_ERROR, BED_SRTP_ERROR_PROFILE);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/srtp/reference", test_reference);
  g_test_add_func ("/rtc/srtp/gcm-against-reference", test_gcm_against_reference);
  g_test_add_func ("/rtc/srtp/round-trip", test_round_trip);
  g_test_add_func ("/rtc/srtp/tampered", test_tampered);
  g_test_add_func ("/rtc/srtp/replayed", test_replayed);
  g_test_add_func ("/rtc/srtp/malformed", test_malformed);
  g_test_add_func ("/rtc/srtp/too-many-sources", test_too_many_sources);
  g_test_add_func ("/rtc/srtp/refused", test_refused);
  return g_test_run ();
}
