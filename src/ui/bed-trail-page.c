/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-trail-page.h"

#include <glib/gi18n.h>

#include "bed-record-text.h"
#include "bed-subpage.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedTrailPage
{
  AdwBin parent_instance;
  GtkListView *list;
  GtkWidget *verify, *export_fhir, *export_csv, *result_box;
  GtkProgressBar *progress;
  GtkImage *result_icon;
  GtkLabel *result;
  gint64 now_us;
};

enum
{
  VERIFY,
  EXPORT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedTrailPage, bed_trail_page, ADW_TYPE_BIN)

static void
verify_clicked (BedTrailPage *self)
{
  g_signal_emit (self, signals[VERIFY], 0);
}

static void
export_fhir_clicked (BedTrailPage *self)
{
  g_signal_emit (self, signals[EXPORT], 0, BED_AUDIT_FORMAT_FHIR);
}

static void
export_csv_clicked (BedTrailPage *self)
{
  g_signal_emit (self, signals[EXPORT], 0, BED_AUDIT_FORMAT_CSV);
}

static GtkWidget *
new_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  return label;
}

static void
row_bound (GtkSignalListItemFactory *factory, GtkListItem *item, BedTrailPage *self)
{
  BedTrailEntry *entry = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  const char *what = bed_record_text_event (bed_trail_entry_get_event (entry));
  g_autofree char *when = bed_time_text_when (bed_trail_entry_get_real_us (entry), self->now_us);
  const char *person = bed_trail_entry_get_person (entry);
  const char *who = bed_record_text_actor (bed_trail_entry_get_actor (entry));
  g_autofree char *about
      = g_strdup_printf ("%" G_GUINT64_FORMAT " · %s · %s%s%s", bed_trail_entry_get_sequence (entry),
                         when, person, *person != '\0' ? " · " : "", who);
  g_autofree char *spoken = g_strdup_printf ("%s, %s", what, about);
  GtkWidget *small = new_label (about, "small");

  gtk_widget_add_css_class (small, "numeric");
  gtk_widget_add_css_class (small, "dim-label");
  gtk_box_append (GTK_BOX (box), new_label (what, NULL));
  gtk_box_append (GTK_BOX (box), small);
  gtk_widget_set_margin_top (box, 5);
  gtk_widget_set_margin_bottom (box, 5);
  gtk_widget_set_tooltip_text (box, bed_trail_entry_get_subject (entry));
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
  bed_ui_set_name (gtk_widget_get_parent (box), spoken);
}

static void
row_unbound (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, NULL);
}

static void
bed_trail_page_class_init (BedTrailPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  g_type_ensure (BED_TYPE_SUBPAGE);
  signals[VERIFY]
      = g_signal_new ("verify", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EXPORT] = g_signal_new ("export", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-trail-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedTrailPage, child)
  BIND (list);
  BIND (verify);
  BIND (export_fhir);
  BIND (export_csv);
  BIND (result_box);
  BIND (result_icon);
  BIND (result);
  BIND (progress);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, verify_clicked);
  gtk_widget_class_bind_template_callback (widget_class, export_fhir_clicked);
  gtk_widget_class_bind_template_callback (widget_class, export_csv_clicked);
}

static void
bed_trail_page_init (BedTrailPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bound), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbound), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
}

BedTrailPage *
bed_trail_page_new (void)
{
  return g_object_new (BED_TYPE_TRAIL_PAGE, NULL);
}

void
bed_trail_page_set_entries (BedTrailPage *self, GListModel *entries, gint64 now_us)
{
  g_autoptr (GtkNoSelection) selection
      = entries != NULL ? gtk_no_selection_new (g_object_ref (entries)) : NULL;

  self->now_us = now_us;
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

void
bed_trail_page_set_progress (BedTrailPage *self, double fraction)
{
  GtkWidget *buttons[] = { self->verify, self->export_fhir, self->export_csv };

  gtk_widget_set_visible (GTK_WIDGET (self->progress), fraction >= 0);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    gtk_widget_set_sensitive (buttons[i], fraction < 0);
}

void
bed_trail_page_set_result (BedTrailPage *self, gboolean good, const char *text)
{
  bed_trail_page_set_progress (self, -1);
  gtk_label_set_label (self->result, text);
  gtk_image_set_from_icon_name (self->result_icon,
                                good ? "bedside-seal-symbolic" : "dialog-warning-symbolic");
  gtk_widget_remove_css_class (self->result_box, good ? "error-box" : "note-box");
  gtk_widget_add_css_class (self->result_box, good ? "note-box" : "error-box");
  gtk_widget_set_visible (self->result_box, TRUE);
}

static char *
dup_verdict (const BedTrailReport *report)
{
  gulong length = (gulong) report->length, position = (gulong) report->position;

  switch (report->verdict)
    {
    case BED_AUDIT_INTACT:
      return g_strdup_printf (ngettext ("Intact: %lu entry, unchanged and without a gap.",
                                        "Intact: %lu entries, unchanged and without a gap.",
                                        length),
                              length);
    case BED_AUDIT_ALTERED:
      return g_strdup_printf (_("Entry %lu was changed after it was written."), position);
    case BED_AUDIT_UNLINKED:
      return g_strdup_printf (_("Before entry %lu something was deleted, moved or put in."),
                              position);
    case BED_AUDIT_TRUNCATED:
      return g_strdup_printf (_("Entries after %lu are missing."), position);
    case BED_AUDIT_REPLACED:
    default:
      return g_strdup_printf (_("From entry %lu on this is another trail."), position);
    }
}

void
bed_trail_page_set_report (BedTrailPage *self, const BedTrailReport *report)
{
  gboolean good = report->verdict == BED_AUDIT_INTACT;
  g_autofree char *verdict = dup_verdict (report);
  g_autofree char *text = g_strdup_printf (
      "%s %s", verdict,
      !good              ? _("Tell the clinic’s administrator, and keep this computer as it is.")
      : report->anchored ? _("Its end is the one that was kept outside the record.")
                         : _("Bedside cannot tell whether its end was cut off: nothing was kept "
                             "outside the record yet."));

  bed_trail_page_set_result (self, good, text);
}
