/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-parts-private.h"

#include <string.h>

#include "bed-quality-private.h"

#define TICK_SECONDS 1
#define SEEN_EVERY_TICKS 60
#define RECORD_AGAIN_EVERY_TICKS 5
#define SETUP_MAX_TICKS 45 /* RFC 8863: at least 39.5 s of patience */

static GParamSpec *properties[BED_CALL_N_PROPS];

enum { FIRST_FRAME, ENDED, TAMPERED, CHAT_MISSED, PROBLEM, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCall, bed_call, G_TYPE_OBJECT)

void
bed_call_notify (BedCall *self, guint id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

gboolean
bed_call_is_host (BedCall *self)
{
  return bed_sealed_link_get_role (self->link) == BED_ROLE_CLINICIAN;
}

void
bed_call_say (BedCall *self, const BedSealedMessage *message)
{
  if (!self->held && self->state != BED_CALL_STATE_ENDED)
    bed_sealed_link_send (self->link, message);
}

gboolean
bed_call_is_unsafe (BedCall *self)
{
  return self->verification == BED_VERIFICATION_DIFFERED;
}

gboolean
bed_call_may_send (BedCall *self)
{
  return self->state == BED_CALL_STATE_CONNECTED && !bed_call_is_unsafe (self);
}

/* Own media: only a call that is up sends. */

void
bed_call_apply_media (BedCall *self)
{
  gboolean up = self->state == BED_CALL_STATE_CONNECTED;

  if (self->engine == NULL)
    return;
  /* The engine opens its gate by itself once the certificate is checked; after a loss nothing is to
   * be sent that the person does not know of. */
  gboolean send = (up || !self->was_up) && !bed_call_is_unsafe (self);
  bed_engine_set_video_source (self->engine, send ? self->video_source : NULL);
  bed_engine_set_audio_source (self->engine, send ? self->audio_source : NULL);
}

void
bed_call_tell_media (BedCall *self)
{
  BedSealedMessage message = {
    .type = BED_SEALED_MEDIA,
    .camera = self->video_source != NULL && !bed_call_is_unsafe (self),
    .microphone = self->audio_source != NULL && !bed_call_is_unsafe (self),
  };

  bed_call_say (self, &message);
}

void
bed_call_set_video_source (BedCall *self, BedVideoSource *source)
{
  if (g_set_object (&self->video_source, source))
    {
      bed_call_apply_media (self);
      bed_call_tell_media (self);
    }
}

void
bed_call_set_audio_source (BedCall *self, BedAudioSource *source)
{
  if (g_set_object (&self->audio_source, source))
    {
      bed_call_apply_media (self);
      bed_call_tell_media (self);
    }
}

void
bed_call_set_video_sink (BedCall *self, BedVideoSink *sink)
{
  g_set_object (&self->video_sink, sink);
  if (self->engine != NULL)
    bed_engine_set_video_sink (self->engine, sink);
}

void
bed_call_set_audio_sink (BedCall *self, BedAudioSink *sink)
{
  g_set_object (&self->audio_sink, sink);
  if (self->engine != NULL)
    bed_engine_set_audio_sink (self->engine, sink);
}

/* State */

void
bed_call_change_state (BedCall *self, BedCallEvent event)
{
  BedCallState after = bed_call_state_after (self->state, event);

  if (after == self->state)
    return;
  self->state = after;
  self->ticks_without_path = 0;
  if (after == BED_CALL_STATE_CONNECTED)
    {
      self->was_up = TRUE;
      if (self->connected_at == 0)
        self->connected_at = bed_clock_get_real_us (self->clock);
      bed_call_record_encryption (self);
    }
  bed_file_transfers_set_paused (self->files, after != BED_CALL_STATE_CONNECTED);
  bed_call_apply_media (self);
  bed_call_notify (self, BED_CALL_PROP_STATE);
  bed_call_notify (self, BED_CALL_PROP_SECURED);
}

void
bed_call_end (BedCall *self, BedCallEnd end)
{
  if (self->state == BED_CALL_STATE_ENDED)
    return;
  g_object_ref (self);
  bed_call_record_encryption (self);
  bed_call_drop_engine (self);
  g_clear_handle_id (&self->tick, g_source_remove);
  self->end = end;
  bed_call_record (self);
  bed_call_change_state (self, BED_CALL_EVENT_END);
  g_clear_object (&self->video_source);
  g_clear_object (&self->audio_source);
  g_signal_emit (self, signals[ENDED], 0, end);
  g_object_unref (self);
}

void
bed_call_end_and_tell (BedCall *self, BedCallEnd end, BedHangUpReason reason)
{
  if (self->state != BED_CALL_STATE_ENDED)
    bed_sealed_link_send (self->link,
                          &(BedSealedMessage){ .type = BED_SEALED_HANG_UP, .reason = reason });
  bed_call_end (self, end);
}

void
bed_call_hang_up (BedCall *self)
{
  bed_call_end_and_tell (self, BED_CALL_END_HERE,
                         bed_call_is_host (self) ? BED_HANG_UP_ENDED : BED_HANG_UP_LEFT);
}

void
bed_call_try_again (BedCall *self)
{
  if (self->state == BED_CALL_STATE_RECONNECTING)
    bed_call_restart_path (self);
}

BedEncounter *
bed_call_steal_encounter (BedCall *self)
{
  self->arrival_due = FALSE;
  return g_steal_pointer (&self->encounter);
}

void
bed_call_tell_tampered (BedCall *self)
{
  if (self->state != BED_CALL_STATE_ENDED)
    g_signal_emit (self, signals[TAMPERED], 0);
}

void
bed_call_emit_first_frame (BedCall *self)
{
  g_signal_emit (self, signals[FIRST_FRAME], 0);
}

void
bed_call_miss_chat (BedCall *self)
{
  if (self->chat_missed)
    return;
  self->chat_missed = TRUE;
  g_signal_emit (self, signals[CHAT_MISSED], 0);
}

void
bed_call_tell_problem (BedCall *self, const GError *error)
{
  guint bit = 1u << error->code;

  if (self->state == BED_CALL_STATE_ENDED || (self->problems & bit) != 0)
    return;
  self->problems |= bit;
  g_signal_emit (self, signals[PROBLEM], 0, error);
}

/* Each second: how it feels, and whether the path needs another try. */
static gboolean
on_tick (gpointer data)
{
  BedCall *self = data;
  BedEngineStats stats = { 0 };
  BedQuality quality = BED_QUALITY_UNKNOWN;
  BedQualityReason reason = BED_QUALITY_REASON_NONE;

  bed_call_tick_files (self);
  if (self->record_error != NULL && ++self->ticks_unrecorded % RECORD_AGAIN_EVERY_TICKS == 0)
    bed_call_record (self);
  if (self->state == BED_CALL_STATE_CONNECTED)
    {
      if (self->ticks_up++ % SEEN_EVERY_TICKS == 0)
        bed_call_record_seen (self);
      bed_engine_get_stats (self->engine, &stats);
      quality = bed_quality_of (&stats, self->remote_camera, self->remote_microphone, &reason);
    }
  else if (++self->ticks_without_path >= SETUP_MAX_TICKS && self->connected_at == 0)
    {
      self->tick = 0;
      bed_call_end_and_tell (self, BED_CALL_END_FAILED, BED_HANG_UP_FAILED);
      return G_SOURCE_REMOVE;
    }
  else if (self->state == BED_CALL_STATE_RECONNECTING
           && self->ticks_without_path % BED_CALL_RESTART_EVERY_TICKS
                  == BED_CALL_RESTART_FIRST_TICK)
    {
      bed_call_restart_path (self);
    }
  if (quality != self->quality || reason != self->quality_reason)
    {
      self->quality = quality;
      self->quality_reason = reason;
      bed_call_notify (self, BED_CALL_PROP_QUALITY);
    }
  return G_SOURCE_CONTINUE;
}

/* Plain getters */

BedCallState
bed_call_get_state (BedCall *self)
{
  return self->state;
}

const char *
bed_call_get_peer_name (BedCall *self)
{
  return self->peer_name;
}

const char *
bed_call_get_callback (BedCall *self)
{
  return self->callback;
}

const char *
bed_call_get_location (BedCall *self)
{
  return self->location;
}

gint64
bed_call_get_connected_at (BedCall *self)
{
  return self->connected_at;
}

gint64
bed_call_get_encounter_id (BedCall *self)
{
  return self->encounter != NULL ? bed_encounter_get_id (self->encounter) : 0;
}

gboolean
bed_call_get_remote_camera (BedCall *self)
{
  return self->remote_camera;
}

gboolean
bed_call_get_remote_microphone (BedCall *self)
{
  return self->remote_microphone;
}

gboolean
bed_call_get_secured (BedCall *self)
{
  return self->state == BED_CALL_STATE_CONNECTED;
}

BedQuality
bed_call_get_quality (BedCall *self, BedQualityReason *reason)
{
  if (reason != NULL)
    *reason = self->quality_reason;
  return self->quality;
}

void
bed_call_get_stats (BedCall *self, BedEngineStats *stats)
{
  memset (stats, 0, sizeof *stats);
  if (self->engine != NULL)
    bed_engine_get_stats (self->engine, stats);
}

static void
bed_call_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedCall *self = BED_CALL (object);
  guint8 words[4];

  switch (id)
    {
    case BED_CALL_PROP_STATE: g_value_set_enum (value, self->state); break;
    case BED_CALL_PROP_REMOTE_CAMERA: g_value_set_boolean (value, self->remote_camera); break;
    case BED_CALL_PROP_REMOTE_MICROPHONE:
      g_value_set_boolean (value, self->remote_microphone);
      break;
    case BED_CALL_PROP_VERIFICATION: g_value_set_enum (value, self->verification); break;
    case BED_CALL_PROP_WORDS_READY:
      g_value_set_boolean (value, bed_call_get_words (self, words));
      break;
    case BED_CALL_PROP_QUALITY: g_value_set_int (value, self->quality); break;
    case BED_CALL_PROP_SECURED: g_value_set_boolean (value, bed_call_get_secured (self)); break;
    case BED_CALL_PROP_CHAT_OPEN: g_value_set_boolean (value, self->chat_open); break;
    case BED_CALL_PROP_CHAT_KEPT: g_value_set_boolean (value, self->chat_kept); break;
    case BED_CALL_PROP_ENCOUNTER_ID:
      g_value_set_int64 (value, bed_call_get_encounter_id (self));
      break;
    case BED_CALL_PROP_RECORD_ERROR: g_value_set_boxed (value, self->record_error); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_call_dispose (GObject *object)
{
  BedCall *self = BED_CALL (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  bed_call_drop_engine (self);
  g_clear_object (&self->video_source);
  g_clear_object (&self->audio_source);
  g_clear_object (&self->video_sink);
  g_clear_object (&self->audio_sink);
  g_clear_object (&self->encounter);
  g_clear_weak_pointer (&self->recorder);
  g_clear_object (&self->store);
  g_clear_pointer (&self->files, bed_file_transfers_free);
  g_clear_object (&self->chat);
  g_clear_object (&self->link);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_call_parent_class)->dispose (object);
}

static void
bed_call_finalize (GObject *object)
{
  BedCall *self = BED_CALL (object);

  g_clear_error (&self->record_error);
  g_free (self->peer_name);
  g_free (self->callback);
  g_free (self->location);
  G_OBJECT_CLASS (bed_call_parent_class)->finalize (object);
}

static void
add_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[BED_CALL_PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, BED_TYPE_CALL_STATE, 0, flags);
  properties[BED_CALL_PROP_REMOTE_CAMERA]
      = g_param_spec_boolean ("remote-camera", NULL, NULL, FALSE, flags);
  properties[BED_CALL_PROP_REMOTE_MICROPHONE]
      = g_param_spec_boolean ("remote-microphone", NULL, NULL, FALSE, flags);
  properties[BED_CALL_PROP_VERIFICATION]
      = g_param_spec_enum ("verification", NULL, NULL, BED_TYPE_VERIFICATION, 0, flags);
  properties[BED_CALL_PROP_WORDS_READY]
      = g_param_spec_boolean ("words-ready", NULL, NULL, FALSE, flags);
  properties[BED_CALL_PROP_QUALITY]
      = g_param_spec_int ("quality", NULL, NULL, 0, BED_QUALITY_POOR, 0, flags);
  properties[BED_CALL_PROP_SECURED] = g_param_spec_boolean ("secured", NULL, NULL, FALSE, flags);
  properties[BED_CALL_PROP_CHAT_OPEN]
      = g_param_spec_boolean ("chat-open", NULL, NULL, FALSE, flags);
  properties[BED_CALL_PROP_CHAT_KEPT]
      = g_param_spec_boolean ("chat-kept", NULL, NULL, FALSE, flags);
  properties[BED_CALL_PROP_ENCOUNTER_ID]
      = g_param_spec_int64 ("encounter-id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[BED_CALL_PROP_RECORD_ERROR]
      = g_param_spec_boxed ("record-error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, BED_CALL_N_PROPS, properties);
}

static void
bed_call_class_init (BedCallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_call_get_property;
  object_class->dispose = bed_call_dispose;
  object_class->finalize = bed_call_finalize;
  add_properties (object_class);
  signals[FIRST_FRAME] = g_signal_new ("first-frame", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[TAMPERED] = g_signal_new ("tampered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHAT_MISSED] = g_signal_new ("chat-missed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bed_call_init (BedCall *self)
{
  self->chat = g_list_store_new (BED_TYPE_CHAT_MESSAGE);
  bed_call_open_files (self);
}

BedCall *
bed_call_new (const BedCallParts *parts)
{
  BedCall *self = g_object_new (BED_TYPE_CALL, NULL);

  self->link = g_object_ref (parts->link);
  self->client = g_object_ref (parts->client);
  self->clock = g_object_ref (parts->clock);
  self->new_engine = parts->new_engine;
  self->user_data = parts->user_data;
  self->relay_only = parts->relay_only;
  self->peer_name = g_strdup (parts->peer_name);
  self->callback = g_strdup (parts->callback);
  self->location = g_strdup (parts->location);
  g_set_object (&self->store, parts->store);
  g_set_weak_pointer (&self->recorder, parts->recorder);
  self->record_arrival = parts->record_arrival;
  self->arrival_due = TRUE;
  bed_call_record (self);
  self->tick = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
  bed_call_begin (self);
  return self;
}
