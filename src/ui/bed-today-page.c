/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-today-page.h"

#include <glib/gi18n.h>

#include "bed-invitation-row.h"
#include "bed-ui.h"
#include "bed-waiting-row.h"

#define REFRESH_S 15

struct _BedTodayPage
{
  AdwBin parent_instance;
  GtkRevealer *banner, *notice;
  GtkLabel *banner_text, *notice_text, *count;
  GtkButton *banner_button, *notice_first, *notice_second;
  GtkListBox *waiting, *invites;
  GtkWidget *return_box, *nobody, *invites_title, *empty;
  BedClock *clock;           /* owned */
  GListModel *arrival_model; /* owned */
  GListModel *invite_model;  /* owned */
  gboolean in_call;
  guint timer;
};

enum { ADMIT, MESSAGE, DECLINE, COPY, SHOW, REVOKE, FORGET, NEW, BANNER, NOTICE_FIRST,
       NOTICE_SECOND, RETURN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedTodayPage, bed_today_page, ADW_TYPE_BIN)

static gint64
now_us (BedTodayPage *self)
{
  return bed_clock_get_real_us (self->clock);
}

static void
refresh_waiting (BedTodayPage *self)
{
  gboolean suggested = TRUE;

  for (int i = 0;; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->waiting, i);
      gboolean can;

      if (row == NULL)
        return;
      can = bed_arrival_get_ready (bed_waiting_row_get_arrival (BED_WAITING_ROW (row)));
      bed_waiting_row_refresh (BED_WAITING_ROW (row), now_us (self), suggested && can, !self->in_call);
      if (can)
        suggested = FALSE;
    }
}

static void
refresh_invites (BedTodayPage *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->invites, i)) != NULL; i++)
    bed_invitation_row_refresh (BED_INVITATION_ROW (row), now_us (self));
}

static void
refresh (BedTodayPage *self)
{
  guint n_waiting = self->arrival_model != NULL ? g_list_model_get_n_items (self->arrival_model) : 0;
  guint n_invites = self->invite_model != NULL ? g_list_model_get_n_items (self->invite_model) : 0;
  g_autofree char *count = g_strdup_printf ("%u", n_waiting);

  gtk_label_set_label (self->count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->count), n_waiting > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting), n_waiting > 0);
  gtk_widget_set_visible (self->nobody, n_waiting == 0);
  gtk_widget_set_visible (self->invites_title, n_invites > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->invites), n_invites > 0);
  gtk_widget_set_visible (self->empty, n_invites == 0);
  if (self->clock == NULL)
    return;
  refresh_waiting (self);
  refresh_invites (self);
}

static gboolean
tick (gpointer data)
{
  refresh (data);
  return G_SOURCE_CONTINUE;
}

static void
page_mapped (BedTodayPage *self)
{
  refresh (self);
  if (self->timer == 0)
    self->timer = g_timeout_add_seconds (REFRESH_S, tick, self);
}

static void
page_unmapped (BedTodayPage *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void
row_admit (BedWaitingRow *row, BedTodayPage *self)
{
  g_signal_emit (self, signals[ADMIT], 0, bed_waiting_row_get_arrival (row));
}

static void
row_message (BedWaitingRow *row, BedTodayPage *self)
{
  g_signal_emit (self, signals[MESSAGE], 0, bed_waiting_row_get_arrival (row));
}

static void
row_decline (BedWaitingRow *row, BedTodayPage *self)
{
  g_signal_emit (self, signals[DECLINE], 0, bed_waiting_row_get_arrival (row));
}

static GtkWidget *
create_waiting_row (gpointer item, gpointer data)
{
  BedTodayPage *self = data;
  BedWaitingRow *row = bed_waiting_row_new (item, now_us (self));

  g_signal_connect_object (row, "admit", G_CALLBACK (row_admit), self, 0);
  g_signal_connect_object (row, "message", G_CALLBACK (row_message), self, 0);
  g_signal_connect_object (row, "decline", G_CALLBACK (row_decline), self, 0);
  g_signal_connect_object (item, "notify::ready", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (row);
}

static void
row_copy (BedInvitationRow *row, BedTodayPage *self)
{
  g_signal_emit (self, signals[COPY], 0, bed_invitation_row_get_invite (row));
}

static void
row_show (BedInvitationRow *row, BedTodayPage *self)
{
  g_signal_emit (self, signals[SHOW], 0, bed_invitation_row_get_invite (row));
}

static void
row_revoke (BedInvitationRow *row, BedTodayPage *self)
{
  g_signal_emit (self, signals[REVOKE], 0, bed_invitation_row_get_invite (row));
}

static void
row_forget (BedInvitationRow *row, BedTodayPage *self)
{
  g_signal_emit (self, signals[FORGET], 0, bed_invitation_row_get_invite (row));
}

static GtkWidget *
create_invitation_row (gpointer item, gpointer data)
{
  BedTodayPage *self = data;
  BedInvitationRow *row = bed_invitation_row_new (item, now_us (self));

  g_signal_connect_object (row, "copy", G_CALLBACK (row_copy), self, 0);
  g_signal_connect_object (row, "show-link", G_CALLBACK (row_show), self, 0);
  g_signal_connect_object (row, "revoke", G_CALLBACK (row_revoke), self, 0);
  g_signal_connect_object (row, "forget", G_CALLBACK (row_forget), self, 0);
  return GTK_WIDGET (row);
}

static void
new_clicked (BedTodayPage *self)
{
  g_signal_emit (self, signals[NEW], 0);
}

static void
banner_clicked (BedTodayPage *self)
{
  g_signal_emit (self, signals[BANNER], 0);
}

static void
notice_first_clicked (BedTodayPage *self)
{
  g_signal_emit (self, signals[NOTICE_FIRST], 0);
}

static void
notice_second_clicked (BedTodayPage *self)
{
  g_signal_emit (self, signals[NOTICE_SECOND], 0);
}

static void
return_clicked (BedTodayPage *self)
{
  g_signal_emit (self, signals[RETURN], 0);
}

static void
let_go (BedTodayPage *self)
{
  gtk_list_box_bind_model (self->waiting, NULL, NULL, NULL, NULL);
  gtk_list_box_bind_model (self->invites, NULL, NULL, NULL, NULL);
  if (self->arrival_model != NULL)
    g_signal_handlers_disconnect_by_func (self->arrival_model, refresh, self);
  if (self->invite_model != NULL)
    g_signal_handlers_disconnect_by_func (self->invite_model, refresh, self);
  g_clear_object (&self->arrival_model);
  g_clear_object (&self->invite_model);
  g_clear_object (&self->clock);
}

static void
bed_today_page_dispose (GObject *object)
{
  BedTodayPage *self = BED_TODAY_PAGE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  let_go (self);
  G_OBJECT_CLASS (bed_today_page_parent_class)->dispose (object);
}

static void
add_signals (GType type)
{
  static const char *const names[N_SIGNALS] = { "admit",     "message", "decline", "copy",
                                                "show-link", "revoke",  "forget",  "new-invitation",
                                                "banner",    "notice-first", "notice-second",
                                                "return-to-call" };

  for (guint i = 0; i < N_SIGNALS; i++)
    if (i < NEW)
      signals[i] = g_signal_new (names[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_OBJECT);
    else
      signals[i] = g_signal_new (names[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_today_page_class_init (BedTodayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_today_page_dispose;
  add_signals (G_TYPE_FROM_CLASS (klass));
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-today-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedTodayPage, child)
  BIND (banner);
  BIND (banner_text);
  BIND (banner_button);
  BIND (notice);
  BIND (notice_text);
  BIND (notice_first);
  BIND (notice_second);
  BIND (count);
  BIND (waiting);
  BIND (invites);
  BIND (return_box);
  BIND (nobody);
  BIND (invites_title);
  BIND (empty);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, new_clicked);
  gtk_widget_class_bind_template_callback (widget_class, banner_clicked);
  gtk_widget_class_bind_template_callback (widget_class, notice_first_clicked);
  gtk_widget_class_bind_template_callback (widget_class, notice_second_clicked);
  gtk_widget_class_bind_template_callback (widget_class, return_clicked);
}

static void
bed_today_page_init (BedTodayPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (page_mapped), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (page_unmapped), NULL);
  refresh (self);
}

void
bed_today_page_set_models (BedTodayPage *self, BedClock *clock, GListModel *arrivals, GListModel *invites)
{
  let_go (self);
  self->clock = g_object_ref (clock);
  g_set_object (&self->arrival_model, arrivals);
  g_set_object (&self->invite_model, invites);
  if (arrivals != NULL)
    {
      gtk_list_box_bind_model (self->waiting, arrivals, create_waiting_row, self, NULL);
      g_signal_connect_swapped (arrivals, "items-changed", G_CALLBACK (refresh), self);
    }
  if (invites != NULL)
    {
      gtk_list_box_bind_model (self->invites, invites, create_invitation_row, self, NULL);
      g_signal_connect_swapped (invites, "items-changed", G_CALLBACK (refresh), self);
    }
  refresh (self);
}

void
bed_today_page_set_in_call (BedTodayPage *self, gboolean in_call)
{
  self->in_call = in_call;
  gtk_widget_set_visible (self->return_box, in_call);
  refresh (self);
}

void
bed_today_page_set_banner (BedTodayPage *self, const char *text, const char *button)
{
  if (text != NULL)
    gtk_label_set_label (self->banner_text, text);
  gtk_revealer_set_reveal_child (self->banner, text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->banner_button), button != NULL);
  if (button != NULL)
    gtk_button_set_label (self->banner_button, button);
}

void
bed_today_page_set_notice (BedTodayPage *self, const char *text, const char *first,
                           const char *second)
{
  gtk_widget_set_visible (GTK_WIDGET (self->notice), text != NULL);
  gtk_revealer_set_reveal_child (self->notice, text != NULL);
  if (text == NULL)
    return;
  gtk_label_set_label (self->notice_text, text);
  gtk_button_set_label (self->notice_first, first);
  gtk_widget_set_visible (GTK_WIDGET (self->notice_second), second != NULL);
  if (second != NULL)
    gtk_button_set_label (self->notice_second, second);
}
