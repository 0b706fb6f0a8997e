/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-filter.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedNoteFilter
{
  AdwBin parent_instance;
  GtkDropDown *state, *date, *template;
  GtkWidget *clear;
  GtkLabel *patient_label;
  BedPatient *patient; /* owned */
  GStrv template_ids;  /* owned; "" first */
  gboolean quiet;
};

enum
{
  CHANGED,
  CHOOSE_PATIENT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];
static const guint days[] = { 0, 1, 7, 30, 365 };

G_DEFINE_FINAL_TYPE (BedNoteFilter, bed_note_filter, ADW_TYPE_BIN)

static void
changed (BedNoteFilter *self)
{
  if (self->quiet)
    return;
  gtk_widget_set_sensitive (self->clear, bed_note_filter_is_active (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
patient_clicked (BedNoteFilter *self)
{
  if (self->patient != NULL)
    bed_note_filter_set_patient (self, NULL);
  else
    g_signal_emit (self, signals[CHOOSE_PATIENT], 0);
}

static void
bed_note_filter_dispose (GObject *object)
{
  BedNoteFilter *self = BED_NOTE_FILTER (object);

  self->quiet = TRUE;
  g_clear_object (&self->patient);
  g_clear_pointer (&self->template_ids, g_strfreev);
  G_OBJECT_CLASS (bed_note_filter_parent_class)->dispose (object);
}

static void
bed_note_filter_class_init (BedNoteFilterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_note_filter_dispose;
  signals[CHANGED]
      = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOOSE_PATIENT] = g_signal_new ("choose-patient", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-note-filter.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedNoteFilter, child)
  BIND (state);
  BIND (date);
  BIND (template);
  BIND (clear);
  BIND (patient_label);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, changed);
  gtk_widget_class_bind_template_callback (widget_class, patient_clicked);
  gtk_widget_class_bind_template_callback (widget_class, bed_note_filter_clear);
}

static void
set_names (GtkDropDown *drop, const char *const *names)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    gtk_string_list_append (list, _(names[i]));
  gtk_drop_down_set_model (drop, G_LIST_MODEL (list));
}

static void
bed_note_filter_init (BedNoteFilter *self)
{
  static const char *const states[]
      = { N_("Any state"), N_("Drafts"), N_("Signed"), N_("Amended"), NULL };
  static const char *const dates[] = { N_("Any time"),     N_("Since yesterday"), N_("Last 7 days"),
                                       N_("Last 30 days"), N_("Last year"),       NULL };
  static const char *const nothing[] = { NULL };

  self->quiet = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  set_names (self->state, states);
  set_names (self->date, dates);
  bed_note_filter_set_templates (self, nothing, nothing);
  bed_note_filter_set_patient (self, NULL);
  self->quiet = FALSE;
}

void
bed_note_filter_set_templates (BedNoteFilter *self, const char *const *ids,
                               const char *const *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  gboolean quiet = self->quiet;

  g_strv_builder_add (builder, "");
  gtk_string_list_append (list, _("Any template"));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_strv_builder_add (builder, ids[i]);
      gtk_string_list_append (list, names[i]);
    }
  g_strfreev (self->template_ids);
  self->template_ids = g_strv_builder_end (builder);
  self->quiet = TRUE;
  gtk_drop_down_set_model (self->template, G_LIST_MODEL (list));
  self->quiet = quiet;
  gtk_widget_set_visible (GTK_WIDGET (self->template), ids[0] != NULL);
}

void
bed_note_filter_set_patient (BedNoteFilter *self, BedPatient *patient)
{
  g_set_object (&self->patient, patient);
  gtk_label_set_label (self->patient_label, patient != NULL ? bed_patient_get_name (patient)
                                                            : _("Any patient…"));
  changed (self);
}

gboolean
bed_note_filter_is_active (BedNoteFilter *self)
{
  return self->patient != NULL || gtk_drop_down_get_selected (self->state) > 0
         || gtk_drop_down_get_selected (self->date) > 0
         || gtk_drop_down_get_selected (self->template) > 0;
}

void
bed_note_filter_clear (BedNoteFilter *self)
{
  self->quiet = TRUE;
  gtk_drop_down_set_selected (self->state, 0);
  gtk_drop_down_set_selected (self->date, 0);
  gtk_drop_down_set_selected (self->template, 0);
  bed_note_filter_set_patient (self, NULL);
  self->quiet = FALSE;
  changed (self);
}

void
bed_note_filter_fill (BedNoteFilter *self, BedSearchQuery *query, gint64 now_us)
{
  guint date = gtk_drop_down_get_selected (self->date);
  guint template = gtk_drop_down_get_selected (self->template);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) today = NULL, from = NULL;

  query->patient_id = self->patient != NULL ? bed_patient_get_id (self->patient) : 0;
  query->state = (int) gtk_drop_down_get_selected (self->state) - 1;
  query->template_id = template > 0 ? self->template_ids[template] : NULL;
  if (date == 0 || date >= G_N_ELEMENTS (days) || now == NULL)
    return;
  today = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                 g_date_time_get_day_of_month (now), 0, 0, 0);
  from = g_date_time_add_days (today, -(int) days[date]);
  query->from_us = g_date_time_to_unix (from) * G_USEC_PER_SEC;
}
