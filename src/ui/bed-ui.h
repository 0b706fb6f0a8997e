/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-qr.h"

G_BEGIN_DECLS

/* What the widgets of this room share. Main thread. */

/* Registers resources, icons and the types that templates name. Idempotent; needs GTK initialised. */
void bed_ui_init (void);
/* Shakes a widget once, where the person has not asked for less motion. */
void bed_ui_shake (GtkWidget *widget);
/* Before `part` gets insensitive: a field that loses its focus that way goes on blinking. Only when the focus
 * is in it. */
void bed_ui_leave_focus (GtkWidget *part);
/* Says aloud, where a screen reader listens, what came up beside the focus: for some seconds it is the name of
 * the main window, which is read when it changes; an alert that appears is not, by those of GTK 4.8's time.
 * widget: where it is to be read; what is not shown, or in another window, is not said. */
void bed_ui_announce (GtkWidget *widget, const char *text);
/* Shows a sentence in a label that is hidden while there is none; NULL or "" hides it. A new one is
 * announced; the screen reader finds it as the description of `about` (nullable), too. */
void bed_ui_set_error (GtkLabel *label, const char *text, GtkWidget *about);
/* A button with a mnemonic that is read without its underscore: GtkButton's own label is not.
 * Returns: (transfer floating) */
GtkWidget *bed_ui_button_new (const char *label);
/* The accessible name of a control that shows no words. */
void bed_ui_set_name (GtkWidget *widget, const char *name);
/* The initials and colour of a person, without their title: "Dr Amara Okafor" is AO. NULL: a plain head. */
void bed_ui_set_initials (AdwAvatar *avatar, const char *name);
/* Lends the part of a name after the titles. */
const char *bed_ui_skip_titles (const char *name);
/* Puts text on the clipboard that is meant to leave the app: it stays there. */
void bed_ui_copy (GtkWidget *widget, const char *text);
/* What else is copied in the app is from the record: it is taken off the clipboard again after 60 s,
 * while it is still ours. Once for each display. */
void bed_ui_guard_clipboard (GdkDisplay *display);
/* Takes it off now, and the selection too: before the window is locked. */
void bed_ui_clear_clipboard (GdkDisplay *display);
/* A file that was just written leaves no trace in the desktop's list of recent files. */
void bed_ui_forget_recent (GFile *file);
/* Draws a QR code, dark on white with its quiet zone. Returns: (transfer full) */
GdkPaintable *bed_ui_qr_paintable (BedQr *qr);
/* What was typed, trimmed, without line breaks. Returns: (transfer full) */
char *bed_ui_dup_line (GtkEditable *editable);
/* A number in groups (a telephone, a passcode) as it is shown: it stays in one line, and in text that goes
 * from right to left its groups keep their order. Returns: (transfer full) */
char *bed_ui_dup_number (const char *number);
/* No more than so many characters can be typed or pasted into an entry or a row with one. */
void bed_ui_limit (GtkWidget *entry, int max);

G_END_DECLS
