/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-activation-page.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

#define GOOD_SCORE 3

struct _BedActivationPage
{
  AdwBin parent_instance;
  GtkStack *stack;
  AdwAvatar *avatar;
  GtkLabel *name, *clinic, *strength_label, *password_error, *code_error, *recovery_error, *key, *codes;
  GtkWidget *cancel, *password_fields, *password, *repeat, *password_button, *code, *code_button, *done;
  GtkSpinner *password_spinner, *code_spinner;
  GtkLevelBar *strength;
  GtkPicture *qr;
  AdwActionRow *secret;
  GtkCheckButton *kept;
  guint score;
};

enum { PASSWORD_TYPED, PASSWORD, CODE, SAVE, PRINT, DONE, CANCEL, N_SIGNALS };
static guint signals[N_SIGNALS];
static const char *const step_names[] = { "password", "factor", "recovery" };

G_DEFINE_FINAL_TYPE (BedActivationPage, bed_activation_page, ADW_TYPE_BIN)

static const char *
typed_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static gboolean
passwords_are_good (BedActivationPage *self)
{
  return self->score >= GOOD_SCORE && g_str_equal (typed_text (self->password), typed_text (self->repeat));
}

static void
password_typed (BedActivationPage *self)
{
  const char *repeat = typed_text (self->repeat);
  gboolean differs = *repeat != '\0' && !g_str_has_prefix (typed_text (self->password), repeat);

  g_signal_emit (self, signals[PASSWORD_TYPED], 0, typed_text (self->password));
  bed_ui_set_error (self->password_error, differs ? _("The two passwords are not the same.") : NULL,
                    self->repeat);
  gtk_widget_set_sensitive (self->password_button, passwords_are_good (self));
}

static void
password_continue (BedActivationPage *self)
{
  if (passwords_are_good (self) && gtk_widget_get_sensitive (self->password_button))
    g_signal_emit (self, signals[PASSWORD], 0, typed_text (self->password));
}

static gboolean
is_code (const char *text)
{
  guint digits = 0;

  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text))
      digits++;
    else if (*text != ' ')
      return FALSE;
  return digits == 6;
}

static void
code_typed (BedActivationPage *self)
{
  gtk_widget_set_sensitive (self->code_button, is_code (typed_text (self->code)));
  if (*typed_text (self->code) != '\0')
    bed_ui_set_error (self->code_error, NULL, self->code);
}

static void
code_continue (BedActivationPage *self)
{
  g_auto (GStrv) parts = g_strsplit (typed_text (self->code), " ", -1);
  g_autofree char *digits = g_strjoinv ("", parts);

  if (is_code (digits) && gtk_widget_get_sensitive (self->code_button))
    g_signal_emit (self, signals[CODE], 0, digits);
}

static void
copy_secret_clicked (BedActivationPage *self)
{
  bed_ui_copy (GTK_WIDGET (self), adw_action_row_get_subtitle (self->secret));
}

static void
copy_clicked (BedActivationPage *self)
{
  g_autofree char *text = bed_activation_page_dup_recovery_text (self);

  bed_ui_copy (GTK_WIDGET (self), text);
}

static void
save_clicked (BedActivationPage *self)
{
  g_signal_emit (self, signals[SAVE], 0);
}

static void
print_clicked (BedActivationPage *self)
{
  g_signal_emit (self, signals[PRINT], 0);
}

static void
kept_toggled (BedActivationPage *self)
{
  gtk_widget_set_sensitive (self->done, gtk_check_button_get_active (self->kept));
}

static void
done_clicked (BedActivationPage *self)
{
  g_signal_emit (self, signals[DONE], 0);
}

static void
cancel_clicked (BedActivationPage *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static void
add_signals (GType type)
{
  signals[PASSWORD_TYPED] = g_signal_new ("password-typed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PASSWORD] = g_signal_new ("password", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    1, G_TYPE_STRING);
  signals[CODE] = g_signal_new ("code", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);
  signals[SAVE] = g_signal_new ("save", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PRINT] = g_signal_new ("print", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new ("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCEL] = g_signal_new ("cancel", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_activation_page_class_init (BedActivationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  add_signals (G_TYPE_FROM_CLASS (klass));
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-activation-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedActivationPage, child)
  BIND (stack);
  BIND (avatar);
  BIND (name);
  BIND (clinic);
  BIND (strength);
  BIND (strength_label);
  BIND (password_error);
  BIND (code_error);
  BIND (recovery_error);
  BIND (key);
  BIND (codes);
  BIND (cancel);
  BIND (password_fields);
  BIND (password);
  BIND (repeat);
  BIND (password_button);
  BIND (code);
  BIND (code_button);
  BIND (done);
  BIND (password_spinner);
  BIND (code_spinner);
  BIND (qr);
  BIND (secret);
  BIND (kept);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, password_typed);
  gtk_widget_class_bind_template_callback (widget_class, password_continue);
  gtk_widget_class_bind_template_callback (widget_class, code_typed);
  gtk_widget_class_bind_template_callback (widget_class, code_continue);
  gtk_widget_class_bind_template_callback (widget_class, copy_secret_clicked);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, print_clicked);
  gtk_widget_class_bind_template_callback (widget_class, kept_toggled);
  gtk_widget_class_bind_template_callback (widget_class, done_clicked);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked);
}

static void
bed_activation_page_init (BedActivationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bed_activation_page_set_strength (self, 0);
}

BedActivationPage *
bed_activation_page_new (void)
{
  return g_object_new (BED_TYPE_ACTIVATION_PAGE, NULL);
}

void
bed_activation_page_set_step (BedActivationPage *self, BedActivationStep step)
{
  gtk_stack_set_visible_child_name (self->stack, step_names[step]);
  gtk_widget_set_visible (self->cancel, step != BED_ACTIVATION_STEP_RECOVERY);
  if (step == BED_ACTIVATION_STEP_PASSWORD)
    gtk_widget_grab_focus (self->password);
  else if (step == BED_ACTIVATION_STEP_FACTOR)
    gtk_widget_grab_focus (self->code);
}

BedActivationStep
bed_activation_page_get_step (BedActivationPage *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);

  for (guint i = 0; i < G_N_ELEMENTS (step_names); i++)
    if (g_strcmp0 (name, step_names[i]) == 0)
      return i;
  return BED_ACTIVATION_STEP_PASSWORD;
}

void
bed_activation_page_set_person (BedActivationPage *self, const char *name, const char *clinic)
{
  bed_ui_set_initials (self->avatar, name);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->clinic, clinic);
}

void
bed_activation_page_set_strength (BedActivationPage *self, guint score)
{
  static const char *const words[]
      = { N_("Too easy"), N_("Too easy"), N_("Too easy"), N_("Good"), N_("Very good") };
  gboolean empty = *typed_text (self->password) == '\0';

  self->score = empty ? 0 : MIN (score, 4);
  gtk_level_bar_set_value (self->strength, self->score);
  gtk_label_set_label (self->strength_label, empty ? "" : _(words[self->score]));
  gtk_widget_set_sensitive (self->password_button, passwords_are_good (self));
}

void
bed_activation_page_set_otp (BedActivationPage *self, GdkPaintable *qr, const char *secret)
{
  gtk_picture_set_paintable (self->qr, qr);
  adw_action_row_set_subtitle (self->secret, secret);
}

void
bed_activation_page_set_recovery (BedActivationPage *self, const char *const *codes, const char *key)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; codes[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : i % 2 == 0 ? "\n" : "    ", codes[i]);
  gtk_label_set_label (self->codes, text->str);
  gtk_label_set_label (self->key, key);
}

char *
bed_activation_page_dup_recovery_text (BedActivationPage *self)
{
  return g_strdup_printf ("%s\n%s\n%s\n\n%s\n%s\n\n%s\n%s\n", _("Bedside: keep this in a safe place"),
                          gtk_label_get_label (self->name), gtk_label_get_label (self->clinic),
                          _("Recovery key (opens the records when the password is forgotten)"),
                          gtk_label_get_label (self->key),
                          _("Recovery codes (each replaces the six digits once)"),
                          gtk_label_get_label (self->codes));
}

void
bed_activation_page_forget (BedActivationPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->password), "");
  gtk_editable_set_text (GTK_EDITABLE (self->repeat), "");
  gtk_editable_set_text (GTK_EDITABLE (self->code), "");
  gtk_label_set_label (self->codes, "");
  gtk_label_set_label (self->key, "");
  adw_action_row_set_subtitle (self->secret, "");
  gtk_picture_set_paintable (self->qr, NULL);
  gtk_check_button_set_active (self->kept, FALSE);
}

void
bed_activation_page_set_busy (BedActivationPage *self, gboolean busy)
{
  if (busy)
    bed_ui_leave_focus (GTK_WIDGET (self));
  gtk_widget_set_sensitive (self->password_fields, !busy);
  gtk_widget_set_sensitive (self->password_button, !busy && passwords_are_good (self));
  gtk_widget_set_sensitive (self->code, !busy);
  gtk_widget_set_sensitive (self->code_button, !busy && is_code (typed_text (self->code)));
  gtk_widget_set_visible (GTK_WIDGET (self->password_spinner), busy);
  gtk_spinner_set_spinning (self->password_spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->code_spinner), busy);
  gtk_spinner_set_spinning (self->code_spinner, busy);
}

void
bed_activation_page_set_error (BedActivationPage *self, const char *text)
{
  BedActivationStep step = bed_activation_page_get_step (self);

  if (step == BED_ACTIVATION_STEP_FACTOR && text != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->code), "");
      bed_ui_shake (self->code);
      gtk_widget_grab_focus (self->code);
    }
  bed_ui_set_error (self->password_error, step == BED_ACTIVATION_STEP_PASSWORD ? text : NULL, self->password);
  bed_ui_set_error (self->code_error, step == BED_ACTIVATION_STEP_FACTOR ? text : NULL, self->code);
  bed_ui_set_error (self->recovery_error, step == BED_ACTIVATION_STEP_RECOVERY ? text : NULL, NULL);
}
