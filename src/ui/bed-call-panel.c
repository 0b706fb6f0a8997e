/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-panel.h"

#include <glib/gi18n.h>

#include "bed-chat-file-box.h"
#include "bed-chat-message.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedCallPanel
{
  AdwBin parent_instance;
  AdwViewStack *stack;
  AdwViewStackPage *note_page, *chat_page;
  GtkStack *head, *chat_stack;
  GtkScrolledWindow *chat_scroll;
  AdwStatusPage *chat_empty;
  GtkWidget *keep;
  GtkLabel *kept;
  GtkListBox *chat;
  GtkWidget *entry, *send_button, *file_button;
  BedNoteEditor *editor;
  GListModel *messages; /* owned */
  gboolean open, can_keep_files;
  guint scroll;
};

enum { SEND, CLOSE, PAGE_CHANGED, KEEP, SEND_FILE, FILE_ACT, SEND_AGAIN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCallPanel, bed_call_panel, ADW_TYPE_BIN)

static void
entry_changed (BedCallPanel *self)
{
  g_autofree char *text = bed_ui_dup_line (GTK_EDITABLE (self->entry));

  gtk_widget_set_sensitive (self->send_button, self->open && *text != '\0');
}

static void
send (BedCallPanel *self)
{
  g_autofree char *text = bed_ui_dup_line (GTK_EDITABLE (self->entry));

  if (self->open && *text != '\0')
    g_signal_emit (self, signals[SEND], 0, text);
}

static void
close_clicked (BedCallPanel *self)
{
  g_signal_emit (self, signals[CLOSE], 0);
}

static void
page_changed (BedCallPanel *self)
{
  g_signal_emit (self, signals[PAGE_CHANGED], 0);
}

static void
file_clicked (BedCallPanel *self)
{
  g_signal_emit (self, signals[SEND_FILE], 0);
}

static void
file_act (BedCallPanel *self, BedChatFile *file, int act)
{
  g_signal_emit (self, signals[FILE_ACT], 0, file, act);
}

static GtkWidget *
new_text (BedChatMessage *message)
{
  GtkWidget *text = gtk_label_new (bed_chat_message_get_text (message));

  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 30);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_focusable (text, FALSE);
  return text;
}

/* The button goes with it: the focus stays in the chat. */
static void
again_clicked (GtkWidget *button, BedChatMessage *message)
{
  BedCallPanel *self = BED_CALL_PANEL (gtk_widget_get_ancestor (button, BED_TYPE_CALL_PANEL));

  gtk_widget_grab_focus (self->entry);
  g_signal_emit (self, signals[SEND_AGAIN], 0, message);
}

static GtkWidget *
new_unsent (BedChatMessage *message)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT,
                                 "spacing", 6, "halign", GTK_ALIGN_END, NULL);
  GtkWidget *label = gtk_label_new (_("Not sent"));
  GtkWidget *again = gtk_button_new_with_label (_("Send again"));

  bed_ui_set_name (box, _("Not sent"));
  gtk_widget_add_css_class (label, "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (again), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  bed_chat_message_get_text (message), -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), again);
  g_signal_connect_object (again, "clicked", G_CALLBACK (again_clicked), message, 0);
  return box;
}

/* Under one's own text that the connection did not take; what comes anew is read aloud. */
static void
show_unsent (AdwBin *place, GParamSpec *pspec, BedChatMessage *message)
{
  gboolean unsent;

  g_object_get (message, "unsent", &unsent, NULL);
  if (unsent != (adw_bin_get_child (place) != NULL))
    adw_bin_set_child (place, unsent ? new_unsent (message) : NULL);
}

static GtkWidget *
new_unsent_place (BedChatMessage *message)
{
  GtkWidget *place = adw_bin_new ();

  g_signal_connect_object (message, "notify::unsent", G_CALLBACK (show_unsent), place,
                           G_CONNECT_SWAPPED);
  show_unsent (ADW_BIN (place), NULL, message);
  return place;
}

static GtkWidget *
new_file (BedCallPanel *self, BedChatFile *file)
{
  BedChatFileBox *box = bed_chat_file_box_new (file, self->can_keep_files);

  g_signal_connect_object (box, "act", G_CALLBACK (file_act), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (box);
}

static GtkWidget *
create_bubble (gpointer item, gpointer data)
{
  gboolean mine = bed_chat_message_get_mine (item);
  gint64 at = bed_chat_message_get_time (item);
  g_autofree char *when = bed_time_text_when (at, at);
  g_autofree char *who = g_strdup_printf (mine ? _("You, %s") : _("They, %s"), when);
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  BedChatFile *file = bed_chat_message_get_file (item);
  GtkWidget *text = file != NULL ? new_file (data, file) : new_text (item), *stamp = gtk_label_new (who);

  gtk_widget_add_css_class (text, "bubble");
  gtk_widget_add_css_class (stamp, "dim-label");
  gtk_widget_add_css_class (stamp, "tiny");
  gtk_widget_add_css_class (stamp, "numeric");
  if (mine)
    gtk_widget_add_css_class (text, "mine");
  gtk_widget_set_halign (box, mine ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_halign (text, mine ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_halign (stamp, mine ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), stamp);
  if (mine && file == NULL)
    gtk_box_append (GTK_BOX (box), new_unsent_place (item));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static gboolean
scroll_down (gpointer data)
{
  BedCallPanel *self = data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->chat_scroll);

  self->scroll = 0;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  return G_SOURCE_REMOVE;
}

static void
messages_changed (BedCallPanel *self)
{
  guint n = self->messages != NULL ? g_list_model_get_n_items (self->messages) : 0;

  gtk_stack_set_visible_child_name (self->chat_stack, n > 0 ? "messages" : "empty");
  /* The new row has no size before the next layout. */
  if (self->scroll == 0)
    self->scroll = g_timeout_add (60, scroll_down, self);
}

static void
keep_clicked (BedCallPanel *self)
{
  g_signal_emit (self, signals[KEEP], 0);
}

static void
bed_call_panel_dispose (GObject *object)
{
  BedCallPanel *self = BED_CALL_PANEL (object);

  g_clear_handle_id (&self->scroll, g_source_remove);
  if (self->messages != NULL)
    g_signal_handlers_disconnect_by_func (self->messages, messages_changed, self);
  g_clear_object (&self->messages);
  G_OBJECT_CLASS (bed_call_panel_parent_class)->dispose (object);
}

static void
bed_call_panel_class_init (BedCallPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_call_panel_dispose;
  signals[SEND] = g_signal_new ("send", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CLOSE] = g_signal_new ("close", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PAGE_CHANGED] = g_signal_new ("page-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SEND_FILE] = g_signal_new ("send-file", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FILE_ACT] = g_signal_new ("file-act", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                    BED_TYPE_CHAT_FILE, G_TYPE_INT);
  signals[SEND_AGAIN] = g_signal_new ("send-again", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                      BED_TYPE_CHAT_MESSAGE);
  signals[KEEP] = g_signal_new ("keep", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-call-panel.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedCallPanel, child)
  BIND (stack);
  BIND (note_page);
  BIND (chat_page);
  BIND (chat_empty);
  BIND (keep);
  BIND (kept);
  BIND (head);
  BIND (chat_stack);
  BIND (chat_scroll);
  BIND (chat);
  BIND (entry);
  BIND (send_button);
  BIND (file_button);
  BIND (editor);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, send);
  gtk_widget_class_bind_template_callback (widget_class, file_clicked);
  gtk_widget_class_bind_template_callback (widget_class, keep_clicked);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked);
}

static void
bed_call_panel_init (BedCallPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (page_changed), self, G_CONNECT_SWAPPED);
}

void
bed_call_panel_set_with_note (BedCallPanel *self, gboolean with_note)
{
  adw_view_stack_page_set_visible (self->note_page, with_note);
  gtk_stack_set_visible_child_name (self->head, with_note ? "both" : "chat");
  bed_call_panel_show_page (self, with_note ? BED_CALL_PANEL_NOTE : BED_CALL_PANEL_CHAT);
}

BedNoteEditor *
bed_call_panel_get_editor (BedCallPanel *self)
{
  return self->editor;
}

void
bed_call_panel_set_chat (BedCallPanel *self, GListModel *chat)
{
  if (self->messages != NULL)
    g_signal_handlers_disconnect_by_func (self->messages, messages_changed, self);
  g_set_object (&self->messages, chat);
  gtk_list_box_bind_model (self->chat, chat, create_bubble, self, NULL);
  if (chat != NULL)
    g_signal_connect_swapped (chat, "items-changed", G_CALLBACK (messages_changed), self);
  messages_changed (self);
}

void
bed_call_panel_set_can_keep_files (BedCallPanel *self, gboolean can_keep)
{
  self->can_keep_files = can_keep;
}

void
bed_call_panel_set_chat_open (BedCallPanel *self, gboolean open)
{
  self->open = open;
  gtk_widget_set_sensitive (self->file_button, open);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), open ? _("Write a message") : _("Not connected"));
  entry_changed (self);
}

void
bed_call_panel_sent (BedCallPanel *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

void
bed_call_panel_set_unread (BedCallPanel *self, guint n)
{
  adw_view_stack_page_set_badge_number (self->chat_page, n);
  adw_view_stack_page_set_needs_attention (self->chat_page, n > 0);
}

void
bed_call_panel_show_page (BedCallPanel *self, BedCallPanelPage page)
{
  adw_view_stack_set_visible_child_name (self->stack, page == BED_CALL_PANEL_NOTE ? "note" : "chat");
}

BedCallPanelPage
bed_call_panel_get_page (BedCallPanel *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "chat") == 0 ? BED_CALL_PANEL_CHAT
                                                                                     : BED_CALL_PANEL_NOTE;
}

void
bed_call_panel_focus (BedCallPanel *self)
{
  if (bed_call_panel_get_page (self) == BED_CALL_PANEL_CHAT)
    gtk_widget_grab_focus (self->entry);
  else
    bed_note_editor_focus (self->editor);
}

void
bed_call_panel_set_chat_kept (BedCallPanel *self, gboolean can_keep, gboolean kept, gboolean guest)
{
  gtk_widget_set_visible (self->keep, can_keep && !kept);
  gtk_widget_set_visible (GTK_WIDGET (self->kept), kept);
  gtk_label_set_label (self->kept, guest ? _("The clinic keeps this chat with your record.")
                                         : _("This chat is kept with the record. The patient was told."));
  adw_status_page_set_description (
      self->chat_empty,
      kept ? _("Only the two of you can read what is written here.")
           : _("Only the two of you can read what is written here. It is not kept when the call ends."));
}
