/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-test-media.h"

#include <math.h>

void
bed_test_tone_fill (gint16 *samples, guint n, double hertz, double amplitude, double *phase)
{
  double step = 2 * G_PI * hertz / BED_AUDIO_RATE;

  for (guint i = 0; i < n; i++)
    {
      samples[i] = lrint (amplitude * 32767 * sin (*phase));
      *phase += step;
    }
  *phase = fmod (*phase, 2 * G_PI);
}

double
bed_test_tone_share (const gint16 *samples, guint n, double hertz)
{
  double omega = 2 * G_PI * hertz / BED_AUDIO_RATE, coefficient = 2 * cos (omega);
  double before = 0, last = 0, energy = 0, power;

  for (guint i = 0; i < n; i++)
    {
      double next = samples[i] + coefficient * last - before;

      before = last;
      last = next;
      energy += (double) samples[i] * samples[i];
    }
  if (energy <= 0)
    return 0;
  power = last * last + before * before - coefficient * last * before;
  return MIN (1, power * 2 / (n * energy));
}
