/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-unlock-page.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedUnlockPage
{
  AdwBin parent_instance;
  GtkMenuButton *menu;
  GtkLabel *name, *clinic, *call_text, *link, *waiting, *error, *offline;
  GtkWidget *call_note, *unsaved_note, *link_note, *waiting_note, *fields, *password, *recovery, *pin, *touch_note, *unlock, *other;
  GtkWidget *cancel, *token, *restore, *hang_up;
  GtkSpinner *spinner;
  BedUnlockWay way;
  gboolean has_token;
};

enum { UNLOCK, CANCEL, RESTORE, HANG_UP, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedUnlockPage, bed_unlock_page, ADW_TYPE_BIN)

static GtkWidget *
field (BedUnlockPage *self)
{
  return self->way == BED_UNLOCK_RECOVERY ? self->recovery
         : self->way == BED_UNLOCK_TOKEN  ? self->pin
                                          : self->password;
}

static void
unlock_activated (BedUnlockPage *self)
{
  const char *secret = gtk_editable_get_text (GTK_EDITABLE (field (self)));

  if (!gtk_widget_get_sensitive (self->fields))
    return;
  if (*secret == '\0')
    gtk_widget_grab_focus (field (self));
  else
    g_signal_emit (self, signals[UNLOCK], 0, secret, self->way);
}

static void
typed (BedUnlockPage *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (field (self))) != '\0')
    bed_ui_set_error (self->error, NULL, field (self));
}

static void
show_field (BedUnlockPage *self)
{
  gtk_widget_set_visible (self->password, self->way == BED_UNLOCK_PASSWORD);
  gtk_widget_set_visible (self->recovery, self->way == BED_UNLOCK_RECOVERY);
  gtk_widget_set_visible (self->pin, self->way == BED_UNLOCK_TOKEN);
  gtk_button_set_label (GTK_BUTTON (self->other),
                        self->way == BED_UNLOCK_PASSWORD ? _("Use the recovery key")
                                                         : _("Use the password"));
  gtk_widget_set_visible (self->token, self->has_token && self->way != BED_UNLOCK_TOKEN);
  gtk_widget_grab_focus (field (self));
}

static void
change_way (BedUnlockPage *self, BedUnlockWay way)
{
  bed_unlock_page_set_error (self, NULL);
  self->way = way;
  show_field (self);
}

static void
other_clicked (BedUnlockPage *self)
{
  change_way (self, self->way == BED_UNLOCK_PASSWORD ? BED_UNLOCK_RECOVERY : BED_UNLOCK_PASSWORD);
}

static void
token_clicked (BedUnlockPage *self)
{
  change_way (self, BED_UNLOCK_TOKEN);
}

static void
cancel_clicked (BedUnlockPage *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static void
restore_clicked (BedUnlockPage *self)
{
  g_signal_emit (self, signals[RESTORE], 0);
}

static void
hang_up_clicked (BedUnlockPage *self)
{
  g_signal_emit (self, signals[HANG_UP], 0);
}

static void
bed_unlock_page_class_init (BedUnlockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[UNLOCK] = g_signal_new ("unlock", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
  signals[CANCEL] = g_signal_new ("cancel", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[RESTORE] = g_signal_new ("restore", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[HANG_UP] = g_signal_new ("hang-up", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-unlock-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, menu);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, name);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, clinic);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, error);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, offline);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, call_note);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, call_text);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, unsaved_note);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, link_note);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, link);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, waiting_note);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, fields);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, password);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, recovery);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, pin);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, touch_note);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, cancel);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, token);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, restore);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, unlock);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, other);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, hang_up);
  gtk_widget_class_bind_template_child (widget_class, BedUnlockPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, unlock_activated);
  gtk_widget_class_bind_template_callback (widget_class, typed);
  gtk_widget_class_bind_template_callback (widget_class, other_clicked);
  gtk_widget_class_bind_template_callback (widget_class, token_clicked);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, restore_clicked);
  gtk_widget_class_bind_template_callback (widget_class, hang_up_clicked);
}

static void
bed_unlock_page_init (BedUnlockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BedUnlockPage *
bed_unlock_page_new (void)
{
  return g_object_new (BED_TYPE_UNLOCK_PAGE, NULL);
}

void
bed_unlock_page_set_person (BedUnlockPage *self, const char *name, const char *clinic)
{
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->clinic, clinic);
  gtk_widget_set_visible (GTK_WIDGET (self->clinic), *clinic != '\0');
}

void
bed_unlock_page_set_menu (BedUnlockPage *self, GMenuModel *menu)
{
  gtk_menu_button_set_menu_model (self->menu, menu);
}

void
bed_unlock_page_set_behind (BedUnlockPage *self, BedUnlockBehind behind)
{
  const char *const texts[] = {
    "",
    _("The call goes on. Your sound is still sent, your picture is not; what was on the screen is covered."),
    _("The call goes on. Neither your sound nor your picture is sent; what was on the screen is covered."),
    _("Your visit goes on behind this. Your camera and microphone are off."),
  };

  gtk_label_set_label (self->call_text, texts[behind]);
  gtk_widget_set_visible (self->call_note, behind != BED_UNLOCK_BEHIND_NOTHING);
  gtk_widget_set_visible (self->hang_up,
                          behind == BED_UNLOCK_BEHIND_CALL_HEARD || behind == BED_UNLOCK_BEHIND_CALL);
  gtk_widget_set_visible (GTK_WIDGET (self->offline), behind == BED_UNLOCK_BEHIND_NOTHING);
}

void
bed_unlock_page_set_unsaved (BedUnlockPage *self, gboolean unsaved)
{
  gtk_widget_set_visible (self->unsaved_note, unsaved);
}

void
bed_unlock_page_set_link (BedUnlockPage *self, const char *text)
{
  gtk_widget_set_visible (self->link_note, text != NULL);
  gtk_label_set_label (self->link, text != NULL ? text : "");
}

const char *
bed_unlock_page_get_link (BedUnlockPage *self)
{
  return gtk_widget_get_visible (self->link_note) ? gtk_label_get_label (self->link) : NULL;
}

void
bed_unlock_page_set_waiting (BedUnlockPage *self, const char *text, gboolean somebody)
{
  gtk_widget_set_visible (self->waiting_note, text != NULL);
  gtk_label_set_label (self->waiting, text != NULL ? text : "");
  if (somebody)
    gtk_widget_add_css_class (self->waiting_note, "somebody");
  else
    gtk_widget_remove_css_class (self->waiting_note, "somebody");
}

void
bed_unlock_page_set_busy (BedUnlockPage *self, gboolean busy)
{
  if (busy)
    bed_ui_leave_focus (GTK_WIDGET (self));
  gtk_widget_set_sensitive (self->fields, !busy);
  gtk_widget_set_sensitive (self->unlock, !busy);
  gtk_widget_set_sensitive (self->other, !busy);
  gtk_widget_set_sensitive (self->token, !busy);
  gtk_widget_set_visible (self->touch_note, busy && self->way == BED_UNLOCK_TOKEN);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  if (busy && self->way == BED_UNLOCK_TOKEN)
    gtk_widget_grab_focus (self->cancel);
}

void
bed_unlock_page_set_error (BedUnlockPage *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->password), "");
  gtk_editable_set_text (GTK_EDITABLE (self->pin), "");
  if (self->way != BED_UNLOCK_RECOVERY || text == NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->recovery), "");
  bed_ui_set_error (self->error, text, field (self));
  if (text == NULL)
    return;
  bed_ui_shake (self->fields);
  gtk_widget_grab_focus (field (self));
}

void
bed_unlock_page_reset (BedUnlockPage *self)
{
  bed_unlock_page_set_error (self, NULL);
  bed_unlock_page_set_link (self, NULL);
  self->way = BED_UNLOCK_PASSWORD;
  bed_unlock_page_set_restore (self, FALSE);
  show_field (self);
}

void
bed_unlock_page_set_token (BedUnlockPage *self, gboolean there)
{
  self->has_token = there;
  gtk_widget_set_visible (self->token, there && self->way != BED_UNLOCK_TOKEN);
}

void
bed_unlock_page_set_restore (BedUnlockPage *self, gboolean possible)
{
  gtk_widget_set_visible (self->restore, possible);
}
