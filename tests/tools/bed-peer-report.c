/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-report.h"

#include <json-glib/json-glib.h>

static JsonObject *
add (JsonArray *report, const char *type, const char *kind)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", type);
  if (kind != NULL)
    json_object_set_string_member (object, "kind", kind);
  json_array_add_object_element (report, object);
  return object;
}

static void
add_streams (JsonArray *report, const BedEngineStats *stats)
{
  JsonObject *video = add (report, "inbound-rtp", "video");
  JsonObject *audio = add (report, "inbound-rtp", "audio");
  JsonObject *sent = add (report, "outbound-rtp", "video");

  json_object_set_int_member (video, "framesReceived", (gint64) stats->frames_received);
  json_object_set_int_member (video, "framesDecoded", (gint64) stats->frames_decoded);
  json_object_set_int_member (video, "framesDropped", (gint64) stats->frames_dropped);
  json_object_set_int_member (video, "keyFramesDecoded", (gint64) stats->key_frames_decoded);
  json_object_set_int_member (video, "frameWidth", stats->frame_width);
  json_object_set_int_member (video, "frameHeight", stats->frame_height);
  json_object_set_int_member (video, "nackCount", (gint64) stats->nack_count);
  json_object_set_int_member (video, "pliCount", (gint64) stats->pli_count);
  json_object_set_int_member (video, "packetsLost", stats->packets_lost);
  json_object_set_int_member (audio, "packetsReceived", (gint64) stats->audio_packets_received);
  json_object_set_int_member (audio, "totalSamplesReceived", (gint64) stats->total_samples_received);
  json_object_set_int_member (audio, "concealedSamples", (gint64) stats->concealed_samples);
  json_object_set_double_member (audio, "jitter", stats->jitter_ms / 1000);
  json_object_set_int_member (sent, "framesSent", (gint64) stats->frames_sent);
}

static void
add_transport (JsonArray *report, const BedEngineStats *stats)
{
  JsonObject *transport = add (report, "transport", NULL);
  JsonObject *pair = add (report, "candidate-pair", NULL);

  json_object_set_int_member (transport, "bytesSent", (gint64) stats->bytes_sent);
  json_object_set_int_member (transport, "bytesReceived", (gint64) stats->bytes_received);
  json_object_set_int_member (transport, "packetsSent", (gint64) stats->packets_sent);
  json_object_set_int_member (transport, "packetsReceived", (gint64) stats->packets_received);
  json_object_set_string_member (transport, "dtlsCipher", stats->dtls_cipher);
  json_object_set_string_member (transport, "srtpCipher", stats->srtp_cipher);
  json_object_set_string_member (transport, "tlsVersion", stats->tls_version);
  if (stats->round_trip_time_ms >= 0)
    json_object_set_double_member (pair, "currentRoundTripTime", stats->round_trip_time_ms / 1000);
  json_object_set_double_member (pair, "availableOutgoingBitrate", stats->outgoing_bitrate);
  json_object_set_string_member (add (report, "local-candidate", NULL), "candidateType", stats->local_candidate_type);
  json_object_set_string_member (add (report, "remote-candidate", NULL), "candidateType",
                                 stats->remote_candidate_type);
}

static void
add_content (JsonArray *report, const BedTestVideoStats *video, const BedTestAudioStats *audio)
{
  JsonObject *content = add (report, "bedside-content", NULL);

  json_object_set_int_member (content, "frames", (gint64) video->frames);
  json_object_set_int_member (content, "framesWithNumber", (gint64) video->with_number);
  json_object_set_int_member (content, "framesBackwards", (gint64) video->backwards);
  json_object_set_int_member (content, "lastNumber", video->last_number);
  json_object_set_int_member (content, "audioBlocks", (gint64) audio->blocks);
  json_object_set_int_member (content, "toneBlocks", (gint64) audio->tone_blocks);
}

gboolean
bed_peer_report_write (const char *path, const BedEngineStats *stats, const BedTestVideoStats *video,
                       const BedTestAudioStats *audio, GError **error)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *report = json_array_new ();

  json_node_take_array (root, report);
  add_streams (report, stats);
  add_transport (report, stats);
  add_content (report, video, audio);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  return json_generator_to_file (generator, path, error);
}
