/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-home-page.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedHomePage
{
  AdwBin parent_instance;
  AdwLeaflet *leaflet;
  GtkListBox *sections;
  GtkListBoxRow *today_row, *patients_row, *notes_row;
  GtkLabel *waiting_count, *person_name, *person_state;
  GtkMenuButton *person;
  AdwAvatar *avatar;
  AdwHeaderBar *header, *side_header;
  AdwWindowTitle *title;
  GtkWidget *back, *new_button;
  AdwLeafletPage *content_page;
  AdwButtonContent *new_content;
  GtkStack *stack;
  GtkRevealer *warning;
  GtkLabel *warning_text;
  BedTodayPage *today;
  BedPatientsPage *patients;
  BedNotesPage *notes;
  char *date;
};

static const char *const section_names[] = { "today", "patients", "notes" };

G_DEFINE_FINAL_TYPE (BedHomePage, bed_home_page, ADW_TYPE_BIN)

static BedHomeSection
current_section (BedHomePage *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);

  for (guint i = 0; i < G_N_ELEMENTS (section_names); i++)
    if (g_strcmp0 (name, section_names[i]) == 0)
      return i;
  return BED_HOME_TODAY;
}

static void
show_title (BedHomePage *self)
{
  static const char *const titles[] = { N_("Today"), N_("Patients"), N_("Notes") };
  BedHomeSection section = current_section (self);

  adw_window_title_set_title (self->title, _(titles[section]));
  adw_window_title_set_subtitle (self->title, section == BED_HOME_TODAY && self->date != NULL ? self->date : "");
  gtk_widget_set_visible (self->new_button, section == BED_HOME_TODAY);
}

/* One way back at a time: from what was chosen to the list, from the list to the sections. */
static void
show_back (BedHomePage *self)
{
  BedHomeSection section = current_section (self);
  gboolean alone = FALSE;

  if (section != BED_HOME_TODAY)
    g_object_get (section == BED_HOME_NOTES ? bed_notes_page_get_pane (self->notes)
                                            : bed_patients_page_get_pane (self->patients),
                  "detail-alone", &alone, NULL);
  gtk_widget_set_visible (self->back, adw_leaflet_get_folded (self->leaflet) && !alone);
}

static void
section_activated (BedHomePage *self, GtkListBoxRow *row)
{
  bed_home_page_show_section (self, gtk_list_box_row_get_index (row));
}

static void
back_clicked (BedHomePage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
folded_changed (BedHomePage *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);

  adw_header_bar_set_show_end_title_buttons (self->side_header, folded);
  adw_header_bar_set_show_start_title_buttons (self->header, folded);
  show_back (self);
  adw_button_content_set_label (self->new_content, folded ? _("New") : _("New invitation"));
}

/* The content of the button names it, too, once it is on a window: one name is enough. */
static void
name_new_button (BedHomePage *self)
{
  bed_ui_set_name (self->new_button, _("New invitation"));
}

static void
bed_home_page_finalize (GObject *object)
{
  g_free (BED_HOME_PAGE (object)->date);
  G_OBJECT_CLASS (bed_home_page_parent_class)->finalize (object);
}

static void
bed_home_page_class_init (BedHomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_home_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-home-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedHomePage, child)
  BIND (leaflet);
  BIND (sections);
  BIND (today_row);
  BIND (patients_row);
  BIND (notes_row);
  BIND (waiting_count);
  BIND (person);
  BIND (person_name);
  BIND (person_state);
  BIND (avatar);
  BIND (header);
  BIND (side_header);
  BIND (title);
  BIND (back);
  BIND (new_button);
  BIND (new_content);
  BIND (content_page);
  BIND (stack);
  BIND (warning);
  BIND (warning_text);
  BIND (today);
  BIND (patients);
  BIND (notes);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, section_activated);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked);
}

static void
bed_home_page_init (BedHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (folded_changed), self, G_CONNECT_SWAPPED);
  adw_leaflet_set_visible_child (self->leaflet, adw_leaflet_page_get_child (self->content_page));
  g_signal_connect_object (bed_notes_page_get_pane (self->notes), "notify::detail-alone",
                           G_CALLBACK (show_back), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bed_patients_page_get_pane (self->patients), "notify::detail-alone",
                           G_CALLBACK (show_back), self, G_CONNECT_SWAPPED);
  bed_home_page_show_section (self, BED_HOME_TODAY);
  folded_changed (self);
  g_signal_connect (self, "map", G_CALLBACK (name_new_button), NULL);
}

BedHomePage *
bed_home_page_new (void)
{
  return g_object_new (BED_TYPE_HOME_PAGE, NULL);
}

BedTodayPage *
bed_home_page_get_today (BedHomePage *self)
{
  return self->today;
}

BedPatientsPage *
bed_home_page_get_patients (BedHomePage *self)
{
  return self->patients;
}

BedNotesPage *
bed_home_page_get_notes (BedHomePage *self)
{
  return self->notes;
}

void
bed_home_page_set_person (BedHomePage *self, const char *name, const char *state)
{
  g_autofree char *accessible = g_strdup_printf (_("Menu of %s"), name);

  if (!g_str_equal (state, gtk_label_get_label (self->person_state)))
    bed_ui_announce (GTK_WIDGET (self), state);
  bed_ui_set_initials (self->avatar, name);
  gtk_label_set_label (self->person_name, name);
  gtk_label_set_label (self->person_state, state);
  bed_ui_set_name (GTK_WIDGET (self->person), accessible);
}

void
bed_home_page_set_menu (BedHomePage *self, GMenuModel *menu)
{
  gtk_menu_button_set_menu_model (self->person, menu);
}

void
bed_home_page_set_date (BedHomePage *self, const char *date)
{
  g_free (self->date);
  self->date = g_strdup (date);
  show_title (self);
}

void
bed_home_page_set_n_waiting (BedHomePage *self, guint n)
{
  g_autofree char *text = g_strdup_printf ("%u", n);
  /* Translators: read aloud; %u is the number of people in the waiting room */
  g_autofree char *spoken = g_strdup_printf (ngettext ("Today, %u is waiting", "Today, %u are waiting", n), n);

  bed_ui_set_name (GTK_WIDGET (self->today_row), n > 0 ? spoken : _("Today"));
  gtk_label_set_label (self->waiting_count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting_count), n > 0);
}

void
bed_home_page_set_warning (BedHomePage *self, const char *text)
{
  if (text != NULL)
    gtk_label_set_label (self->warning_text, text);
  gtk_revealer_set_reveal_child (self->warning, text != NULL);
}

void
bed_home_page_show_section (BedHomePage *self, BedHomeSection section)
{
  GtkListBoxRow *rows[] = { self->today_row, self->patients_row, self->notes_row };

  gtk_stack_set_visible_child_name (self->stack, section_names[section]);
  gtk_list_box_select_row (self->sections, rows[section]);
  adw_leaflet_set_visible_child (self->leaflet, adw_leaflet_page_get_child (self->content_page));
  show_title (self);
  show_back (self);
}

void
bed_home_page_search (BedHomePage *self)
{
  if (current_section (self) == BED_HOME_TODAY)
    bed_home_page_show_section (self, BED_HOME_PATIENTS);
  if (current_section (self) == BED_HOME_PATIENTS)
    bed_patients_page_search (self->patients);
  else
    bed_notes_page_search (self->notes);
}
