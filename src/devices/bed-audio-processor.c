/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audio-processor-private.h"

#include <math.h>
#include <pipewire/pipewire.h>
#include <spa/interfaces/audio/aec.h>
#include <spa/utils/names.h>

struct _BedAudioProcessor
{
  struct spa_handle *handle;
  struct spa_audio_aec *aec;
};

static const char *
flag (BedAudioProcessing processing, BedAudioProcessing bit)
{
  return (processing & bit) != 0 ? "true" : "false";
}

static gboolean
start_plugin (BedAudioProcessor *self, BedAudioProcessing processing)
{
  struct spa_audio_info_raw info = SPA_AUDIO_INFO_RAW_INIT (.format = SPA_AUDIO_FORMAT_F32P,
                                                            .rate = BED_AUDIO_RATE, .channels = 1);
  struct spa_dict_item items[] = {
    SPA_DICT_ITEM_INIT ("webrtc.high_pass_filter", "true"),
    SPA_DICT_ITEM_INIT ("webrtc.noise_suppression",
                        flag (processing, BED_AUDIO_PROCESSING_NOISE_SUPPRESSION)),
    SPA_DICT_ITEM_INIT ("webrtc.gain_control",
                        flag (processing, BED_AUDIO_PROCESSING_AUTO_GAIN_CONTROL)),
    SPA_DICT_ITEM_INIT ("webrtc.voice_detection", "false"),
    SPA_DICT_ITEM_INIT ("webrtc.extended_filter", "true"),
    SPA_DICT_ITEM_INIT ("webrtc.delay_agnostic", "true"),
  };
  struct spa_dict args = SPA_DICT_INIT_ARRAY (items);
  void *interface = NULL;

  self->handle = pw_load_spa_handle ("aec/libspa-aec-webrtc", SPA_NAME_AEC, NULL, 0, NULL);
  if (self->handle == NULL
      || spa_handle_get_interface (self->handle, SPA_TYPE_INTERFACE_AUDIO_AEC, &interface) < 0)
    return FALSE;
  self->aec = interface;
  return spa_audio_aec_init (self->aec, &args, &info) >= 0;
}

BedAudioProcessor *
bed_audio_processor_new (BedAudioProcessing processing)
{
  BedAudioProcessor *self;

  if (processing == BED_AUDIO_PROCESSING_NONE)
    return NULL;
  self = g_new0 (BedAudioProcessor, 1);
  pw_init (NULL, NULL);
  if (start_plugin (self, processing))
    return self;
  bed_audio_processor_free (self);
  return NULL;
}

void
bed_audio_processor_free (BedAudioProcessor *self)
{
  if (self->handle != NULL)
    pw_unload_spa_handle (self->handle);
  g_free (self);
}

void
bed_audio_processor_run (BedAudioProcessor *self, gint16 *near, const gint16 *far)
{
  float in[BED_AUDIO_BLOCK], reference[BED_AUDIO_BLOCK], out[BED_AUDIO_BLOCK];
  const float *rec[] = { in }, *play[] = { reference };
  float *result[] = { out };

  for (guint i = 0; i < BED_AUDIO_BLOCK; i++)
    {
      in[i] = near[i] / 32768.f;
      reference[i] = far[i] / 32768.f;
    }
  if (spa_audio_aec_run (self->aec, rec, play, result, BED_AUDIO_BLOCK) < 0)
    return;
  for (guint i = 0; i < BED_AUDIO_BLOCK; i++)
    near[i] = (gint16) CLAMP (lrintf (out[i] * 32768.f), G_MININT16, G_MAXINT16);
}
