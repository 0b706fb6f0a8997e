/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-post-private.h"

typedef struct
{
  GWeakRef object;
  BedPostFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Post;

static void
post_free (gpointer data)
{
  Post *post = data;

  g_weak_ref_clear (&post->object);
  if (post->destroy != NULL && post->data != NULL)
    post->destroy (post->data);
  g_free (post);
}

static gboolean
post_run (gpointer data)
{
  Post *post = data;
  g_autoptr (GObject) object = g_weak_ref_get (&post->object);

  if (object != NULL)
    post->func (object, post->data);
  return G_SOURCE_REMOVE;
}

void
bed_post (gpointer object, BedPostFunc func, gpointer data, GDestroyNotify destroy)
{
  Post *post = g_new0 (Post, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  g_weak_ref_init (&post->object, object);
  post->func = func;
  post->data = data;
  post->destroy = destroy;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, post_run, post, post_free);
  g_source_attach (source, NULL);
}
