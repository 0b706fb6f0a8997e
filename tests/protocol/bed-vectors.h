/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-encoding.h"
#include "bed-invite.h"

/* tests/vectors/sealed-channel.json. */
static inline JsonObject *
bed_vectors_load (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "sealed-channel.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  JsonObject *object;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  object = bed_json_parse (text, length, &error);
  g_assert_no_error (error);
  return object;
}

static inline void
bed_vector_bytes (JsonObject *object, const char *name, guint8 *out, gsize length)
{
  g_assert_true (bed_base64url_decode_exact (json_object_get_string_member (object, name), out, length));
}

static inline BedInvite *
bed_vectors_invite (JsonObject *vectors)
{
  JsonObject *object = json_object_get_object_member (vectors, "invite");
  guint8 secret[32], scalar[32];
  g_autoptr (BedSecret) link_secret = NULL;
  g_autoptr (BedSecret) private_key = NULL;
  BedInvite *invite;

  bed_vector_bytes (object, "secret", secret, sizeof secret);
  bed_vector_bytes (object, "private_key", scalar, sizeof scalar);
  link_secret = bed_secret_new (secret, sizeof secret);
  private_key = bed_secret_new (scalar, sizeof scalar);
  invite = bed_invite_new_from_keys (link_secret, private_key, NULL);
  g_assert_nonnull (invite);
  return invite;
}
