/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-retention-desk.h"

#include <glib/gi18n.h>

#include "bed-attachment.h"
#include "bed-dialogs.h"
#include "bed-error-text.h"
#include "bed-file-choice.h"
#include "bed-phrases-desk.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-record-trail.h"
#include "bed-retention-page.h"
#include "bed-toast.h"

struct _BedRetentionDesk
{
  GObject parent_instance;
  BedClock *clock;        /* owned */
  BedRecordStore *store;  /* owned while open */
  BedRetentionPage *page; /* weak */
  AdwPreferencesWindow *window; /* weak */
  BedRetentionItem *subject;    /* owned: what is asked about */
  GtkFileChooserNative *chooser; /* owned while it is asked where to */
};

G_DEFINE_FINAL_TYPE (BedRetentionDesk, bed_retention_desk, G_TYPE_OBJECT)

static void
tell (BedRetentionDesk *self, const char *text)
{
  if (self->window != NULL)
    adw_preferences_window_add_toast (self->window, bed_toast_new (self->window, text, NULL));
}

static void
show (BedRetentionDesk *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) due = NULL, deleted = NULL, erased = NULL;
  gint64 now = bed_clock_get_real_us (self->clock);

  if (self->page == NULL || self->store == NULL)
    return;
  for (guint kind = 0; kind < BED_RETENTION_N_RULES; kind++)
    {
      BedRetentionRule rule;
      if (bed_record_store_get_retention (self->store, kind, &rule, NULL))
        bed_retention_page_set_rule (self->page, kind, &rule);
    }
  due = bed_record_store_list_due (self->store, BED_RETENTION_WARN_DAYS, &error);
  deleted = error == NULL ? bed_record_store_list_deleted (self->store, &error) : NULL;
  erased = error == NULL ? bed_record_store_list_statements (self->store, "erasure", &error) : NULL;
  if (error != NULL)
    tell (self, bed_error_text (error));
  bed_retention_page_set_lists (self->page, due, deleted, now);
  bed_retention_page_set_erased (self->page, erased, now);
}

static void
set_rule (BedRetentionDesk *self, int kind, guint years, guint minor_until)
{
  BedRetentionRule rule = { years, minor_until };
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_set_retention (self->store, kind, &rule, &error))
    tell (self, bed_error_text (error));
  show (self);
}

static void
take_back (BedRetentionDesk *self, BedRetentionItem *item, GError **error)
{
  gint64 id = bed_retention_item_get_id (item);
  g_autoptr (BedNote) note = NULL;

  switch (bed_retention_item_get_kind (item))
    {
    case BED_RETENTION_DRAFT:
      note = bed_record_store_restore_note (self->store, id, error);
      break;
    case BED_RETENTION_FILE:
      bed_record_store_restore_attachment (self->store, id, error);
      break;
    case BED_RETENTION_TEMPLATE:
      bed_record_store_restore_template (self->store, bed_retention_item_get_uuid (item), error);
      break;
    case BED_RETENTION_SNIPPET:
      bed_record_store_restore_snippet (self->store, id, error);
      break;
    default:
      bed_record_store_recover_patient (self->store, id, error);
      break;
    }
}

static void
recover (BedRetentionDesk *self, BedRetentionItem *item)
{
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  take_back (self, item, &error);
  if (error != NULL)
    tell (self, bed_retention_item_get_kind (item) == BED_RETENTION_SNIPPET
                    ? bed_phrases_restore_text (error)
                    : bed_error_text (error));
  show (self);
}

static void
erased (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedRetentionDesk) self = data;
  g_autoptr (GError) error = NULL;
  gboolean good = bed_record_store_erase_finish (BED_RECORD_STORE (source), result, &error);

  tell (self, good ? _("Erased. The audit trail keeps that it was, and no content.")
                   : bed_error_text (error));
  if (self->page != NULL)
    bed_retention_page_set_busy (self->page, FALSE);
  show (self);
}

static void
erase_answered (GObject *object, const char *answer)
{
  BedRetentionDesk *self = BED_RETENTION_DESK (object);
  g_autoptr (GListStore) items = g_list_store_new (BED_TYPE_RETENTION_ITEM);

  if (self->store == NULL || self->subject == NULL || self->page == NULL)
    return;
  g_list_store_append (items, self->subject);
  bed_retention_page_set_busy (self->page, TRUE);
  bed_record_store_erase_async (self->store, G_LIST_MODEL (items), NULL, erased,
                                g_object_ref (self));
}

static const char *
what_goes (BedRetentionKind kind)
{
  if (kind == BED_RETENTION_DRAFT)
    return _("The text of this draft goes from this record for good. Backups, and a record that a "
             "restored backup replaced, keep what they have until they are removed.");
  if (kind == BED_RETENTION_FILE)
    return _("This file goes from this record for good. Backups, and a record that a restored "
             "backup replaced, keep what they have until they are removed.");
  if (kind == BED_RETENTION_TEMPLATE || kind == BED_RETENTION_SNIPPET)
    return _("It goes from this record for good; what was written with it stays. Backups, and a "
             "record that a restored backup replaced, keep what they have until they are removed.");
  if (kind == BED_RETENTION_CHAT)
    return _("The messages that were kept of this consultation go from this record for good. The "
             "consultation itself, its notes, files and consents stay. Backups, and a record that a "
             "restored backup replaced, keep what they have until they are removed.");
  return _("Notes, consultations, consents, files and chat go from this record for good. Backups, "
           "and a record that a restored backup replaced, keep what they have until they are "
           "removed.");
}

/* (transfer full) */
static char *
dup_question (BedRetentionItem *item)
{
  const char *name = bed_retention_item_get_name (item);
  const char *patient = bed_retention_item_get_patient (item);
  BedRetentionKind kind = bed_retention_item_get_kind (item);

  name = *name != '\0' ? name : _("No name");
  if (*patient != '\0')
    /* Translators: the first %s is the name of a file, the second a patient's */
    return g_strdup_printf (_("Erase %s, a file of %s, for good?"), name, patient);
  /* Translators: %s is a patient's name, or that of a file, a template or a snippet */
  return g_strdup_printf (kind == BED_RETENTION_DRAFT  ? _("Erase the draft about %s for good?")
                          : kind == BED_RETENTION_CHAT ? _("Erase the kept chat with %s for good?")
                                                       : _("Erase %s for good?"),
                          name);
}

static void
erase (BedRetentionDesk *self, BedRetentionItem *item)
{
  g_autofree char *title = dup_question (item);

  g_set_object (&self->subject, item);
  bed_dialog_confirm (GTK_WINDOW (self->window), title,
                      what_goes (bed_retention_item_get_kind (item)), _("Erase for good"), TRUE,
                      erase_answered, G_OBJECT (self));
}

static void
place_chosen (BedRetentionDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (file == NULL || self->store == NULL)
    return;
  if (path == NULL)
    tell (self, _("This folder cannot be written. Choose another place."));
  else if (bed_record_store_export_statements (self->store, "erasure", path, &error))
    tell (self, _("Saved, with the hash that the audit trail has of each. It names nobody."));
  else
    tell (self, bed_error_text (error));
}

static void
export (BedRetentionDesk *self)
{
  bed_file_choice_open (&self->chooser, GTK_WINDOW (self->window), GTK_FILE_CHOOSER_ACTION_SAVE,
                        _("Save as"), "erasures.txt", G_CALLBACK (place_chosen), self);
}

void
bed_retention_desk_open (BedRetentionDesk *self, AdwPreferencesWindow *window)
{
  if (self->store == NULL)
    return;
  g_set_weak_pointer (&self->window, window);
  g_set_weak_pointer (&self->page, bed_retention_page_new ());
  g_signal_connect_object (self->page, "rule", G_CALLBACK (set_rule), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "erase", G_CALLBACK (erase), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "export", G_CALLBACK (export), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "recover", G_CALLBACK (recover), self, G_CONNECT_SWAPPED);
  show (self);
  adw_preferences_window_present_subpage (window, GTK_WIDGET (self->page));
}

void
bed_retention_desk_set_store (BedRetentionDesk *self, BedRecordStore *store)
{
  if (store == NULL && self->page != NULL)
    {
      bed_retention_page_set_lists (self->page, NULL, NULL, 0);
      bed_retention_page_set_erased (self->page, NULL, 0);
    }
  if (store == NULL)
    {
      g_clear_object (&self->subject);
      g_clear_object (&self->chooser);
    }
  g_set_object (&self->store, store);
}

static void
bed_retention_desk_dispose (GObject *object)
{
  BedRetentionDesk *self = BED_RETENTION_DESK (object);

  g_clear_weak_pointer (&self->page);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->chooser);
  g_clear_object (&self->subject);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_retention_desk_parent_class)->dispose (object);
}

static void
bed_retention_desk_class_init (BedRetentionDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_retention_desk_dispose;
}

static void
bed_retention_desk_init (BedRetentionDesk *self)
{
}

BedRetentionDesk *
bed_retention_desk_new (BedClock *clock)
{
  BedRetentionDesk *self = g_object_new (BED_TYPE_RETENTION_DESK, NULL);

  self->clock = g_object_ref (clock);
  return self;
}
