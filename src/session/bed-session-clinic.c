/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-account-anchor-private.h"
#include "bed-doorbell-private.h"
#include "bed-log.h"

#define CLINIC_BLOB "clinic"
#define REFRESH_BLOB "refresh-token"

/* The clinic of an unlocked session: its words, the connection to it, the tokens. */

void
bed_session_load_clinic (BedSession *self)
{
  g_autofree char *text = bed_vault_dup_text (self->vault, CLINIC_BLOB);

  if (text != NULL)
    self->clinic = bed_wire_decode (&bed_clinic_info_schema, text, strlen (text), NULL);
  bed_session_remember_texts (self);
}

static void
on_clinic (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BedSession) self = user_data;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gpointer answer = NULL;

  /* Without an answer the words of the last time stand. */
  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, NULL))
    return;
  if (self->state != BED_SESSION_STATE_UNLOCKED)
    {
      bed_clinic_info_free (answer);
      return;
    }
  g_clear_pointer (&self->clinic, bed_clinic_info_free);
  self->clinic = answer;
  text = bed_wire_encode (&bed_clinic_info_schema, self->clinic);
  g_free (self->profile->clinic);
  self->profile->clinic = g_strdup (self->clinic->name);
  if (!bed_vault_set_text (self->vault, CLINIC_BLOB, text, &error) ||
      !bed_session_save_profile (self, &error))
    g_warning ("the clinic's words were not kept: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
  bed_session_remember_texts (self);
  bed_session_notify_names (self);
}

static void
on_client_state (BedSignallingClient *client, GParamSpec *pspec, BedSession *self)
{
  switch (bed_signalling_client_get_state (client))
    {
    case BED_SIGNALLING_STATE_ONLINE:
      bed_session_set_account_state (self, BED_ACCOUNT_STATE_ONLINE);
      break;
    case BED_SIGNALLING_STATE_WAITING:
      bed_session_set_account_state (self, bed_signalling_client_is_untrusted (client)
                                               ? BED_ACCOUNT_STATE_UNTRUSTED
                                               : BED_ACCOUNT_STATE_OFFLINE);
      break;
    case BED_SIGNALLING_STATE_CONNECTING: /* a try while offline is no news */
    case BED_SIGNALLING_STATE_CLOSED:
    default:
      break;
    }
}

static void
on_welcome (BedSignallingClient *client, gboolean admitted, BedSession *self)
{
  bed_session_refresh_rooms (self);
  bed_session_compare_anchors (self);
  bed_signalling_client_call_async (client, BED_ENDPOINT_CLINIC, NULL, NULL, self->unlocked,
                                    on_clinic, g_object_ref (self));
}

static void
on_room (BedSignallingClient *client, const char *room, int state, BedSession *self)
{
  bed_session_room_changed (self, room, state);
}

static void
on_tokens (BedSignallingClient *client, BedSession *self)
{
  g_autoptr (BedSecret) refresh = bed_signalling_client_dup_refresh_token (client);
  g_autoptr (GError) error = NULL;

  if (!bed_vault_set_blob (self->vault, REFRESH_BLOB, refresh, &error))
    g_warning ("the session's token was not kept: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
}

static void
ask_to_sign_in (BedSession *self)
{
  bed_session_set_account_state (self, self->auth != NULL ? BED_ACCOUNT_STATE_SECOND_FACTOR
                                                          : BED_ACCOUNT_STATE_PASSWORD);
}

static void
on_signed_out (BedSignallingClient *client, BedSession *self)
{
  on_tokens (client, self);
  bed_session_note (self, BED_AUDIT_SIGNED_OUT);
  ask_to_sign_in (self);
}

BedSignallingClient *
bed_session_new_client (BedSession *self)
{
  BedSignallingClient *client = bed_signalling_client_new (self->profile->authority, self->clock);
  g_autoptr (GError) error = NULL;

  if (self->ca_file == NULL)
    bed_signalling_client_set_pin (client, self->profile->pin);
  else if (!bed_signalling_client_set_ca_file (client, self->ca_file, &error))
    g_warning ("the authorities' file cannot be read: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
  return client;
}

gboolean
bed_session_take_tokens (BedSession *self, const BedTokens *tokens, GError **error)
{
  bed_signalling_client_set_tokens (self->client, tokens->access_token, tokens->access_expires_in,
                                    tokens->refresh_token);
  bed_session_note (self, BED_AUDIT_SIGNED_IN);
  return bed_vault_set_text (self->vault, REFRESH_BLOB, tokens->refresh_token, error);
}

BedSecret *
bed_session_dup_doorbell_keys (BedSession *self)
{
  if (self->state != BED_SESSION_STATE_UNLOCKED || self->client == NULL)
    return NULL;
  return bed_doorbell_pack (self->client, self->profile->pin, self->clock);
}

void
bed_session_set_doorbell (BedSession *self, BedDoorbell *doorbell)
{
  g_set_object (&self->doorbell, doorbell);
}

/* The doorbell may have a newer access token; its refresh token is the vault's. */
static void
take_doorbell_tokens (BedSession *self)
{
  g_autoptr (BedDoorbell) doorbell = g_steal_pointer (&self->doorbell);
  g_autoptr (BedSecret) packed = doorbell != NULL ? bed_doorbell_take_down (doorbell) : NULL;
  g_autoptr (BedDoorbellKeys) keys = packed != NULL ? bed_doorbell_unpack (packed) : NULL;

  if (keys != NULL && g_str_equal (keys->authority, self->profile->authority))
    bed_doorbell_keys_give (keys, self->client, self->clock);
}

static void
start_client (BedSession *self)
{
  bed_session_set_account_state (self, BED_ACCOUNT_STATE_CONNECTING);
  bed_signalling_client_attach (self->client);
}

void
bed_session_connect (BedSession *self, const BedTokens *tokens)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *refresh = NULL;

  if (self->profile == NULL) /* a record without an account has nowhere to connect to */
    return;
  if (self->client == NULL)
    {
      self->client = bed_session_new_client (self);
      g_signal_connect (self->client, "notify::state", G_CALLBACK (on_client_state), self);
      g_signal_connect (self->client, "welcome", G_CALLBACK (on_welcome), self);
      g_signal_connect (self->client, "room", G_CALLBACK (on_room), self);
      g_signal_connect (self->client, "tokens", G_CALLBACK (on_tokens), self);
      g_signal_connect (self->client, "signed-out", G_CALLBACK (on_signed_out), self);
    }
  refresh = bed_vault_dup_text (self->vault, REFRESH_BLOB);
  if (tokens != NULL && !bed_session_take_tokens (self, tokens, &error))
    g_warning ("the session's token was not kept: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
  else if (tokens == NULL && refresh != NULL)
    bed_signalling_client_set_tokens (self->client, NULL, 0, refresh);
  if (refresh != NULL)
    bed_secret_wipe (refresh, strlen (refresh));
  take_doorbell_tokens (self);
  if (bed_signalling_client_has_session (self->client))
    start_client (self);
  else
    ask_to_sign_in (self);
}

void
bed_session_retry_now (BedSession *self)
{
  if (self->client != NULL)
    bed_signalling_client_retry_now (self->client);
}
