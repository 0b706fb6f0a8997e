/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/crypto.h>
#include <string.h>

#include "bed-encoding.h"
#include "bed-log.h"
#include "bed-session-private.h"

#define KEYS_PREFIX "invite-keys."
#define RECORD_PREFIX "invite."
#define KEYS_BYTES 64
#define SECONDS_PER_DAY 86400

typedef struct
{
  BedInvite *invite;
  BedInviteRecord *record;
  GBytes *card;
  BedSessionInvite *closing;
  BedRoomState closed_state;
} Job;

static void
job_free (Job *job)
{
  g_clear_pointer (&job->invite, bed_invite_unref);
  g_clear_pointer (&job->record, bed_invite_record_free);
  g_clear_pointer (&job->card, g_bytes_unref);
  g_clear_object (&job->closing);
  g_free (job);
}

static gint64
now_s (BedSession *self)
{
  return bed_clock_get_real_us (self->clock) / G_USEC_PER_SEC;
}

GListModel *
bed_session_get_invites (BedSession *self)
{
  return G_LIST_MODEL (self->invites);
}

static gboolean
save_record (BedSession *self, const char *room, const BedInviteRecord *record, GError **error)
{
  g_autofree char *name = g_strconcat (RECORD_PREFIX, room, NULL);
  g_autofree char *text = bed_wire_encode (&bed_invite_record_schema, record);

  return bed_vault_set_text (self->vault, name, text, error);
}

static gboolean
save_keys (BedSession *self, BedInvite *invite, GError **error)
{
  g_autofree char *name = g_strconcat (KEYS_PREFIX, bed_invite_get_room (invite), NULL);
  g_autoptr (BedSecret) keys = bed_secret_new_zero (KEYS_BYTES);

  memcpy (bed_secret_get_writable (keys), bed_secret_get_data (bed_invite_get_secret (invite)), 32);
  memcpy (bed_secret_get_writable (keys) + 32,
          bed_secret_get_data (bed_invite_get_private_key (invite)), 32);
  return bed_vault_set_blob (self->vault, name, keys, error);
}

static BedInvite *
load_keys (BedSession *self, const char *room)
{
  g_autofree char *name = g_strconcat (KEYS_PREFIX, room, NULL);
  g_autoptr (BedSecret) keys = bed_vault_get_blob (self->vault, name, NULL);
  g_autoptr (BedSecret) secret = NULL;
  g_autoptr (BedSecret) private_key = NULL;

  if (keys == NULL || bed_secret_get_length (keys) != KEYS_BYTES)
    return NULL;
  secret = bed_secret_new (bed_secret_get_data (keys), 32);
  private_key = bed_secret_new (bed_secret_get_data (keys) + 32, 32);
  return bed_invite_new_from_keys (secret, private_key, NULL);
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 first = bed_session_invite_get_created ((BedSessionInvite *) a);
  gint64 second = bed_session_invite_get_created ((BedSessionInvite *) b);

  return first < second ? 1 : first > second ? -1 : 0;
}

static void
load_one (BedSession *self, const char *blob)
{
  const char *room = blob + strlen (RECORD_PREFIX);
  g_autofree char *text = bed_vault_dup_text (self->vault, blob);
  g_autoptr (BedInvite) invite = load_keys (self, room);
  BedInviteRecord *record =
      text != NULL ? bed_wire_decode (&bed_invite_record_schema, text, strlen (text), NULL) : NULL;
  g_autoptr (BedSessionInvite) item = NULL;

  if (invite == NULL || record == NULL)
    {
      g_warning ("an invitation in the vault cannot be read");
      g_clear_pointer (&record, bed_invite_record_free);
      return;
    }
  if (!bed_room_state_is_over (record->state) && record->expires <= now_s (self))
    record->state = BED_ROOM_STATE_EXPIRED;
  item = bed_session_invite_new (self->profile->authority, invite, record);
  g_list_store_insert_sorted (self->invites, item, compare, NULL);
}

void
bed_session_load_invites (BedSession *self)
{
  g_auto (GStrv) names = bed_vault_list_blobs (self->vault, RECORD_PREFIX, NULL);

  g_list_store_remove_all (self->invites);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    load_one (self, names[i]);
}

BedSessionInvite *
bed_session_find_invite (BedSession *self, const char *room)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->invites)); i++)
    {
      g_autoptr (BedSessionInvite) item = g_list_model_get_item (G_LIST_MODEL (self->invites), i);
      if (strcmp (bed_session_invite_get_room (item), room) == 0)
        return g_steal_pointer (&item);
    }
  return NULL;
}

void
bed_session_room_changed (BedSession *self, const char *room, BedRoomState state)
{
  g_autoptr (BedSessionInvite) invite = bed_session_find_invite (self, room);
  g_autoptr (GError) error = NULL;

  if (invite == NULL || bed_session_invite_get_state (invite) == state)
    return;
  bed_session_invite_set_state (invite, state);
  if (!save_record (self, room, bed_session_invite_get_record (invite), &error))
    g_warning ("an invitation's state was not kept: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
}

static void
on_rooms (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BedSession) self = user_data;
  g_autoptr (BedRoomList) list = NULL;
  gpointer answer = NULL;

  /* Without an answer the states stay as they were; the next welcome asks again. */
  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, NULL))
    return;
  list = answer;
  if (self->state != BED_SESSION_STATE_UNLOCKED)
    return;
  for (guint i = 0; i < list->rooms->len; i++)
    {
      BedRoomInfo *info = list->rooms->pdata[i];
      g_autofree char *room = bed_base64url_encode (info->room, sizeof info->room);
      bed_session_room_changed (self, room, info->state);
    }
}

void
bed_session_refresh_rooms (BedSession *self)
{
  bed_signalling_client_call_async (self->client, BED_ENDPOINT_ROOM_LIST, NULL, NULL,
                                    self->unlocked, on_rooms, g_object_ref (self));
}

static gboolean
request_is_valid (BedSession *self, const BedInviteRequest *request)
{
  gint64 now = now_s (self);

  return request->expires > now &&
         request->expires <= now + BED_PROTOCOL_ROOM_DAYS_MAX * SECONDS_PER_DAY &&
         request->patient_id >= 0 && request->time >= 0 && request->language != NULL &&
         strlen (request->language) <= 35 &&
         (request->label == NULL || strlen (request->label) <= 1024);
}

static gboolean
may_invite (BedSession *self, const BedInviteRequest *request, GError **error)
{
  if (self->clinic == NULL || self->client == NULL)
    g_set_error_literal (error, BED_SESSION_ERROR, BED_SESSION_ERROR_OFFLINE, "not connected");
  else if (!request_is_valid (self, request))
    g_set_error_literal (error, BED_SESSION_ERROR, BED_SESSION_ERROR_INVALID, "cannot invite");
  else if (self->clinic->consent->len == 0)
    g_set_error_literal (error, BED_SESSION_ERROR, BED_SESSION_ERROR_NO_CONSENT,
                         "nobody could agree");
  else
    return TRUE;
  return FALSE;
}

static GBytes *
make_card (BedSession *self, BedInvite *invite, const BedInviteRequest *request, GError **error)
{
  g_autoptr (GDateTime) when = request->time > 0 ? g_date_time_new_from_unix_utc (request->time)
                                                 : NULL;
  g_autofree char *time = when != NULL ? g_date_time_format (when, "%Y-%m-%dT%H:%M:%SZ") : NULL;
  BedCard card = {
    .version = BED_PROTOCOL_VERSION,
    .clinic = self->clinic->name,
    .clinician = self->profile->display_name,
    .time = time,
    .language = (char *) request->language,
    .telephone = self->clinic->telephone,
    .relay_only = request->relay_only,
    .passcode = request->passcode,
    .consent = self->clinic->consent,
  };

  return bed_invite_seal_card (invite, &card, error);
}

/* Each of the million is as likely: what does not fit a whole number of times is drawn again. */
static char *
make_passcode (void)
{
  const guint32 all = 1000000, limit = G_MAXUINT32 - G_MAXUINT32 % all;
  guint32 number;

  do
    bed_random_bytes (&number, sizeof number);
  while (number >= limit);
  return g_strdup_printf ("%0*u", BED_PASSCODE_DIGITS, number % all);
}

/* As people write what they heard: "123 456", "123-456". */
static gboolean
read_digits (const char *text, char out[BED_PASSCODE_DIGITS])
{
  guint n = 0;

  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text) && n < BED_PASSCODE_DIGITS)
      out[n++] = *text;
    else if (*text != ' ' && *text != '-')
      return FALSE;
  return n == BED_PASSCODE_DIGITS;
}

gboolean
bed_session_try_passcode (BedSession *self, BedSessionInvite *invite, const char *code)
{
  const char *right = bed_session_invite_get_passcode (invite);
  char typed[BED_PASSCODE_DIGITS] = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean whole = read_digits (code, typed);

  if (!g_list_store_find (self->invites, invite, NULL))
    return FALSE; /* forgotten, or of a time before the lock */
  if (*right == '\0')
    return TRUE;
  if (bed_session_invite_get_passcode_left (invite) == 0)
    return FALSE;
  if (whole && CRYPTO_memcmp (typed, right, BED_PASSCODE_DIGITS) == 0)
    return TRUE;
  bed_session_invite_add_wrong_try (invite);
  if (!save_record (self, bed_session_invite_get_room (invite),
                    bed_session_invite_get_record (invite), &error))
    g_warning ("a wrong passcode was counted, but not kept: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
  return FALSE;
}

static gboolean
forget_blobs (BedSession *self, const char *room, GError **error)
{
  g_autofree char *record = g_strconcat (RECORD_PREFIX, room, NULL);
  g_autofree char *keys = g_strconcat (KEYS_PREFIX, room, NULL);

  return bed_vault_set_blob (self->vault, record, NULL, error) &&
         bed_vault_set_blob (self->vault, keys, NULL, error);
}

static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  g_autoptr (BedSessionInvite) invite = NULL;
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, NULL, &error))
    {
      forget_blobs (self, bed_invite_get_room (job->invite), NULL); /* nobody has a link to it */
      bed_session_return_error (task, error);
      return;
    }
  if (self->state != BED_SESSION_STATE_UNLOCKED)
    {
      /* It is there at the next unlock. */
      bed_session_return_code (task, BED_SESSION_ERROR_STATE, "locked meanwhile");
      return;
    }
  invite = bed_session_invite_new (self->profile->authority, job->invite,
                                   g_steal_pointer (&job->record));
  g_list_store_insert_sorted (self->invites, invite, compare, NULL);
  bed_session_return_pointer (task, g_steal_pointer (&invite), g_object_unref);
}

void
bed_session_create_invite_async (BedSession *self, const BedInviteRequest *request,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_UNLOCKED,
                                   bed_session_create_invite_async, cancellable, callback,
                                   user_data);
  Job *job;
  BedRoomRequest room;
  GError *error = NULL;

  if (task == NULL)
    return;
  if (!may_invite (self, request, &error))
    {
      bed_session_return_error (task, error);
      return;
    }
  job = g_new0 (Job, 1);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  job->invite = bed_invite_new ();
  job->record = g_new0 (BedInviteRecord, 1);
  *job->record = (BedInviteRecord){
    .label = g_strdup (request->label != NULL ? request->label : ""),
    .patient_id = request->patient_id,
    .time = request->time, .created = now_s (self), .expires = request->expires,
    .language = g_strdup (request->language), .relay_only = request->relay_only,
    .passcode = request->passcode ? make_passcode () : NULL,
  };
  job->card = make_card (self, job->invite, request, &error);
  /* The keys are kept before the server knows the room: no link can be out whose key is lost. */
  if (job->card == NULL || !save_keys (self, job->invite, &error) ||
      !save_record (self, bed_invite_get_room (job->invite), job->record, &error))
    {
      bed_session_return_error (task, error);
      return;
    }
  memcpy (room.room, bed_invite_get_room_id (job->invite), sizeof room.room);
  bed_invite_get_token_hash (job->invite, room.token_hash);
  room.expires = request->expires;
  room.card = job->card;
  bed_signalling_client_call_async (self->client, BED_ENDPOINT_ROOM_CREATE, NULL, &room,
                                    g_task_get_cancellable (task), on_created, task);
}

BedSessionInvite *
bed_session_create_invite_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_room_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, NULL, &error) &&
      !g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_NOT_FOUND))
    {
      bed_session_return_error (task, error);
      return;
    }
  g_clear_error (&error); /* what the server does not know any more nobody can use */
  bed_session_room_changed (self, bed_session_invite_get_room (job->closing), job->closed_state);
  bed_session_return (task);
}

static void
close_invite (BedSession *self, BedSessionInvite *invite, BedEndpoint endpoint, BedRoomState state,
              gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_UNLOCKED, tag, cancellable,
                                   callback, user_data);
  Job *job;

  if (task == NULL)
    return;
  if (self->client == NULL)
    {
      bed_session_return_code (task, BED_SESSION_ERROR_OFFLINE, "not connected");
      return;
    }
  job = g_new0 (Job, 1);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  job->closing = g_object_ref (invite);
  job->closed_state = state;
  bed_signalling_client_call_async (self->client, endpoint, bed_session_invite_get_room (invite),
                                    NULL, g_task_get_cancellable (task), on_room_closed, task);
}

void
bed_session_revoke_invite_async (BedSession *self, BedSessionInvite *invite,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  close_invite (self, invite, BED_ENDPOINT_ROOM_REVOKE, BED_ROOM_STATE_REVOKED,
                bed_session_revoke_invite_async, cancellable, callback, user_data);
}

void
bed_session_end_invite_async (BedSession *self, BedSessionInvite *invite, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  close_invite (self, invite, BED_ENDPOINT_ROOM_END, BED_ROOM_STATE_ENDED,
                bed_session_end_invite_async, cancellable, callback, user_data);
}

gboolean
bed_session_close_invite_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
bed_session_forget_invite (BedSession *self, BedSessionInvite *invite, GError **error)
{
  guint position;

  if (!bed_room_state_is_over (bed_session_invite_get_state (invite)))
    {
      g_set_error_literal (error, BED_SESSION_ERROR, BED_SESSION_ERROR_STATE,
                           "the invitation is still good");
      return FALSE;
    }
  if (!forget_blobs (self, bed_session_invite_get_room (invite), error))
    return FALSE;
  if (g_list_store_find (self->invites, invite, &position))
    g_list_store_remove (self->invites, position);
  return TRUE;
}
