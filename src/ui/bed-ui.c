/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ui.h"

#include <string.h>

#include "bed-adaptive-bin.h"
#include "bed-call-panel.h"
#include "bed-check-page.h"
#include "bed-list-detail.h"
#include "bed-note-editor.h"
#include "bed-note-filter.h"
#include "bed-note-paper.h"
#include "bed-attachments-box.h"
#include "bed-notes-page.h"
#include "bed-patients-page.h"
#include "bed-self-view.h"
#include "bed-today-page.h"
#include "bed-ui-resources.h"

void
bed_ui_init (void)
{
  GtkIconTheme *icons = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  g_resources_register (bed_ui_get_resource ());
  gtk_icon_theme_add_resource_path (icons, "/org/bedside/Bedside/icons");
  g_type_ensure (BED_TYPE_ADAPTIVE_BIN);
  g_type_ensure (BED_TYPE_CALL_PANEL);
  g_type_ensure (BED_TYPE_CHECK_PAGE);
  g_type_ensure (BED_TYPE_LIST_DETAIL);
  g_type_ensure (BED_TYPE_NOTE_EDITOR);
  g_type_ensure (BED_TYPE_NOTE_FILTER);
  g_type_ensure (BED_TYPE_NOTE_PAPER);
  g_type_ensure (BED_TYPE_ATTACHMENTS_BOX);
  g_type_ensure (BED_TYPE_NOTES_PAGE);
  g_type_ensure (BED_TYPE_PATIENTS_PAGE);
  g_type_ensure (BED_TYPE_SELF_VIEW);
  g_type_ensure (BED_TYPE_TODAY_PAGE);
}

static gboolean
stop_shaking (gpointer data)
{
  gtk_widget_remove_css_class (data, "shake");
  return G_SOURCE_REMOVE;
}

void
bed_ui_shake (GtkWidget *widget)
{
  if (gtk_widget_has_css_class (widget, "shake"))
    return;
  gtk_widget_add_css_class (widget, "shake");
  g_timeout_add_full (G_PRIORITY_DEFAULT, 450, stop_shaking, g_object_ref (widget), g_object_unref);
}

void
bed_ui_leave_focus (GtkWidget *part)
{
  GtkRoot *root = gtk_widget_get_root (part);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && (focus == part || gtk_widget_is_ancestor (focus, part)))
    gtk_root_set_focus (root, NULL);
}

#define ANNOUNCED_S 8

static gboolean
announced (gpointer window)
{
  g_object_set_data (window, "bed-announced", NULL);
  if (gtk_widget_get_mapped (window)) /* not closed meanwhile */
    bed_ui_set_name (window, gtk_window_get_title (window));
  return G_SOURCE_REMOVE;
}

void
bed_ui_announce (GtkWidget *widget, const char *text)
{
  GtkRoot *window = gtk_widget_get_root (widget);
  guint timer;

  if (!GTK_IS_APPLICATION_WINDOW (window) || !gtk_widget_get_mapped (widget))
    return;
  timer = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (window), "bed-announced"));
  if (timer != 0)
    g_source_remove (timer);
  bed_ui_set_name (GTK_WIDGET (window), text);
  timer = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, ANNOUNCED_S, announced,
                                      g_object_ref (window), g_object_unref);
  g_object_set_data (G_OBJECT (window), "bed-announced", GUINT_TO_POINTER (timer));
}

void
bed_ui_set_error (GtkLabel *label, const char *text, GtkWidget *about)
{
  gboolean shown = text != NULL && *text != '\0';
  gboolean changed = shown && !g_str_equal (text, gtk_label_get_label (label));

  gtk_label_set_label (label, shown ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), shown);
  if (changed)
    bed_ui_announce (GTK_WIDGET (label), text);
  if (about == NULL)
    return;
  if (shown)
    gtk_widget_add_css_class (about, "error");
  else
    gtk_widget_remove_css_class (about, "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (about), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  shown ? text : "", -1);
}

static gboolean
is_title (const char *word, gsize length)
{
  static const char *const titles[] = { "Dr", "Prof", "Professor", "Doctor", "Doktor", "Mr", "Mrs", "Ms", "Mx", "Miss",
                                        "Sir", "Dame", "Herr", "Frau", "med", "dent", "phil", "rer", "nat", "PD", "Dipl",
                                        "Sister", "Nurse" };

  if (length > 0 && word[length - 1] == '.')
    length--;
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strlen (titles[i]) == length && g_ascii_strncasecmp (titles[i], word, length) == 0)
      return TRUE;
  return FALSE;
}

const char *
bed_ui_skip_titles (const char *name)
{
  const char *end;

  while ((end = strchr (name, ' ')) != NULL && end[1] != '\0' && is_title (name, (gsize) (end - name)))
    name = end + 1;
  return name;
}

void
bed_ui_set_initials (AdwAvatar *avatar, const char *name)
{
  adw_avatar_set_text (avatar, name != NULL ? bed_ui_skip_titles (name) : NULL);
}

GtkWidget *
bed_ui_button_new (const char *label)
{
  GtkWidget *button = gtk_button_new (), *text = gtk_label_new_with_mnemonic (label);

  gtk_label_set_mnemonic_widget (GTK_LABEL (text), button);
  gtk_button_set_child (GTK_BUTTON (button), text);
  gtk_widget_add_css_class (button, "text-button");
  return button;
}

void
bed_ui_set_name (GtkWidget *widget, const char *name)
{
  /* A label inside would be read after the name, a second time. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

#define CLIPBOARD_S 60

static void
clear_if_ours (GdkClipboard *clipboard)
{
  if (gdk_clipboard_is_local (clipboard))
    gdk_clipboard_set_content (clipboard, NULL);
}

static gboolean
clipboard_over (gpointer clipboard)
{
  g_object_set_data (clipboard, "bed-timer", NULL);
  clear_if_ours (clipboard);
  return G_SOURCE_REMOVE;
}

static void
clipboard_changed (GdkClipboard *clipboard)
{
  guint timer = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (clipboard), "bed-timer"));

  if (timer != 0)
    g_source_remove (timer);
  timer = 0;
  if (g_object_get_data (G_OBJECT (clipboard), "bed-meant") != gdk_clipboard_get_content (clipboard))
    g_object_set_data (G_OBJECT (clipboard), "bed-meant", NULL);
  if (gdk_clipboard_is_local (clipboard)
      && g_object_get_data (G_OBJECT (clipboard), "bed-meant") == NULL
      && gdk_clipboard_get_content (clipboard) != NULL)
    timer = g_timeout_add_seconds (CLIPBOARD_S, clipboard_over, clipboard);
  g_object_set_data (G_OBJECT (clipboard), "bed-timer", GUINT_TO_POINTER (timer));
}

void
bed_ui_guard_clipboard (GdkDisplay *display)
{
  g_signal_connect (gdk_display_get_clipboard (display), "changed", G_CALLBACK (clipboard_changed),
                    NULL);
}

void
bed_ui_clear_clipboard (GdkDisplay *display)
{
  GdkClipboard *clipboard = gdk_display_get_clipboard (display);

  if (g_object_get_data (G_OBJECT (clipboard), "bed-meant") == NULL)
    clear_if_ours (clipboard);
  clear_if_ours (gdk_display_get_primary_clipboard (display));
}

void
bed_ui_copy (GtkWidget *widget, const char *text)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);

  g_autoptr (GdkContentProvider) content = gdk_content_provider_new_typed (G_TYPE_STRING, text);

  g_object_set_data (G_OBJECT (clipboard), "bed-meant", content);
  gdk_clipboard_set_content (clipboard, content);
}

void
bed_ui_forget_recent (GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);

  /* It is not there where the desktop's own dialog was used: nothing to take away then. */
  gtk_recent_manager_remove_item (gtk_recent_manager_get_default (), uri, NULL);
}

#define QR_QUIET 4
#define QR_SCALE 4

static void
draw_module (guint8 *pixels, guint side, guint x, guint y)
{
  for (guint row = 0; row < QR_SCALE; row++)
    memset (pixels + ((gsize) ((y + QR_QUIET) * QR_SCALE + row) * side + (x + QR_QUIET) * QR_SCALE) * 3,
            0, QR_SCALE * 3);
}

GdkPaintable *
bed_ui_qr_paintable (BedQr *qr)
{
  guint width = bed_qr_get_size (qr), side = (width + 2 * QR_QUIET) * QR_SCALE;
  gsize length = (gsize) side * side * 3;
  guint8 *pixels = g_malloc (length);
  g_autoptr (GBytes) bytes = NULL;

  memset (pixels, 0xff, length);
  for (guint y = 0; y < width; y++)
    for (guint x = 0; x < width; x++)
      if (bed_qr_get_module (qr, x, y))
        draw_module (pixels, side, x, y);
  bytes = g_bytes_new_take (pixels, length);
  return GDK_PAINTABLE (gdk_memory_texture_new (side, side, GDK_MEMORY_R8G8B8, bytes, (gsize) side * 3));
}

char *
bed_ui_dup_line (GtkEditable *editable)
{
  char *text = g_strdup (gtk_editable_get_text (editable));

  g_strdelimit (text, "\r\n\t", ' ');
  return g_strstrip (text);
}

char *
bed_ui_dup_number (const char *number)
{
  g_autoptr (GString) shown = g_string_new (number);

  g_string_replace (shown, " ", "\u00a0", 0);
  if (gtk_widget_get_default_direction () != GTK_TEXT_DIR_RTL || shown->len == 0)
    return g_strdup (shown->str);
  return g_strdup_printf ("\u2066%s\u2069", shown->str); /* left-to-right isolate */
}

void
bed_ui_limit (GtkWidget *entry, int max)
{
  gtk_text_set_max_length (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (entry))), max);
}
