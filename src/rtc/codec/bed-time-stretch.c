/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-time-stretch.h"

#include <math.h>
#include <string.h>

#define MIN_SAMPLES 960
#define MIN_LAG 120
#define MAX_LAG 720
#define OVERLAP 240
#define LIKENESS 0.6 /* normalised correlation from which a cut is not heard */
#define QUIET (OVERLAP * 100.0 * 100.0) /* energy under which any place is good */

/* The lag at which the sound repeats itself best, or 0. */
static guint
best_lag (const gint16 *samples)
{
  double own = 0, best = LIKENESS;
  guint lag = 0;

  for (guint i = 0; i < OVERLAP; i++)
    own += (double) samples[i] * samples[i];
  for (guint candidate = MIN_LAG; candidate <= MAX_LAG; candidate++)
    {
      double product = 0, other = 0, likeness;

      for (guint i = 0; i < OVERLAP; i++)
        {
          product += (double) samples[i] * samples[i + candidate];
          other += (double) samples[i + candidate] * samples[i + candidate];
        }
      likeness = own < QUIET && other < QUIET ? 1 : product / sqrt (MAX (own * other, 1));
      /* The longest of equals: it gets us furthest. */
      if (likeness >= best)
        {
          best = likeness;
          lag = candidate;
        }
    }
  return lag;
}

static gint16
mix (gint16 from, gint16 to, guint at)
{
  return (from * (gint) (OVERLAP - at) + to * (gint) at) / OVERLAP;
}

guint
bed_time_stretch_shorten (gint16 *samples, guint n)
{
  guint lag = n >= MIN_SAMPLES ? best_lag (samples) : 0;

  if (lag == 0)
    return n;
  for (guint i = 0; i < OVERLAP; i++)
    samples[i] = mix (samples[i], samples[i + lag], i);
  memmove (samples + OVERLAP, samples + OVERLAP + lag, (n - OVERLAP - lag) * sizeof *samples);
  return n - lag;
}

guint
bed_time_stretch_lengthen (gint16 *samples, guint n, guint capacity)
{
  guint lag = n >= MIN_SAMPLES ? best_lag (samples) : 0;
  gint16 seam[OVERLAP];

  if (lag == 0 || n + lag > capacity)
    return n;
  for (guint i = 0; i < OVERLAP; i++)
    seam[i] = mix (samples[lag + i], samples[i], i);
  memmove (samples + lag + OVERLAP, samples + OVERLAP, (n - OVERLAP) * sizeof *samples);
  memcpy (samples + lag, seam, sizeof seam);
  return n + lag;
}

guint8
bed_audio_level (const gint16 *samples, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (double) samples[i] * samples[i];
  if (n == 0 || sum <= 0)
    return 127;
  return CLAMP (-10 * log10 (sum / n / (32768.0 * 32768.0)), 0, 127);
}
