/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-hasher.h"

#include <sodium.h>

#define OPS 2
#define MEMORY (16 * 1024 * 1024)

typedef struct
{
  BedSecret *secret;
  char *verifier;
  BedSecret *fresh;
  BedHashFunc done;
  gpointer data;
  BedHashResult result;
} Job;

struct _BedHasher
{
  GThread *thread;
  GAsyncQueue *todo;
  GAsyncQueue *finished;
  char decoy[crypto_pwhash_STRBYTES];
  Job stop;
  gint waiting; /* atomic */
  BedHashWakeFunc wake;
  gpointer wake_data;
};

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->secret, bed_secret_unref);
  g_clear_pointer (&job->fresh, bed_secret_unref);
  g_free (job->verifier);
  g_free (job->result.hash);
  g_free (job);
}

static char *
hash_secret (const BedSecret *secret)
{
  char text[crypto_pwhash_STRBYTES];

  if (crypto_pwhash_str (text, (const char *)bed_secret_get_data (secret),
                         bed_secret_get_length (secret), OPS, MEMORY)
      != 0)
    return NULL;
  return g_strdup (text);
}

static void
run_job (BedHasher *self, Job *job)
{
  if (job->secret)
    {
      int rc = crypto_pwhash_str_verify (job->verifier ? job->verifier : self->decoy,
                                         (const char *) bed_secret_get_data (job->secret),
                                         bed_secret_get_length (job->secret));
      job->result.verified = rc == 0 && job->verifier != NULL;
    }
  if (job->fresh && (!job->secret || job->result.verified))
    job->result.hash = hash_secret (job->fresh);
}

static gpointer
work (gpointer data)
{
  BedHasher *self = data;
  Job *job;

  while ((job = g_async_queue_pop (self->todo)) != &self->stop)
    {
      run_job (self, job);
      g_async_queue_push (self->finished, job);
      self->wake (self->wake_data);
    }
  return NULL;
}

BedHasher *
bed_hasher_new (BedHashWakeFunc wake, gpointer data)
{
  BedHasher *self = g_new0 (BedHasher, 1);
  g_autoptr (BedSecret) random = bed_secret_new_random (32);
  g_autofree char *decoy = hash_secret (random);

  if (!decoy)
    g_error ("No memory for the password hash");
  g_strlcpy (self->decoy, decoy, sizeof self->decoy);
  self->todo = g_async_queue_new ();
  self->finished = g_async_queue_new_full (job_free);
  self->wake = wake;
  self->wake_data = data;
  self->thread = g_thread_new ("hasher", work, self);
  return self;
}

void
bed_hasher_free (BedHasher *self)
{
  Job *job;

  g_async_queue_push_front (self->todo, &self->stop);
  g_thread_join (self->thread);
  while ((job = g_async_queue_try_pop (self->todo)))
    job_free (job);
  g_async_queue_unref (self->todo);
  g_async_queue_unref (self->finished);
  g_free (self);
}

gboolean
bed_hasher_push (BedHasher *self, BedSecret *secret, const char *verifier, BedSecret *fresh,
                 BedHashFunc done, gpointer data)
{
  Job *job;

  if (g_atomic_int_get (&self->waiting) >= BED_HASHER_QUEUE)
    return FALSE;
  g_atomic_int_inc (&self->waiting);
  job = g_new0 (Job, 1);
  job->secret = secret ? bed_secret_ref (secret) : NULL;
  job->verifier = g_strdup (verifier);
  job->fresh = fresh ? bed_secret_ref (fresh) : NULL;
  job->done = done;
  job->data = data;
  g_async_queue_push (self->todo, job);
  return TRUE;
}

void
bed_hasher_dispatch (BedHasher *self)
{
  Job *job;

  while ((job = g_async_queue_try_pop (self->finished)))
    {
      g_atomic_int_add (&self->waiting, -1);
      job->done (&job->result, job->data);
      job_free (job);
    }
}
