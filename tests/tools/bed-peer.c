/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer without a window on this engine: signalling as JSON lines on standard input and output. */
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>

#include "bed-peer-lines.h"
#include "bed-peer-media.h"
#include "bed-peer-report.h"

#define ECHO_PREFIX "echo: "
#define GREETING "hello from bed-peer"

typedef struct
{
  GMainLoop *loop;
  BedEngine *engine;
  BedPeerMedia *media;
  BedPeerLines *lines;
  gboolean offerer, echo, input_ended;
  gint64 start_us; /* when the offer was made or came */
  BedConnectionState state;
  guint64 messages;
  int status;
} Peer;

typedef struct
{
  char *role, *ice_policy, *stun, *turn, *turn_user, *turn_password, *bind, *stats;
  char *video, *audio, *record_video, *record_audio;
  gboolean echo;
  int seconds;
} Options;

static double
elapsed_ms (const Peer *self)
{
  return self->start_us == 0 ? 0 : (g_get_monotonic_time () - self->start_us) / 1000.0;
}

static void
on_local_description (BedEngine *engine, int type, const char *sdp, Peer *self)
{
  JsonObject *line = bed_peer_line_new (type == BED_SDP_TYPE_OFFER ? "offer" : "answer");

  json_object_set_string_member (line, "sdp", sdp);
  bed_peer_lines_write (self->lines, line);
}

static void
on_ice_candidate (BedEngine *engine, const char *candidate, const char *mid, int index, Peer *self)
{
  JsonObject *line = bed_peer_line_new ("candidate");

  json_object_set_string_member (line, "candidate", candidate);
  json_object_set_string_member (line, "sdpMid", mid);
  json_object_set_int_member (line, "sdpMLineIndex", index);
  bed_peer_lines_write (self->lines, line);
}

static void
on_end_of_candidates (BedEngine *engine, Peer *self)
{
  bed_peer_lines_write (self->lines, bed_peer_line_new ("end-of-candidates"));
}

static gboolean
is_over (const Peer *self)
{
  return self->state == BED_CONNECTION_STATE_DISCONNECTED || self->state == BED_CONNECTION_STATE_FAILED
         || self->state == BED_CONNECTION_STATE_CLOSED;
}

static void
on_state (BedEngine *engine, int state, Peer *self)
{
  static const char *const names[] = { "new", "connecting", "connected", "disconnected", "failed", "closed" };
  JsonObject *line = bed_peer_line_new ("state");

  self->state = state;
  json_object_set_string_member (line, "name", "connectionState");
  json_object_set_string_member (line, "value", names[state]);
  json_object_set_double_member (line, "ms", elapsed_ms (self));
  bed_peer_lines_write (self->lines, line);
  if (state == BED_CONNECTION_STATE_FAILED)
    self->status = EXIT_FAILURE;
  if (self->input_ended && is_over (self))
    g_main_loop_quit (self->loop);
}

static void
on_channel (BedEngine *engine, gboolean open, Peer *self)
{
  if (open && self->echo)
    bed_engine_send_text (engine, GREETING);
}

static void
on_message (BedEngine *engine, const char *text, Peer *self)
{
  JsonObject *line = bed_peer_line_new ("message");

  self->messages++;
  json_object_set_string_member (line, "value", text);
  bed_peer_lines_write (self->lines, line);
  if (self->echo && !g_str_has_prefix (text, ECHO_PREFIX))
    {
      g_autofree char *answer = g_strconcat (ECHO_PREFIX, text, NULL);
      if (!bed_engine_send_text (engine, answer))
        g_printerr ("bed-peer: the echo could not be sent\n");
    }
}

static void
on_first_frame (BedEngine *engine, Peer *self)
{
  JsonObject *line = bed_peer_line_new ("first-frame");

  json_object_set_double_member (line, "ms", elapsed_ms (self));
  bed_peer_lines_write (self->lines, line);
}

static void
on_error (BedEngine *engine, const GError *error, Peer *self)
{
  g_printerr ("bed-peer: %s\n", error->message);
}

static const char *
get_text (JsonObject *line, const char *name)
{
  JsonNode *node = json_object_get_member (line, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static void
handle_description (Peer *self, BedSdpType type, JsonObject *line)
{
  const char *sdp = get_text (line, "sdp");

  if (sdp == NULL)
    return;
  if (type == BED_SDP_TYPE_OFFER && self->start_us == 0)
    self->start_us = g_get_monotonic_time ();
  bed_engine_set_remote_description (self->engine, type, sdp);
}

static void
handle_candidate (Peer *self, JsonObject *line)
{
  const char *candidate = get_text (line, "candidate");

  if (candidate != NULL)
    bed_engine_add_ice_candidate (self->engine, candidate, get_text (line, "sdpMid"),
                                  (int) json_object_get_int_member_with_default (line, "sdpMLineIndex", 0));
}

/* What has come so far, read and checked. */
static void
tell_content (Peer *self)
{
  JsonObject *line = bed_peer_line_new ("content");
  BedTestVideoStats video;
  BedTestAudioStats audio;

  bed_peer_media_get_stats (self->media, &video, &audio);
  json_object_set_int_member (line, "frames", (gint64) video.with_number);
  json_object_set_int_member (line, "tone", (gint64) audio.tone_blocks);
  bed_peer_lines_write (self->lines, line);
}

static void
on_line (JsonObject *line, gpointer user_data)
{
  Peer *self = user_data;
  const char *type;

  if (line == NULL)
    {
      self->input_ended = TRUE;
      if (is_over (self))
        g_main_loop_quit (self->loop);
      return;
    }
  type = get_text (line, "type");
  if (g_strcmp0 (type, "offer") == 0)
    handle_description (self, BED_SDP_TYPE_OFFER, line);
  else if (g_strcmp0 (type, "answer") == 0)
    handle_description (self, BED_SDP_TYPE_ANSWER, line);
  else if (g_strcmp0 (type, "candidate") == 0)
    handle_candidate (self, line);
  else if (g_strcmp0 (type, "end-of-candidates") == 0)
    bed_engine_end_of_candidates (self->engine);
  else if (g_strcmp0 (type, "ask-content") == 0)
    tell_content (self);
  /* The other side's state, message and stats lines arrive here too when two peers share a pipe. */
}

static gboolean
on_end (gpointer user_data)
{
  g_main_loop_quit (((Peer *) user_data)->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  GOptionEntry entries[] = {
    { "role", 0, 0, G_OPTION_ARG_STRING, &options->role, "offer or answer", "ROLE" },
    { "video", 0, 0, G_OPTION_ARG_FILENAME, &options->video, "Send this", "F.y4m" },
    { "audio", 0, 0, G_OPTION_ARG_FILENAME, &options->audio, "Send this", "F.wav" },
    { "record-video", 0, 0, G_OPTION_ARG_FILENAME, &options->record_video, "Write what comes", "F.y4m" },
    { "record-audio", 0, 0, G_OPTION_ARG_FILENAME, &options->record_audio, "Write what comes", "F.wav" },
    { "data-echo", 0, 0, G_OPTION_ARG_NONE, &options->echo, "Greet and answer on the data channel", NULL },
    { "ice-policy", 0, 0, G_OPTION_ARG_STRING, &options->ice_policy, "all or relay", "POLICY" },
    { "stun", 0, 0, G_OPTION_ARG_STRING, &options->stun, "STUN server", "HOST:PORT" },
    { "turn", 0, 0, G_OPTION_ARG_STRING, &options->turn, "TURN server", "HOST:PORT" },
    { "turn-user", 0, 0, G_OPTION_ARG_STRING, &options->turn_user, "User at it", "U" },
    { "turn-password", 0, 0, G_OPTION_ARG_STRING, &options->turn_password, "Password at it", "P" },
    { "bind", 0, 0, G_OPTION_ARG_STRING, &options->bind, "Only this local address", "ADDRESS" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &options->seconds, "End after this time", "N" },
    { "stats", 0, 0, G_OPTION_ARG_FILENAME, &options->stats, "Write statistics at the end", "F.json" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- a headless WebRTC peer");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (g_strcmp0 (options->role, "offer") != 0 && g_strcmp0 (options->role, "answer") != 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--role is offer or answer");
      return FALSE;
    }
  if (options->ice_policy != NULL && strcmp (options->ice_policy, "all") != 0
      && strcmp (options->ice_policy, "relay") != 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--ice-policy is all or relay");
      return FALSE;
    }
  return TRUE;
}

static void
free_options (Options *options)
{
  char **all[] = { &options->role, &options->ice_policy, &options->stun, &options->turn, &options->turn_user,
                   &options->turn_password, &options->bind, &options->stats, &options->video, &options->audio,
                   &options->record_video, &options->record_audio };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_clear_pointer (all[i], g_free);
}

static BedEngine *
make_engine (const Options *options)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_engine_ice_server_free);
  BedEngineConfig config = {
    .ice_servers = servers,
    .bind_address = options->bind,
    .offers = g_strcmp0 (options->role, "offer") == 0,
  };

  if (g_strcmp0 (options->ice_policy, "relay") == 0)
    config.ice_transport_policy = BED_ICE_TRANSPORT_POLICY_RELAY;
  if (options->stun != NULL)
    {
      g_autofree char *url = g_strconcat ("stun:", options->stun, NULL);
      g_ptr_array_add (servers, bed_engine_ice_server_new (url, NULL, NULL));
    }
  if (options->turn != NULL)
    {
      g_autofree char *url = g_strconcat ("turn:", options->turn, NULL);
      g_ptr_array_add (servers, bed_engine_ice_server_new (url, options->turn_user, options->turn_password));
    }
  return bed_local_engine_new (&config);
}

static void
connect_engine (Peer *self)
{
  g_signal_connect (self->engine, "local-description", G_CALLBACK (on_local_description), self);
  g_signal_connect (self->engine, "ice-candidate", G_CALLBACK (on_ice_candidate), self);
  g_signal_connect (self->engine, "end-of-candidates", G_CALLBACK (on_end_of_candidates), self);
  g_signal_connect (self->engine, "connection-state-changed", G_CALLBACK (on_state), self);
  g_signal_connect (self->engine, "data-channel-state-changed", G_CALLBACK (on_channel), self);
  g_signal_connect (self->engine, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->engine, "first-frame", G_CALLBACK (on_first_frame), self);
  g_signal_connect (self->engine, "error", G_CALLBACK (on_error), self);
}

/* In order: the engine closes (BYE, close_notify), its last state is told, then the figures. */
static gboolean
finish (Peer *self, const Options *options, GError **error)
{
  JsonObject *line = bed_peer_line_new ("stats");
  BedEngineStats stats;
  BedTestVideoStats video;
  BedTestAudioStats audio;

  bed_engine_close (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  bed_engine_get_stats (self->engine, &stats);
  bed_peer_media_get_stats (self->media, &video, &audio);
  json_object_set_int_member (line, "video", (gint64) stats.frames_decoded);
  json_object_set_int_member (line, "audio", (gint64) stats.audio_packets_received);
  json_object_set_int_member (line, "messages", (gint64) self->messages);
  bed_peer_lines_write (self->lines, line);
  if (options->stats != NULL && !bed_peer_report_write (options->stats, &stats, &video, &audio, error))
    return FALSE;
  return bed_peer_media_finish (self->media, error);
}

static gboolean
run (Peer *self, const Options *options, GError **error)
{
  BedPeerMediaConfig media = { options->video, options->audio, options->record_video, options->record_audio };
  gboolean ok;

  self->media = bed_peer_media_new (&media, error);
  if (self->media == NULL)
    return FALSE;
  self->loop = g_main_loop_new (NULL, FALSE);
  self->engine = make_engine (options);
  connect_engine (self);
  bed_peer_media_attach (self->media, self->engine);
  self->lines = bed_peer_lines_new (on_line, self);
  g_unix_signal_add (SIGTERM, on_end, self);
  g_unix_signal_add (SIGINT, on_end, self);
  if (options->seconds > 0)
    g_timeout_add_seconds ((guint) options->seconds, on_end, self);
  if (self->offerer)
    {
      self->start_us = g_get_monotonic_time ();
      bed_engine_create_offer (self->engine, FALSE);
    }
  g_main_loop_run (self->loop);
  ok = finish (self, options, error);
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_clear_object (&self->engine);
  bed_peer_lines_free (self->lines);
  bed_peer_media_free (self->media);
  g_main_loop_unref (self->loop);
  return ok;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Options options = { 0 };
  Peer self = { .status = EXIT_SUCCESS };

  signal (SIGPIPE, SIG_IGN);
  g_log_writer_default_set_use_stderr (TRUE);
  if (!parse_options (&argc, &argv, &options, &error))
    {
      g_printerr ("bed-peer: %s\n", error->message);
      free_options (&options);
      return 2;
    }
  self.offerer = strcmp (options.role, "offer") == 0;
  self.echo = options.echo;
  if (!run (&self, &options, &error))
    {
      g_printerr ("bed-peer: %s\n", error->message);
      self.status = EXIT_FAILURE;
    }
  free_options (&options);
  return self.status;
}
