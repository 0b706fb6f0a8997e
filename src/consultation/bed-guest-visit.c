/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-guest-visit.h"

#include <openssl/sha.h>
#include <string.h>

#include "bed-call-private.h"
#include "bed-display-text-private.h"
#include "bed-guest-over-private.h"

struct _BedGuestVisit
{
  GObject parent_instance;

  /* owned */
  BedClock *clock;
  BedInvite *invite;            /* (nullable) */
  BedSignallingClient *client;  /* (nullable) */
  BedSealedLink *link;          /* (nullable) */
  BedCard *card;                /* (nullable) */
  char *privacy_notice;         /* (nullable) */
  BedCall *call;                /* (nullable) */
  GCancellable *cancellable;
  BedSealedMessage *join;       /* what the person typed, to be said again in each session */
  char *decline_reason;
  char *passcode;               /* (nullable): not known to be wrong */

  /* borrowed */
  BedWaitingRoomHost host;
  gpointer user_data;

  BedGuestState state;
  BedGuestOver over;
  gboolean lost;
};

enum { PROP_0, PROP_STATE, PROP_POSITION, PROP_HOST_ONLINE, PROP_LOST, PROP_PRIVACY_NOTICE, N_PROPS };
static GParamSpec *properties[N_PROPS];

enum { MESSAGE, CALL, TAMPERED, PASSCODE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_ENUM_TYPE (BedGuestState, bed_guest_state,
                    G_DEFINE_ENUM_VALUE (BED_GUEST_STATE_OPENING, "opening"),
                    G_DEFINE_ENUM_VALUE (BED_GUEST_STATE_INVITED, "invited"),
                    G_DEFINE_ENUM_VALUE (BED_GUEST_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (BED_GUEST_STATE_IN_CALL, "in-call"),
                    G_DEFINE_ENUM_VALUE (BED_GUEST_STATE_OVER, "over"))

G_DEFINE_FINAL_TYPE (BedGuestVisit, bed_guest_visit, G_TYPE_OBJECT)

static void
set_state (BedGuestVisit *self, BedGuestState state)
{
  if (self->state == state || self->state == BED_GUEST_STATE_OVER)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
finish (BedGuestVisit *self, BedGuestOver over)
{
  if (self->state == BED_GUEST_STATE_OVER)
    return;
  self->over = over;
  set_state (self, BED_GUEST_STATE_OVER);
  if (self->call != NULL)
    bed_call_end (self->call, BED_CALL_END_THERE);
  if (self->client != NULL)
    bed_signalling_client_close (self->client);
}

/* The card */

/* The card has to fit into an invitation; this comes from the server, as on the page. */
static void
on_clinic (GObject *object, GAsyncResult *result, gpointer data)
{
  BedGuestVisit *self = data;
  gpointer answer = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (object), result, &answer, NULL))
    return; /* the visit is gone; or it goes on without */
  self->privacy_notice = g_steal_pointer (&((BedClinicInfo *) answer)->privacy_notice);
  bed_clinic_info_free (answer);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRIVACY_NOTICE]);
}

static void
on_card (GObject *object, GAsyncResult *result, gpointer data)
{
  BedGuestVisit *self = data;
  g_autoptr (GError) error = NULL;
  gpointer answer = NULL;
  gboolean ok
      = bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (object), result, &answer, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the visit is gone */
  if (ok)
    self->card = bed_invite_open_card (self->invite, ((BedCardAnswer *) answer)->card, &error);
  g_clear_pointer ((BedCardAnswer **) &answer, bed_card_answer_free);
  if (self->card == NULL)
    finish (self, bed_guest_over_of_error (error));
  else if (self->card->consent->len == 0)
    finish (self, BED_GUEST_OVER_NO_CONSENT);
  else
    {
      bed_signalling_client_call_async (self->client, BED_ENDPOINT_CLINIC, NULL, NULL,
                                        self->cancellable, on_clinic, self);
      set_state (self, BED_GUEST_STATE_INVITED);
    }
}

/* The sealed channel */

/* Again in each session, for that is what the clinic's app knows; but one that is wrong costs no
 * second try. */
static void
send_passcode (BedGuestVisit *self)
{
  if (self->passcode != NULL)
    bed_sealed_link_send (
        self->link, &(BedSealedMessage){ .type = BED_SEALED_PASSCODE, .text = self->passcode });
}

void
bed_guest_visit_say_passcode (BedGuestVisit *self, const char *code)
{
  g_free (self->passcode);
  self->passcode = g_strdup (code);
  if (self->link != NULL)
    send_passcode (self);
}

static void
take_passcode_result (BedGuestVisit *self, gboolean right, guint left)
{
  if (!right)
    g_clear_pointer (&self->passcode, g_free);
  g_signal_emit (self, signals[PASSCODE], 0, right, left);
}

static void
on_begun (BedSealedLink *link, BedGuestVisit *self)
{
  if (self->call != NULL)
    bed_call_hold (self->call);
  bed_sealed_link_send (link, self->join);
  send_passcode (self);
}

static void
on_lost (BedSealedLink *link, gboolean tampered, BedGuestVisit *self)
{
  if (!tampered)
    return;
  if (self->call != NULL)
    bed_call_tell_tampered (self->call);
  else
    g_signal_emit (self, signals[TAMPERED], 0);
}

static void
on_call_ended (BedCall *call, int end, BedGuestVisit *self)
{
  finish (self, bed_guest_over_of_call (end));
}

static void
begin_call (BedGuestVisit *self)
{
  g_autofree char *clinician = bed_display_text (self->card->clinician, 100, FALSE);
  BedCallParts parts = {
    .link = self->link,
    .client = self->client,
    .clock = self->clock,
    .new_engine = self->host.new_engine,
    .user_data = self->user_data,
    .relay_only = self->card->relay_only,
    .peer_name = clinician,
    .callback = "",
    .location = "",
  };

  self->call = bed_call_new (&parts);
  g_signal_connect_object (self->call, "ended", G_CALLBACK (on_call_ended), self, 0);
  set_state (self, BED_GUEST_STATE_IN_CALL);
  g_signal_emit (self, signals[CALL], 0, self->call);
}

static void
take_text (BedGuestVisit *self, const char *text)
{
  g_autofree char *clean = bed_display_text (text, BED_PROTOCOL_TEXT_MAX, TRUE);

  g_signal_emit (self, signals[MESSAGE], 0, clean);
}

static void
on_message (BedSealedLink *link, const BedSealedMessage *message, BedGuestVisit *self)
{
  /* The first sealed offer is the admission. */
  if (message->type == BED_SEALED_OFFER && self->call == NULL)
    begin_call (self);
  if (message->type == BED_SEALED_DECLINE)
    {
      self->decline_reason = bed_display_text (message->text, BED_PROTOCOL_TEXT_MAX, TRUE);
      finish (self, BED_GUEST_OVER_DECLINED);
    }
  else if (message->type == BED_SEALED_PASSCODE_RESULT)
    take_passcode_result (self, message->match, message->left);
  else if (message->type == BED_SEALED_TEXT && self->call == NULL)
    take_text (self, message->text);
  else if (message->type == BED_SEALED_HANG_UP && self->call == NULL)
    finish (self, BED_GUEST_OVER_ENDED);
  else if (self->call != NULL)
    bed_call_take_message (self->call, message);
}

/* The connection */

static void
on_relay (BedSignallingClient *client, const char *room, const char *peer, const char *data,
          BedGuestVisit *self)
{
  g_autoptr (BedGuestVisit) keep = g_object_ref (self);

  if (self->link != NULL)
    bed_sealed_link_receive (self->link, data);
}

static void
on_over (BedSignallingClient *client, BedOverReason reason, BedGuestVisit *self)
{
  static const BedGuestOver over[] = {
    [BED_OVER_ENDED] = BED_GUEST_OVER_ENDED,       [BED_OVER_REVOKED] = BED_GUEST_OVER_REVOKED,
    [BED_OVER_EXPIRED] = BED_GUEST_OVER_EXPIRED,   [BED_OVER_DECLINED] = BED_GUEST_OVER_DECLINED,
    [BED_OVER_REPLACED] = BED_GUEST_OVER_REPLACED,
  };

  finish (self, over[reason]);
}

static void
on_refused (BedSignallingClient *client, BedSignallingError code, BedGuestVisit *self)
{
  g_autoptr (GError) error = g_error_new_literal (BED_SIGNALLING_ERROR, code, "");

  finish (self, bed_guest_over_of_error (error));
}

static void
on_position (GObject *client, GParamSpec *pspec, BedGuestVisit *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

static void
on_host_online (GObject *client, GParamSpec *pspec, BedGuestVisit *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOST_ONLINE]);
}

/* Until it is attached again, however often it is tried. */
static void
on_client_state (BedSignallingClient *client, GParamSpec *pspec, BedGuestVisit *self)
{
  BedSignallingState state = bed_signalling_client_get_state (client);

  if (state == BED_SIGNALLING_STATE_CONNECTING)
    return;
  self->lost = state == BED_SIGNALLING_STATE_WAITING;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOST]);
}

static const BedConsentWording *
find_consent (BedGuestVisit *self, const char *version, const char *language)
{
  for (guint i = 0; self->card->consent != NULL && i < self->card->consent->len; i++)
    {
      const BedConsentWording *wording = g_ptr_array_index (self->card->consent, i);

      if (g_str_equal (wording->version, version) && g_str_equal (wording->language, language))
        return wording;
    }
  return NULL;
}

static BedSealedMessage *
make_join (BedGuestVisit *self, const BedGuestDetails *details, const BedConsentWording *wording)
{
  BedSealedMessage *join = g_new0 (BedSealedMessage, 1);

  join->type = BED_SEALED_JOIN;
  join->name = g_strdup (details->name);
  join->callback = g_strdup (details->callback);
  join->location = g_strdup (details->location);
  join->language = g_strdup (details->language);
  join->devices.camera = details->camera;
  join->devices.microphone = details->microphone;
  join->devices.speaker = details->speaker;
  join->consent.version = g_strdup (wording->version);
  join->consent.language = g_strdup (wording->language);
  join->consent.time = bed_clock_get_real_us (self->clock) / G_USEC_PER_SEC;
  join->consent.agreed = TRUE;
  SHA256 ((const guint8 *) wording->text, strlen (wording->text), join->consent.hash);
  return join;
}

void
bed_guest_visit_join (BedGuestVisit *self, const BedGuestDetails *details)
{
  const BedConsentWording *wording;

  g_return_if_fail (self->state == BED_GUEST_STATE_INVITED);
  wording = find_consent (self, details->consent_version, details->consent_language);
  g_return_if_fail (wording != NULL);
  self->join = make_join (self, details, wording);
  if (self->card->passcode && details->passcode != NULL)
    self->passcode = g_strdup (details->passcode);
  self->link
      = bed_sealed_link_new (BED_ROLE_PATIENT, self->invite, self->client, NULL, NULL, self->clock);
  g_signal_connect_object (self->link, "begun", G_CALLBACK (on_begun), self, 0);
  g_signal_connect_object (self->link, "lost", G_CALLBACK (on_lost), self, 0);
  g_signal_connect_object (self->link, "message", G_CALLBACK (on_message), self, 0);
  bed_signalling_client_join (self->client);
  bed_sealed_link_start (self->link);
  set_state (self, BED_GUEST_STATE_WAITING);
}

void
bed_guest_visit_leave (BedGuestVisit *self)
{
  if (self->call != NULL)
    bed_call_hang_up (self->call);
  else if (self->link != NULL)
    bed_sealed_link_send (
        self->link, &(BedSealedMessage){ .type = BED_SEALED_HANG_UP, .reason = BED_HANG_UP_LEFT });
  finish (self, BED_GUEST_OVER_ENDED);
}

/* Getters */

BedGuestState
bed_guest_visit_get_state (BedGuestVisit *self)
{
  return self->state;
}

BedGuestOver
bed_guest_visit_get_over (BedGuestVisit *self)
{
  return self->over;
}

const char *
bed_guest_visit_get_clinic (BedGuestVisit *self)
{
  return self->card != NULL ? self->card->clinic : "";
}

const char *
bed_guest_visit_get_clinician (BedGuestVisit *self)
{
  return self->card != NULL ? self->card->clinician : "";
}

const char *
bed_guest_visit_get_telephone (BedGuestVisit *self)
{
  return self->card != NULL ? self->card->telephone : "";
}

const char *
bed_guest_visit_get_language (BedGuestVisit *self)
{
  return self->card != NULL ? self->card->language : "";
}

gboolean
bed_guest_visit_get_asks_passcode (BedGuestVisit *self)
{
  return self->card != NULL && self->card->passcode;
}

gint64
bed_guest_visit_get_time (BedGuestVisit *self)
{
  g_autoptr (GDateTime) time = NULL;

  if (self->card != NULL && self->card->time != NULL)
    time = g_date_time_new_from_iso8601 (self->card->time, NULL);
  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

const char *
bed_guest_visit_get_privacy_notice (BedGuestVisit *self)
{
  return self->privacy_notice != NULL ? self->privacy_notice : "";
}

guint
bed_guest_visit_get_n_consents (BedGuestVisit *self)
{
  return self->card != NULL && self->card->consent != NULL ? self->card->consent->len : 0;
}

void
bed_guest_visit_get_consent (BedGuestVisit *self, guint index, const char **version,
                             const char **language, const char **summary, const char **text)
{
  const BedConsentWording *wording;

  g_return_if_fail (index < bed_guest_visit_get_n_consents (self));
  wording = g_ptr_array_index (self->card->consent, index);
  *version = wording->version;
  *language = wording->language;
  *summary = wording->summary;
  *text = wording->text;
}

guint
bed_guest_visit_get_position (BedGuestVisit *self)
{
  return self->client != NULL ? bed_signalling_client_get_position (self->client) : 0;
}

gboolean
bed_guest_visit_get_host_online (BedGuestVisit *self)
{
  return self->client != NULL && bed_signalling_client_get_host_online (self->client);
}

gboolean
bed_guest_visit_get_lost (BedGuestVisit *self)
{
  return self->lost;
}

const char *
bed_guest_visit_get_decline_reason (BedGuestVisit *self)
{
  return self->decline_reason != NULL ? self->decline_reason : "";
}

static void
bed_guest_visit_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedGuestVisit *self = BED_GUEST_VISIT (object);

  switch (id)
    {
    case PROP_STATE: g_value_set_enum (value, self->state); break;
    case PROP_POSITION: g_value_set_uint (value, bed_guest_visit_get_position (self)); break;
    case PROP_HOST_ONLINE:
      g_value_set_boolean (value, bed_guest_visit_get_host_online (self));
      break;
    case PROP_LOST: g_value_set_boolean (value, self->lost); break;
    case PROP_PRIVACY_NOTICE:
      g_value_set_string (value, bed_guest_visit_get_privacy_notice (self));
      break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_guest_visit_dispose (GObject *object)
{
  BedGuestVisit *self = BED_GUEST_VISIT (object);

  g_cancellable_cancel (self->cancellable);
  if (self->client != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->client, self);
      bed_signalling_client_close (self->client);
    }
  g_clear_object (&self->call);
  g_clear_object (&self->link);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_guest_visit_parent_class)->dispose (object);
}

static void
bed_guest_visit_finalize (GObject *object)
{
  BedGuestVisit *self = BED_GUEST_VISIT (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->invite, bed_invite_unref);
  g_clear_pointer (&self->card, bed_card_free);
  g_clear_pointer (&self->join, bed_sealed_message_free);
  g_free (self->privacy_notice);
  g_free (self->decline_reason);
  g_free (self->passcode);
  G_OBJECT_CLASS (bed_guest_visit_parent_class)->finalize (object);
}

static void
bed_guest_visit_class_init (BedGuestVisitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_guest_visit_get_property;
  object_class->dispose = bed_guest_visit_dispose;
  object_class->finalize = bed_guest_visit_finalize;
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BED_TYPE_GUEST_STATE, 0, flags);
  properties[PROP_POSITION] = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HOST_ONLINE] = g_param_spec_boolean ("host-online", NULL, NULL, FALSE, flags);
  properties[PROP_LOST] = g_param_spec_boolean ("lost", NULL, NULL, FALSE, flags);
  properties[PROP_PRIVACY_NOTICE]
      = g_param_spec_string ("privacy-notice", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CALL] = g_signal_new ("call", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, BED_TYPE_CALL);
  signals[TAMPERED] = g_signal_new ("tampered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PASSCODE] = g_signal_new ("passcode", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_UINT);
}

static void
bed_guest_visit_init (BedGuestVisit *self)
{
  self->cancellable = g_cancellable_new ();
}

static void
fetch_card (BedGuestVisit *self, const char *authority)
{
  self->client = bed_signalling_client_new (authority, self->clock);
  if (self->host.prepare_client != NULL)
    self->host.prepare_client (self->client, self->user_data);
  bed_signalling_client_set_admission (self->client, bed_invite_get_room (self->invite),
                                       bed_invite_get_token (self->invite));
  g_signal_connect (self->client, "relay", G_CALLBACK (on_relay), self);
  g_signal_connect (self->client, "over", G_CALLBACK (on_over), self);
  g_signal_connect (self->client, "refused", G_CALLBACK (on_refused), self);
  g_signal_connect (self->client, "notify::position", G_CALLBACK (on_position), self);
  g_signal_connect (self->client, "notify::host-online", G_CALLBACK (on_host_online), self);
  g_signal_connect (self->client, "notify::state", G_CALLBACK (on_client_state), self);
  bed_signalling_client_call_async (self->client, BED_ENDPOINT_ROOM_CARD,
                                    bed_invite_get_room (self->invite), NULL, self->cancellable,
                                    on_card, self);
}

BedGuestVisit *
bed_guest_visit_new (const char *link, BedClock *clock, const BedWaitingRoomHost *host,
                     gpointer user_data)
{
  BedGuestVisit *self = g_object_new (BED_TYPE_GUEST_VISIT, NULL);
  g_autofree char *authority = NULL;

  self->clock = g_object_ref (clock);
  self->host = *host;
  self->user_data = user_data;
  self->invite = bed_invite_new_from_link (link, &authority, NULL);
  if (self->invite == NULL)
    finish (self, BED_GUEST_OVER_WRONG_LINK);
  else
    fetch_card (self, authority);
  return self;
}
