/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-export-private.h"
#include "bed-audit-private.h"

#define FLUSH_AT (64 * 1024)

typedef struct
{
  const BedAuditWriter *writer;
  BedAuditWriting writing;
  char *clinic;       /* owned */
  char *version;      /* owned */
  GOutputStream *out; /* owned */
  GString *text;      /* owned */
  gboolean begun;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_free (self->clinic);
  g_free (self->version);
  g_object_unref (self->out);
  g_string_free (self->text, TRUE);
  g_free (self);
}

char *
bed_audit_format_time (gint64 real_us)
{
  gint64 seconds = real_us / G_USEC_PER_SEC - (real_us % G_USEC_PER_SEC < 0);
  int micro = (int) (real_us - seconds * G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = NULL;

  if (time == NULL) /* beyond the year 9999: the exact number stands beside it */
    return g_strdup ("9999-12-31T23:59:59.999999Z");
  text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%06dZ", text, micro);
}

static gboolean
flush (Export *self, GError **error)
{
  if (!g_output_stream_write_all (self->out, self->text->str, self->text->len, NULL, NULL, error))
    return FALSE;
  g_string_truncate (self->text, 0);
  return TRUE;
}

static gboolean
write_entry (const BedAuditEntry *entry, gpointer user_data, GError **error)
{
  Export *self = user_data;

  self->writer->entry (self->text, &self->writing, entry, !self->begun);
  self->begun = TRUE;
  return self->text->len < FLUSH_AT || flush (self, error);
}

static void
pass_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  Export *self = g_task_get_task_data (outer);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    self->writer->end (self->text);
  if (error == NULL && flush (self, &error))
    g_task_return_boolean (outer, TRUE);
  else
    g_task_return_error (outer, error);
}

void
bed_audit_log_export_async (BedAuditLog *self,
                            BedAuditFormat format,
                            const BedAuditExport *options,
                            GOutputStream *out,
                            BedAuditProgress progress,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *outer = g_task_new (self, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);
  BedAuditPass pass = { write_entry, export, progress, progress_data };

  g_task_set_source_tag (outer, bed_audit_log_export_async);
  g_task_set_task_data (outer, export, export_free);
  export->writer = format == BED_AUDIT_FORMAT_CSV ? &bed_audit_csv_writer : &bed_audit_fhir_writer;
  export->clinic = g_strdup (options->clinic != NULL ? options->clinic : "");
  export->version = g_strdup (options->version);
  export->writing = (BedAuditWriting) { export->clinic, export->version, options->now_us,
                                        options->patient_of, options->patient_data };
  export->out = g_object_ref (out);
  export->text = g_string_new (NULL);
  export->writer->begin (export->text, &export->writing);
  bed_audit_pass_run (self, g_task_new (self, cancellable, pass_done, outer), &pass);
}

gboolean
bed_audit_log_export_finish (BedAuditLog *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
