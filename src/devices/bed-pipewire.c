/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-pipewire-private.h"

#include "bed-devices-error.h"

static gboolean
connect_core (BedPipewire *self, int fd)
{
  self->loop = pw_thread_loop_new ("bed-pipewire", NULL);
  if (self->loop == NULL)
    return FALSE;
  self->context = pw_context_new (pw_thread_loop_get_loop (self->loop), NULL, 0);
  if (self->context == NULL || pw_thread_loop_start (self->loop) < 0)
    return FALSE;
  pw_thread_loop_lock (self->loop);
  if (fd >= 0)
    self->core = pw_context_connect_fd (self->context, fd, NULL, 0);
  else
    self->core = pw_context_connect (self->context, NULL, 0);
  pw_thread_loop_unlock (self->loop);
  return self->core != NULL;
}

static void
pipewire_free (BedPipewire *self)
{
  if (self->loop != NULL)
    pw_thread_loop_stop (self->loop);
  if (self->core != NULL)
    pw_core_disconnect (self->core);
  g_clear_pointer (&self->context, pw_context_destroy);
  g_clear_pointer (&self->loop, pw_thread_loop_destroy);
  g_free (self);
}

BedPipewire *
bed_pipewire_connect (int fd, GError **error)
{
  BedPipewire *self = g_new0 (BedPipewire, 1);

  g_atomic_ref_count_init (&self->ref_count);
  pw_init (NULL, NULL); /* counts its calls itself */
  if (connect_core (self, fd))
    return self;
  pipewire_free (self);
  g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER, "no PipeWire server");
  return NULL;
}

BedPipewire *
bed_pipewire_ref (BedPipewire *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bed_pipewire_unref (BedPipewire *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    pipewire_free (self);
}

void
bed_pipewire_lock (BedPipewire *self)
{
  pw_thread_loop_lock (self->loop);
}

void
bed_pipewire_unlock (BedPipewire *self)
{
  pw_thread_loop_unlock (self->loop);
}

/* --- The end of a stream ---------------------------------------------------------------------- */

typedef struct
{
  BedPipewire *pipewire;
  struct spa_source *bell;
  guint rings;
} Settling;

static void
on_bell (void *data, uint64_t count)
{
  Settling *settling = data;

  if (++settling->rings < 2)
    pw_loop_signal_event (pw_thread_loop_get_loop (settling->pipewire->loop), settling->bell);
  else
    pw_thread_loop_signal (settling->pipewire->loop, FALSE);
}

/* Lets the thread go once through everything that is queued for it: what rings twice was rung the
 * second time when the rest of the first round had been done. */
static void
settle (BedPipewire *self)
{
  struct pw_loop *loop = pw_thread_loop_get_loop (self->loop);
  Settling settling = { .pipewire = self };

  settling.bell = pw_loop_add_event (loop, on_bell, &settling);
  if (settling.bell == NULL)
    return;
  pw_loop_signal_event (loop, settling.bell);
  while (settling.rings < 2)
    pw_thread_loop_wait (self->loop);
  pw_loop_destroy_source (loop, settling.bell);
}

/* PipeWire 0.3.65 queues the `process` of a stream for this thread with a bare pointer and does not
 * take it out again in pw_stream_destroy(): a picture that comes while the stream is destroyed
 * would be told of freed memory. So no more may come, then all that came goes by, then it goes. */
void
bed_pipewire_close_stream (BedPipewire *self, struct pw_stream *stream, struct spa_hook *listener)
{
  bed_pipewire_lock (self);
  spa_hook_remove (listener);
  pw_stream_disconnect (stream);
  settle (self);
  pw_stream_destroy (stream);
  bed_pipewire_unlock (self);
}
