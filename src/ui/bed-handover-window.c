/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-handover-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-ui.h"

#define GOOD_SCORE 3

struct _BedHandoverWindow
{
  AdwWindow parent_instance;
  AdwComboRow *what, *form;
  AdwPreferencesGroup *choices, *passphrases;
  GtkEditable *passphrase, *repeat;
  GtkLabel *warning, *weak, *result;
  GtkWidget *result_box, *save, *print, *stop;
  GtkProgressBar *progress;
  GtkImage *result_icon;
  BedHandoverWhat whats[3];
  guint score;
  gboolean running;
};

enum
{
  TYPED,
  SAVE,
  PRINT,
  STOP,
  N_SIGNALS
};
static guint signals[N_SIGNALS];
static const char *const form_names[] = { N_("PDF"), N_("Plain text"), N_("FHIR"),
                                          N_("Encrypted file") };

G_DEFINE_FINAL_TYPE (BedHandoverWindow, bed_handover_window, ADW_TYPE_WINDOW)

static BedHandoverWhat
get_what (BedHandoverWindow *self)
{
  return self->whats[MIN (adw_combo_row_get_selected (self->what), 2)];
}

static BedHandoverForm
get_form (BedHandoverWindow *self)
{
  return get_what (self) == BED_HANDOVER_NOTE ? adw_combo_row_get_selected (self->form)
                                              : BED_HANDOVER_ENCRYPTED;
}

static void
show_button (BedHandoverWindow *self)
{
  const char *one = gtk_editable_get_text (self->passphrase);
  gboolean encrypted = get_form (self) == BED_HANDOVER_ENCRYPTED;
  gboolean good = !encrypted
                  || (self->score >= GOOD_SCORE
                      && g_str_equal (one, gtk_editable_get_text (self->repeat)));

  gtk_widget_set_sensitive (self->save, good && !self->running);
  gtk_widget_set_visible (self->save, !self->running);
  gtk_widget_set_visible (self->print, get_form (self) == BED_HANDOVER_PDF);
  gtk_widget_set_visible (self->stop, self->running && encrypted);
  if (!self->running)
    gtk_widget_set_sensitive (self->stop, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->choices), !self->running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->passphrases), !self->running);
}

static void
chosen (BedHandoverWindow *self)
{
  gboolean note = get_what (self) == BED_HANDOVER_NOTE;
  gboolean encrypted = get_form (self) == BED_HANDOVER_ENCRYPTED;

  gtk_widget_set_visible (GTK_WIDGET (self->form), note);
  gtk_widget_set_visible (GTK_WIDGET (self->passphrases), encrypted);
  gtk_label_set_label (self->warning,
                       encrypted ? _("Whoever has the file needs the passphrase, too: tell it by "
                                     "another way. Without it nobody opens the file again.")
                                 : _("The file is not encrypted: whoever has it can read it. Bedside "
                                     "no longer protects it."));
  gtk_widget_set_visible (self->result_box, FALSE);
  show_button (self);
}

static void
typed (BedHandoverWindow *self)
{
  g_signal_emit (self, signals[TYPED], 0, gtk_editable_get_text (self->passphrase));
  show_button (self);
}

static void
save_clicked (BedHandoverWindow *self)
{
  gtk_widget_set_visible (self->result_box, FALSE);
  g_signal_emit (self, signals[SAVE], 0, get_what (self), get_form (self),
                 gtk_editable_get_text (self->passphrase));
}

static void
print_clicked (BedHandoverWindow *self)
{
  gtk_widget_set_visible (self->result_box, FALSE);
  g_signal_emit (self, signals[PRINT], 0);
}

static void
stop_clicked (BedHandoverWindow *self)
{
  gtk_widget_set_sensitive (self->stop, FALSE); /* until it has */
  g_signal_emit (self, signals[STOP], 0);
}

static void
bed_handover_window_dispose (GObject *object)
{
  BedHandoverWindow *self = BED_HANDOVER_WINDOW (object);

  if (self->running)
    g_signal_emit (self, signals[STOP], 0);
  self->running = FALSE;
  G_OBJECT_CLASS (bed_handover_window_parent_class)->dispose (object);
}

static void
bed_handover_window_class_init (BedHandoverWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_handover_window_dispose;
  signals[TYPED] = g_signal_new ("typed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
  signals[SAVE] = g_signal_new ("save", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                3, G_TYPE_INT, G_TYPE_INT, G_TYPE_STRING);
  signals[PRINT]
      = g_signal_new ("print", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STOP]
      = g_signal_new ("stop", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-handover-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedHandoverWindow, child)
  BIND (what);
  BIND (form);
  BIND (choices);
  BIND (passphrases);
  BIND (passphrase);
  BIND (repeat);
  BIND (warning);
  BIND (weak);
  BIND (result);
  BIND (result_box);
  BIND (result_icon);
  BIND (save);
  BIND (print);
  BIND (stop);
  BIND (progress);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, chosen);
  gtk_widget_class_bind_template_callback (widget_class, typed);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, print_clicked);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bed_handover_window_init (BedHandoverWindow *self)
{
  g_autoptr (GtkStringList) forms = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (form_names); i++)
    gtk_string_list_append (forms, _(form_names[i]));
  adw_combo_row_set_model (self->form, G_LIST_MODEL (forms));
}

BedHandoverWindow *
bed_handover_window_new (GtkWindow *parent, gboolean with_note, gboolean with_patient)
{
  static const char *const names[] = { N_("This note"), N_("Everything of this patient"),
                                       N_("The whole record") };
  gboolean there[] = { with_note, with_patient, TRUE };
  BedHandoverWindow *self
      = g_object_new (BED_TYPE_HANDOVER_WINDOW, "transient-for", parent, NULL);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (there[i])
      {
        gtk_string_list_append (list, _(names[i]));
        self->whats[n++] = i;
      }
  adw_combo_row_set_model (self->what, G_LIST_MODEL (list));
  chosen (self);
  return self;
}

void
bed_handover_window_set_strength (BedHandoverWindow *self, guint score)
{
  gboolean bad = *gtk_editable_get_text (self->passphrase) != '\0' && score < GOOD_SCORE;

  self->score = score;
  bed_ui_set_error (self->weak,
                    bad ? _("This is too easy to guess. Add another word or two.") : NULL,
                    GTK_WIDGET (self->passphrase));
  show_button (self);
}

void
bed_handover_window_set_progress (BedHandoverWindow *self, double fraction)
{
  self->running = fraction >= 0;
  gtk_widget_set_visible (GTK_WIDGET (self->progress), self->running);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
  show_button (self);
}

void
bed_handover_window_set_result (BedHandoverWindow *self, gboolean good, const char *text)
{
  bed_handover_window_set_progress (self, -1);
  gtk_label_set_label (self->result, text);
  gtk_image_set_from_icon_name (self->result_icon,
                                good ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  gtk_widget_remove_css_class (self->result_box, good ? "error-box" : "note-box");
  gtk_widget_add_css_class (self->result_box, good ? "note-box" : "error-box");
  gtk_widget_set_visible (self->result_box, TRUE);
}

void
bed_handover_window_choose (BedHandoverWindow *self, BedHandoverWhat what, BedHandoverForm form)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->whats); i++)
    if (self->whats[i] == what)
      {
        adw_combo_row_set_selected (self->what, i);
        break;
      }
  adw_combo_row_set_selected (self->form, form);
}
