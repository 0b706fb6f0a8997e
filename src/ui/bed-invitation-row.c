/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-invitation-row.h"

#include <glib/gi18n.h>

#include "bed-adaptive-bin.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedInvitationRow
{
  GtkListBoxRow parent_instance;
  BedAdaptiveBin *bin;
  GtkBox *texts;
  GtkLabel *time, *name, *sub, *chip;
  GtkWidget *copy, *qr;
  GtkMenuButton *more;
  GSimpleActionGroup *actions;
  BedSessionInvite *invite; /* owned */
  gint64 now_us;
};

enum { COPY, SHOW, REVOKE, FORGET, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedInvitationRow, bed_invitation_row, GTK_TYPE_LIST_BOX_ROW)

const char *
bed_invitation_state_text (BedRoomState state)
{
  switch (state)
    {
    case BED_ROOM_STATE_CREATED:
      return _("Not opened");
    case BED_ROOM_STATE_OPENED:
      return _("Opened");
    case BED_ROOM_STATE_WAITING:
      return _("Waiting");
    case BED_ROOM_STATE_ADMITTED:
      return _("In the call");
    case BED_ROOM_STATE_ENDED:
      return _("Done");
    case BED_ROOM_STATE_REVOKED:
      return _("Revoked");
    case BED_ROOM_STATE_EXPIRED:
    default:
      return _("Expired");
    }
}

gboolean
bed_invitation_is_over (BedRoomState state)
{
  return state == BED_ROOM_STATE_ENDED || state == BED_ROOM_STATE_REVOKED || state == BED_ROOM_STATE_EXPIRED;
}

static void
copy_clicked (BedInvitationRow *self)
{
  g_signal_emit (self, signals[COPY], 0);
}

static void
qr_clicked (BedInvitationRow *self)
{
  g_signal_emit (self, signals[SHOW], 0);
}

static void
act (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *name = g_action_get_name (G_ACTION (action));
  guint signal = g_str_equal (name, "copy")     ? COPY
                 : g_str_equal (name, "show")   ? SHOW
                 : g_str_equal (name, "revoke") ? REVOKE
                                                : FORGET;

  g_signal_emit (data, signals[signal], 0);
}

static void
show_chip (BedInvitationRow *self, BedRoomState state)
{
  GtkWidget *chip = GTK_WIDGET (self->chip);

  gtk_label_set_label (self->chip, bed_invitation_state_text (state));
  gtk_widget_remove_css_class (chip, "opened");
  gtk_widget_remove_css_class (chip, "waiting");
  gtk_widget_remove_css_class (chip, "over");
  if (state == BED_ROOM_STATE_OPENED)
    gtk_widget_add_css_class (chip, "opened");
  else if (state == BED_ROOM_STATE_WAITING || state == BED_ROOM_STATE_ADMITTED)
    gtk_widget_add_css_class (chip, "waiting");
  else if (bed_invitation_is_over (state))
    gtk_widget_add_css_class (chip, "over");
}

static void
show_menu (BedInvitationRow *self, gboolean over)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  if (over)
    g_menu_append (menu, _("Remove from the list"), "row.forget");
  else
    {
      g_menu_append (menu, _("Copy link"), "row.copy");
      g_menu_append (menu, _("Show QR code"), "row.show");
      g_menu_append (menu, _("Revoke…"), "row.revoke");
    }
  gtk_menu_button_set_menu_model (self->more, G_MENU_MODEL (menu));
}

static char *
dup_validity (BedInvitationRow *self, gboolean over)
{
  g_autofree char *when = bed_time_text_when_inside (bed_session_invite_get_expires (self->invite) * G_USEC_PER_SEC,
                                              self->now_us);
  g_autofree char *made = bed_time_text_when_inside (bed_session_invite_get_created (self->invite) * G_USEC_PER_SEC,
                                              self->now_us);

  /* Translators: %s is a time such as 12:00 or "14 Mar, 12:00" */
  return over ? g_strdup_printf (_("Invited %s"), made) : g_strdup_printf (_("Link valid until %s"), when);
}

static void
show_narrow (BedInvitationRow *self)
{
  gboolean narrow = bed_adaptive_bin_get_narrow (self->bin);
  gboolean over = bed_invitation_is_over (bed_session_invite_get_state (self->invite));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->texts),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_visible (self->copy, !over && !narrow);
  gtk_widget_set_visible (self->qr, !over && !narrow);
}

static void
refresh (BedInvitationRow *self)
{
  const char *label = bed_session_invite_get_label (self->invite);
  BedRoomState state = bed_session_invite_get_state (self->invite);
  gint64 time = bed_session_invite_get_time (self->invite);
  gboolean over = bed_invitation_is_over (state);
  g_autofree char *when = time != 0 ? bed_time_text_when (time * G_USEC_PER_SEC, self->now_us) : g_strdup (_("Now"));
  g_autofree char *sub = dup_validity (self, over);
  g_autofree char *more = NULL;

  gtk_label_set_label (self->time, when);
  gtk_label_set_label (self->name, *label != '\0' ? label : _("No name"));
  gtk_label_set_label (self->sub, sub);
  show_chip (self, state);
  show_menu (self, over);
  show_narrow (self);
  /* Translators: %s is the clinician's own word for an invitation, often a person's name */
  more = g_strdup_printf (_("More for %s"), gtk_label_get_label (self->name));
  bed_ui_set_name (GTK_WIDGET (self->more), more);
}

static void
bed_invitation_row_dispose (GObject *object)
{
  BedInvitationRow *self = BED_INVITATION_ROW (object);

  if (self->invite != NULL)
    g_signal_handlers_disconnect_by_data (self->invite, self);
  g_clear_object (&self->invite);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (bed_invitation_row_parent_class)->dispose (object);
}

static void
bed_invitation_row_class_init (BedInvitationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_invitation_row_dispose;
  signals[COPY] = g_signal_new ("copy", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SHOW] = g_signal_new ("show-link", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REVOKE] = g_signal_new ("revoke", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FORGET] = g_signal_new ("forget", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-invitation-row.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedInvitationRow, child)
  BIND (bin);
  BIND (texts);
  BIND (time);
  BIND (name);
  BIND (sub);
  BIND (chip);
  BIND (copy);
  BIND (qr);
  BIND (more);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, qr_clicked);
}

static void
bed_invitation_row_init (BedInvitationRow *self)
{
  static const GActionEntry entries[]
      = { { "copy", act }, { "show", act }, { "revoke", act }, { "forget", act } };

  gtk_widget_init_template (GTK_WIDGET (self));
  bed_ui_set_name (self->copy, _("Copy link"));
  bed_ui_set_name (self->qr, _("Show QR code"));
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "row", G_ACTION_GROUP (self->actions));
  g_signal_connect_object (self->bin, "notify::narrow", G_CALLBACK (show_narrow), self, G_CONNECT_SWAPPED);
}

BedInvitationRow *
bed_invitation_row_new (BedSessionInvite *invite, gint64 now_us)
{
  BedInvitationRow *self = g_object_new (BED_TYPE_INVITATION_ROW, NULL);

  self->invite = g_object_ref (invite);
  self->now_us = now_us;
  g_signal_connect_swapped (invite, "notify", G_CALLBACK (refresh), self);
  refresh (self);
  return self;
}

BedSessionInvite *
bed_invitation_row_get_invite (BedInvitationRow *self)
{
  return self->invite;
}

void
bed_invitation_row_refresh (BedInvitationRow *self, gint64 now_us)
{
  self->now_us = now_us;
  refresh (self);
}
