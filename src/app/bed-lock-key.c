/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-lock-key.h"

static gboolean
lock (gpointer application)
{
  g_action_group_activate_action (G_ACTION_GROUP (application), "lock", NULL);
  return G_SOURCE_REMOVE;
}

/* Not within the window's own key: a lock takes the windows away. */
static gboolean
pressed (GtkWidget *window, GVariant *arguments, gpointer application)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, lock, g_object_ref (application), g_object_unref);
  return GDK_EVENT_STOP;
}

static void
windows_changed (GListModel *windows, guint position, guint removed, guint added,
                 GtkApplication *application)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkEventController *keys = gtk_shortcut_controller_new ();

      gtk_shortcut_controller_add_shortcut (
          GTK_SHORTCUT_CONTROLLER (keys),
          gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_l, GDK_CONTROL_MASK),
                            gtk_callback_action_new (pressed, application, NULL)));
      gtk_widget_add_controller (window, keys);
    }
}

void
bed_lock_key_watch (GtkApplication *application)
{
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed",
                           G_CALLBACK (windows_changed), application, 0);
}
