/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-pulse-private.h"

#include "bed-devices-error.h"

#define CONNECT_SECONDS 2

static void
on_state (pa_context *context, void *data)
{
  pa_threaded_mainloop_signal (data, 0);
}

static void
on_patience_over (pa_mainloop_api *api, pa_time_event *event, const struct timeval *time,
                  void *data)
{
  BedPulse *self = data;

  pa_context_disconnect (self->context);
  pa_threaded_mainloop_signal (self->loop, 0);
}

static gboolean
wait_until_ready (BedPulse *self)
{
  pa_time_event *patience = pa_context_rttime_new (
      self->context, pa_rtclock_now () + CONNECT_SECONDS * PA_USEC_PER_SEC, on_patience_over, self);
  pa_context_state_t state;

  while (PA_CONTEXT_IS_GOOD (state = pa_context_get_state (self->context))
         && state != PA_CONTEXT_READY)
    pa_threaded_mainloop_wait (self->loop);
  pa_threaded_mainloop_get_api (self->loop)->time_free (patience);
  return state == PA_CONTEXT_READY;
}

static gboolean
connect_context (BedPulse *self)
{
  gboolean ready = FALSE;

  self->loop = pa_threaded_mainloop_new ();
  self->context = pa_context_new (pa_threaded_mainloop_get_api (self->loop), "Bedside");
  pa_context_set_state_callback (self->context, on_state, self->loop);
  if (pa_context_connect (self->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0
      || pa_threaded_mainloop_start (self->loop) < 0)
    return FALSE;
  pa_threaded_mainloop_lock (self->loop);
  ready = wait_until_ready (self);
  pa_context_set_state_callback (self->context, NULL, NULL);
  pa_threaded_mainloop_unlock (self->loop);
  return ready;
}

static void
pulse_free (BedPulse *self)
{
  pa_threaded_mainloop_lock (self->loop);
  pa_context_disconnect (self->context);
  pa_threaded_mainloop_unlock (self->loop);
  pa_threaded_mainloop_stop (self->loop);
  pa_context_unref (self->context);
  pa_threaded_mainloop_free (self->loop);
  g_free (self);
}

BedPulse *
bed_pulse_connect (GError **error)
{
  BedPulse *self = g_new0 (BedPulse, 1);

  g_atomic_ref_count_init (&self->ref_count);
  if (connect_context (self))
    return self;
  pulse_free (self);
  g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER, "no sound server");
  return NULL;
}

BedPulse *
bed_pulse_ref (BedPulse *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bed_pulse_unref (BedPulse *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    pulse_free (self);
}

void
bed_pulse_lock (BedPulse *self)
{
  pa_threaded_mainloop_lock (self->loop);
}

void
bed_pulse_unlock (BedPulse *self)
{
  pa_threaded_mainloop_unlock (self->loop);
}
