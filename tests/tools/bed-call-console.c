/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-console.h"

#include "bed-attachment.h"
#include "bed-log.h"

#include <gio/gunixinputstream.h>
#include <json-glib/json-glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct _BedCallConsole
{
  GMainLoop *loop;
  GDataInputStream *input;
  BedCall *call; /* (nullable) */
  BedVideoSource *picture;
  BedAudioSource *tone;
  BedTestVideoSink *video;
  BedTestAudioSink *audio;
  BedChatFile *file; /* the chat's last, or NULL when that is a text */

  BedCallConsoleFunc do_line;
  gpointer user_data;
};

void
bed_call_console_say (const char *event, ...)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  va_list list;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);
  va_start (list, event);
  for (const char *name = va_arg (list, const char *); name != NULL; name = va_arg (list, const char *))
    {
      json_builder_set_member_name (builder, name);
      json_builder_add_string_value (builder, va_arg (list, const char *));
    }
  va_end (list);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  puts (text);
  fflush (stdout);
}

static void
on_state (BedCall *call, GParamSpec *pspec, BedCallConsole *self)
{
  static const char *const names[] = { "connecting", "connected", "reconnecting", "ended" };

  bed_call_console_say ("call-state", "state", names[bed_call_get_state (call)], NULL);
}

static void
on_words (BedCall *call, GParamSpec *pspec, BedCallConsole *self)
{
  guint8 words[4];
  g_autofree char *text = NULL;

  if (!bed_call_get_words (call, words))
    return;
  text = g_strdup_printf ("%u %u %u %u", words[0], words[1], words[2], words[3]);
  bed_call_console_say ("words", "numbers", text, NULL);
}

static void
on_verification (BedCall *call, GParamSpec *pspec, BedCallConsole *self)
{
  static const char *const names[] = { "not-checked", "matched", "differed" };

  bed_call_console_say ("verification", "result", names[bed_call_get_verification (call)], NULL);
}

static void
on_file_state (BedChatFile *file, GParamSpec *pspec, BedCallConsole *self)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (BED_TYPE_CHAT_FILE_STATE);
  GBytes *content = bed_chat_file_get_content (file);
  g_autofree char *hash
      = content != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content) : g_strdup ("");

  bed_call_console_say ("file", "name", bed_chat_file_get_name (file), "state",
                        g_enum_get_value (states, bed_chat_file_get_state (file))->value_nick, "mine",
                        bed_chat_file_get_mine (file) ? "yes" : "no", "sha256", hash, NULL);
}

static void
on_chat (GListModel *chat, guint position, guint removed, guint added, BedCallConsole *self)
{
  g_autoptr (BedChatMessage) message = g_list_model_get_item (chat, position);

  g_set_object (&self->file, bed_chat_message_get_file (message));
  if (self->file != NULL)
    g_signal_connect (self->file, "notify::state", G_CALLBACK (on_file_state), self);
  else if (!bed_chat_message_get_mine (message))
    bed_call_console_say ("chat", "text", bed_chat_message_get_text (message), NULL);
}

static void
on_chat_open (BedCall *call, GParamSpec *pspec, BedCallConsole *self)
{
  bed_call_console_say ("chat-open", "open", bed_call_get_chat_open (call) ? "yes" : "no", NULL);
}

static void
on_remote_media (BedCall *call, GParamSpec *pspec, BedCallConsole *self)
{
  bed_call_console_say ("remote-media", "camera", bed_call_get_remote_camera (call) ? "on" : "off", "microphone",
                        bed_call_get_remote_microphone (call) ? "on" : "off", NULL);
}

static void
on_quality (BedCall *call, GParamSpec *pspec, BedCallConsole *self)
{
  static const char *const names[] = { "unknown", "good", "fair", "poor" };
  static const char *const reasons[] = { "none", "loss", "delay", "bitrate", "silence" };
  BedQualityReason reason = BED_QUALITY_REASON_NONE;
  BedQuality quality = bed_call_get_quality (call, &reason);

  bed_call_console_say ("quality", "level", names[quality], "reason", reasons[reason], NULL);
}

static void
on_chat_kept (BedCall *call, GParamSpec *pspec, BedCallConsole *self)
{
  bed_call_console_say ("chat-kept", NULL);
}

static void
on_first_frame (BedCall *call, BedCallConsole *self)
{
  bed_call_console_say ("first-frame", NULL);
}

static void
on_tampered (BedCall *call, BedCallConsole *self)
{
  bed_call_console_say ("call-tampered", NULL);
}

static void
on_ended (BedCall *call, int end, BedCallConsole *self)
{
  static const char *const names[]
    = { "none", "here", "there", "left", "failed", "fingerprint", "tampered", "refused" };

  bed_call_console_say ("ended", "reason", names[end], NULL);
}

void
bed_call_console_watch (BedCallConsole *self, BedCall *call)
{
  g_set_object (&self->call, call);
  g_signal_connect (call, "notify::state", G_CALLBACK (on_state), self);
  g_signal_connect (call, "notify::words-ready", G_CALLBACK (on_words), self);
  g_signal_connect (call, "notify::verification", G_CALLBACK (on_verification), self);
  g_signal_connect (call, "notify::chat-open", G_CALLBACK (on_chat_open), self);
  g_signal_connect (call, "notify::remote-microphone", G_CALLBACK (on_remote_media), self);
  g_signal_connect (call, "notify::chat-kept", G_CALLBACK (on_chat_kept), self);
  g_signal_connect (call, "notify::quality", G_CALLBACK (on_quality), self);
  g_signal_connect (call, "first-frame", G_CALLBACK (on_first_frame), self);
  g_signal_connect (call, "tampered", G_CALLBACK (on_tampered), self);
  g_signal_connect (call, "ended", G_CALLBACK (on_ended), self);
  g_signal_connect (bed_call_get_chat (call), "items-changed", G_CALLBACK (on_chat), self);
  bed_call_set_video_sink (call, BED_VIDEO_SINK (self->video));
  bed_call_set_audio_sink (call, BED_AUDIO_SINK (self->audio));
  bed_call_set_video_source (call, self->picture);
  bed_call_set_audio_source (call, self->tone);
}

static void
add (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
tell_stats (BedCallConsole *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  BedTestVideoStats video;
  BedTestAudioStats audio;
  BedEngineStats stats = { 0 };

  bed_test_video_sink_get_stats (self->video, &video);
  bed_test_audio_sink_get_stats (self->audio, &audio);
  if (self->call != NULL)
    bed_call_get_stats (self->call, &stats);
  json_builder_begin_object (builder);
  add_text (builder, "event", "stats");
  add (builder, "frames", video.frames);
  add (builder, "with_number", video.with_number);
  add (builder, "backwards", video.backwards);
  add (builder, "samples", audio.samples);
  add (builder, "tone_blocks", audio.tone_blocks);
  add (builder, "rms", audio.rms);
  add (builder, "frames_sent", stats.frames_sent);
  add (builder, "packets_sent", stats.packets_sent);
  add (builder, "media_packets_sent", stats.media_packets_sent);
  add (builder, "bytes_sent", stats.bytes_sent);
  add (builder, "packets_received", stats.packets_received);
  add (builder, "rtt_ms", stats.round_trip_time_ms);
  add_text (builder, "srtp", stats.srtp_cipher);
  add_text (builder, "tls", stats.tls_version);
  add_text (builder, "local", stats.local_candidate_type);
  add_text (builder, "remote", stats.remote_candidate_type);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  puts (text);
  fflush (stdout);
}

static void
send_file (BedCallConsole *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *data = NULL;
  g_autoptr (GBytes) content = NULL;
  gsize length;

  if (!g_file_get_contents (path, &data, &length, NULL))
    g_error ("the file cannot be read");
  content = g_bytes_new_take (g_steal_pointer (&data), length);
  bed_call_console_say (
      bed_call_send_file (self->call, name,
                          bed_attachment_guess_media_type (g_bytes_get_data (content, NULL), length), content)
          ? "file-sent"
          : "file-not-sent",
      NULL);
}

static void
keep_file (BedCallConsole *self)
{
  g_autoptr (GError) error = NULL;

  if (self->file != NULL && bed_call_keep_file (self->call, self->file, &error))
    bed_call_console_say ("file-kept", NULL);
  else
    bed_call_console_say ("file-not-kept", NULL);
}

/* Returns: whether the line was one of a call. */
static gboolean
do_call_line (BedCallConsole *self, const char *line)
{
  if (self->call == NULL)
    return FALSE;
  if (g_str_has_prefix (line, "chat "))
    bed_call_console_say (bed_call_send_chat (self->call, line + strlen ("chat ")) ? "chat-sent" : "chat-not-sent",
                          NULL);
  else if (g_str_has_prefix (line, "words "))
    bed_call_set_words_match (self->call, g_str_equal (line, "words match"));
  else if (g_str_has_prefix (line, "camera "))
    bed_call_set_video_source (self->call, g_str_equal (line, "camera on") ? self->picture : NULL);
  else if (g_str_has_prefix (line, "file "))
    send_file (self, line + strlen ("file "));
  else if (g_str_equal (line, "keep-file"))
    keep_file (self);
  else if (g_str_equal (line, "keep-chat"))
    {
      g_autoptr (GError) error = NULL;

      if (!bed_call_keep_chat (self->call, &error))
        bed_call_console_say ("chat-not-kept", NULL);
    }
  else if (g_str_equal (line, "hang-up"))
    bed_call_hang_up (self->call);
  else
    return FALSE;
  return TRUE;
}

static void read_line (BedCallConsole *self);

static void
on_line (GObject *object, GAsyncResult *result, gpointer data)
{
  BedCallConsole *self = data;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (self->input, result, NULL, NULL);

  if (line == NULL || g_str_equal (line, "quit"))
    {
      g_main_loop_quit (self->loop);
      return;
    }
  if (g_str_equal (line, "stats"))
    tell_stats (self);
  else if (!do_call_line (self, line))
    self->do_line (line, self->user_data);
  read_line (self);
}

static void
read_line (BedCallConsole *self)
{
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, on_line, self);
}

void
bed_call_console_run (BedCallConsole *self)
{
  read_line (self);
  g_main_loop_run (self->loop);
}

BedCallConsole *
bed_call_console_new (BedCallConsoleFunc do_line, gpointer user_data)
{
  BedCallConsole *self = g_new0 (BedCallConsole, 1);
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (0, FALSE);

  if (g_getenv ("BED_LOG_AS_APP") != NULL)
    bed_log_install ();
  g_log_writer_default_set_use_stderr (TRUE); /* stdout is for events */
  self->loop = g_main_loop_new (NULL, FALSE);
  self->input = g_data_input_stream_new (stream);
  self->picture = bed_test_video_source_new (1280, 720, 30);
  self->tone = bed_test_audio_source_new (440, 0.3);
  self->video = bed_test_video_sink_new ();
  self->audio = bed_test_audio_sink_new (440);
  self->do_line = do_line;
  self->user_data = user_data;
  return self;
}

void
bed_call_console_free (BedCallConsole *self)
{
  if (self->call != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->call, self);
      g_signal_handlers_disconnect_by_data (bed_call_get_chat (self->call), self);
    }
  g_clear_object (&self->call);
  g_clear_object (&self->picture);
  g_clear_object (&self->tone);
  g_clear_object (&self->video);
  g_clear_object (&self->audio);
  g_clear_object (&self->input);
  g_main_loop_unref (self->loop);
  g_free (self);
}
