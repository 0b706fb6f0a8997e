/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-level-meter-private.h"

#include <math.h>

#define FLOOR_DB -50.0

struct _BedLevelMeter
{
  GObject parent_instance;
  int peak; /* atomic: RMS of the loudest block since it was read */
};

static void
level_push (BedAudioSink *sink, const gint16 *samples, guint n_samples, gint64 timestamp_us)
{
  BedLevelMeter *self = BED_LEVEL_METER (sink);
  double sum = 0;
  int rms;

  for (guint i = 0; i < n_samples; i++)
    sum += (double) samples[i] * samples[i];
  rms = n_samples > 0 ? (int) sqrt (sum / n_samples) : 0;
  if (rms > g_atomic_int_get (&self->peak))
    g_atomic_int_set (&self->peak, rms);
}

static int
level_get_queued (BedAudioSink *sink)
{
  return -1;
}

static void
audio_sink_init (BedAudioSinkInterface *iface)
{
  iface->push = level_push;
  iface->get_queued = level_get_queued;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedLevelMeter, bed_level_meter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SINK, audio_sink_init))

static void
bed_level_meter_class_init (BedLevelMeterClass *klass)
{
}

static void
bed_level_meter_init (BedLevelMeter *self)
{
}

BedLevelMeter *
bed_level_meter_new (void)
{
  return g_object_new (BED_TYPE_LEVEL_METER, NULL);
}

double
bed_level_meter_take (BedLevelMeter *self)
{
  int peak = g_atomic_int_get (&self->peak);

  g_atomic_int_set (&self->peak, 0);
  if (peak == 0)
    return 0;
  return CLAMP (1 - 20 * log10 (peak / 32768.0) / FLOOR_DB, 0, 1);
}
