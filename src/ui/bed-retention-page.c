/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-retention-page.h"

#include <glib/gi18n.h>

#include "bed-erasure-text.h"
#include "bed-record-text.h"
#include "bed-record-trail.h"
#include "bed-subpage.h"
#include "bed-time-text.h"
#include "bed-ui.h"

enum
{
  DUE,
  DELETED,
  ERASED,
  N_LISTS
};

struct _BedRetentionPage
{
  AdwBin parent_instance;
  GtkSpinButton *patient, *minor, *visit, *chat;
  AdwPreferencesGroup *due, *deleted, *erased;
  GtkWidget *none_due, *none_deleted, *none_erased, *export;
  GPtrArray *rows[N_LISTS]; /* borrowed from the groups */
  gboolean loading;
};

enum
{
  RULE,
  ERASE,
  RECOVER,
  EXPORT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedRetentionPage, bed_retention_page, ADW_TYPE_BIN)

static guint
value_of (GtkSpinButton *spin)
{
  return (guint) gtk_spin_button_get_value_as_int (spin);
}

static void
changed (GtkSpinButton *spin, BedRetentionPage *self)
{
  BedRetentionKind kind = spin == self->visit  ? BED_RETENTION_VISIT
                          : spin == self->chat ? BED_RETENTION_CHAT
                                               : BED_RETENTION_PATIENT;
  GtkSpinButton *spins[] = { self->patient, self->visit, self->chat };

  if (!self->loading)
    g_signal_emit (self, signals[RULE], 0, kind, value_of (spins[kind]),
                   kind == BED_RETENTION_PATIENT ? value_of (self->minor) : 0);
}

static void
clicked (GtkWidget *button, BedRetentionPage *self)
{
  g_autoptr (GObject) item = g_object_ref (g_object_get_data (G_OBJECT (button), "item"));

  g_signal_emit (self,
                 signals[GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "signal"))], 0,
                 item);
}

static void
export_clicked (BedRetentionPage *self)
{
  g_signal_emit (self, signals[EXPORT], 0);
}

static void
bed_retention_page_finalize (GObject *object)
{
  for (guint i = 0; i < N_LISTS; i++)
    g_ptr_array_unref (BED_RETENTION_PAGE (object)->rows[i]);
  G_OBJECT_CLASS (bed_retention_page_parent_class)->finalize (object);
}

static void
bed_retention_page_class_init (BedRetentionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  g_type_ensure (BED_TYPE_SUBPAGE);
  G_OBJECT_CLASS (klass)->finalize = bed_retention_page_finalize;
  signals[RULE] = g_signal_new ("rule", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                3, G_TYPE_INT, G_TYPE_UINT, G_TYPE_UINT);
  signals[ERASE] = g_signal_new ("erase", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, BED_TYPE_RETENTION_ITEM);
  signals[RECOVER] = g_signal_new ("recover", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, BED_TYPE_RETENTION_ITEM);
  signals[EXPORT]
      = g_signal_new ("export", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-retention-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedRetentionPage, child)
  BIND (patient);
  BIND (minor);
  BIND (visit);
  BIND (chat);
  BIND (due);
  BIND (deleted);
  BIND (none_due);
  BIND (none_deleted);
  BIND (erased);
  BIND (none_erased);
  BIND (export);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, export_clicked);
}

static void
bed_retention_page_init (BedRetentionPage *self)
{
  GtkSpinButton *spins[4];

  for (guint i = 0; i < N_LISTS; i++)
    self->rows[i] = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  spins[0] = self->patient;
  spins[1] = self->minor;
  spins[2] = self->visit;
  spins[3] = self->chat;
  for (guint i = 0; i < G_N_ELEMENTS (spins); i++)
    g_signal_connect_object (spins[i], "value-changed", G_CALLBACK (changed), self, 0);
}

BedRetentionPage *
bed_retention_page_new (void)
{
  return g_object_new (BED_TYPE_RETENTION_PAGE, NULL);
}

void
bed_retention_page_set_rule (BedRetentionPage *self, BedRetentionKind kind,
                             const BedRetentionRule *rule)
{
  GtkSpinButton *spins[] = { self->patient, self->visit, self->chat };

  self->loading = TRUE;
  gtk_spin_button_set_value (spins[kind], rule->years);
  if (kind == BED_RETENTION_PATIENT)
    gtk_spin_button_set_value (self->minor, rule->minor_until);
  self->loading = FALSE;
}

/* icon: (nullable): shown instead of the label. */
static void
add_button (BedRetentionPage *self, GtkWidget *row, const char *label, const char *icon, guint act,
            GObject *item)
{
  GtkWidget *button = icon != NULL ? gtk_button_new_from_icon_name (icon)
                                   : gtk_button_new_with_label (label);

  if (icon != NULL)
    {
      bed_ui_set_name (button, label);
      gtk_widget_set_tooltip_text (button, label);
      gtk_widget_add_css_class (button, "flat");
    }
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "item", g_object_ref (item), g_object_unref);
  g_object_set_data (G_OBJECT (button), "signal", GUINT_TO_POINTER (act));
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
new_action_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

static GtkWidget *
new_erased_row (BedRecordStatement *statement, gint64 now_us)
{
  const char *text = bed_record_statement_get_text (statement);
  g_autofree char *what = bed_erasure_text_what (text), *why = bed_erasure_text_why (text);
  g_autofree char *when = bed_time_text_when (bed_record_statement_get_real_us (statement), now_us);
  g_autofree char *about = g_strdup_printf (
      "%s · %s · %s", when, bed_record_text_actor (bed_record_statement_get_actor (statement)),
      why);

  return new_action_row (what, about);
}

/* (transfer full) */
static char *
dup_what (BedRetentionItem *item)
{
  static const char *const kinds[] = { N_("Everything of this patient"), N_("A consultation"),
                                       N_("Kept chat"), N_("A draft"), N_("A file"),
                                       N_("A template"), N_("A snippet") };
  const char *patient = bed_retention_item_get_patient (item);

  if (*patient != '\0')
    /* Translators: %s is a patient's name */
    return g_strdup_printf (_("A file of %s"), patient);
  return g_strdup (_(kinds[bed_retention_item_get_kind (item)]));
}

static GtkWidget *
new_row (BedRetentionPage *self, BedRetentionItem *item, gboolean is_deleted, gint64 now_us)
{
  GtkWidget *row;
  const char *name = bed_retention_item_get_name (item);
  gboolean held = bed_retention_item_get_held (item);
  gboolean ready = is_deleted || bed_retention_item_get_due_us (item) <= now_us;
  g_autofree char *day = bed_time_text_day (bed_retention_item_get_due_us (item), now_us);
  /* Translators: %s is a day */
  g_autofree char *when = ready ? g_strdup (day)
                                : g_strdup_printf (_("can be erased from %s on"), day);
  g_autofree char *what = dup_what (item);
  g_autofree char *about = g_strjoin (
      " · ", what, when, held ? _("Under legal hold: cannot be erased until it is lifted") : NULL,
      NULL);

  row = new_action_row (*name != '\0' ? name : _("No name"), about);
  if (is_deleted)
    add_button (self, row, _("Take back"), NULL, RECOVER, G_OBJECT (item));
  if (ready && !held)
    add_button (self, row, _("Erase…"), is_deleted ? "user-trash-symbolic" : NULL, ERASE,
                G_OBJECT (item));
  return row;
}

/* list: (nullable) */
static void
show_list (BedRetentionPage *self, guint which, GListModel *list, gint64 now_us)
{
  AdwPreferencesGroup *groups[] = { self->due, self->deleted, self->erased };
  GtkWidget *none[] = { self->none_due, self->none_deleted, self->none_erased };
  guint n = list != NULL ? g_list_model_get_n_items (list) : 0;

  for (guint i = 0; i < self->rows[which]->len; i++)
    adw_preferences_group_remove (groups[which], g_ptr_array_index (self->rows[which], i));
  g_ptr_array_set_size (self->rows[which], 0);
  gtk_widget_set_visible (none[which], n == 0);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (list, i);
      GtkWidget *row = which == ERASED
                           ? new_erased_row (BED_RECORD_STATEMENT (item), now_us)
                           : new_row (self, BED_RETENTION_ITEM (item), which == DELETED, now_us);
      adw_preferences_group_add (groups[which], row);
      g_ptr_array_add (self->rows[which], row);
    }
}

void
bed_retention_page_set_lists (BedRetentionPage *self, GListModel *due, GListModel *deleted,
                              gint64 now_us)
{
  show_list (self, DUE, due, now_us);
  show_list (self, DELETED, deleted, now_us);
}

void
bed_retention_page_set_erased (BedRetentionPage *self, GListModel *statements, gint64 now_us)
{
  show_list (self, ERASED, statements, now_us);
  gtk_widget_set_visible (self->export, self->rows[ERASED]->len > 0);
}

void
bed_retention_page_set_busy (BedRetentionPage *self, gboolean busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->due), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->deleted), !busy);
}
