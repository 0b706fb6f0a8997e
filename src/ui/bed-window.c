/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-window.h"

#include <string.h>

#include "bed-error-text.h"
#include "bed-toast.h"
#include "bed-ui.h"

struct _BedWindow
{
  AdwApplicationWindow parent_instance;
  BedMessageBar *messages;
  GtkOverlay *under_toasts;
  AdwToastOverlay *toasts;
  AdwToast *offer; /* weak: the last with a button */
  GtkStack *cover, *pages;
  BedWelcomePage *welcome;
  BedActivationPage *activation;
  BedUnlockPage *unlock;
  BedCodePage *code;
  BedHomePage *home;
  BedCheckPage *check;
  BedCallPage *call;
  BedAfterPage *after;
  BedGuestPage *guest;
};

static const char *const page_names[]
    = { "welcome", "activation", "code", "home", "check", "call", "after", "guest" };

G_DEFINE_FINAL_TYPE (BedWindow, bed_window, ADW_TYPE_APPLICATION_WINDOW)

static void
toggle_fullscreen (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

/* F6: from one area of the page to the next, as Tab would after the last control of this one. */
static void
next_area (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget)), *area = focus;
  GtkWidget *next;

  while (area != NULL && gtk_widget_get_parent (area) != NULL && !ADW_IS_LEAFLET (gtk_widget_get_parent (area))
         && !ADW_IS_FLAP (gtk_widget_get_parent (area)))
    area = gtk_widget_get_parent (area);
  next = area != NULL ? gtk_widget_get_next_sibling (area) : NULL;
  while (next != NULL && !gtk_widget_child_focus (next, GTK_DIR_TAB_FORWARD))
    next = gtk_widget_get_next_sibling (next);
  if (next == NULL && area != NULL && gtk_widget_get_parent (area) != NULL)
    gtk_widget_child_focus (gtk_widget_get_first_child (gtk_widget_get_parent (area)), GTK_DIR_TAB_FORWARD);
}

static void
search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BedWindow *self = BED_WINDOW (widget);

  if (!bed_window_get_locked (self) && bed_window_get_page (self) == BED_PAGE_HOME)
    bed_home_page_search (self->home);
}

static void
toggle_panel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BedWindow *self = BED_WINDOW (widget);

  if (!bed_window_get_locked (self) && bed_window_get_page (self) == BED_PAGE_CALL)
    bed_call_page_toggle_panel (self->call, g_str_equal (name, "win.chat") ? BED_CALL_PANEL_CHAT : BED_CALL_PANEL_NOTE);
}

static void
call_act (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BedWindow *self = BED_WINDOW (widget);

  if (!bed_window_get_locked (self) && bed_window_get_page (self) == BED_PAGE_CALL)
    g_signal_emit_by_name (self->call, name + strlen ("win."));
}

static void
new_invitation (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BedWindow *self = BED_WINDOW (widget);

  if (!bed_window_get_locked (self) && bed_window_get_page (self) == BED_PAGE_HOME)
    g_signal_emit_by_name (bed_home_page_get_today (self->home), "new-invitation");
}

/* As small as they are, and in a call above its controls. */
static gboolean
place_toasts (GtkOverlay *overlay, GtkWidget *child, GdkRectangle *out, BedWindow *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (overlay)), wide = 0, high = 0;
  int below = bed_window_get_page (self) == BED_PAGE_CALL
                  ? bed_call_page_measure_controls (self->call)
                  : 0;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &wide, NULL, NULL);
  wide = MIN (wide, width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, wide, NULL, &high, NULL, NULL);
  *out = (GdkRectangle) { (width - wide) / 2,
                          gtk_widget_get_height (GTK_WIDGET (overlay)) - below - high, wide, high };
  return TRUE;
}

static void
bed_window_dispose (GObject *object)
{
  g_clear_weak_pointer (&BED_WINDOW (object)->offer);
  G_OBJECT_CLASS (bed_window_parent_class)->dispose (object);
}

static void
bed_window_class_init (BedWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_window_dispose;
  g_type_ensure (BED_TYPE_MESSAGE_BAR);
  g_type_ensure (BED_TYPE_WELCOME_PAGE);
  g_type_ensure (BED_TYPE_ACTIVATION_PAGE);
  g_type_ensure (BED_TYPE_UNLOCK_PAGE);
  g_type_ensure (BED_TYPE_CODE_PAGE);
  g_type_ensure (BED_TYPE_HOME_PAGE);
  g_type_ensure (BED_TYPE_CHECK_PAGE);
  g_type_ensure (BED_TYPE_CALL_PAGE);
  g_type_ensure (BED_TYPE_AFTER_PAGE);
  g_type_ensure (BED_TYPE_GUEST_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedWindow, child)
  BIND (messages);
  BIND (under_toasts);
  BIND (toasts);
  BIND (cover);
  BIND (pages);
  BIND (welcome);
  BIND (activation);
  BIND (unlock);
  BIND (code);
  BIND (home);
  BIND (check);
  BIND (call);
  BIND (after);
  BIND (guest);
#undef BIND
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, toggle_fullscreen);
  gtk_widget_class_install_action (widget_class, "win.next-area", NULL, next_area);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search);
  gtk_widget_class_install_action (widget_class, "win.new-invitation", NULL, new_invitation);
  gtk_widget_class_install_action (widget_class, "win.chat", NULL, toggle_panel);
  gtk_widget_class_install_action (widget_class, "win.note", NULL, toggle_panel);
  gtk_widget_class_install_action (widget_class, "win.microphone", NULL, call_act);
  gtk_widget_class_install_action (widget_class, "win.camera", NULL, call_act);
  gtk_widget_class_install_action (widget_class, "win.hang-up", NULL, call_act);
}

static void
bed_window_init (BedWindow *self)
{
  g_autoptr (GtkBuilder) help = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->under_toasts, "get-child-position", G_CALLBACK (place_toasts), self,
                           0);
  help = gtk_builder_new_from_resource ("/org/bedside/Bedside/ui/bed-shortcuts.ui");
  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (self),
                                           GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (help, "shortcuts")));
}

BedWindow *
bed_window_new (GtkApplication *application)
{
  return g_object_new (BED_TYPE_WINDOW, "application", application, NULL);
}

void
bed_window_show_page (BedWindow *self, BedPage page)
{
  gtk_stack_set_visible_child_name (self->pages, page_names[page]);
}

BedPage
bed_window_get_page (BedWindow *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->pages);

  for (guint i = 0; i < G_N_ELEMENTS (page_names); i++)
    if (g_strcmp0 (name, page_names[i]) == 0)
      return i;
  return BED_PAGE_WELCOME;
}

void
bed_window_set_locked (BedWindow *self, gboolean locked)
{
  if (locked)
    bed_unlock_page_reset (self->unlock);
  bed_ui_set_name (GTK_WIDGET (self), gtk_window_get_title (GTK_WINDOW (self)));
  gtk_stack_set_visible_child_name (self->cover, locked ? "unlock" : "pages");
  if (locked)
    bed_unlock_page_reset (self->unlock);
}

gboolean
bed_window_get_locked (BedWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->cover), "unlock") == 0;
}

AdwToast *
bed_window_toast_with_button (BedWindow *self, const char *text, const char *button)
{
  AdwToast *toast = bed_toast_new (self, text, button);

  adw_toast_set_timeout (toast, 6);
  if (button != NULL)
    {
      /* Only what was done last is offered to be taken back: an older offer would undo the newer, too. */
      if (self->offer != NULL)
        adw_toast_dismiss (self->offer);
      g_set_weak_pointer (&self->offer, toast);
    }
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (toast));
  bed_ui_announce (GTK_WIDGET (self->toasts), text);
  g_object_unref (toast);
  return toast;
}

void
bed_window_toast (BedWindow *self, const char *text)
{
  bed_window_toast_with_button (self, text, NULL);
}

void
bed_window_warn_as (BedWindow *self, BedGravity gravity, const char *text)
{
  bed_message_bar_add (self->messages, gravity, text, FALSE);
}

void
bed_window_warn (BedWindow *self, const char *text)
{
  bed_window_warn_as (self, BED_GRAVITY_ORDINARY, text);
}

void
bed_window_warn_error (BedWindow *self, const GError *error)
{
  bed_window_warn_as (self, bed_error_is_grave (error) ? BED_GRAVITY_GRAVE : BED_GRAVITY_ORDINARY,
                      bed_error_text (error));
}

void
bed_window_warn_in_call (BedWindow *self, BedGravity gravity, const char *text)
{
  bed_message_bar_add (self->messages, gravity, text, TRUE);
}

void
bed_window_end_call (BedWindow *self)
{
  bed_message_bar_end_call (self->messages);
}

gboolean
bed_window_unwarn (BedWindow *self, const char *text)
{
  return bed_message_bar_withdraw (self->messages, text);
}

GStrv
bed_window_dup_warnings (BedWindow *self, BedGravity gravity)
{
  return bed_message_bar_dup_texts (self->messages, gravity);
}

BedWelcomePage *
bed_window_get_welcome (BedWindow *self)
{
  return self->welcome;
}

BedActivationPage *
bed_window_get_activation (BedWindow *self)
{
  return self->activation;
}

BedUnlockPage *
bed_window_get_unlock (BedWindow *self)
{
  return self->unlock;
}

BedCodePage *
bed_window_get_code (BedWindow *self)
{
  return self->code;
}

BedHomePage *
bed_window_get_home (BedWindow *self)
{
  return self->home;
}

BedCheckPage *
bed_window_get_check (BedWindow *self)
{
  return self->check;
}

BedCallPage *
bed_window_get_call (BedWindow *self)
{
  return self->call;
}

BedAfterPage *
bed_window_get_after (BedWindow *self)
{
  return self->after;
}

BedGuestPage *
bed_window_get_guest (BedWindow *self)
{
  return self->guest;
}
