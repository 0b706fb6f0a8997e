/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-field.h"

#include <glib/gi18n.h>

#include "bed-found-marks.h"
#include "bed-ui.h"

#define CHECK_MS 350
#define SUGGESTIONS 6
#define ABBREVIATION_MAX 32

struct _BedNoteField
{
  AdwBin parent_instance;
  GtkLabel *title, *hint;
  GtkTextView *view;
  GtkTextBuffer *buffer;    /* of the view */
  GtkTextTag *misspelled, *found; /* of the buffer */
  GMenu *menu;              /* owned */
  const BedNoteHelp *help;  /* borrowed */
  gpointer data;
  gboolean loading;
  guint check, measure;
};

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedNoteField, bed_note_field, ADW_TYPE_BIN)

/* --- Spelling ----------------------------------------------------------------------------------- */

static void
check_word (BedNoteField *self, GtkTextIter *start, GtkTextIter *end)
{
  g_autofree char *word = gtk_text_iter_get_text (start, end);

  if (!g_utf8_validate (word, -1, NULL) || g_unichar_isdigit (g_utf8_get_char (word)))
    return;
  if (!self->help->check (word, self->data))
    gtk_text_buffer_apply_tag (self->buffer, self->misspelled, start, end);
}

static gboolean
check_now (gpointer data)
{
  BedNoteField *self = data;
  GtkTextIter start, end, cursor;

  self->check = 0;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->misspelled, &start, &end);
  if (self->help == NULL || self->help->check == NULL)
    return G_SOURCE_REMOVE;
  gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor,
                                    gtk_text_buffer_get_insert (self->buffer));
  end = start;
  while (gtk_text_iter_forward_word_end (&end))
    {
      start = end;
      gtk_text_iter_backward_word_start (&start);
      /* A word that is not finished is not wrong yet. */
      if (!gtk_widget_has_focus (GTK_WIDGET (self->view)) || !gtk_text_iter_equal (&cursor, &end))
        check_word (self, &start, &end);
    }
  return G_SOURCE_REMOVE;
}

static void
check_soon (BedNoteField *self)
{
  if (self->check == 0)
    self->check = g_timeout_add (CHECK_MS, check_now, self);
}

/* The word around a place, if it is underlined. */
static gboolean
misspelled_at (BedNoteField *self, const GtkTextIter *place, GtkTextIter *start, GtkTextIter *end)
{
  *start = *end = *place;
  if (!gtk_text_iter_has_tag (place, self->misspelled)
      && !gtk_text_iter_ends_tag (place, self->misspelled))
    return FALSE;
  if (!gtk_text_iter_starts_tag (start, self->misspelled))
    gtk_text_iter_backward_to_tag_toggle (start, self->misspelled);
  if (!gtk_text_iter_ends_tag (end, self->misspelled))
    gtk_text_iter_forward_to_tag_toggle (end, self->misspelled);
  return TRUE;
}

static void
add_suggestion (GMenu *menu, const char *word)
{
  GMenuItem *item = g_menu_item_new (word, NULL);

  g_menu_item_set_action_and_target (item, "spelling.use", "s", word);
  g_menu_append_item (menu, item);
  g_object_unref (item);
}

/* What the context menu offers for the word at this place; the cursor goes there. */
static void
prepare_menu (BedNoteField *self, const GtkTextIter *place)
{
  GtkTextIter start, end;
  g_autofree char *word = NULL;
  g_auto (GStrv) words = NULL;

  g_menu_remove_all (self->menu);
  if (self->help != NULL && self->help->suggest != NULL
      && misspelled_at (self, place, &start, &end))
    {
      word = gtk_text_iter_get_text (&start, &end);
      words = self->help->suggest (word, self->data);
      for (guint i = 0; words != NULL && words[i] != NULL && i < SUGGESTIONS; i++)
        add_suggestion (self->menu, words[i]);
      if (words == NULL || words[0] == NULL)
        g_menu_append (self->menu, _("No suggestions"), "spelling.none");
      g_menu_append (self->menu, _("Add to the dictionary"), "spelling.learn");
      gtk_text_buffer_place_cursor (self->buffer, &start);
    }
  gtk_text_view_set_extra_menu (self->view, G_MENU_MODEL (self->menu));
}

static void
pressed (GtkGestureClick *gesture, int n, double x, double y, BedNoteField *self)
{
  GtkTextIter place;
  int bx, by;

  gtk_text_view_window_to_buffer_coords (self->view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y, &bx,
                                         &by);
  gtk_text_view_get_iter_at_location (self->view, &place, bx, by);
  prepare_menu (self, &place);
}

static gboolean
get_word (BedNoteField *self, GtkTextIter *start, GtkTextIter *end)
{
  GtkTextIter cursor;

  gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor,
                                    gtk_text_buffer_get_insert (self->buffer));
  return misspelled_at (self, &cursor, start, end);
}

static void
replace (BedNoteField *self, GtkTextIter *start, GtkTextIter *end, const char *text)
{
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete (self->buffer, start, end);
  gtk_text_buffer_insert (self->buffer, start, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
}

static void
use (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkTextIter start, end;

  if (get_word (data, &start, &end))
    replace (data, &start, &end, g_variant_get_string (parameter, NULL));
}

static void
learn (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BedNoteField *self = data;
  GtkTextIter start, end;
  g_autofree char *word = NULL;

  if (!get_word (self, &start, &end) || self->help == NULL || self->help->learn == NULL)
    return;
  word = gtk_text_iter_get_text (&start, &end);
  self->help->learn (word, self->data);
  check_soon (self);
}

/* --- Snippets ----------------------------------------------------------------------------------- */

/* The characters before the cursor back to a space. */
static char *
dup_abbreviation (BedNoteField *self, GtkTextIter *start, GtkTextIter *end)
{
  gtk_text_buffer_get_iter_at_mark (self->buffer, end, gtk_text_buffer_get_insert (self->buffer));
  *start = *end;
  for (guint i = 0; gtk_text_iter_backward_char (start); i++)
    {
      if (i > ABBREVIATION_MAX)
        return NULL;
      if (g_unichar_isspace (gtk_text_iter_get_char (start)))
        {
          gtk_text_iter_forward_char (start);
          break;
        }
    }
  return gtk_text_iter_equal (start, end) ? NULL : gtk_text_iter_get_text (start, end);
}

static void
expand (BedNoteField *self)
{
  GtkTextIter start, end;
  g_autofree char *abbreviation = NULL;
  g_autofree char *text = NULL;

  if (self->help == NULL || self->help->expand == NULL || !gtk_text_view_get_editable (self->view)
      || gtk_text_buffer_get_has_selection (self->buffer))
    return;
  abbreviation = dup_abbreviation (self, &start, &end);
  text = abbreviation != NULL ? self->help->expand (abbreviation, self->data) : NULL;
  if (text != NULL)
    replace (self, &start, &end, text);
}

static gboolean
key_pressed (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
             BedNoteField *self)
{
  GtkTextIter cursor;

  if (key == GDK_KEY_space && (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0)
    expand (self);
  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && (state & GDK_SHIFT_MASK) != 0))
    {
      gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor,
                                        gtk_text_buffer_get_insert (self->buffer));
      prepare_menu (self, &cursor);
    }
  return GDK_EVENT_PROPAGATE;
}

/* --- Life --------------------------------------------------------------------------------------- */

static void
show_hint (BedNoteField *self)
{
  gboolean empty = gtk_text_buffer_get_char_count (self->buffer) == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->hint),
                          empty && *gtk_label_get_label (self->hint) != '\0');
}

static void
buffer_changed (BedNoteField *self)
{
  show_hint (self);
  check_soon (self);
  if (!self->loading)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
bed_note_field_dispose (GObject *object)
{
  BedNoteField *self = BED_NOTE_FIELD (object);

  g_clear_handle_id (&self->check, g_source_remove);
  g_clear_handle_id (&self->measure, g_source_remove);
  g_clear_object (&self->menu);
  G_OBJECT_CLASS (bed_note_field_parent_class)->dispose (object);
}

static void
bed_note_field_class_init (BedNoteFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_note_field_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
add_controllers (BedNoteField *self)
{
  static const GActionEntry entries[] = { { "use", use, "s" }, { "learn", learn } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self->view), "spelling", G_ACTION_GROUP (group));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed), self, 0);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
}

static GtkWidget *
new_label (GtkLabel **member, const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  *member = GTK_LABEL (label);
  gtk_label_set_xalign (*member, 0);
  gtk_label_set_wrap (*member, TRUE);
  gtk_widget_add_css_class (label, css);
  return label;
}

static gboolean
measure_now (gpointer data)
{
  BedNoteField *self = data;

  self->measure = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self->view));
  return G_SOURCE_REMOVE;
}

/* A text view goes on with the height that its lines had at another width, or before they were laid
 * out: after each such change it is asked once more, when its lines are. */
static void
measure_soon (BedNoteField *self)
{
  if (self->measure == 0)
    self->measure = g_idle_add_full (G_PRIORITY_LOW, measure_now, self, NULL);
}

/* Tab leaves the field: nobody is to be caught in it. */
static void
bed_note_field_init (BedNoteField *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *frame = adw_bin_new ();

  self->menu = g_menu_new ();
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  self->buffer = gtk_text_view_get_buffer (self->view);
  self->misspelled = gtk_text_buffer_create_tag (self->buffer, NULL, "underline",
                                                 PANGO_UNDERLINE_ERROR, NULL);
  self->found = bed_found_marks_tag_new (self->buffer);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (self->view, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "soap");
  gtk_widget_add_css_class (frame, "soap-box");
  gtk_widget_set_size_request (GTK_WIDGET (self->view), -1, 66);
  gtk_text_buffer_set_enable_undo (self->buffer, TRUE);
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (buffer_changed), self,
                           G_CONNECT_SWAPPED);
  add_controllers (self);
  g_signal_connect_object (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view)),
                           "notify::page-size", G_CALLBACK (measure_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)),
                           "notify::upper", G_CALLBACK (measure_soon), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (frame), GTK_WIDGET (self->view));
  gtk_box_append (GTK_BOX (box), new_label (&self->title, "soap-title"));
  gtk_box_append (GTK_BOX (box), new_label (&self->hint, "dim-label"));
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "small");
  gtk_box_append (GTK_BOX (box), frame);
  adw_bin_set_child (ADW_BIN (self), box);
}

BedNoteField *
bed_note_field_new (void)
{
  return g_object_new (BED_TYPE_NOTE_FIELD, NULL);
}

void
bed_note_field_set_title (BedNoteField *self, const char *title, const char *hint)
{
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->hint, hint != NULL ? hint : "");
  bed_ui_set_name (GTK_WIDGET (self->view), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, hint != NULL ? hint : "",
                                  -1);
  show_hint (self);
}

void
bed_note_field_fill (BedNoteField *self)
{
  gtk_widget_set_vexpand (gtk_widget_get_parent (GTK_WIDGET (self->view)), TRUE);
}

void
bed_note_field_load (BedNoteField *self, const char *text)
{
  g_autofree char *now = bed_note_field_dup_text (self);

  if (g_strcmp0 (now, text) == 0)
    return;
  self->loading = TRUE;
  gtk_text_buffer_set_text (self->buffer, text, -1);
  self->loading = FALSE;
}

char *
bed_note_field_dup_text (BedNoteField *self)
{
  char *text = NULL;

  g_object_get (self->buffer, "text", &text, NULL);
  return text;
}

void
bed_note_field_insert (BedNoteField *self, const char *text)
{
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_insert_at_cursor (self->buffer, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
}

void
bed_note_field_set_help (BedNoteField *self, const BedNoteHelp *help, gpointer user_data)
{
  self->help = help;
  self->data = user_data;
  check_soon (self);
}

void
bed_note_field_focus (BedNoteField *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

gboolean
bed_note_field_has_focus (BedNoteField *self)
{
  return gtk_widget_has_focus (GTK_WIDGET (self->view));
}

guint
bed_note_field_show_found (BedNoteField *self, const char *words)
{
  return bed_found_marks_buffer (self->buffer, self->found, words);
}

void
bed_note_field_set_editable (BedNoteField *self, gboolean editable)
{
  gtk_text_view_set_editable (self->view, editable);
}
