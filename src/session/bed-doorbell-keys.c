/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-doorbell-private.h"

#define TOKEN_MAX 256

static const BedWireField fields[] = {
  { "authority", BED_WIRE_STRING, G_STRUCT_OFFSET (BedDoorbellKeys, authority), 300 },
  { "pin", BED_WIRE_BYTES, G_STRUCT_OFFSET (BedDoorbellKeys, pin), BED_HASH_BYTES },
  { "access", BED_WIRE_STRING_OPTIONAL, G_STRUCT_OFFSET (BedDoorbellKeys, access), TOKEN_MAX },
  { "refresh", BED_WIRE_STRING, G_STRUCT_OFFSET (BedDoorbellKeys, refresh), TOKEN_MAX },
  { "access_ends", BED_WIRE_INT, G_STRUCT_OFFSET (BedDoorbellKeys, access_ends_s),
    G_MAXINT32 * 4LL },
  { "since", BED_WIRE_INT, G_STRUCT_OFFSET (BedDoorbellKeys, since_s), G_MAXINT32 * 4LL },
  { NULL },
};
BED_WIRE_SCHEMA (BedDoorbellKeys, bed_doorbell_keys, fields)

static char *
dup_text (BedSecret *secret)
{
  return secret != NULL ? g_strndup ((const char *) bed_secret_get_data (secret),
                                     bed_secret_get_length (secret))
                        : NULL;
}

BedSecret *
bed_doorbell_pack (BedSignallingClient *client, const guint8 pin[BED_HASH_BYTES], BedClock *clock)
{
  gint64 expires_in_s, now_us = bed_clock_get_real_us (clock);
  g_autoptr (BedSecret) access = bed_signalling_client_dup_access_token (client, &expires_in_s);
  g_autoptr (BedSecret) refresh = bed_signalling_client_dup_refresh_token (client);
  g_autoptr (BedDoorbellKeys) keys = g_new0 (BedDoorbellKeys, 1);
  BedSecret *packed;
  char *text;

  if (refresh == NULL)
    return NULL;
  keys->authority = g_strdup (bed_signalling_client_get_authority (client));
  keys->access = dup_text (access);
  keys->refresh = dup_text (refresh);
  memcpy (keys->pin, pin, sizeof keys->pin);
  keys->access_ends_s = now_us / G_USEC_PER_SEC + expires_in_s;
  keys->since_s
      = (now_us + bed_signalling_client_get_clock_offset_us (client)) / G_USEC_PER_SEC;
  text = bed_wire_encode (&bed_doorbell_keys_schema, keys);
  packed = bed_secret_new (text, strlen (text));
  bed_secret_wipe (text, strlen (text));
  g_free (text);
  return packed;
}

BedDoorbellKeys *
bed_doorbell_unpack (BedSecret *keys)
{
  if (bed_secret_get_length (keys) > BED_DOORBELL_KEYS_MAX)
    return NULL;
  return bed_wire_decode (&bed_doorbell_keys_schema, (const char *) bed_secret_get_data (keys),
                          bed_secret_get_length (keys), NULL);
}

void
bed_doorbell_keys_give (const BedDoorbellKeys *keys, BedSignallingClient *client, BedClock *clock)
{
  gint64 left_s = keys->access_ends_s - bed_clock_get_real_us (clock) / G_USEC_PER_SEC;

  bed_signalling_client_set_tokens (client, left_s > 0 ? keys->access : NULL, MAX (left_s, 0),
                                    keys->refresh);
}
