/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-phrases-page.h"

#include <glib/gi18n.h>

#include "bed-record-text.h"
#include "bed-snippet.h"
#include "bed-subpage.h"
#include "bed-template.h"
#include "bed-ui.h"

struct _BedPhrasesPage
{
  AdwBin parent_instance;
  AdwPreferencesGroup *templates, *snippets;
  GPtrArray *rows[2];   /* borrowed from the groups */
  GListModel *lists[2]; /* owned: templates, snippets */
  char *moved;          /* owned: the id of the template that keeps the focus */
};

enum
{
  NEW_TEMPLATE,
  NEW_SNIPPET,
  COPY_TEMPLATE,
  EDIT_TEMPLATE,
  DELETE_TEMPLATE,
  EDIT_SNIPPET,
  DELETE_SNIPPET,
  MOVE_TEMPLATE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedPhrasesPage, bed_phrases_page, ADW_TYPE_BIN)

static void
new_template_activated (BedPhrasesPage *self)
{
  g_signal_emit (self, signals[NEW_TEMPLATE], 0);
}

static void
new_snippet_activated (BedPhrasesPage *self)
{
  g_signal_emit (self, signals[NEW_SNIPPET], 0);
}

static void
clicked (GtkWidget *button, BedPhrasesPage *self)
{
  g_autoptr (GObject) item = g_object_ref (g_object_get_data (G_OBJECT (button), "item"));

  g_signal_emit (self,
                 signals[GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "signal"))], 0,
                 item);
}

/* name: for a screen reader, with what it is about. */
static void
add_button (BedPhrasesPage *self, GtkWidget *row, const char *icon, const char *name, guint act,
            GObject *item)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  bed_ui_set_name (button, name);
  g_object_set_data_full (G_OBJECT (button), "item", g_object_ref (item), g_object_unref);
  g_object_set_data (G_OBJECT (button), "signal", GUINT_TO_POINTER (act));
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
new_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

/* --- The order of the own templates ---------------------------------------------------------- */

static void
move (BedPhrasesPage *self, GtkWidget *row, int by)
{
  g_autoptr (GObject) item = g_object_ref (g_object_get_data (G_OBJECT (row), "item"));

  g_free (self->moved);
  self->moved = g_strdup (bed_template_get_id (BED_TEMPLATE (item)));
  g_signal_emit (self, signals[MOVE_TEMPLATE], 0, item, by);
}

static void
move_activated (GtkWidget *row, const char *name, GVariant *parameter)
{
  GtkWidget *page = gtk_widget_get_ancestor (row, BED_TYPE_PHRASES_PAGE);

  move (BED_PHRASES_PAGE (page), row, g_str_equal (name, "template.up") ? -1 : 1);
}

static void
menu_activated (GSimpleAction *action, GVariant *parameter, gpointer row)
{
  move_activated (row, g_str_equal (g_action_get_name (G_ACTION (action)), "up") ? "template.up"
                                                                                : "template.down",
                  NULL);
}

static gboolean
key_pressed (GtkWidget *row, guint key, guint code, GdkModifierType state)
{
  gboolean up = key == GDK_KEY_Up || key == GDK_KEY_KP_Up;

  if (!(state & GDK_ALT_MASK) || (!up && key != GDK_KEY_Down && key != GDK_KEY_KP_Down))
    return GDK_EVENT_PROPAGATE;
  move_activated (row, up ? "template.up" : "template.down", NULL);
  return GDK_EVENT_STOP;
}

/* By a menu, and by Alt with the arrows on the row. */
static void
let_move (GtkWidget *row, BedTemplate *template)
{
  static const GActionEntry entries[] = { { "up", menu_activated }, { "down", menu_activated } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *button = gtk_menu_button_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_object_set_data_full (G_OBJECT (row), "item", g_object_ref (template), g_object_unref);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), row);
  gtk_widget_insert_action_group (row, "template", G_ACTION_GROUP (actions));
  g_menu_append (menu, _("Move _up"), "template.up");
  g_menu_append (menu, _("Move _down"), "template.down");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Move this template (Alt and the arrows)"));
  bed_ui_set_name (button, _("Move this template (Alt and the arrows)"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed), row);
  gtk_widget_add_controller (row, keys);
}

static GtkWidget *
new_template_row (BedPhrasesPage *self, BedTemplate *template)
{
  g_autoptr (GString) headings = g_string_new (NULL);
  GtkWidget *row;

  for (guint i = 0; i < bed_template_get_n_sections (template); i++)
    g_string_append_printf (headings, "%s%s", i > 0 ? ", " : "",
                            bed_record_text_heading (bed_template_get_heading (template, i)));
  row = new_row (bed_record_text_template (bed_template_get_id (template),
                                           bed_template_get_name (template)),
                 headings->str);
  add_button (self, row, "edit-copy-symbolic", _("Make a copy to change"), COPY_TEMPLATE,
              G_OBJECT (template));
  if (bed_template_is_built_in (template))
    return row;
  add_button (self, row, "document-edit-symbolic", _("Edit this template"), EDIT_TEMPLATE,
              G_OBJECT (template));
  add_button (self, row, "user-trash-symbolic", _("Delete this template"), DELETE_TEMPLATE,
              G_OBJECT (template));
  let_move (row, template);
  return row;
}

static GtkWidget *
new_snippet_row (BedPhrasesPage *self, BedSnippet *snippet)
{
  g_autofree char *text = g_strdup (bed_snippet_get_text (snippet));
  GtkWidget *row;

  g_strdelimit (text, "\r\n\t", ' ');
  row = new_row (bed_snippet_get_abbreviation (snippet), text);
  add_button (self, row, "document-edit-symbolic", _("Edit this snippet"), EDIT_SNIPPET,
              G_OBJECT (snippet));
  add_button (self, row, "user-trash-symbolic", _("Delete this snippet"), DELETE_SNIPPET,
              G_OBJECT (snippet));
  return row;
}

/* Rows are made anew; the focus stays with what was moved. */
static void
keep_focus (BedPhrasesPage *self)
{
  for (guint i = 0; self->moved != NULL && i < self->rows[0]->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows[0], i);
      BedTemplate *template = g_object_get_data (G_OBJECT (row), "item");

      if (template != NULL && g_str_equal (bed_template_get_id (template), self->moved))
        gtk_widget_grab_focus (row);
    }
}

static void
show (BedPhrasesPage *self)
{
  AdwPreferencesGroup *groups[] = { self->templates, self->snippets };

  for (guint g = 0; g < 2; g++)
    {
      for (guint i = 0; i < self->rows[g]->len; i++)
        adw_preferences_group_remove (groups[g], g_ptr_array_index (self->rows[g], i));
      g_ptr_array_set_size (self->rows[g], 0);
      for (guint i = 0; self->lists[g] != NULL && i < g_list_model_get_n_items (self->lists[g]);
           i++)
        {
          g_autoptr (GObject) item = g_list_model_get_item (self->lists[g], i);
          GtkWidget *row = g == 0 ? new_template_row (self, BED_TEMPLATE (item))
                                  : new_snippet_row (self, BED_SNIPPET (item));
          adw_preferences_group_add (groups[g], row);
          g_ptr_array_add (self->rows[g], row);
        }
    }
  keep_focus (self);
}

static void
let_go (BedPhrasesPage *self)
{
  for (guint g = 0; g < 2; g++)
    {
      if (self->lists[g] != NULL)
        g_signal_handlers_disconnect_by_func (self->lists[g], show, self);
      g_clear_object (&self->lists[g]);
    }
}

static void
bed_phrases_page_dispose (GObject *object)
{
  BedPhrasesPage *self = BED_PHRASES_PAGE (object);

  let_go (self);
  for (guint g = 0; g < 2; g++)
    g_clear_pointer (&self->rows[g], g_ptr_array_unref);
  g_clear_pointer (&self->moved, g_free);
  G_OBJECT_CLASS (bed_phrases_page_parent_class)->dispose (object);
}

static void
bed_phrases_page_class_init (BedPhrasesPageClass *klass)
{
  static const char *const names[]
      = { "new-template",    "new-snippet",  "copy-template", "edit-template",
          "delete-template", "edit-snippet", "delete-snippet" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  g_type_ensure (BED_TYPE_SUBPAGE);
  G_OBJECT_CLASS (klass)->dispose = bed_phrases_page_dispose;
  for (guint i = 0; i < COPY_TEMPLATE; i++)
    signals[i]
        = g_signal_new (names[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  for (guint i = COPY_TEMPLATE; i < MOVE_TEMPLATE; i++)
    signals[i] = g_signal_new (names[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_OBJECT);
  signals[MOVE_TEMPLATE]
      = g_signal_new ("move-template", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      2, G_TYPE_OBJECT, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-phrases-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BedPhrasesPage, templates);
  gtk_widget_class_bind_template_child (widget_class, BedPhrasesPage, snippets);
  gtk_widget_class_bind_template_callback (widget_class, new_template_activated);
  gtk_widget_class_bind_template_callback (widget_class, new_snippet_activated);
}

static void
bed_phrases_page_init (BedPhrasesPage *self)
{
  self->rows[0] = g_ptr_array_new ();
  self->rows[1] = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

BedPhrasesPage *
bed_phrases_page_new (void)
{
  return g_object_new (BED_TYPE_PHRASES_PAGE, NULL);
}

void
bed_phrases_page_set_lists (BedPhrasesPage *self, GListModel *templates, GListModel *snippets)
{
  GListModel *lists[] = { templates, snippets };

  let_go (self);
  for (guint g = 0; g < 2; g++)
    if (g_set_object (&self->lists[g], lists[g]) && lists[g] != NULL)
      g_signal_connect_swapped (lists[g], "items-changed", G_CALLBACK (show), self);
  show (self);
}
