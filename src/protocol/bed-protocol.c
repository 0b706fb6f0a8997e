/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-protocol.h"

#include "bed-words-private.h"

G_DEFINE_QUARK (bed-protocol-error-quark, bed_protocol_error)

const char *const bed_error_words[] = {
  "bad-request", "unauthorized", "forbidden", "not-found",    "conflict",    "expired",
  "revoked",     "used",         "too-large", "rate-limited", "unavailable", NULL,
};
static const guint statuses[] = { 400, 401, 403, 404, 409, 410, 410, 410, 413, 429, 503 };
const char *const bed_room_state_words[] = {
  "created", "opened", "waiting", "admitted", "ended", "revoked", "expired", NULL,
};
const char *const bed_over_words[] = {
  "ended", "revoked", "expired", "declined", "replaced", NULL
};

gboolean
bed_words_find (const char *const *words, const char *word, int *index)
{
  for (int i = 0; words[i] != NULL; i++)
    if (g_strcmp0 (words[i], word) == 0)
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

const char *
bed_protocol_error_to_code (BedProtocolError error)
{
  g_return_val_if_fail ((guint) error <= BED_PROTOCOL_ERROR_UNAVAILABLE, "unavailable");
  return bed_error_words[error];
}

guint
bed_protocol_error_to_status (BedProtocolError error)
{
  g_return_val_if_fail ((guint) error <= BED_PROTOCOL_ERROR_UNAVAILABLE, 503);
  return statuses[error];
}

gboolean
bed_protocol_error_from_code (const char *code, BedProtocolError *error)
{
  int index;

  if (!bed_words_find (bed_error_words, code, &index))
    return FALSE;
  *error = index;
  return TRUE;
}

const char *
bed_room_state_to_string (BedRoomState state)
{
  g_return_val_if_fail ((guint) state <= BED_ROOM_STATE_EXPIRED, "expired");
  return bed_room_state_words[state];
}

gboolean
bed_room_state_from_string (const char *text, BedRoomState *state)
{
  int index;

  if (!bed_words_find (bed_room_state_words, text, &index))
    return FALSE;
  *state = index;
  return TRUE;
}

gboolean
bed_room_state_is_over (BedRoomState state)
{
  return state >= BED_ROOM_STATE_ENDED;
}
