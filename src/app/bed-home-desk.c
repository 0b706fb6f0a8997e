/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-home-desk.h"

#include <glib/gi18n.h>

#include "bed-after-desk.h"
#include "bed-emergency-desk.h"
#include "bed-error-text.h"
#include "bed-invitation-desk.h"
#include "bed-records-desk.h"
#include "bed-retention.h"
#include "bed-rollback-desk.h"

struct _BedHomeDesk
{
  GObject parent_instance;
  BedSession *session;            /* owned */
  BedClock *clock;                /* owned */
  BedWindow *window;              /* owned */
  BedConsentBook *consent;        /* owned */
  BedWaitingDesk *waiting;        /* owned */
  BedInvitationDesk *invitations; /* owned */
  BedRecordsDesk *records;        /* owned */
  BedHandoverDesk *handover;      /* owned */
  BedAfterDesk *after;            /* owned */
  BedEmergencyDesk *emergency;    /* owned */
  BedRollbackDesk *rollback;      /* owned */
  BedRecordStore *store;          /* owned while open */
  gboolean asking;                /* the vault is open behind the locked window: who are they? */
};

enum { ARRIVED, DECLARED, RECORD, PREFERENCES, N_SIGNALS };
static guint signals[N_SIGNALS];
enum { PROP_0, PROP_BUSY, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BedHomeDesk, bed_home_desk, G_TYPE_OBJECT)

static BedTodayPage *
today (BedHomeDesk *self)
{
  return bed_home_page_get_today (bed_window_get_home (self->window));
}

static void
tell (BedHomeDesk *self, const GError *error)
{
  bed_window_warn_error (self->window, error);
}

static void
listen (BedHomeDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

/* --- Account --------------------------------------------------------------------------------- */

static void
show_person (BedHomeDesk *self, BedAccountState state)
{
  static const char *const words[] = {
    [BED_ACCOUNT_STATE_OFFLINE] = N_("No connection"),
    [BED_ACCOUNT_STATE_CONNECTING] = N_("Connecting…"),
    [BED_ACCOUNT_STATE_ONLINE] = N_("Ready for patients"),
    [BED_ACCOUNT_STATE_SECOND_FACTOR] = N_("Signed out"),
    [BED_ACCOUNT_STATE_PASSWORD] = N_("Signed out"),
    [BED_ACCOUNT_STATE_UNTRUSTED] = N_("Not your clinic’s server"),
  };

  bed_home_page_set_person (bed_window_get_home (self->window),
                            bed_session_get_display_name (self->session), _(words[state]));
}

static void
show_account (BedHomeDesk *self)
{
  BedAccountState state = bed_session_get_account_state (self->session);
  BedTodayPage *page = today (self);

  show_person (self, state);
  if (state == BED_ACCOUNT_STATE_OFFLINE)
    bed_today_page_set_banner (
        page, _("The clinic cannot be reached. Records and notes work; nobody can arrive."),
        _("Try now"));
  else if (state == BED_ACCOUNT_STATE_SECOND_FACTOR || state == BED_ACCOUNT_STATE_PASSWORD)
    bed_today_page_set_banner (
        page, _("Your session with the clinic has ended. Sign in to see the waiting room."),
        _("Sign in"));
  else if (state == BED_ACCOUNT_STATE_UNTRUSTED)
    bed_today_page_set_banner (page,
                               _("This is not your clinic’s server, or somebody is in between. "
                                 "Nothing is sent. Call the clinic’s administrator."),
                               NULL);
  else
    bed_today_page_set_banner (page, NULL, NULL);
}

static void
banner (BedHomeDesk *self)
{
  BedAccountState state = bed_session_get_account_state (self->session);

  if (state == BED_ACCOUNT_STATE_OFFLINE)
    {
      bed_session_retry_now (self->session);
      return;
    }
  bed_code_page_ask (bed_window_get_code (self->window), state == BED_ACCOUNT_STATE_PASSWORD);
  bed_window_show_page (self->window, BED_PAGE_CODE);
}

/* In a call without a way to the server: the person wants both tried again. */
static void
keep_waiting (BedHomeDesk *self)
{
  if (bed_session_get_account_state (self->session) == BED_ACCOUNT_STATE_OFFLINE)
    bed_session_retry_now (self->session);
}

/* --- Between the desks ----------------------------------------------------------------------- */

static void
show_today (BedHomeDesk *self)
{
  bed_window_show_page (self->window, BED_PAGE_HOME);
  bed_home_page_show_section (bed_window_get_home (self->window), BED_HOME_TODAY);
}

static void
call_done (BedHomeDesk *self)
{
  g_autoptr (BedSessionInvite) invite = bed_waiting_desk_dup_invite (self->waiting);

  if (invite != NULL)
    bed_invitation_desk_end (self->invitations, invite);
  show_today (self);
}

static void
invite_patient (BedHomeDesk *self, BedPatient *patient)
{
  bed_invitation_desk_invite (self->invitations, bed_patient_get_id (patient));
}

static void
somebody_arrived (BedHomeDesk *self)
{
  g_signal_emit (self, signals[ARRIVED], 0);
}

static void
preferences (BedHomeDesk *self, const char *page)
{
  g_signal_emit (self, signals[PREFERENCES], 0, page);
}

static void
busy_changed (BedHomeDesk *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

/* --- What a crash cut off -------------------------------------------------------------------- */

/* As long as the invitation lives the patient may come back to the call. */
static gboolean
may_go_on (BedHomeDesk *self, BedEncounter *encounter)
{
  GListModel *invites = bed_session_get_invites (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (invites); i++)
    {
      g_autoptr (BedSessionInvite) invite = g_list_model_get_item (invites, i);
      g_autoptr (BedEncounter) running = NULL;

      if (bed_room_state_is_over (bed_session_invite_get_state (invite)))
        continue;
      running = bed_record_store_find_running_encounter (self->store,
                                                         bed_session_invite_get_room (invite));
      if (running == encounter)
        return TRUE;
    }
  return FALSE;
}

static void
end_cut_off (BedHomeDesk *self)
{
  g_autoptr (GListModel) running = bed_record_store_list_running_encounters (self->store);
  gboolean told = FALSE;

  for (guint i = g_list_model_get_n_items (running); i > 0; i--)
    {
      g_autoptr (BedEncounter) encounter = g_list_model_get_item (running, i - 1);
      g_autoptr (GError) error = NULL;

      if (may_go_on (self, encounter))
        continue;
      if (!bed_record_store_end_cut_off_encounter (self->store, encounter, &error))
        tell (self, error);
      else
        told = TRUE;
    }
  if (told)
    bed_window_warn (self->window, _("A consultation had been cut off. Its end is now the last "
                                     "time that its call was seen."));
}

/* --- Unlock and lock ------------------------------------------------------------------------- */

/* Stays until the record is locked: what is not shown then is not there for the person. */
static void
show_unread (BedHomeDesk *self, const GError *error)
{
  /* Translators: %s is a sentence that says what to do. */
  g_autofree char *text
      = g_strdup_printf (_("A part of the record could not be read, so lists and searches may lack "
                           "something. %s"), bed_error_text_untyped (error));

  bed_home_page_set_warning (bed_window_get_home (self->window), text);
}

static void
watch_store (BedHomeDesk *self, BedRecordStore *store)
{
  if (store == self->store)
    return;
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_func (self->store, show_unread, self);
  bed_home_page_set_warning (bed_window_get_home (self->window), NULL);
  if (store != NULL)
    listen (self, store, "unread", G_CALLBACK (show_unread));
}

static void
set_store (BedHomeDesk *self, BedRecordStore *store)
{
  bed_notes_page_set_clinician (bed_home_page_get_notes (bed_window_get_home (self->window)),
                                bed_session_get_display_name (self->session));
  bed_records_desk_set_store (self->records, store);
  bed_handover_desk_set_store (self->handover, store);
  bed_invitation_desk_set_store (self->invitations, store);
  bed_after_desk_set_store (self->after, store);
  bed_waiting_desk_set_store (self->waiting, store);
  bed_rollback_desk_set_store (self->rollback, store);
  watch_store (self, store);
  bed_consent_book_set_store (self->consent, store); /* last: the preview's end is still written */
  g_set_object (&self->store, store);
  g_signal_emit (self, signals[RECORD], 0, store);
}

static void
scrubbed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedHomeDesk) self = data;
  BedRecordStore *store = BED_RECORD_STORE (source);
  g_autoptr (GError) error = NULL;

  /* What a lock cut off is made up for after the next unlock. */
  if (!bed_record_store_erase_finish (store, result, &error) && self->store == store)
    tell (self, error);
}

static void
begin (BedHomeDesk *self, BedRecordStore *store)
{
  set_store (self, store);
  if (store == NULL)
    return;
  end_cut_off (self);
  if (bed_record_store_needs_scrub (store))
    bed_record_store_scrub_async (store, NULL, scrubbed, g_object_ref (self));
}

/* Nothing is seen before they have said who they are. */
static void
ask_stand_in (BedHomeDesk *self, BedRecordStore *store)
{
  self->asking = TRUE;
  bed_window_set_locked (self->window, TRUE);
  bed_emergency_desk_ask (self->emergency, store);
}

static void
declared (BedHomeDesk *self, BedRecordStore *store)
{
  self->asking = FALSE;
  bed_window_set_locked (self->window, FALSE);
  begin (self, store);
  g_signal_emit (self, signals[DECLARED], 0);
}

gboolean
bed_home_desk_open (BedHomeDesk *self, GError **error)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (now / G_USEC_PER_SEC);
  /* Translators: today's date, strftime */
  g_autofree char *day = g_date_time_format (date, _("%A %-d %B"));
  g_autoptr (BedRecordStore) store
      = bed_record_store_open (bed_session_get_vault (self->session), self->clock,
                               bed_session_get_login (self->session), error);
  gboolean by_emergency;

  if (store == NULL)
    return FALSE;
  by_emergency = bed_emergency_access_is_open (store);
  begin (self, by_emergency ? NULL : store);
  bed_home_page_set_date (bed_window_get_home (self->window), day);
  show_today (self);
  show_account (self);
  if (by_emergency)
    ask_stand_in (self, store);
  else
    bed_emergency_desk_review (self->emergency, store);
  return TRUE;
}

gboolean
bed_home_desk_save (BedHomeDesk *self, GError **error)
{
  return bed_records_desk_save (self->records, error);
}

void
bed_home_desk_close (BedHomeDesk *self)
{
  g_autoptr (GError) error = NULL;

  if (!bed_home_desk_save (self, &error))
    tell (self, error);
  bed_emergency_desk_close (self->emergency);
  self->asking = FALSE;
  set_store (self, NULL);
}

gboolean
bed_home_desk_get_asking (BedHomeDesk *self)
{
  return self->asking;
}

gboolean
bed_home_desk_get_busy (BedHomeDesk *self)
{
  return bed_waiting_desk_get_busy (self->waiting);
}

static void
bed_home_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, bed_home_desk_get_busy (BED_HOME_DESK (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_home_desk_dispose (GObject *object)
{
  BedHomeDesk *self = BED_HOME_DESK (object);

  g_clear_object (&self->rollback);
  g_clear_object (&self->emergency);
  g_clear_object (&self->after);
  g_clear_object (&self->waiting);
  g_clear_object (&self->invitations);
  g_clear_object (&self->records);
  g_clear_object (&self->handover);
  g_clear_object (&self->consent);
  g_clear_object (&self->store);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_home_desk_parent_class)->dispose (object);
}

static void
bed_home_desk_class_init (BedHomeDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = bed_home_desk_dispose;
  object_class->get_property = bed_home_desk_get_property;
  props[PROP_BUSY]
      = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[RECORD] = g_signal_new ("record", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, BED_TYPE_RECORD_STORE);
  signals[PREFERENCES] = g_signal_new ("preferences", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ARRIVED]
      = g_signal_new ("arrived", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DECLARED]
      = g_signal_new ("declared", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_home_desk_init (BedHomeDesk *self)
{
}

static void
connect_desks (BedHomeDesk *self)
{
  listen (self, self->waiting, "arrived", G_CALLBACK (somebody_arrived));
  listen (self, self->waiting, "notify::busy", G_CALLBACK (busy_changed));
  g_signal_connect_object (self->waiting, "call", G_CALLBACK (bed_after_desk_begin), self->after,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->waiting, "over", G_CALLBACK (bed_after_desk_show), self->after,
                           G_CONNECT_SWAPPED);
  listen (self, self->emergency, "declared", G_CALLBACK (declared));
  listen (self, self->rollback, "preferences", G_CALLBACK (preferences));
  listen (self, self->records, "invite", G_CALLBACK (invite_patient));
  listen (self, self->after, "again", G_CALLBACK (show_today));
  listen (self, self->after, "done", G_CALLBACK (call_done));
  listen (self, today (self), "banner", G_CALLBACK (banner));
  listen (self, bed_window_get_call (self->window), "keep-waiting", G_CALLBACK (keep_waiting));
  listen (self, self->session, "notify::account-state", G_CALLBACK (show_account));
}

BedHomeDesk *
bed_home_desk_new (BedSession *session, BedClock *clock, BedWindow *window, BedConsentBook *consent,
                   BedCallDesk *calls, BedCheckDesk *checks)
{
  BedHomeDesk *self = g_object_new (BED_TYPE_HOME_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->consent = g_object_ref (consent);
  self->handover = bed_handover_desk_new (session, clock, GTK_WINDOW (window));
  self->records = bed_records_desk_new (session, clock, window, self->handover);
  self->invitations = bed_invitation_desk_new (session, clock, window);
  self->after = bed_after_desk_new (clock, window, self->records);
  self->waiting = bed_waiting_desk_new (session, clock, window, calls, checks);
  self->emergency = bed_emergency_desk_new (clock, window);
  self->rollback = bed_rollback_desk_new (bed_session_get_vault (session), clock, window);
  connect_desks (self);
  return self;
}

BedHandoverDesk *
bed_home_desk_get_handover (BedHomeDesk *self)
{
  return self->handover;
}

void
bed_home_desk_set_backup_problem (BedHomeDesk *self, const char *problem)
{
  bed_rollback_desk_set_backup_problem (self->rollback, problem);
}
