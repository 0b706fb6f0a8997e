/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-patients-page.h"

#include <glib/gi18n.h>

#include "bed-list-detail.h"
#include "bed-record-text.h"
#include "bed-retention.h"
#include "bed-shown.h"
#include "bed-time-text.h"
#include "bed-timeline-row.h"
#include "bed-ui.h"

struct _BedPatientsPage
{
  AdwBin parent_instance;
  BedListDetail *pane;
  GtkButton *back;
  GtkWidget *timeline_empty, *hold_button, *hold_box;
  GtkListBox *timeline;
  AdwAvatar *avatar;
  GtkLabel *name, *about, *hold_text;
  BedRecordStore *store; /* owned */
  BedClock *clock;       /* owned */
  GListModel *entries; /* owned */
  BedPatient *patient;   /* owned */
  BedShown *shown;       /* owned */
};

enum { NEW, EDIT, INVITE, OPEN_ENCOUNTER, WRITE_NOTE, OPEN_NOTE, OPEN_ATTACHMENT, DELETE, HOLD, SHOWN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedPatientsPage, bed_patients_page, ADW_TYPE_BIN)

static char *
dup_about (BedPatient *patient)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autofree char *born = NULL;
  g_autofree char *number = bed_ui_dup_number (bed_patient_get_telephone (patient));

  if (*bed_patient_get_birth_date (patient) != '\0')
    {
      /* Translators: %s is a date */
      born = g_strdup_printf (_("Born %s"), bed_patient_get_birth_date (patient));
      g_ptr_array_add (parts, born);
    }
  if (*number != '\0')
    g_ptr_array_add (parts, number);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static GtkWidget *
make_patient_row (gpointer item, char **spoken, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1), *name = gtk_label_new (NULL);
  g_autofree char *about = dup_about (item);
  GtkWidget *sub = gtk_label_new (about);
  GtkWidget *avatar = adw_avatar_new (36, bed_patient_get_name (item), TRUE);

  g_object_bind_property (item, "name", name, "label", G_BINDING_SYNC_CREATE);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_xalign (GTK_LABEL (sub), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (sub), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (sub, "dim-label");
  gtk_widget_add_css_class (sub, "small");
  gtk_widget_add_css_class (sub, "numeric");
  gtk_widget_set_visible (sub, *about != '\0');
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), sub);
  gtk_box_append (GTK_BOX (box), avatar);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  *spoken = g_strdup_printf ("%s %s", bed_patient_get_name (item), about);
  return box;
}

static void
search_changed (BedPatientsPage *self)
{
  const char *text = bed_list_detail_get_text (self->pane);
  g_autoptr (GListModel) found = NULL;

  if (self->store == NULL)
    return;
  found = *text != '\0' ? bed_record_store_find_patients (self->store, text)
                        : bed_record_store_list_patients (self->store);
  bed_list_detail_set_model (self->pane, found, make_patient_row, self, *text != '\0');
}

static GtkWidget *
create_timeline_row (gpointer item, gpointer data)
{
  BedPatientsPage *self = data;
  GtkWidget *row = bed_timeline_row_new (item, bed_clock_get_real_us (self->clock));

  g_object_set_data_full (G_OBJECT (row), "entry", g_object_ref (item), g_object_unref);
  return row;
}

static void
show_timeline (BedPatientsPage *self)
{
  guint n = self->entries != NULL ? g_list_model_get_n_items (self->entries) : 0;

  gtk_widget_set_visible (GTK_WIDGET (self->timeline), n > 0);
  gtk_widget_set_visible (self->timeline_empty, n == 0);
}

static void
set_entries (BedPatientsPage *self, GListModel *entries)
{
  if (self->entries != NULL)
    g_signal_handlers_disconnect_by_func (self->entries, show_timeline, self);
  g_set_object (&self->entries, entries);
  gtk_list_box_bind_model (self->timeline, entries, create_timeline_row, self, NULL);
  if (entries != NULL)
    g_signal_connect_swapped (entries, "items-changed", G_CALLBACK (show_timeline), self);
  show_timeline (self);
}

static void
show_about (BedPatientsPage *self)
{
  g_autofree char *about = dup_about (self->patient);

  bed_ui_set_initials (self->avatar, bed_patient_get_name (self->patient));
  gtk_label_set_label (self->name, bed_patient_get_name (self->patient));
  gtk_label_set_label (self->about, about);
}

static void
chosen (BedPatientsPage *self, gpointer patient)
{
  bed_patients_page_show_patient (self, patient);
}

static void
timeline_activated (BedPatientsPage *self, GtkListBoxRow *row)
{
  BedTimelineEntry *entry = g_object_get_data (G_OBJECT (row), "entry");
  GObject *object = bed_timeline_entry_get_object (entry);

  if (BED_IS_NOTE (object))
    g_signal_emit (self, signals[OPEN_NOTE], 0, object);
  else if (BED_IS_ENCOUNTER (object))
    g_signal_emit (self, signals[OPEN_ENCOUNTER], 0, object);
  else if (BED_IS_ATTACHMENT (object))
    g_signal_emit (self, signals[OPEN_ATTACHMENT], 0, object);
}

static void
new_clicked (BedPatientsPage *self)
{
  g_signal_emit (self, signals[NEW], 0);
}

static void
edit_clicked (BedPatientsPage *self)
{
  g_signal_emit (self, signals[EDIT], 0, self->patient);
}

static void
invite_clicked (BedPatientsPage *self)
{
  g_signal_emit (self, signals[INVITE], 0, self->patient);
}

static void
write_clicked (BedPatientsPage *self)
{
  g_signal_emit (self, signals[WRITE_NOTE], 0, self->patient);
}

static void
delete_clicked (BedPatientsPage *self)
{
  g_autoptr (BedPatient) patient = g_object_ref (self->patient);

  g_signal_emit (self, signals[DELETE], 0, patient);
}

static void
hold_clicked (BedPatientsPage *self)
{
  g_signal_emit (self, signals[HOLD], 0, self->patient, TRUE);
}

static void
lift_clicked (BedPatientsPage *self)
{
  g_signal_emit (self, signals[HOLD], 0, self->patient, FALSE);
}

/* When, by whom and why, in the words of who placed it. */
static char *
dup_hold (BedPatientsPage *self, const BedHold *hold)
{
  g_autofree char *day = NULL;

  if (hold->reason == NULL)
    return g_strdup (_("Its reason cannot be read. Nothing of this patient is deleted or erased."));
  day = bed_time_text_day (hold->since_us, bed_clock_get_real_us (self->clock));
  return g_strdup_printf ("%s · %s\n%s", day, bed_record_text_actor (hold->author), hold->reason);
}

static void
set_patient (BedPatientsPage *self, BedPatient *patient)
{
  if (self->patient != NULL)
    g_signal_handlers_disconnect_by_func (self->patient, show_about, self);
  g_set_object (&self->patient, patient);
  if (self->shown != NULL)
    bed_shown_set_subject (self->shown, patient);
  if (patient != NULL)
    g_signal_connect_swapped (patient, "notify", G_CALLBACK (show_about), self);
}

static void
shown (BedPatientsPage *self, GObject *patient)
{
  g_signal_emit (self, signals[SHOWN], 0, patient);
}

static void
bed_patients_page_dispose (GObject *object)
{
  BedPatientsPage *self = BED_PATIENTS_PAGE (object);

  if (self->entries != NULL)
    g_signal_handlers_disconnect_by_func (self->entries, show_timeline, self);
  set_patient (self, NULL);
  g_clear_object (&self->shown);
  g_clear_object (&self->entries);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_patients_page_parent_class)->dispose (object);
}

static void
bed_patients_page_class_init (BedPatientsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_patients_page_dispose;
  signals[NEW] = g_signal_new ("new-patient", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EDIT] = g_signal_new ("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, BED_TYPE_PATIENT);
  signals[INVITE] = g_signal_new ("invite", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, BED_TYPE_PATIENT);
  signals[DELETE] = g_signal_new ("delete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, BED_TYPE_PATIENT);
  signals[HOLD] = g_signal_new ("hold", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, BED_TYPE_PATIENT, G_TYPE_BOOLEAN);
  signals[SHOWN] = g_signal_new ("shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, BED_TYPE_PATIENT);
  signals[OPEN_NOTE] = g_signal_new ("open-note", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, BED_TYPE_NOTE);
  signals[OPEN_ATTACHMENT] = g_signal_new ("open-attachment", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, BED_TYPE_ATTACHMENT);
  signals[WRITE_NOTE] = g_signal_new ("write-note", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, BED_TYPE_PATIENT);
  signals[OPEN_ENCOUNTER] = g_signal_new ("open-encounter", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, BED_TYPE_ENCOUNTER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-patients-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedPatientsPage, child)
  BIND (pane);
  BIND (back);
  BIND (timeline_empty);
  BIND (hold_button);
  BIND (hold_box);
  BIND (hold_text);
  BIND (timeline);
  BIND (avatar);
  BIND (name);
  BIND (about);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, search_changed);
  gtk_widget_class_bind_template_callback (widget_class, chosen);
  gtk_widget_class_bind_template_callback (widget_class, timeline_activated);
  gtk_widget_class_bind_template_callback (widget_class, new_clicked);
  gtk_widget_class_bind_template_callback (widget_class, edit_clicked);
  gtk_widget_class_bind_template_callback (widget_class, invite_clicked);
  gtk_widget_class_bind_template_callback (widget_class, write_clicked);
  gtk_widget_class_bind_template_callback (widget_class, delete_clicked);
  gtk_widget_class_bind_template_callback (widget_class, hold_clicked);
  gtk_widget_class_bind_template_callback (widget_class, lift_clicked);
}

static void
bed_patients_page_init (BedPatientsPage *self)
{
  BedListDetailWords words = {
    .icon = "bedside-people-symbolic",
    .search_hint = _("Name, telephone or number"),
    .search_name = _("Search patients"),
    .list_name = _("Patients"),
    .empty_title = _("No patients yet"),
    .empty_text = _("Add one here, or from a note after a call."),
    .not_found_text = _("Try the beginning of a name, a telephone number or an identifier."),
    .choose_title = _("Choose a patient"),
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  bed_list_detail_set_words (self->pane, &words);
  bed_list_detail_set_back (self->pane, self->back);
  self->shown = bed_shown_new (GTK_WIDGET (self->name));
  g_signal_connect_object (self->shown, "shown", G_CALLBACK (shown), self, G_CONNECT_SWAPPED);
}

void
bed_patients_page_set_store (BedPatientsPage *self, BedRecordStore *store, BedClock *clock)
{
  set_entries (self, NULL);
  bed_list_detail_set_model (self->pane, NULL, make_patient_row, self, FALSE);
  set_patient (self, NULL);
  g_clear_object (&self->store); /* nothing is asked of it while the fields are emptied */
  bed_list_detail_reset (self->pane);
  gtk_label_set_label (self->name, "");
  gtk_label_set_label (self->about, "");
  bed_patients_page_show_hold (self);
  g_set_object (&self->store, store);
  g_set_object (&self->clock, clock);
  search_changed (self);
}

BedListDetail *
bed_patients_page_get_pane (BedPatientsPage *self)
{
  return self->pane;
}

void
bed_patients_page_search (BedPatientsPage *self)
{
  bed_list_detail_search (self->pane);
}

void
bed_patients_page_show_hold (BedPatientsPage *self)
{
  g_auto (BedHold) hold = { 0 };
  gboolean held = self->patient != NULL
                  && bed_record_store_get_hold (self->store, bed_patient_get_id (self->patient),
                                                &hold);
  g_autofree char *text = held ? dup_hold (self, &hold) : g_strdup ("");

  gtk_label_set_label (self->hold_text, text);
  gtk_widget_set_visible (self->hold_box, held);
  gtk_widget_set_visible (self->hold_button, !held);
}

void
bed_patients_page_show_patient (BedPatientsPage *self, BedPatient *patient)
{
  g_autoptr (GListModel) entries
      = bed_record_store_list_timeline (self->store, bed_patient_get_id (patient));

  set_patient (self, patient);
  show_about (self);
  bed_patients_page_show_hold (self);
  set_entries (self, entries);
  bed_list_detail_show_detail (self->pane);
}

void
bed_patients_page_close_patient (BedPatientsPage *self)
{
  set_entries (self, NULL);
  set_patient (self, NULL);
  bed_list_detail_close_detail (self->pane);
}
