/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-private.h"

/* So many entries are read and hashed in a few milliseconds. */
#define PIECE 500

typedef struct
{
  BedAuditLog *log; /* owned */
  GTask *task;      /* owned */
  BedAuditPass pass;
  guint64 next;  /* the sequence number to go on from */
  guint64 seen;
  guint64 total; /* the head when it began */
  guint in_piece;
  gboolean ended; /* by `entry` */
  GError *error;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_object_unref (run->log);
  g_object_unref (run->task);
  g_clear_error (&run->error);
  g_free (run);
}

static gboolean
take_entry (const BedAuditEntry *entry, gpointer user_data)
{
  Run *run = user_data;

  if (run->in_piece == PIECE)
    return FALSE;
  run->in_piece++;
  run->seen++;
  /* Never backwards, whatever the sink says: a pass has an end. */
  run->next = MAX (entry->sequence, run->next) + 1;
  run->ended = !run->pass.entry (entry, run->pass.data, &run->error);
  return !run->ended;
}

/* FALSE: there is nothing more to read, or it failed. */
static gboolean
run_piece (Run *run)
{
  GError *inner = NULL;

  run->in_piece = 0;
  if (!bed_audit_log_require_open (run->log, &run->error))
    return FALSE;
  if (!run->log->vtable->each (run->log->sink, run->next, take_entry, run, &inner))
    {
      g_clear_error (&run->error);
      return bed_audit_fail_sink (inner, &run->error);
    }
  if (run->pass.progress != NULL)
    run->pass.progress (run->seen, MAX (run->total, run->seen), run->pass.progress_data);
  return !run->ended && run->in_piece == PIECE;
}

static gboolean
on_piece (gpointer data)
{
  Run *run = data;

  if (g_task_return_error_if_cancelled (run->task))
    return G_SOURCE_REMOVE;
  if (run_piece (run))
    return G_SOURCE_CONTINUE;
  if (run->error != NULL)
    g_task_return_error (run->task, g_steal_pointer (&run->error));
  else
    g_task_return_boolean (run->task, TRUE);
  return G_SOURCE_REMOVE;
}

void
bed_audit_pass_run (BedAuditLog *self, GTask *task_taken, const BedAuditPass *pass)
{
  g_autoptr (GSource) source = NULL;
  BedAuditHead head;
  GError *error = NULL;
  Run *run;

  if (!bed_audit_log_get_head (self, &head, &error))
    {
      g_task_return_error (task_taken, error);
      g_object_unref (task_taken);
      return;
    }
  run = g_new0 (Run, 1);
  run->log = g_object_ref (self);
  run->task = task_taken;
  run->pass = *pass;
  run->total = head.sequence;
  source = g_idle_source_new ();
  g_source_set_callback (source, on_piece, run, run_free);
  g_source_attach (source, g_task_get_context (task_taken));
}

/* --- Verify ----------------------------------------------------------------------------------- */

typedef struct
{
  BedAuditHead anchor;
  BedAuditWalk walk;
} Verify;

static gboolean
verify_entry (const BedAuditEntry *entry, gpointer user_data, GError **error)
{
  Verify *verify = user_data;

  return bed_audit_walk_entry (&verify->walk, entry);
}

void
bed_audit_log_verify_async (BedAuditLog *self,
                            const BedAuditHead *anchor,
                            BedAuditProgress progress,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Verify *verify = g_new0 (Verify, 1);
  BedAuditPass pass = { verify_entry, verify, progress, progress_data };

  g_task_set_source_tag (task, bed_audit_log_verify_async);
  g_task_set_task_data (task, verify, g_free);
  if (anchor != NULL)
    verify->anchor = *anchor;
  bed_audit_walk_init (&verify->walk, anchor != NULL ? &verify->anchor : NULL);
  bed_audit_pass_run (self, task, &pass);
}

gboolean
bed_audit_log_verify_finish (BedAuditLog *self,
                             GAsyncResult *result,
                             BedAuditVerdict *verdict,
                             guint64 *position,
                             GError **error)
{
  Verify *verify = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *verdict = bed_audit_walk_end (&verify->walk, position);
  return TRUE;
}

static gboolean
walk_each (const BedAuditEntry *entry, gpointer user_data)
{
  return bed_audit_walk_entry (user_data, entry);
}

gboolean
bed_audit_log_verify (BedAuditLog *self,
                      const BedAuditHead *anchor,
                      BedAuditVerdict *verdict,
                      guint64 *position,
                      GError **error)
{
  BedAuditWalk walk;
  GError *inner = NULL;

  if (!bed_audit_log_require_open (self, error))
    return FALSE;
  bed_audit_walk_init (&walk, anchor);
  if (!self->vtable->each (self->sink, 0, walk_each, &walk, &inner))
    return bed_audit_fail_sink (inner, error);
  *verdict = bed_audit_walk_end (&walk, position);
  return TRUE;
}
