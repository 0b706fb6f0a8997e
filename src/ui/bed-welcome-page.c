/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-welcome-page.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedWelcomePage
{
  AdwBin parent_instance;
  GtkMenuButton *menu;
  GtkStack *stack;
  GtkWidget *back, *link, *continue_button;
  GtkLabel *link_title, *link_text, *error;
  GtkSpinner *spinner;
  gboolean guest;
};

enum { ACTIVATION_LINK, GUEST_LINK, RESTORE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedWelcomePage, bed_welcome_page, ADW_TYPE_BIN)

static void
link_typed (BedWelcomePage *self)
{
  g_autofree char *link = bed_ui_dup_line (GTK_EDITABLE (self->link));

  gtk_widget_set_sensitive (self->continue_button, *link != '\0');
  if (*link != '\0')
    bed_ui_set_error (self->error, NULL, self->link);
}

static void
continue_clicked (BedWelcomePage *self)
{
  g_autofree char *link = bed_ui_dup_line (GTK_EDITABLE (self->link));

  if (*link != '\0' && gtk_widget_get_sensitive (self->link))
    g_signal_emit (self, signals[self->guest ? GUEST_LINK : ACTIVATION_LINK], 0, link);
}

static void
pasted (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedWelcomePage) self = data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  /* An empty clipboard is no error worth a word: the field just stays as it was. */
  if (text != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->link), g_strstrip (text));
  gtk_widget_grab_focus (self->link);
}

static void
paste_clicked (BedWelcomePage *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted,
                                 g_object_ref (self));
}

static void
back_clicked (BedWelcomePage *self)
{
  bed_welcome_page_reset (self);
}

static void
clinic_clicked (BedWelcomePage *self)
{
  bed_welcome_page_ask_link (self, FALSE, NULL);
}

static void
guest_clicked (BedWelcomePage *self)
{
  bed_welcome_page_ask_link (self, TRUE, NULL);
}

static void
restore_clicked (BedWelcomePage *self)
{
  g_signal_emit (self, signals[RESTORE], 0);
}

static void
bed_welcome_page_class_init (BedWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[ACTIVATION_LINK] = g_signal_new ("activation-link", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[GUEST_LINK] = g_signal_new ("guest-link", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RESTORE] = g_signal_new ("restore", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, menu);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, stack);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, back);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, link);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, continue_button);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, link_title);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, link_text);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, error);
  gtk_widget_class_bind_template_child (widget_class, BedWelcomePage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, link_typed);
  gtk_widget_class_bind_template_callback (widget_class, continue_clicked);
  gtk_widget_class_bind_template_callback (widget_class, paste_clicked);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, clinic_clicked);
  gtk_widget_class_bind_template_callback (widget_class, guest_clicked);
  gtk_widget_class_bind_template_callback (widget_class, restore_clicked);
}

static void
bed_welcome_page_init (BedWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BedWelcomePage *
bed_welcome_page_new (void)
{
  return g_object_new (BED_TYPE_WELCOME_PAGE, NULL);
}

void
bed_welcome_page_set_menu (BedWelcomePage *self, GMenuModel *menu)
{
  gtk_menu_button_set_menu_model (self->menu, menu);
}

void
bed_welcome_page_ask_link (BedWelcomePage *self, gboolean guest, const char *link)
{
  self->guest = guest;
  gtk_label_set_label (self->link_title, guest ? _("Your invitation") : _("Activate this computer"));
  gtk_label_set_label (self->link_text,
                       guest ? _("Paste the link that your clinic sent you.")
                             : _("Paste the activation link that your clinic’s administrator gave you. It works once."));
  gtk_editable_set_text (GTK_EDITABLE (self->link), link != NULL ? link : "");
  bed_ui_set_error (self->error, NULL, self->link);
  gtk_stack_set_visible_child_name (self->stack, "link");
  gtk_widget_set_visible (self->back, TRUE);
  gtk_widget_grab_focus (self->link);
}

void
bed_welcome_page_reset (BedWelcomePage *self)
{
  bed_welcome_page_set_busy (self, FALSE);
  bed_ui_set_error (self->error, NULL, self->link);
  gtk_editable_set_text (GTK_EDITABLE (self->link), "");
  gtk_stack_set_visible_child_name (self->stack, "choices");
  gtk_widget_set_visible (self->back, FALSE);
}

void
bed_welcome_page_set_busy (BedWelcomePage *self, gboolean busy)
{
  if (busy)
    bed_ui_leave_focus (GTK_WIDGET (self));
  gtk_widget_set_sensitive (self->link, !busy);
  gtk_widget_set_sensitive (self->continue_button, !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

void
bed_welcome_page_set_error (BedWelcomePage *self, const char *text)
{
  bed_ui_set_error (self->error, text, self->link);
  if (text == NULL)
    return;
  bed_ui_shake (self->link);
  gtk_widget_grab_focus (self->link);
}
