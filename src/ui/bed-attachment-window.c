/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment-window.h"

#include <glib/gi18n.h>

#include "bed-picture.h"
#include "bed-record-text.h"
#include "bed-ui.h"

#define TEXT_MAX (256 * 1024) /* bytes that are shown */

struct _BedAttachmentWindow
{
  AdwWindow parent_instance;
  GtkStack *stack;
  GtkLabel *name, *about, *cut, *told;
  GtkPicture *picture;
  GtkTextView *text;
  GtkWidget *delete;
  BedAttachment *attachment; /* owned */
  GCancellable *cancellable; /* owned */
};

enum
{
  SAVE,
  DELETE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedAttachmentWindow, bed_attachment_window, ADW_TYPE_WINDOW)

static void
save_clicked (BedAttachmentWindow *self)
{
  g_signal_emit (self, signals[SAVE], 0, self->attachment);
}

static void
delete_clicked (BedAttachmentWindow *self)
{
  g_signal_emit (self, signals[DELETE], 0, self->attachment);
}

static void
picture_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedAttachmentWindow) self = data;
  g_autoptr (GdkTexture) texture = bed_picture_load_finish (result, NULL);

  if (self->cancellable == NULL)
    return; /* closed meanwhile */
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child_name (self->stack, texture != NULL ? "picture" : "broken");
}

static void
show_text (BedAttachmentWindow *self, GBytes *content)
{
  gsize length;
  const char *data = g_bytes_get_data (content, &length), *end;
  gboolean whole = length <= TEXT_MAX;

  g_utf8_validate_len (data, MIN (length, TEXT_MAX), &end);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), data, (int) (end - data));
  gtk_widget_set_visible (GTK_WIDGET (self->cut), !whole);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

static void
show_content (BedAttachmentWindow *self, GBytes *content)
{
  gsize length;
  const void *data = g_bytes_get_data (content, &length);
  const char *kind = bed_attachment_guess_media_type (data, length);

  if (g_str_has_prefix (kind, "image/"))
    bed_picture_load_async (content, kind, self->cancellable, picture_loaded, g_object_ref (self));
  else if (g_str_equal (kind, "text/plain"))
    show_text (self, content);
  else
    gtk_stack_set_visible_child_name (self->stack, "none");
}

static void
bed_attachment_window_dispose (GObject *object)
{
  BedAttachmentWindow *self = BED_ATTACHMENT_WINDOW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->attachment);
  G_OBJECT_CLASS (bed_attachment_window_parent_class)->dispose (object);
}

static void
bed_attachment_window_class_init (BedAttachmentWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_attachment_window_dispose;
  signals[SAVE] = g_signal_new ("save", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, BED_TYPE_ATTACHMENT);
  signals[DELETE] = g_signal_new ("delete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, BED_TYPE_ATTACHMENT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/bedside/Bedside/ui/bed-attachment-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedAttachmentWindow, child)
  BIND (stack);
  BIND (name);
  BIND (about);
  BIND (cut);
  BIND (told);
  BIND (picture);
  BIND (text);
  BIND (delete);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, delete_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bed_attachment_window_init (BedAttachmentWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

BedAttachmentWindow *
bed_attachment_window_new (GtkWindow *parent, BedAttachment *attachment, GBytes *content,
                           gint64 now_us)
{
  BedAttachmentWindow *self
      = g_object_new (BED_TYPE_ATTACHMENT_WINDOW, "transient-for", parent, NULL);
  g_autofree char *about = bed_record_text_attachment (attachment, now_us);

  self->attachment = g_object_ref (attachment);
  gtk_label_set_label (self->name, bed_attachment_get_name (attachment));
  gtk_label_set_label (self->about, about);
  gtk_picture_set_alternative_text (self->picture, bed_attachment_get_name (attachment));
  bed_ui_set_name (GTK_WIDGET (self->text), bed_attachment_get_name (attachment));
  gtk_widget_set_visible (self->delete, !bed_attachment_get_signed (attachment));
  show_content (self, content);
  return self;
}

void
bed_attachment_window_tell (BedAttachmentWindow *self, const char *text)
{
  gtk_label_set_label (self->told, text);
}
