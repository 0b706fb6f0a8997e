/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <pipewire/pipewire.h>

#include "bed-audio-processor-private.h"

#define BLOCKS 1000
#define DELAY 1200 /* samples: 25 ms from the loudspeaker into the microphone */

/* Speech-like: noise that comes and goes. */
static void
make_far (gint16 *samples, gsize n)
{
  GRand *random = g_rand_new_with_seed (1);
  double low = 0;

  for (gsize i = 0; i < n; i++)
    {
      low = 0.9 * low + 0.1 * g_rand_double_range (random, -1, 1);
      samples[i] = (gint16) (30000 * low * (0.55 + 0.45 * sin (2 * G_PI * 3.0 * i / BED_AUDIO_RATE)));
    }
  g_rand_free (random);
}

static double
energy (const gint16 *samples)
{
  double sum = 0;

  for (guint i = 0; i < BED_AUDIO_BLOCK; i++)
    sum += (double) samples[i] * samples[i];
  return sum;
}

/* The other side's voice that comes back through the room is taken out (echo return loss enhancement). */
static void
test_echo (void)
{
  g_autoptr (BedAudioProcessor) processor = bed_audio_processor_new (BED_AUDIO_PROCESSING_ECHO_CANCELLATION);
  g_autofree gint16 *far = g_new (gint16, BLOCKS * BED_AUDIO_BLOCK);
  double before = 0, after = 0, erle;

  g_assert_nonnull (processor);
  make_far (far, BLOCKS * BED_AUDIO_BLOCK);
  for (guint block = 0; block < BLOCKS; block++)
    {
      gint16 near[BED_AUDIO_BLOCK];

      for (guint i = 0; i < BED_AUDIO_BLOCK; i++)
        {
          gsize at = block * BED_AUDIO_BLOCK + i;

          near[i] = at < DELAY ? 0 : far[at - DELAY] / 2;
        }
      if (block >= BLOCKS / 2)
        before += energy (near);
      bed_audio_processor_run (processor, near, far + block * BED_AUDIO_BLOCK);
      if (block >= BLOCKS / 2)
        after += energy (near);
    }
  erle = 10 * log10 (before / MAX (after, 1));
  g_test_message ("echo is %.1f dB weaker", erle);
  g_assert_cmpfloat (erle, >, 20);
}

static void
test_nothing_to_do (void)
{
  g_assert_null (bed_audio_processor_new (BED_AUDIO_PROCESSING_NONE));
}

int
main (int argc, char **argv)
{
  pw_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/devices/audio-processor/echo", test_echo);
  g_test_add_func ("/devices/audio-processor/nothing-to-do", test_nothing_to_do);
  return g_test_run ();
}
