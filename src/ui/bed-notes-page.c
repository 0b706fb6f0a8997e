/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-notes-page.h"

#include <glib/gi18n.h>

#include "bed-emergency-access.h"
#include "bed-found-marks.h"
#include "bed-list-detail.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedNotesPage
{
  AdwBin parent_instance;
  BedListDetail *pane;
  BedNoteFilter *filter;
  GtkButton *assign;
  GtkToggleButton *filter_button;
  GtkButton *back;
  GtkLabel *name, *about;
  BedNoteEditor *editor;
  GtkWidget *found_bar;
  GtkLabel *many;
  GtkLabel *found;
  BedRecordStore *store;   /* owned */
  BedClock *clock;         /* owned */
  BedEncounter *encounter; /* owned */
  char *clinician;
};

enum
{
  ASSIGN,
  FAILED,
  CHOOSE_PATIENT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedNotesPage, bed_notes_page, ADW_TYPE_BIN)

static void
tell_error (BedNotesPage *self, GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

static GtkWidget *
row_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 30);
  gtk_widget_add_css_class (label, css);
  return label;
}

static GtkWidget *
new_row (GtkWidget *title, const char *when, GtkWidget *snippet)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *time = row_label (when, "small");

  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (time, "numeric");
  gtk_widget_add_css_class (time, "dim-label");
  gtk_box_append (GTK_BOX (top), title);
  gtk_box_append (GTK_BOX (top), time);
  gtk_box_append (GTK_BOX (box), top);
  gtk_widget_add_css_class (snippet, "snippet");
  gtk_box_append (GTK_BOX (box), snippet);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  return box;
}

static const char *
first_words (BedNote *note)
{
  for (guint i = 0; i < bed_note_get_n_sections (note); i++)
    if (*bed_note_get_section (note, i) != '\0')
      return bed_note_get_section (note, i);
  return _("Empty");
}

static const char *
state_word (BedNote *note)
{
  switch (bed_note_get_state (note))
    {
    case BED_NOTE_SIGNED:
      return _("Signed");
    case BED_NOTE_AMENDED:
      return _("Amended");
    case BED_NOTE_DRAFT:
    default:
      return _("Draft");
    }
}

/* A row of the list follows its note, and whose it is. */
typedef struct
{
  BedNote *note;           /* owned */
  BedEncounter *encounter; /* owned; NULL when it could not be read */
  GtkLabel *name, *words;  /* borrowed from the row */
  char *when;              /* owned */
} NoteRow;

static void
note_row_free (gpointer data)
{
  NoteRow *self = data;

  g_clear_object (&self->note);
  g_clear_object (&self->encounter);
  g_free (self->when);
  g_free (self);
}

/* Returns: (transfer full): how the row is called */
static char *
show_note_row (NoteRow *self)
{
  const char *who = self->encounter != NULL ? bed_encounter_get_patient_name (self->encounter) : "";
  g_autofree char *words
      = g_strdup_printf ("%s · %s", state_word (self->note), first_words (self->note));

  g_strdelimit (words, "\n\r", ' ');
  who = *who != '\0' ? who : _("No name");
  gtk_label_set_label (self->name, who);
  gtk_label_set_label (self->words, words);
  return g_strdup_printf ("%s, %s, %s", who, self->when, state_word (self->note));
}

static void
note_row_changed (GObject *object, GParamSpec *pspec, GtkWidget *row)
{
  g_autofree char *name = show_note_row (g_object_get_data (G_OBJECT (row), "note-row"));

  if (gtk_widget_get_parent (row) != NULL)
    bed_ui_set_name (gtk_widget_get_parent (row), name);
}

static GtkWidget *
make_note_row (gpointer item, char **name, gpointer data)
{
  BedNotesPage *self = data;
  gint64 now = bed_clock_get_real_us (self->clock);
  NoteRow *note_row = g_new0 (NoteRow, 1);
  GtkWidget *title = row_label (NULL, "heading"), *words = row_label (NULL, "dim-label"), *row;

  note_row->note = g_object_ref (item);
  note_row->encounter
      = bed_record_store_get_encounter (self->store, bed_note_get_encounter_id (item), NULL);
  note_row->name = GTK_LABEL (title);
  note_row->words = GTK_LABEL (words);
  note_row->when = bed_time_text_when (bed_note_get_created_us (item), now);
  gtk_widget_add_css_class (words, "small");
  *name = show_note_row (note_row);
  row = new_row (title, note_row->when, words);
  g_object_set_data_full (G_OBJECT (row), "note-row", note_row, note_row_free);
  g_signal_connect_object (item, "notify", G_CALLBACK (note_row_changed), row, 0);
  if (note_row->encounter != NULL)
    g_signal_connect_object (note_row->encounter, "notify::patient-name",
                             G_CALLBACK (note_row_changed), row, 0);
  return row;
}

static GtkWidget *
make_hit_row (gpointer item, char **name, gpointer data)
{
  BedNotesPage *self = data;
  const char *text = bed_search_hit_get_snippet (item);
  const char *who = bed_search_hit_get_patient_name (item);
  GtkWidget *snippet = row_label (text, "small");
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autofree char *when = bed_time_text_when (bed_search_hit_get_created_us (item),
                                              bed_clock_get_real_us (self->clock));
  guint n;
  const BedTextRange *ranges = bed_search_hit_get_ranges (item, &n);

  for (guint i = 0; i < n; i++)
    bed_found_marks_add (attributes, &ranges[i]);
  gtk_label_set_attributes (GTK_LABEL (snippet), attributes);
  gtk_label_set_wrap (GTK_LABEL (snippet), TRUE);
  gtk_label_set_lines (GTK_LABEL (snippet), 2);
  who = *who != '\0' ? who : _("No name");
  *name = g_strdup_printf ("%s, %s: %s", who, when, text);
  return new_row (row_label (who, "heading"), when, snippet);
}

/* Where the words that led here stand in the open note; NULL: marked no more. */
static void
show_found (BedNotesPage *self, const char *words)
{
  guint n = bed_note_editor_show_found (self->editor, words);
  g_autofree char *text
      = g_strdup_printf (ngettext ("Found in %u place", "Found in %u places", n), n);

  gtk_label_set_label (self->found, text);
  gtk_widget_set_visible (self->found_bar, n > 0);
  if (n > 0)
    bed_ui_announce (GTK_WIDGET (self), text);
}

static void
forget_found (BedNotesPage *self)
{
  show_found (self, NULL);
}

/* found: (nullable): of a search; a whole list has no end that is cut off. */
static void
show_many (BedNotesPage *self, GListModel *found)
{
  gboolean many = found != NULL && g_list_model_get_n_items (found) >= BED_SEARCH_LIMIT;
  /* Translators: %d is how many notes a search shows at most */
  g_autofree char *text = g_strdup_printf (
      _("The newest %d are shown. Add a word, or narrow the search, to find older ones."),
      BED_SEARCH_LIMIT);

  gtk_label_set_label (self->many, text);
  gtk_widget_set_visible (GTK_WIDGET (self->many), many);
}

static void
search_changed (BedNotesPage *self)
{
  BedSearchQuery query = BED_SEARCH_QUERY_INIT;
  gboolean narrowed = bed_note_filter_is_active (self->filter);
  g_autoptr (GListModel) found = NULL;
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  query.text = bed_list_detail_get_text (self->pane);
  if (*query.text == '\0')
    forget_found (self);
  if (*query.text == '\0' && !narrowed)
    {
      found = bed_record_store_list_notes (self->store, 0);
      show_many (self, NULL);
      bed_list_detail_set_model (self->pane, found, make_note_row, self, FALSE);
      return;
    }
  bed_note_filter_fill (self->filter, &query, bed_clock_get_real_us (self->clock));
  found = bed_record_store_search (self->store, &query, &error);
  show_many (self, found);
  if (found == NULL)
    tell_error (self, error);
  else
    bed_list_detail_set_model (self->pane, found, make_hit_row, self, TRUE);
}

static gboolean
escape (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  BedNotesPage *self = BED_NOTES_PAGE (widget);

  if (!gtk_widget_get_visible (self->found_bar))
    return GDK_EVENT_PROPAGATE;
  forget_found (self);
  return GDK_EVENT_STOP;
}

static void
chosen (BedNotesPage *self, gpointer item)
{
  gint64 id = BED_IS_SEARCH_HIT (item) ? bed_search_hit_get_note_id (item) : bed_note_get_id (item);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (self->store, id, &error);

  if (note == NULL)
    {
      tell_error (self, error);
      return;
    }
  bed_notes_page_show_note (self, note);
  if (BED_IS_SEARCH_HIT (item))
    show_found (self, bed_list_detail_get_text (self->pane));
}

static void
choose_patient (BedNotesPage *self)
{
  g_signal_emit (self, signals[CHOOSE_PATIENT], 0);
}

static void
assign_clicked (BedNotesPage *self)
{
  if (self->encounter != NULL)
    g_signal_emit (self, signals[ASSIGN], 0, self->encounter);
}

/* Only a signed note stays with the patient that it has. */
static void
show_assign (BedNotesPage *self)
{
  gboolean nobody = bed_encounter_get_patient_id (self->encounter) == 0;

  gtk_button_set_label (self->assign, nobody ? _("Assign…") : _("Assign to another…"));
  gtk_widget_set_visible (GTK_WIDGET (self->assign),
                          nobody || !bed_record_store_is_signed (self->store, self->encounter));
}

static void
show_head (BedNotesPage *self)
{
  const char *name = bed_encounter_get_patient_name (self->encounter);
  gint64 started = bed_encounter_get_started_us (self->encounter);
  g_autofree char *day = bed_time_text_day (started, bed_clock_get_real_us (self->clock));
  g_autofree char *time = bed_time_text_when (started, started);
  gboolean nobody = bed_encounter_get_patient_id (self->encounter) == 0;
  g_autofree char *about = nobody ? g_strdup_printf ("%s, %s · %s", day, time, _("Not in the records yet"))
                                  : g_strdup_printf ("%s, %s", day, time);

  gtk_label_set_label (self->name, *name != '\0' ? name : _("No name"));
  gtk_label_set_label (self->about, about);
  show_assign (self);
}

static void
set_encounter (BedNotesPage *self, BedEncounter *encounter)
{
  if (self->encounter != NULL)
    g_signal_handlers_disconnect_by_func (self->encounter, show_head, self);
  g_set_object (&self->encounter, encounter);
  if (encounter != NULL)
    g_signal_connect_swapped (encounter, "notify", G_CALLBACK (show_head), self);
}

static void
bed_notes_page_dispose (GObject *object)
{
  BedNotesPage *self = BED_NOTES_PAGE (object);

  set_encounter (self, NULL);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->clinician, g_free);
  G_OBJECT_CLASS (bed_notes_page_parent_class)->dispose (object);
}

static void
bed_notes_page_class_init (BedNotesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_notes_page_dispose;
  signals[ASSIGN] = g_signal_new ("assign", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  BED_TYPE_ENCOUNTER);
  signals[CHOOSE_PATIENT] = g_signal_new ("choose-patient", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("error", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-notes-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedNotesPage, child)
  BIND (pane);
  BIND (filter);
  BIND (filter_button);
  BIND (back);
  BIND (assign);
  BIND (name);
  BIND (about);
  BIND (editor);
  BIND (found_bar);
  BIND (many);
  BIND (found);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, search_changed);
  gtk_widget_class_bind_template_callback (widget_class, chosen);
  gtk_widget_class_bind_template_callback (widget_class, choose_patient);
  gtk_widget_class_bind_template_callback (widget_class, assign_clicked);
  gtk_widget_class_bind_template_callback (widget_class, show_assign);
  gtk_widget_class_bind_template_callback (widget_class, forget_found);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape, NULL);
}

static void
bed_notes_page_init (BedNotesPage *self)
{
  BedListDetailWords words = {
    .icon = "bedside-note-symbolic",
    .search_hint = _("Search in all notes"),
    .search_name = _("Search notes"),
    .list_name = _("Notes"),
    .empty_title = _("No notes yet"),
    .empty_text = _("A note begins with a consultation."),
    .not_found_text = _("Words are found from their beginning; all of them must occur."),
    .choose_title = _("Choose a note"),
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  bed_list_detail_set_words (self->pane, &words);
  bed_list_detail_set_back (self->pane, self->back);
  bed_note_editor_set_facts_open (self->editor, TRUE);
}

void
bed_notes_page_set_store (BedNotesPage *self, BedRecordStore *store, BedClock *clock)
{
  forget_found (self);
  bed_note_editor_set_note (self->editor, NULL, NULL);
  bed_list_detail_set_model (self->pane, NULL, make_note_row, self, FALSE);
  set_encounter (self, NULL);
  g_clear_object (&self->store); /* nothing is asked of it while the fields are emptied */
  bed_note_filter_clear (self->filter);
  bed_list_detail_reset (self->pane);
  gtk_label_set_label (self->name, "");
  gtk_label_set_label (self->about, "");
  g_set_object (&self->store, store);
  g_set_object (&self->clock, clock);
  search_changed (self);
}

BedListDetail *
bed_notes_page_get_pane (BedNotesPage *self)
{
  return self->pane;
}

void
bed_notes_page_search (BedNotesPage *self)
{
  bed_list_detail_search (self->pane);
}

/* What was written with the emergency key was not by the account's owner. */
static char *
dup_clinician (BedNotesPage *self, BedNote *note)
{
  return g_str_equal (bed_note_get_author (note), BED_EMERGENCY_ACCOUNT)
             ? bed_emergency_access_dup_who (self->store, bed_note_get_created_us (note))
             : g_strdup (self->clinician);
}

void
bed_notes_page_show_note (BedNotesPage *self, BedNote *note)
{
  g_autofree char *clinician = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedEncounter) encounter
      = bed_record_store_get_encounter (self->store, bed_note_get_encounter_id (note), &error);

  if (encounter == NULL)
    {
      tell_error (self, error);
      return;
    }
  set_encounter (self, encounter);
  show_head (self);
  forget_found (self);
  bed_note_editor_set_note (self->editor, note, self->clock);
  clinician = dup_clinician (self, note);
  bed_note_editor_set_facts (self->editor, encounter, clinician);
  bed_list_detail_show_detail (self->pane);
}

BedNoteEditor *
bed_notes_page_get_editor (BedNotesPage *self)
{
  return self->editor;
}

BedNoteFilter *
bed_notes_page_get_filter (BedNotesPage *self)
{
  return self->filter;
}

void
bed_notes_page_show_filter (BedNotesPage *self, BedPatient *patient)
{
  gtk_toggle_button_set_active (self->filter_button, TRUE);
  bed_note_filter_set_patient (self->filter, patient);
  bed_list_detail_show_list (self->pane);
}

void
bed_notes_page_set_clinician (BedNotesPage *self, const char *name)
{
  g_free (self->clinician);
  self->clinician = g_strdup (name);
}

void
bed_notes_page_close_note (BedNotesPage *self)
{
  forget_found (self);
  bed_note_editor_set_note (self->editor, NULL, NULL);
  set_encounter (self, NULL);
  bed_list_detail_close_detail (self->pane);
}
