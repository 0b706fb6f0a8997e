/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-invitation-desk.h"

#include <glib/gi18n.h>

#include "bed-calendar.h"
#include "bed-dialogs.h"
#include "bed-error-text.h"
#include "bed-invitation-row.h"
#include "bed-invitation-window.h"
#include "bed-recovery-paper.h"
#include "bed-time-text.h"
#include "bed-ui.h"

#define APPOINTMENT_S (20 * 60)

struct _BedInvitationDesk
{
  GObject parent_instance;
  BedSession *session;             /* owned */
  BedClock *clock;                 /* owned */
  BedWindow *window;               /* owned */
  BedRecordStore *store;           /* owned while open */
  BedInvitationWindow *invitation; /* weak */
  BedSessionInvite *subject;       /* owned: what a question on the screen is about */
};

G_DEFINE_FINAL_TYPE (BedInvitationDesk, bed_invitation_desk, G_TYPE_OBJECT)

static void
tell (BedInvitationDesk *self, const GError *error)
{
  bed_window_warn_error (self->window, error);
}

static void
listen (BedInvitationDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

/* --- A new one ------------------------------------------------------------------------------- */

static const char *
clinic_name (BedInvitationDesk *self)
{
  return bed_session_get_clinic_name (self->session);
}

/* Languages in which the clinic wrote its consent text, the app's own first. */
static GStrv
dup_languages (BedInvitationDesk *self)
{
  const BedClinicInfo *clinic = bed_session_get_clinic (self->session);
  const char *own = g_get_language_names ()[0];
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GStrv languages;

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; clinic != NULL && clinic->consent != NULL && i < clinic->consent->len; i++)
      {
        const BedConsentWording *wording = g_ptr_array_index (clinic->consent, i);
        if (g_str_has_prefix (own, wording->language) == (pass == 0))
          g_strv_builder_add (builder, wording->language);
      }
  languages = g_strv_builder_end (builder);
  if (languages[0] != NULL)
    return languages;
  g_strv_builder_add (builder, "en");
  g_strfreev (languages);
  return g_strv_builder_end (builder);
}

typedef struct
{
  BedInvitationDesk *desk; /* owned */
  GWeakRef window;         /* where it was asked for; another person's may be open by now */
} Asked;

static Asked *
asked_new (BedInvitationDesk *self)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->desk = g_object_ref (self);
  g_weak_ref_init (&asked->window, self->invitation);
  return asked;
}

static void
asked_free (Asked *asked)
{
  g_object_unref (asked->desk);
  g_weak_ref_clear (&asked->window);
  g_free (asked);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
invite_created (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Asked) asked = data;
  BedInvitationDesk *self = asked->desk;
  g_autoptr (BedInvitationWindow) window = g_weak_ref_get (&asked->window);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSessionInvite) invite
      = bed_session_create_invite_finish (BED_SESSION (source), result, &error);

  if (window == NULL || window != self->invitation)
    {
      if (invite == NULL)
        tell (self, error);
      return;
    }
  bed_invitation_window_set_busy (window, FALSE);
  if (invite != NULL)
    bed_invitation_window_show_link (window, invite, clinic_name (self));
  else
    bed_invitation_window_set_error (window, bed_error_text (error));
}

static void
create_invite (BedInvitationDesk *self, const BedInvitationForm *form)
{
  BedInviteRequest request = {
    .label = form->label,
    .patient_id = form->patient_id,
    .time = form->time,
    .expires = form->expires,
    .language = form->language,
    .relay_only = form->relay_only,
    .passcode = form->passcode,
  };

  bed_invitation_window_set_error (self->invitation, NULL);
  bed_invitation_window_set_busy (self->invitation, TRUE);
  bed_session_create_invite_async (self->session, &request, NULL, invite_created,
                                   asked_new (self));
}

static void
calendar_saved (GObject *object, const GError *error)
{
  if (error != NULL)
    tell (BED_INVITATION_DESK (object), error);
}

static char *
make_calendar (BedInvitationDesk *self, BedSessionInvite *invite, GError **error)
{
  const gint64 now_us = bed_clock_get_real_us (self->clock);
  const gint64 time = bed_session_invite_get_time (invite);
  const gboolean revoked = bed_session_invite_get_state (invite) == BED_ROOM_STATE_REVOKED;
  const BedCalendarEvent event = {
    .room = bed_session_invite_get_room (invite),
    .starts_s = time != 0 ? time : now_us / G_USEC_PER_SEC,
    .ends_s = (time != 0 ? time : now_us / G_USEC_PER_SEC) + APPOINTMENT_S,
    .sequence = revoked ? 1 : 0,
    .cancelled = revoked,
    .summary = _("Video consultation"),
    .clinic = clinic_name (self),
  };

  return bed_calendar_new (&event, now_us, error);
}

static void
save_calendar (BedInvitationDesk *self, BedSessionInvite *invite)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = make_calendar (self, invite, &error);

  if (text == NULL)
    {
      tell (self, error);
      return;
    }
  bed_save_text (GTK_WINDOW (self->window), _("Save the calendar file"), "consultation.ics", text,
                 calendar_saved, G_OBJECT (self));
}

static void
present_invitation (BedInvitationDesk *self, BedInvitationWindow *window)
{
  g_set_weak_pointer (&self->invitation, window);
  listen (self, window, "create", G_CALLBACK (create_invite));
  listen (self, window, "calendar", G_CALLBACK (save_calendar));
  gtk_window_present (GTK_WINDOW (window));
}

void
bed_invitation_desk_invite (BedInvitationDesk *self, gint64 patient_id)
{
  g_auto (GStrv) languages = dup_languages (self);
  g_autoptr (GListModel) patients
      = self->store != NULL ? bed_record_store_list_patients (self->store) : NULL;

  present_invitation (self, bed_invitation_window_new (GTK_WINDOW (self->window), patients,
                                                       patient_id, (const char *const *) languages,
                                                       bed_session_get_relay_only (self->session),
                                                       bed_clock_get_real_us (self->clock)));
}

static void
new_invitation (BedInvitationDesk *self)
{
  bed_invitation_desk_invite (self, 0);
}

/* --- Those there are ------------------------------------------------------------------------- */

static void
copy_link (BedInvitationDesk *self, BedSessionInvite *invite)
{
  bed_ui_copy (GTK_WIDGET (self->window), bed_session_invite_get_link (invite));
  bed_window_toast (self->window, _("Link copied. Send it to this patient only."));
}

static void
show_link (BedInvitationDesk *self, BedSessionInvite *invite)
{
  present_invitation (self, bed_invitation_window_new_for_link (
                                GTK_WINDOW (self->window), invite, clinic_name (self),
                                bed_clock_get_real_us (self->clock)));
}

static void
invite_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedInvitationDesk) self = data;
  g_autoptr (GError) error = NULL;

  if (!bed_session_close_invite_finish (BED_SESSION (source), result, &error))
    tell (self, error);
}

static void
revoke_answered (GObject *object, const char *answer)
{
  BedInvitationDesk *self = BED_INVITATION_DESK (object);

  if (self->subject != NULL)
    bed_session_revoke_invite_async (self->session, self->subject, NULL, invite_closed,
                                     g_object_ref (self));
}

static void
revoke_link (BedInvitationDesk *self, BedSessionInvite *invite)
{
  const char *label = bed_session_invite_get_label (invite);
  g_autofree char *title = *label != '\0' ? g_strdup_printf (_("Revoke the link for %s?"), label)
                                          : g_strdup (_("Revoke this link?"));

  g_set_object (&self->subject, invite);
  bed_dialog_confirm (
      GTK_WINDOW (self->window), title,
      _("Nobody can come by it any more. This cannot be undone; you can make a new one."),
      _("Revoke"), TRUE, revoke_answered, G_OBJECT (self));
}

static void
forget_link (BedInvitationDesk *self, BedSessionInvite *invite)
{
  g_autoptr (GError) error = NULL;

  if (!bed_session_forget_invite (self->session, invite, &error))
    tell (self, error);
}

void
bed_invitation_desk_end (BedInvitationDesk *self, BedSessionInvite *invite)
{
  bed_session_end_invite_async (self->session, invite, NULL, invite_closed, g_object_ref (self));
}

void
bed_invitation_desk_set_store (BedInvitationDesk *self, BedRecordStore *store)
{
  if (store == NULL && self->invitation != NULL)
    gtk_window_destroy (GTK_WINDOW (self->invitation));
  if (store == NULL)
    g_clear_object (&self->subject);
  g_set_object (&self->store, store);
}

static void
bed_invitation_desk_dispose (GObject *object)
{
  BedInvitationDesk *self = BED_INVITATION_DESK (object);

  g_clear_weak_pointer (&self->invitation);
  g_clear_object (&self->subject);
  g_clear_object (&self->store);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_invitation_desk_parent_class)->dispose (object);
}

static void
bed_invitation_desk_class_init (BedInvitationDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_invitation_desk_dispose;
}

static void
bed_invitation_desk_init (BedInvitationDesk *self)
{
}

BedInvitationDesk *
bed_invitation_desk_new (BedSession *session, BedClock *clock, BedWindow *window)
{
  BedInvitationDesk *self = g_object_new (BED_TYPE_INVITATION_DESK, NULL);
  BedTodayPage *today = bed_home_page_get_today (bed_window_get_home (window));

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  listen (self, today, "copy", G_CALLBACK (copy_link));
  listen (self, today, "show-link", G_CALLBACK (show_link));
  listen (self, today, "revoke", G_CALLBACK (revoke_link));
  listen (self, today, "forget", G_CALLBACK (forget_link));
  listen (self, today, "new-invitation", G_CALLBACK (new_invitation));
  return self;
}
