/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-trail-desk.h"

#include <glib/gi18n.h>

#include "bed-error-text.h"
#include "bed-file-choice.h"
#include "bed-trail-page.h"

struct _BedTrailDesk
{
  GObject parent_instance;
  BedSession *session;   /* owned */
  BedClock *clock;       /* owned */
  BedRecordStore *store; /* owned while open */
  BedTrailPage *page;    /* weak */
  GtkFileChooserNative *chooser; /* owned while it is open */
  GCancellable *running;         /* owned */
  BedAuditFormat format;
};

G_DEFINE_FINAL_TYPE (BedTrailDesk, bed_trail_desk, G_TYPE_OBJECT)

static void
tell (BedTrailDesk *self, gboolean good, const char *text)
{
  if (self->page != NULL)
    bed_trail_page_set_result (self->page, good, text);
}

static void
show_entries (BedTrailDesk *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) entries = bed_record_store_list_trail (self->store, 0, &error);

  if (entries == NULL)
    tell (self, FALSE, bed_error_text (error));
  else
    bed_trail_page_set_entries (self->page, entries, bed_clock_get_real_us (self->clock));
}

static void
progressed (guint64 done, guint64 total, gpointer data)
{
  BedTrailDesk *self = data;

  if (self->page != NULL && self->running != NULL)
    bed_trail_page_set_progress (self->page, total > 0 ? (double) done / (double) total : 0);
}

static gboolean
begin (BedTrailDesk *self)
{
  if (self->store == NULL || self->running != NULL)
    return FALSE;
  self->running = g_cancellable_new ();
  bed_trail_page_set_progress (self->page, 0);
  return TRUE;
}

static void
verified (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedTrailDesk) self = data;
  g_autoptr (GError) error = NULL;
  BedTrailReport report;
  gboolean read = bed_record_store_verify_trail_finish (BED_RECORD_STORE (source), result, &report,
                                                        &error);

  g_clear_object (&self->running);
  if (self->page == NULL)
    return;
  if (read)
    bed_trail_page_set_report (self->page, &report);
  else
    tell (self, FALSE, bed_error_text (error));
  if (self->store != NULL)
    show_entries (self);
}

static void
verify (BedTrailDesk *self)
{
  if (begin (self))
    bed_record_store_verify_trail_async (self->store, progressed, self, self->running, verified,
                                         g_object_ref (self));
}

static void
exported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedTrailDesk) self = data;
  g_autoptr (GError) error = NULL;
  gboolean good
      = bed_record_store_export_trail_finish (BED_RECORD_STORE (source), result, &error);

  g_clear_object (&self->running);
  tell (self, good,
        good ? _("Exported, with the hash of every entry. It names nobody.")
             : bed_error_text (error));
}

static void
place_chosen (BedTrailDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  if (file == NULL || self->page == NULL)
    return;
  if (path == NULL)
    tell (self, FALSE, _("This folder cannot be written. Choose another place."));
  else if (begin (self))
    bed_record_store_export_trail_async (self->store, path, self->format,
                                         bed_session_get_authority (self->session), progressed,
                                         self, self->running, exported, g_object_ref (self));
}

static void
export (BedTrailDesk *self, int format)
{
  self->format = format;
  bed_file_choice_open (&self->chooser, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self->page))),
                        GTK_FILE_CHOOSER_ACTION_SAVE, _("Save as"),
                        format == BED_AUDIT_FORMAT_CSV ? "audit-trail.csv" : "audit-trail.json",
                        G_CALLBACK (place_chosen), self);
}

void
bed_trail_desk_open (BedTrailDesk *self, AdwPreferencesWindow *window)
{
  if (self->store == NULL)
    return;
  g_set_weak_pointer (&self->page, bed_trail_page_new ());
  g_signal_connect_object (self->page, "verify", G_CALLBACK (verify), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "export", G_CALLBACK (export), self, G_CONNECT_SWAPPED);
  adw_preferences_window_present_subpage (window, GTK_WIDGET (self->page));
  show_entries (self);
}

void
bed_trail_desk_set_store (BedTrailDesk *self, BedRecordStore *store)
{
  if (store == NULL && self->running != NULL)
    g_cancellable_cancel (self->running);
  if (store == NULL && self->page != NULL)
    bed_trail_page_set_entries (self->page, NULL, 0);
  g_set_object (&self->store, store);
}

static void
bed_trail_desk_dispose (GObject *object)
{
  BedTrailDesk *self = BED_TRAIL_DESK (object);

  g_clear_weak_pointer (&self->page);
  g_clear_object (&self->chooser);
  g_clear_object (&self->running);
  g_clear_object (&self->store);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_trail_desk_parent_class)->dispose (object);
}

static void
bed_trail_desk_class_init (BedTrailDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_trail_desk_dispose;
}

static void
bed_trail_desk_init (BedTrailDesk *self)
{
}

BedTrailDesk *
bed_trail_desk_new (BedSession *session, BedClock *clock)
{
  BedTrailDesk *self = g_object_new (BED_TYPE_TRAIL_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  return self;
}
