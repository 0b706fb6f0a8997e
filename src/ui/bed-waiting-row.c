/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-waiting-row.h"

#include <glib/gi18n.h>

#include "bed-adaptive-bin.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedWaitingRow
{
  GtkListBoxRow parent_instance;
  BedAdaptiveBin *bin;
  GtkBox *box, *actions;
  AdwAvatar *avatar;
  GtkLabel *name, *label, *info, *warning;
  GtkWidget *decline, *message, *admit;
  BedArrival *arrival; /* owned */
  gint64 now_us;
  gboolean suggested, possible;
};

enum { ADMIT, MESSAGE, DECLINE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedWaitingRow, bed_waiting_row, GTK_TYPE_LIST_BOX_ROW)

static void
admit_clicked (BedWaitingRow *self)
{
  g_signal_emit (self, signals[ADMIT], 0);
}

static void
message_clicked (BedWaitingRow *self)
{
  g_signal_emit (self, signals[MESSAGE], 0);
}

static void
decline_clicked (BedWaitingRow *self)
{
  g_signal_emit (self, signals[DECLINE], 0);
}

static const char *
check_text (BedArrival *arrival)
{
  gboolean camera = bed_arrival_get_camera (arrival);
  gboolean sound = bed_arrival_get_microphone (arrival) && bed_arrival_get_speaker (arrival);

  if (camera && sound)
    return _("Camera and sound work");
  if (sound)
    return _("No camera, sound works");
  if (bed_arrival_get_microphone (arrival))
    return camera ? _("Camera works, cannot hear yet") : _("No camera, cannot hear yet");
  if (bed_arrival_get_speaker (arrival))
    return camera ? _("Camera works, no microphone") : _("No camera, no microphone");
  return camera ? _("Camera works, no sound") : _("No camera, no sound");
}

static char *
dup_passcode_text (BedArrival *arrival)
{
  guint left = bed_arrival_get_passcode_left (arrival);

  switch (bed_arrival_get_passcode (arrival))
    {
    case BED_PASSCODE_WRONG:
      return g_strdup_printf (ngettext ("Passcode wrong, %u try left", "Passcode wrong, %u tries left", left), left);
    case BED_PASSCODE_SPENT:
      return g_strdup (_("Passcode wrong too often: make a new invitation"));
    case BED_PASSCODE_RIGHT:
      return g_strdup (_("Passcode right"));
    case BED_PASSCODE_MISSING:
      return g_strdup (_("Passcode not given yet"));
    case BED_PASSCODE_NONE:
    default:
      return NULL;
    }
}

static const char *
warning_text (BedArrival *arrival)
{
  if (bed_arrival_get_second_device (arrival))
    return _("Second device with this link: admitting it replaces the first");
  if (!bed_arrival_get_online (arrival))
    return _("Connection lost, may come back");
  if (bed_arrival_get_returning (arrival))
    return _("Your call was cut off. They are still there, and your note is as it was.");
  return NULL;
}

G_GNUC_PRINTF (2, 3)
static void
name_button (GtkWidget *button, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  bed_ui_set_name (button, text);
}

static void
show_texts (BedWaitingRow *self)
{
  const char *typed = bed_arrival_get_name (self->arrival), *label = bed_arrival_get_label (self->arrival);
  const char *name = *typed != '\0' ? typed : _("Somebody is arriving");
  gboolean returning = bed_arrival_get_returning (self->arrival);
  g_autofree char *waiting = bed_time_text_waiting (bed_arrival_get_since (self->arrival), self->now_us);
  gboolean ready = bed_arrival_get_ready (self->arrival);
  g_autofree char *passcode = ready ? dup_passcode_text (self->arrival) : NULL;
  g_autofree char *info = g_strjoin (" · ", waiting, ready ? check_text (self->arrival) : _("Getting ready"),
                                     passcode, NULL);

  gtk_label_set_label (self->name, name);
  bed_ui_set_initials (self->avatar, *typed != '\0' ? typed : NULL);
  gtk_label_set_label (self->label, label);
  gtk_widget_set_visible (GTK_WIDGET (self->label), *label != '\0' && !g_str_equal (label, typed));
  gtk_label_set_label (self->info, info);
  bed_ui_set_error (self->warning, warning_text (self->arrival), NULL);
  gtk_button_set_label (GTK_BUTTON (self->admit), returning ? _("Return to the call") : _("Admit"));
  if (returning)
    /* Translators: %s is a person's name */
    name_button (self->admit, _("Return to the call with %s"), name);
  else
    /* Translators: %s is a person's name */
    name_button (self->admit, _("Admit %s"), name);
  /* Translators: a button that writes a message to %s, a person's name */
  name_button (self->message, _("Message %s"), name);
  /* Translators: %s is a person's name */
  name_button (self->decline, _("Decline %s"), name);
}

static void
show_actions (BedWaitingRow *self)
{
  gboolean ready = bed_arrival_get_admissible (self->arrival), online = bed_arrival_get_online (self->arrival);

  gtk_widget_set_sensitive (self->admit, ready && online && self->possible);
  gtk_widget_set_tooltip_text (self->admit, self->possible ? NULL : _("End the present call first"));
  gtk_widget_set_sensitive (self->message, online);
  if (self->suggested && self->possible)
    gtk_widget_add_css_class (self->admit, "suggested-action");
  else
    gtk_widget_remove_css_class (self->admit, "suggested-action");
}

static void
refresh (BedWaitingRow *self)
{
  show_texts (self);
  show_actions (self);
}

static void
narrow_changed (BedWaitingRow *self)
{
  gboolean narrow = bed_adaptive_bin_get_narrow (self->bin);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_hexpand (self->decline, narrow);
  gtk_widget_set_hexpand (self->message, narrow);
  gtk_widget_set_hexpand (self->admit, narrow);
}

static void
bed_waiting_row_dispose (GObject *object)
{
  BedWaitingRow *self = BED_WAITING_ROW (object);

  if (self->arrival != NULL)
    g_signal_handlers_disconnect_by_data (self->arrival, self);
  g_clear_object (&self->arrival);
  G_OBJECT_CLASS (bed_waiting_row_parent_class)->dispose (object);
}

static void
bed_waiting_row_class_init (BedWaitingRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_waiting_row_dispose;
  signals[ADMIT] = g_signal_new ("admit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DECLINE] = g_signal_new ("decline", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-waiting-row.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedWaitingRow, child)
  BIND (bin);
  BIND (box);
  BIND (actions);
  BIND (avatar);
  BIND (name);
  BIND (label);
  BIND (info);
  BIND (warning);
  BIND (decline);
  BIND (message);
  BIND (admit);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, admit_clicked);
  gtk_widget_class_bind_template_callback (widget_class, message_clicked);
  gtk_widget_class_bind_template_callback (widget_class, decline_clicked);
}

static void
bed_waiting_row_init (BedWaitingRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->bin, "notify::narrow", G_CALLBACK (narrow_changed), self, G_CONNECT_SWAPPED);
}

BedWaitingRow *
bed_waiting_row_new (BedArrival *arrival, gint64 now_us)
{
  BedWaitingRow *self = g_object_new (BED_TYPE_WAITING_ROW, NULL);

  self->arrival = g_object_ref (arrival);
  self->now_us = now_us;
  self->possible = TRUE;
  g_signal_connect_swapped (arrival, "notify", G_CALLBACK (refresh), self);
  refresh (self);
  return self;
}

BedArrival *
bed_waiting_row_get_arrival (BedWaitingRow *self)
{
  return self->arrival;
}

void
bed_waiting_row_refresh (BedWaitingRow *self, gint64 now_us, gboolean suggested, gboolean possible)
{
  self->now_us = now_us;
  self->suggested = suggested;
  self->possible = possible;
  refresh (self);
}
