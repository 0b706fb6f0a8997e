/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-page.h"

#include <glib/gi18n.h>

#include "bed-subpage.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedBackupPage
{
  AdwBin parent_instance;
  AdwActionRow *folder, *last, *problem;
  AdwComboRow *interval;
  GtkSpinButton *keep;
  GtkWidget *now, *stop;
  GtkProgressBar *progress;
  AdwPreferencesGroup *kept;
  GPtrArray *kept_rows; /* borrowed from the group */
  gboolean loading, chosen;
};

enum
{
  CHOOSE_FOLDER,
  PLAN,
  RUN,
  STOP,
  RESTORE,
  PUT_BACK,
  REMOVE_KEPT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedBackupPage, bed_backup_page, ADW_TYPE_BIN)

static void
folder_activated (BedBackupPage *self)
{
  g_signal_emit (self, signals[CHOOSE_FOLDER], 0);
}

static void
now_activated (BedBackupPage *self)
{
  g_signal_emit (self, signals[RUN], 0);
}

static void
stop_clicked (BedBackupPage *self)
{
  gtk_widget_set_sensitive (self->stop, FALSE); /* until it has */
  g_signal_emit (self, signals[STOP], 0);
}

static void
restore_activated (BedBackupPage *self)
{
  g_signal_emit (self, signals[RESTORE], 0);
}

static void
plan_changed (BedBackupPage *self)
{
  if (!self->loading)
    g_signal_emit (self, signals[PLAN], 0, adw_combo_row_get_selected (self->interval),
                   (guint) gtk_spin_button_get_value_as_int (self->keep));
}

static void
kept_clicked (GtkWidget *button, BedBackupPage *self)
{
  g_signal_emit (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "signal")), 0,
                 GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "number")));
}

static void
bed_backup_page_finalize (GObject *object)
{
  g_ptr_array_unref (BED_BACKUP_PAGE (object)->kept_rows);
  G_OBJECT_CLASS (bed_backup_page_parent_class)->finalize (object);
}

static void
bed_backup_page_class_init (BedBackupPageClass *klass)
{
  static const char *const names[N_SIGNALS] = { "choose-folder", NULL, "run", "stop", "restore" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  g_type_ensure (BED_TYPE_SUBPAGE);
  for (guint i = 0; i < N_SIGNALS; i++)
    if (names[i] != NULL)
      signals[i]
          = g_signal_new (names[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PLAN] = g_signal_new ("plan", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                2, G_TYPE_INT, G_TYPE_UINT);
  signals[PUT_BACK] = g_signal_new ("put-back", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[REMOVE_KEPT] = g_signal_new ("remove-kept", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_UINT);
  G_OBJECT_CLASS (klass)->finalize = bed_backup_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-backup-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedBackupPage, child)
  BIND (folder);
  BIND (last);
  BIND (problem);
  BIND (interval);
  BIND (keep);
  BIND (now);
  BIND (stop);
  BIND (progress);
  BIND (kept);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, folder_activated);
  gtk_widget_class_bind_template_callback (widget_class, now_activated);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked);
  gtk_widget_class_bind_template_callback (widget_class, restore_activated);
}

static void
bed_backup_page_init (BedBackupPage *self)
{
  static const char *const names[] = { N_("Only by hand"), N_("Every day"), N_("Every week") };
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  self->loading = TRUE;
  self->kept_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_string_list_append (list, _(names[i]));
  adw_combo_row_set_model (self->interval, G_LIST_MODEL (list));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->folder), FALSE);
  g_signal_connect_object (self->interval, "notify::selected", G_CALLBACK (plan_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keep, "value-changed", G_CALLBACK (plan_changed), self,
                           G_CONNECT_SWAPPED);
  self->loading = FALSE;
}

BedBackupPage *
bed_backup_page_new (void)
{
  return g_object_new (BED_TYPE_BACKUP_PAGE, NULL);
}

void
bed_backup_page_set_plan (BedBackupPage *self, const char *folder, BedBackupInterval interval,
                          guint keep)
{
  self->loading = TRUE;
  self->chosen = folder != NULL && *folder != '\0';
  adw_action_row_set_subtitle (
      self->folder, folder == NULL ? _("The plan of the backups could not be read, so none is made "
                                       "by itself. Choose the folder again, and how often.")
                    : self->chosen ? folder
                                   : _("Not chosen yet"));
  adw_combo_row_set_selected (self->interval, interval);
  gtk_spin_button_set_value (self->keep, keep);
  gtk_widget_set_sensitive (GTK_WIDGET (self->interval), self->chosen);
  gtk_widget_set_sensitive (self->now, self->chosen);
  self->loading = FALSE;
}

void
bed_backup_page_set_state (BedBackupPage *self, gint64 last_us, const char *unnoted,
                           const char *problem, double fraction, gint64 now_us)
{
  g_autofree char *when = last_us > 0 ? bed_time_text_when (last_us, now_us) : NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->last),
                                 when != NULL ? when : _("None yet"));
  adw_action_row_set_subtitle (self->last, unnoted != NULL ? unnoted
                                           : when != NULL  ? _("Read back, and whole")
                                                           : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  adw_action_row_set_subtitle (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->progress), fraction >= 0);
  gtk_widget_set_visible (self->stop, fraction >= 0);
  if (fraction < 0)
    gtk_widget_set_sensitive (self->stop, TRUE);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
  gtk_widget_set_sensitive (self->now, self->chosen && fraction < 0);
}

static void
add_button (BedBackupPage *self, GtkWidget *row, GtkWidget *button, guint signal, guint number)
{
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (button), "signal", GUINT_TO_POINTER (signal));
  g_object_set_data (G_OBJECT (button), "number", GUINT_TO_POINTER (number));
  g_signal_connect_object (button, "clicked", G_CALLBACK (kept_clicked), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_kept (BedBackupPage *self, const BedSetAside *kept, guint number, gint64 now_us)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *bin = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *when = bed_time_text_when_inside (kept->until_us, now_us);
  /* Translators: %s is a time or a day and a time */
  g_autofree char *title
      = kept->whole
            ? g_strdup_printf (_("The record that was here until %s"), when)
            /* Translators: %s is a time or a day and a time */
            : g_strdup_printf (_("What is left of the record that was here until %s"), when);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  bed_ui_set_name (bin, _("Remove this record…"));
  gtk_widget_set_tooltip_text (bin, _("Remove this record…"));
  gtk_widget_add_css_class (bin, "flat");
  if (kept->whole)
    add_button (self, row, gtk_button_new_with_label (_("Put it back…")), signals[PUT_BACK], number);
  else
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                                 _("It could not be removed as a whole. Remove it once more."));
  add_button (self, row, bin, signals[REMOVE_KEPT], number);
  adw_preferences_group_add (self->kept, row);
  g_ptr_array_add (self->kept_rows, row);
}

void
bed_backup_page_set_kept (BedBackupPage *self, GPtrArray *kept, gint64 now_us)
{
  for (guint i = 0; i < self->kept_rows->len; i++)
    adw_preferences_group_remove (self->kept, g_ptr_array_index (self->kept_rows, i));
  g_ptr_array_set_size (self->kept_rows, 0);
  for (guint i = 0; i < kept->len; i++)
    add_kept (self, g_ptr_array_index (kept, i), i, now_us);
  gtk_widget_set_visible (GTK_WIDGET (self->kept), kept->len > 0);
}
