/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-engine-mailbox-private.h"

struct _BedEngineMailbox
{
  gatomicrefcount references;
  GMutex mutex; /* guards queue and open */
  GQueue queue;
  gboolean open;
  guint64 dropped;
  GSource *source; /* owned */
  BedEngineTellFunc func;
  gpointer user_data;
};

static void
tell_free (BedEngineTell *tell)
{
  g_free (tell->text);
  g_free (tell->mid);
  g_clear_error (&tell->error);
  g_clear_pointer (&tell->bytes, g_bytes_unref);
  g_free (tell);
}

static BedEngineTell *
take (BedEngineMailbox *self)
{
  BedEngineTell *tell;

  g_mutex_lock (&self->mutex);
  tell = g_queue_pop_head (&self->queue);
  g_mutex_unlock (&self->mutex);
  return tell;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs SOURCE_FUNCS = { .dispatch = dispatch };

static gboolean
hand_out (gpointer data)
{
  BedEngineMailbox *self = data;
  BedEngineTell *tell;

  bed_engine_mailbox_ref (self);
  g_source_set_ready_time (self->source, -1);
  /* A handler may dispose the engine, which closes this and empties the queue. */
  while ((tell = take (self)) != NULL)
    {
      self->func (tell, self->user_data);
      tell_free (tell);
    }
  bed_engine_mailbox_unref (self);
  return G_SOURCE_CONTINUE;
}

BedEngineMailbox *
bed_engine_mailbox_new (BedEngineTellFunc func, gpointer user_data)
{
  BedEngineMailbox *self = g_new0 (BedEngineMailbox, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->queue);
  self->open = TRUE;
  self->func = func;
  self->user_data = user_data;
  self->source = g_source_new (&SOURCE_FUNCS, sizeof (GSource));
  g_source_set_callback (self->source, hand_out, self, NULL);
  g_source_set_ready_time (self->source, -1);
  g_source_attach (self->source, context);
  return self;
}

BedEngineMailbox *
bed_engine_mailbox_ref (BedEngineMailbox *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bed_engine_mailbox_unref (BedEngineMailbox *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_queue_clear_full (&self->queue, (GDestroyNotify) tell_free);
  g_source_unref (self->source);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static gboolean
has_room (BedEngineMailbox *self, BedEngineTellKind kind)
{
  switch (kind)
    {
    case BED_ENGINE_TELL_MESSAGE:
      return self->queue.length < BED_ENGINE_MAILBOX_MAX;
    case BED_ENGINE_TELL_DATA:
      return self->queue.length < BED_ENGINE_MAILBOX_MAX_DATA;
    default:
      return TRUE;
    }
}

static void
put (BedEngineMailbox *self, BedEngineTell *tell)
{
  gboolean taken;

  g_mutex_lock (&self->mutex);
  taken = self->open && has_room (self, tell->kind);
  if (taken)
    g_queue_push_tail (&self->queue, tell);
  else
    self->dropped++;
  g_mutex_unlock (&self->mutex);
  if (taken)
    g_source_set_ready_time (self->source, 0);
  else
    tell_free (tell);
}

void
bed_engine_mailbox_tell (BedEngineMailbox *self, BedEngineTellKind kind, int number,
                         const char *text, const char *mid, GError *error)
{
  BedEngineTell *tell = g_new0 (BedEngineTell, 1);

  *tell = (BedEngineTell){ kind, number, g_strdup (text), g_strdup (mid), error, NULL };
  put (self, tell);
}

void
bed_engine_mailbox_tell_data (BedEngineMailbox *self, GBytes *bytes)
{
  BedEngineTell *tell = g_new0 (BedEngineTell, 1);

  tell->kind = BED_ENGINE_TELL_DATA;
  tell->bytes = g_bytes_ref (bytes);
  put (self, tell);
}

void
bed_engine_mailbox_close (BedEngineMailbox *self)
{
  g_source_destroy (self->source);
  g_mutex_lock (&self->mutex);
  self->open = FALSE;
  g_queue_clear_full (&self->queue, (GDestroyNotify) tell_free);
  g_queue_init (&self->queue);
  g_mutex_unlock (&self->mutex);
}
