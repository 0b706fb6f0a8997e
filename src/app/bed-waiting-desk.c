/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-waiting-desk.h"

#include <glib/gi18n.h>

#include "bed-dialogs.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedWaitingDesk
{
  GObject parent_instance;
  BedSession *session;         /* owned */
  BedClock *clock;             /* owned */
  BedWindow *window;           /* owned */
  BedCallDesk *calls;          /* owned */
  BedCheckDesk *checks;        /* owned */
  BedRecordStore *store;       /* owned while open */
  BedWaitingRoom *room;        /* owned while signed in */
  BedSignallingClient *client; /* owned: whose room it is */
  BedArrival *arrival;         /* owned: to be admitted after the check, or in the call */
  BedArrival *subject;         /* owned: what a question on the screen is about */
  gboolean busy, running;      /* running: this desk's call, not a visit as a guest */
};

enum { ARRIVED, CALL, OVER, N_SIGNALS };
static guint signals[N_SIGNALS];
enum { PROP_0, PROP_BUSY, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BedWaitingDesk, bed_waiting_desk, G_TYPE_OBJECT)

static BedTodayPage *
today (BedWaitingDesk *self)
{
  return bed_home_page_get_today (bed_window_get_home (self->window));
}

static void
listen (BedWaitingDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

/* --- What the waiting room asks -------------------------------------------------------------- */

static BedInvite *
host_dup_invite (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invite
      = bed_session_find_invite (BED_WAITING_DESK (data)->session, room);

  return invite != NULL ? bed_invite_ref (bed_session_invite_get_invite (invite)) : NULL;
}

static char *
host_dup_label (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invite
      = bed_session_find_invite (BED_WAITING_DESK (data)->session, room);

  return g_strdup (invite != NULL ? bed_session_invite_get_label (invite) : "");
}

static gint64
host_get_patient (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invite
      = bed_session_find_invite (BED_WAITING_DESK (data)->session, room);

  return invite != NULL ? bed_session_invite_get_patient_id (invite) : 0;
}

static BedEngine *
host_new_engine (const BedEngineConfig *config, gpointer data)
{
  return bed_local_engine_new (config);
}

static gboolean
host_asks_passcode (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invite
      = bed_session_find_invite (BED_WAITING_DESK (data)->session, room);

  return invite != NULL && *bed_session_invite_get_passcode (invite) != '\0';
}

static gboolean
host_try_passcode (const char *room, const char *code, guint *left, gpointer data)
{
  BedWaitingDesk *self = BED_WAITING_DESK (data);
  g_autoptr (BedSessionInvite) invite = bed_session_find_invite (self->session, room);
  gboolean right = invite != NULL && bed_session_try_passcode (self->session, invite, code);

  *left = invite != NULL ? bed_session_invite_get_passcode_left (invite) : 0;
  return right;
}

/* Either is enough: the invitation's own choice, or the person's for every call. */
static gboolean
host_relay_only (const char *room, gpointer data)
{
  BedWaitingDesk *self = BED_WAITING_DESK (data);
  g_autoptr (BedSessionInvite) invite = bed_session_find_invite (self->session, room);

  return bed_session_get_relay_only (self->session)
         || (invite != NULL && bed_session_invite_get_relay_only (invite));
}

static gboolean
host_knows_text (const char *version, const char *language, const guint8 *hash, gpointer data)
{
  return bed_session_knows_text (BED_WAITING_DESK (data)->session, version, language, hash);
}

static const BedWaitingRoomHost host = {
  .relay_only = host_relay_only,
  .dup_invite = host_dup_invite,
  .dup_label = host_dup_label,
  .get_patient = host_get_patient,
  .new_engine = host_new_engine,
  .asks_passcode = host_asks_passcode,
  .try_passcode = host_try_passcode,
  .knows_text = host_knows_text,
};

/* --- Letting in ------------------------------------------------------------------------------ */

static void
show_busy (BedWaitingDesk *self)
{
  guint n = self->room != NULL
                ? g_list_model_get_n_items (bed_waiting_room_get_arrivals (self->room))
                : 0;
  gboolean busy = n > 0 || bed_waiting_desk_in_call (self);

  bed_home_page_set_n_waiting (bed_window_get_home (self->window), n);
  bed_today_page_set_in_call (today (self), bed_waiting_desk_in_call (self));
  if (busy == self->busy)
    return;
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static void
somebody_arrived (BedWaitingDesk *self, BedArrival *arrival)
{
  /* Translators: %s is the patient's name */
  g_autofree char *text
      = g_strdup_printf (_("%s is in the waiting room."), bed_arrival_get_name (arrival));

  /* Nothing sounds into a consultation, least of all a name. */
  if (!bed_window_get_locked (self->window) && !bed_waiting_desk_in_call (self))
    bed_ui_announce (GTK_WIDGET (self->window), text);
  g_signal_emit (self, signals[ARRIVED], 0);
}

BedSessionInvite *
bed_waiting_desk_dup_invite (BedWaitingDesk *self)
{
  return self->arrival != NULL
             ? bed_session_find_invite (self->session, bed_arrival_get_room (self->arrival))
             : NULL;
}

/* It could not be recorded before: from now on there is somewhere for the note. */
static void
recorded_late (BedWaitingDesk *self, GParamSpec *pspec, BedCall *call)
{
  g_signal_emit (self, signals[CALL], 0, call);
}

/* It is in the record, too; the call goes on. */
static void
warn_of_text (BedWaitingDesk *self, GParamSpec *pspec, BedArrival *arrival)
{
  if (arrival == self->arrival && !bed_arrival_get_text_known (arrival))
    bed_window_warn_in_call (
        self->window, BED_GRAVITY_GRAVE,
        _("This app does not know the text that the patient agreed to as one of your clinic’s. "
          "Ask by word of mouth whether they agree, and write the answer into the note."));
}

static void
run_call (BedWaitingDesk *self, BedCall *call)
{
  g_autoptr (BedSessionInvite) invite = bed_waiting_desk_dup_invite (self);

  self->running = TRUE;
  bed_check_desk_close (self->checks);
  bed_call_desk_run (self->calls, call, bed_check_desk_get_camera (self->checks),
                     bed_check_desk_get_microphone (self->checks), FALSE, NULL,
                     invite != NULL ? bed_session_invite_get_language (invite) : "en");
  warn_of_text (self, NULL, self->arrival);
  g_signal_handlers_disconnect_by_func (self->arrival, warn_of_text, self); /* of a call before */
  listen (self, self->arrival, "notify::text-known", G_CALLBACK (warn_of_text)); /* page loads */
  listen (self, call, "notify::encounter-id", G_CALLBACK (recorded_late));
  g_signal_emit (self, signals[CALL], 0, call);
  show_busy (self);
}

static void
admit_now (BedWaitingDesk *self)
{
  BedArrival *there = self->room != NULL && self->arrival != NULL
                          ? bed_waiting_room_find (self->room, self->arrival)
                          : NULL;
  BedCall *call;

  if (there != NULL)
    g_set_object (&self->arrival, there);
  call = there != NULL ? bed_waiting_room_admit (self->room, there) : NULL;
  if (call != NULL)
    {
      run_call (self, call);
      return;
    }
  bed_check_desk_close (self->checks);
  bed_window_show_page (self->window, BED_PAGE_HOME);
  bed_window_toast (self->window,
                    there != NULL ? _("They cannot be let in yet. The waiting room says why.")
                                  : _("They are no longer in the waiting room."));
}

/* Translators: %s is the patient's name */
static char *
dup_check_text (BedArrival *arrival, gboolean there)
{
  const char *name = bed_arrival_get_name (arrival);

  if (!there)
    return g_strdup_printf (_("%s has left the waiting room. Go back: whoever comes is shown there."),
                            name);
  return g_strdup_printf (bed_arrival_get_returning (arrival)
                              ? _("%s is still there. Nothing is sent before you start.")
                              : _("%s is waiting. Nothing is sent before you start."),
                          name);
}

/* Whoever is to be let in may leave meanwhile, and come back. */
static void
show_check (BedWaitingDesk *self)
{
  BedCheckPage *check = bed_window_get_check (self->window);
  gboolean there = self->room != NULL && bed_waiting_room_find (self->room, self->arrival) != NULL;
  g_autofree char *text = dup_check_text (self->arrival, there);

  bed_check_page_set_words (check, text,
                            bed_arrival_get_returning (self->arrival) ? _("Return to the call")
                                                                      : _("Start the call"));
  bed_check_page_set_can_start (check, there);
  if (!there)
    bed_ui_announce (GTK_WIDGET (check), text);
}

static void
arrivals_changed (BedWaitingDesk *self)
{
  if (self->arrival != NULL && bed_window_get_page (self->window) == BED_PAGE_CHECK)
    show_check (self);
  show_busy (self);
}

static void
admit (BedWaitingDesk *self, BedArrival *arrival)
{
  g_set_object (&self->arrival, arrival);
  if (bed_check_desk_has_choice (self->checks))
    {
      admit_now (self);
      return;
    }
  bed_check_desk_open (self->checks, bed_window_get_check (self->window));
  show_check (self);
  bed_window_show_page (self->window, BED_PAGE_CHECK);
}

static void
check_started (BedWaitingDesk *self)
{
  if (bed_window_get_page (self->window) != BED_PAGE_CHECK)
    return;
  bed_check_desk_take_choice (self->checks);
  admit_now (self);
}

static void
check_left (BedWaitingDesk *self)
{
  if (bed_window_get_page (self->window) != BED_PAGE_CHECK)
    return;
  bed_check_desk_close (self->checks);
  bed_window_show_page (self->window, BED_PAGE_HOME);
}

static void
return_to_call (BedWaitingDesk *self)
{
  if (bed_waiting_desk_in_call (self))
    bed_window_show_page (self->window, BED_PAGE_CALL);
}

/* --- Those who wait -------------------------------------------------------------------------- */

static void message_answered (GObject *object, const char *text);

/* typed: (nullable): what could not be sent. */
static void
ask_message (BedWaitingDesk *self, const char *text, const char *typed)
{
  g_autofree char *title
      = g_strdup_printf (_("Message to %s"), bed_arrival_get_name (self->subject));

  bed_dialog_ask_text (GTK_WINDOW (self->window), title, text,
                       _("For instance: I am ten minutes late"), typed, _("Send"), TRUE, 2000,
                       FALSE, message_answered, G_OBJECT (self));
}

static void
message_answered (GObject *object, const char *text)
{
  BedWaitingDesk *self = BED_WAITING_DESK (object);

  if (self->subject == NULL)
    return;
  if (self->room != NULL && bed_waiting_room_message (self->room, self->subject, text))
    bed_window_toast (self->window, _("Message sent."));
  else
    ask_message (self, _("Not sent: there is no connection to them now. Try again, or call them."),
                 text);
}

static void
message (BedWaitingDesk *self, BedArrival *arrival)
{
  g_set_object (&self->subject, arrival);
  ask_message (self, _("They read it while they wait."), NULL);
}

static void
decline_answered (GObject *object, const char *text)
{
  BedWaitingDesk *self = BED_WAITING_DESK (object);

  if (self->subject == NULL)
    return;
  if ((self->room == NULL || !bed_waiting_room_decline (self->room, self->subject, text))
      && *text != '\0')
    bed_window_warn (self->window, _("There was no connection to them when you declined, so your "
                                     "words may not have reached them. Call them."));
}

static void
decline (BedWaitingDesk *self, BedArrival *arrival)
{
  g_autofree char *title = g_strdup_printf (_("Decline %s?"), bed_arrival_get_name (arrival));

  g_set_object (&self->subject, arrival);
  bed_dialog_ask_text (
      GTK_WINDOW (self->window), title,
      _("They leave the waiting room. You may tell them why, or when to come back."),
      _("Words for the patient (optional)"), NULL, _("Decline"), FALSE, 500, TRUE,
      decline_answered, G_OBJECT (self));
}

/* Who came when says whose it was: a warning names nobody. */
static void
tampered (BedWaitingDesk *self, BedArrival *arrival)
{
  g_autofree char *when = bed_time_text_date (bed_arrival_get_since (arrival));
  g_autofree char *text = NULL;

  if (bed_waiting_desk_in_call (self) && arrival == self->arrival)
    return; /* told in the call */
  /* Translators: %s is a day and time such as 14 Mar, 10:30 */
  text = g_strdup_printf (_("A message from the patient who came into the waiting room on %s was "
                            "altered on its way and was not taken. Ask them to open the link "
                            "again, or call by telephone."),
                          when);
  bed_window_warn_as (self->window, BED_GRAVITY_GRAVE, text);
}

/* --- The room -------------------------------------------------------------------------------- */

static void
open_room (BedWaitingDesk *self, BedSignallingClient *client)
{
  self->room = bed_waiting_room_new (client, self->store, self->clock, &host, self);
  listen (self, self->room, "arrived", G_CALLBACK (somebody_arrived));
  listen (self, self->room, "tampered", G_CALLBACK (tampered));
  listen (self, bed_waiting_room_get_arrivals (self->room), "items-changed",
          G_CALLBACK (arrivals_changed));
}

/* A call keeps its waiting room to its end. */
static void
follow_client (BedWaitingDesk *self)
{
  BedSignallingClient *client = self->store != NULL ? bed_session_get_client (self->session) : NULL;

  if (client == self->client || bed_waiting_desk_in_call (self))
    return;
  if (self->room != NULL)
    g_signal_handlers_disconnect_by_data (bed_waiting_room_get_arrivals (self->room), self);
  g_clear_object (&self->room);
  g_set_object (&self->client, client);
  if (client != NULL)
    open_room (self, client);
  arrivals_changed (self);
  bed_today_page_set_models (today (self), self->clock,
                             self->room != NULL ? bed_waiting_room_get_arrivals (self->room) : NULL,
                             self->store != NULL ? bed_session_get_invites (self->session) : NULL);
}

static void
call_over (BedWaitingDesk *self, int end)
{
  /* The yes to camera and microphone was for this call; the next person's call asks again. */
  bed_check_desk_forget_choice (self->checks);
  if (!self->running)
    return;
  self->running = FALSE;
  g_signal_emit (self, signals[OVER], 0, end);
  show_busy (self);
  follow_client (self);
}

void
bed_waiting_desk_set_store (BedWaitingDesk *self, BedRecordStore *store)
{
  if (store == NULL)
    {
      bed_check_desk_close (self->checks);
      bed_check_desk_forget_choice (self->checks);
      g_clear_object (&self->arrival);
      g_clear_object (&self->subject);
    }
  g_set_object (&self->store, store);
  follow_client (self);
  bed_today_page_set_models (today (self), self->clock,
                             self->room != NULL ? bed_waiting_room_get_arrivals (self->room) : NULL,
                             store != NULL ? bed_session_get_invites (self->session) : NULL);
}

gboolean
bed_waiting_desk_get_busy (BedWaitingDesk *self)
{
  return self->busy;
}

gboolean
bed_waiting_desk_in_call (BedWaitingDesk *self)
{
  BedCall *call = bed_call_desk_get_call (self->calls);

  return call != NULL && bed_call_get_state (call) != BED_CALL_STATE_ENDED;
}

static void
bed_waiting_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, BED_WAITING_DESK (object)->busy);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_waiting_desk_dispose (GObject *object)
{
  BedWaitingDesk *self = BED_WAITING_DESK (object);

  g_clear_object (&self->room);
  g_clear_object (&self->client);
  g_clear_object (&self->arrival);
  g_clear_object (&self->subject);
  g_clear_object (&self->store);
  g_clear_object (&self->checks);
  g_clear_object (&self->calls);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_waiting_desk_parent_class)->dispose (object);
}

static void
bed_waiting_desk_class_init (BedWaitingDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = bed_waiting_desk_dispose;
  object_class->get_property = bed_waiting_desk_get_property;
  props[PROP_BUSY]
      = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[ARRIVED]
      = g_signal_new ("arrived", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CALL] = g_signal_new ("call", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, BED_TYPE_CALL);
  signals[OVER] = g_signal_new ("over", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_INT);
}

static void
bed_waiting_desk_init (BedWaitingDesk *self)
{
}

BedWaitingDesk *
bed_waiting_desk_new (BedSession *session, BedClock *clock, BedWindow *window, BedCallDesk *calls,
                      BedCheckDesk *checks)
{
  BedWaitingDesk *self = g_object_new (BED_TYPE_WAITING_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->calls = g_object_ref (calls);
  self->checks = g_object_ref (checks);
  listen (self, today (self), "admit", G_CALLBACK (admit));
  listen (self, today (self), "message", G_CALLBACK (message));
  listen (self, today (self), "decline", G_CALLBACK (decline));
  listen (self, today (self), "return-to-call", G_CALLBACK (return_to_call));
  listen (self, checks, "start", G_CALLBACK (check_started));
  listen (self, checks, "back", G_CALLBACK (check_left));
  listen (self, calls, "ended", G_CALLBACK (call_over));
  listen (self, session, "notify::account-state", G_CALLBACK (follow_client));
  return self;
}
