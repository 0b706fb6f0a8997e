/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-choice.h"

#include "bed-ui.h"

void
bed_file_choice_open (GtkFileChooserNative **chooser, GtkWindow *parent,
                      GtkFileChooserAction action, const char *title, const char *name,
                      GCallback chosen, gpointer object)
{
  g_clear_object (chooser);
  *chooser = gtk_file_chooser_native_new (title, parent, action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (*chooser), TRUE);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (*chooser), name);
  g_signal_connect_object (*chooser, "response", chosen, object, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (*chooser));
}

GFile *
bed_file_choice_take (GtkFileChooserNative **chooser, int response)
{
  g_autoptr (GtkFileChooserNative) answered = g_steal_pointer (chooser);
  GFile *file = response == GTK_RESPONSE_ACCEPT
                    ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (answered))
                    : NULL;

  if (file != NULL)
    bed_ui_forget_recent (file);
  return file;
}
