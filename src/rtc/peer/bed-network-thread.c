/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-network-thread.h"

#include "bed-srtp.h"

struct _BedNetworkThread
{
  GObject parent_instance;

  BedClock *clock; /* owned */
  GMainContext *context; /* owned */
  GMainLoop *loop; /* owned (nullable): NULL, as the next, where the maker iterates the context */
  GThread *thread; /* owned (nullable) */
  BedSctpStack *stack; /* owned, its thread's */
  GThread *warmer; /* owned */
};

G_DEFINE_FINAL_TYPE (BedNetworkThread, bed_network_thread, G_TYPE_OBJECT)

typedef struct
{
  BedNetworkFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Post;

static gboolean
post_run (gpointer data)
{
  Post *post = data;

  post->func (post->user_data);
  return G_SOURCE_REMOVE;
}

static void
post_free (gpointer data)
{
  Post *post = data;

  if (post->destroy != NULL)
    post->destroy (post->user_data);
  g_free (post);
}

static gpointer
run (gpointer data)
{
  GMainLoop *loop = data;
  GMainContext *context = g_main_loop_get_context (loop);

  g_main_context_push_thread_default (context);
  g_main_loop_run (loop);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_main_loop_unref (loop);
  return NULL;
}

/* The first SRTP context of a process makes its crypto library load modules for 70 ms, which would
 * fall between the handshake and the first picture. One is made aside, early, and kept as long as
 * calls may come. */
static gpointer
warm_up (gpointer data)
{
  guint16 profile = BED_SRTP_AEAD_AES_256_GCM;
  g_autoptr (BedSecret) key = bed_secret_new_random (bed_srtp_profile_get_key_length (profile));

  return bed_srtp_new_send (profile, key, NULL);
}

static void
release_stack (gpointer data)
{
  BedNetworkThread *self = data;

  g_clear_object (&self->stack);
}

static void
bed_network_thread_dispose (GObject *object)
{
  BedNetworkThread *self = BED_NETWORK_THREAD (object);

  if (self->warmer != NULL)
    {
      BedSrtp *warm = g_thread_join (g_steal_pointer (&self->warmer));
      g_clear_pointer (&warm, bed_srtp_free);
    }
  if (self->thread != NULL)
    {
      gboolean inside = g_thread_self () == self->thread;
      if (inside)
        release_stack (self);
      else
        bed_network_thread_call (self, release_stack, self);
      g_main_loop_quit (self->loop);
      /* The last reference may go with a message that ran here: then nobody waits for the end. */
      if (inside)
        g_thread_unref (g_steal_pointer (&self->thread));
      else
        g_thread_join (g_steal_pointer (&self->thread));
    }
  release_stack (self); /* the maker's; a thread of our own has done it */
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_network_thread_parent_class)->dispose (object);
}

static void
bed_network_thread_class_init (BedNetworkThreadClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_network_thread_dispose;
}

static void
bed_network_thread_init (BedNetworkThread *self)
{
}

typedef struct
{
  BedNetworkThread *self;
  GError **error;
} MakeStack;

static void
make_stack (gpointer data)
{
  MakeStack *make = data;

  make->self->stack = bed_sctp_stack_new (bed_network_thread_now (make->self), make->error);
}

BedNetworkThread *
bed_network_thread_new (BedClock *clock, GError **error)
{
  g_autoptr (BedNetworkThread) self = g_object_new (BED_TYPE_NETWORK_THREAD, NULL);
  MakeStack make = { self, error };

  self->clock = g_object_ref (clock);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->warmer = g_thread_new ("bed-warm-up", warm_up, NULL);
  self->thread = g_thread_new ("bed-network", run, g_main_loop_ref (self->loop));
  bed_network_thread_call (self, make_stack, &make);
  return self->stack != NULL ? g_steal_pointer (&self) : NULL;
}

BedNetworkThread *
bed_network_thread_new_for_context (BedClock *clock, GMainContext *context, GError **error)
{
  g_autoptr (BedNetworkThread) self = g_object_new (BED_TYPE_NETWORK_THREAD, NULL);
  MakeStack make = { self, error };

  self->clock = g_object_ref (clock);
  self->context = g_main_context_ref (context);
  make_stack (&make);
  return self->stack != NULL ? g_steal_pointer (&self) : NULL;
}

GMainContext *
bed_network_thread_get_context (BedNetworkThread *self)
{
  return self->context;
}

BedClock *
bed_network_thread_get_clock (BedNetworkThread *self)
{
  return self->clock;
}

gint64
bed_network_thread_now (BedNetworkThread *self)
{
  return bed_clock_get_monotonic_us (self->clock);
}

BedSctpStack *
bed_network_thread_get_sctp_stack (BedNetworkThread *self)
{
  return self->stack;
}

void
bed_network_thread_post (BedNetworkThread *self, BedNetworkFunc func, gpointer user_data,
                         GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Post *post = g_new (Post, 1);

  *post = (Post){ func, user_data, destroy };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, post_run, post, post_free);
  g_source_attach (source, self->context);
}

typedef struct
{
  BedNetworkFunc func;
  gpointer user_data;
  GMutex mutex;
  GCond cond;
  gboolean done;
} Call;

static void
call_run (gpointer data)
{
  Call *call = data;

  call->func (call->user_data);
  g_mutex_lock (&call->mutex);
  call->done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->mutex);
}

void
bed_network_thread_call (BedNetworkThread *self, BedNetworkFunc func, gpointer user_data)
{
  Call call = { .func = func, .user_data = user_data };

  g_return_if_fail (g_thread_self () != self->thread);
  if (self->thread == NULL)
    {
      func (user_data);
      return;
    }
  g_mutex_init (&call.mutex);
  g_cond_init (&call.cond);
  bed_network_thread_post (self, call_run, &call, NULL);
  g_mutex_lock (&call.mutex);
  while (!call.done)
    g_cond_wait (&call.cond, &call.mutex);
  g_mutex_unlock (&call.mutex);
  g_mutex_clear (&call.mutex);
  g_cond_clear (&call.cond);
}
