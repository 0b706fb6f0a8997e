/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-application.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-dialogs.h"
#include "bed-door-desk.h"
#include "bed-error-text.h"
#include "bed-guest-desk.h"
#include "bed-home-desk.h"
#include "bed-idle-watch.h"
#include "bed-lock-act.h"
#include "bed-lock-key.h"
#include "bed-preferences-desk.h"
#include "bed-record-set-aside.h"
#include "bed-sign-in.h"
#include "bed-ui.h"
#include "config.h"

/* What a lock has to tell outside the laptop may take this long; more would be felt. */
#define ANCHORS_PATIENCE_MS 300
/* What could not be saved is tried again this often while the window is covered. */
#define SAVE_AGAIN_S 3
/* Characters of a link that is pasted. */
#define PASTED_MAX 1000

struct _BedApplication
{
  AdwApplication parent_instance;
  BedClock *clock;
  BedSession *session;
  BedMediaDevices *devices;
  BedWindow *window;
  BedSignIn *sign_in;
  BedMediaSettings *media;
  BedConsentBook *consent;
  BedCheckDesk *checks;
  BedCallDesk *calls;
  BedHomeDesk *home;
  BedGuestDesk *guest;
  BedPreferencesDesk *preferences;
  BedDoorDesk *door;
  BedRestart *before;
  BedRestart after;
  gboolean rekeying;
  gboolean ending;
  gboolean again; /* ends in order to begin anew, locked */
  BedSecret *pending_link; /* text with its NUL */
  BedIdleWatch *idle;
  GPtrArray *hidden; /* dialogs behind the cover */
  guint inhibited;
  guint save_again;  /* while something cannot be saved behind the cover */
  gboolean give_up;  /* the person quits without what cannot be saved */
};

G_DEFINE_FINAL_TYPE (BedApplication, bed_application, ADW_TYPE_APPLICATION)

static gboolean
in_call (BedApplication *self)
{
  return bed_call_desk_get_call (self->calls) != NULL;
}

/* A call, or a guest's visit: it goes on behind the cover. While the app ends and its anchors are
 * waited for, neither is there any more. */
static gboolean
occupied (BedApplication *self)
{
  return (self->calls != NULL && in_call (self))
         || (self->guest != NULL && bed_guest_desk_goes_on (self->guest));
}

/* Dialogs name people, too. They come back as they were, or go with the record that they belong to.
 */
static void
hide_dialogs (BedApplication *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (window) != NULL
          && gtk_widget_get_visible (GTK_WIDGET (window)))
        g_ptr_array_add (self->hidden, g_object_ref (window));
    }
  for (guint i = 0; i < self->hidden->len; i++)
    gtk_widget_set_visible (self->hidden->pdata[i], FALSE);
}

static void
show_dialogs (BedApplication *self)
{
  for (guint i = 0; i < self->hidden->len; i++)
    gtk_window_present (self->hidden->pdata[i]);
  g_ptr_array_set_size (self->hidden, 0);
}

static void
drop_dialogs (BedApplication *self)
{
  for (guint i = 0; i < self->hidden->len; i++)
    if (!GTK_IS_SHORTCUTS_WINDOW (self->hidden->pdata[i]))
      gtk_window_destroy (self->hidden->pdata[i]);
  g_ptr_array_set_size (self->hidden, 0);
}

/* The page that says it goes with the lock. */
static void
tell_visit_over (BedApplication *self)
{
  g_autofree char *words = NULL;

  if (!bed_guest_desk_is_open (self->guest) || bed_guest_desk_goes_on (self->guest))
    return;
  words = bed_guest_page_dup_over (bed_window_get_guest (self->window));
  bed_window_warn (self->window, words);
}

/* The vault closes, and the process begins anew: no widget, no library keeps a copy of what was
 * shown or typed. What the person has still to see goes along. */
static void
lock_for_good (BedApplication *self)
{
  g_autoptr (BedSecret) doorbell = bed_session_dup_doorbell_keys (self->session);
  GtkWindow *window = GTK_WINDOW (self->window);

  drop_dialogs (self);
  bed_home_desk_close (self->home);
  bed_session_lock (self->session);
  gtk_window_get_default_size (window, &self->after.width, &self->after.height);
  self->after.maximized = gtk_window_is_maximized (window);
  self->after.doorbell = g_steal_pointer (&doorbell);
  self->after.link = g_steal_pointer (&self->pending_link);
  tell_visit_over (self);
  self->after.link_note = g_strdup (bed_unlock_page_get_link (bed_window_get_unlock (self->window)));
  for (guint i = 0; i < BED_N_GRAVITIES; i++)
    self->after.warnings[i] = bed_window_dup_warnings (self->window, (BedGravity) i);
  self->again = TRUE;
  g_application_quit (G_APPLICATION (self));
}

/* The record is about to be exchanged; the process begins anew after that. A new computer has none. */
static void
close_record (BedApplication *self)
{
  if (bed_session_get_state (self->session) == BED_SESSION_STATE_NO_PROFILE)
    return;
  bed_preferences_desk_close (self->preferences);
  bed_window_set_locked (self->window, TRUE);
  bed_home_desk_close (self->home);
  bed_session_lock (self->session);
}

/* Everything is being written under a new key: nobody holds the record meanwhile. */
static void
record_closed (BedApplication *self)
{
  if (bed_session_get_state (self->session) != BED_SESSION_STATE_REKEYING)
    return;
  self->rekeying = TRUE;
  bed_home_desk_close (self->home);
}

/* TRUE when it opened; else the vault is locked again, and the page that unlocks says why. */
static gboolean
open_record (BedApplication *self)
{
  g_autoptr (GError) error = NULL;

  if (bed_home_desk_open (self->home, &error))
    return TRUE;
  close_record (self);
  bed_sign_in_refuse (self->sign_in, error);
  return FALSE;
}

static void
record_opened (BedApplication *self)
{
  if (self->rekeying)
    open_record (self);
  self->rekeying = FALSE;
}

/* What cannot be saved stays behind the cover, and is tried again: a lock loses nothing. */
static gboolean
lock_when_saved (gpointer data)
{
  BedApplication *self = data;
  g_autoptr (GError) error = NULL;

  if (occupied (self))
    return G_SOURCE_CONTINUE;
  if (bed_home_desk_save (self->home, &error))
    {
      g_clear_handle_id (&self->save_again, g_source_remove);
      lock_for_good (self);
      return G_SOURCE_REMOVE;
    }
  bed_sign_in_tell_unsaved (self->sign_in);
  if (self->save_again == 0)
    self->save_again = g_timeout_add_seconds (SAVE_AGAIN_S, lock_when_saved, self);
  return G_SOURCE_CONTINUE;
}

/* What goes on behind the locked window, and what is sent of the person there. */
static void
show_behind (BedApplication *self)
{
  BedUnlockBehind behind = BED_UNLOCK_BEHIND_NOTHING;

  if (!bed_window_get_locked (self->window))
    return;
  if (in_call (self))
    behind = bed_call_desk_get_heard (self->calls) ? BED_UNLOCK_BEHIND_CALL_HEARD
                                                   : BED_UNLOCK_BEHIND_CALL;
  else if (bed_guest_desk_goes_on (self->guest))
    behind = BED_UNLOCK_BEHIND_VISIT;
  bed_unlock_page_set_behind (bed_window_get_unlock (self->window), behind);
}

static void
lock (BedApplication *self)
{
  BedLockAct act = bed_lock_act (bed_session_get_state (self->session), occupied (self));
  gboolean asking = act != BED_LOCK_ACT_NONE && bed_home_desk_get_asking (self->home);

  if (act == BED_LOCK_ACT_NONE || (bed_window_get_locked (self->window) && !asking))
    return;
  bed_ui_clear_clipboard (gdk_display_get_default ());
  bed_preferences_desk_close (self->preferences);
  hide_dialogs (self);
  bed_call_desk_cover (self->calls);
  bed_guest_desk_cover (self->guest);
  if (asking && act == BED_LOCK_ACT_COVER)
    {
      /* Nobody said who they are: the guest's visit goes on, but not with an open vault. */
      drop_dialogs (self);
      close_record (self);
      show_behind (self);
      return;
    }
  bed_sign_in_cover (self->sign_in);
  show_behind (self);
  if (act == BED_LOCK_ACT_FOR_GOOD)
    lock_when_saved (self);
}

/* Closing it would take away what the call is written into, or what cannot be saved. */
static char *
dup_why_open (gpointer data)
{
  BedApplication *self = data;
  g_autoptr (GError) error = NULL;

  if (bed_home_desk_get_busy (self->home) || bed_guest_desk_is_open (self->guest))
    return g_strdup (_("Not during a call, or while somebody waits: end it first."));
  if (bed_home_desk_save (self->home, &error))
    return NULL;
  return g_strconcat (bed_error_text (error), " ",
                      _("The record stays open until what you wrote is saved."), NULL);
}

/* --- Awake and idle -------------------------------------------------------------------------- */

static void
busy_changed (BedApplication *self)
{
  gboolean busy = bed_home_desk_get_busy (self->home) || bed_guest_desk_goes_on (self->guest)
                  || bed_door_desk_get_busy (self->door);

  if (busy && self->inhibited == 0)
    self->inhibited
        = gtk_application_inhibit (GTK_APPLICATION (self), GTK_WINDOW (self->window),
                                   GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_IDLE,
                                   _("Somebody waits or is in a consultation"));
  else if (!busy && self->inhibited != 0)
    {
      gtk_application_uninhibit (GTK_APPLICATION (self), self->inhibited);
      self->inhibited = 0;
    }
}

static guint
idle_limit (gpointer data)
{
  BedApplication *self = data;

  if (!bed_lock_idle_counts (bed_session_get_state (self->session), occupied (self)))
    bed_idle_watch_touch (self->idle);
  return bed_session_get_lock_after (self->session);
}

static void
screen_saver_changed (BedApplication *self)
{
  gboolean active = FALSE;

  g_object_get (self, "screensaver-active", &active, NULL);
  if (active)
    lock (self);
}

/* --- What the rest tells --------------------------------------------------------------------- */

static void
announce (BedApplication *self, const char *body)
{
  g_autoptr (GNotification) notification
      = g_notification_new (_("Somebody is in the waiting room"));

  /* No name: a notification is seen by whoever stands before the screen. */
  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action (notification, "app.show");
  g_application_send_notification (G_APPLICATION (self), "arrival", notification);
  if (in_call (self))
    return; /* nothing sounds into a consultation; the count on Today tells */
  if (!bed_media_settings_chime (self->media))
    gdk_display_beep (gdk_display_get_default ());
}

static void
arrived (BedApplication *self)
{
  announce (self, bed_window_get_locked (self->window)
                      ? _("Someone has arrived. Unlock to let them in.")
                      : _("Open Bedside to let them in."));
}

static void
keep_link (BedApplication *self, const char *link)
{
  g_clear_pointer (&self->pending_link, bed_secret_unref);
  self->pending_link = bed_secret_new (link, strlen (link) + 1);
}

/* What is covered, or being set up, is not left for a link: it waits. */
static void
guest_link (BedApplication *self, const char *link)
{
  if (bed_window_get_locked (self->window))
    {
      keep_link (self, link);
      bed_unlock_page_set_link (bed_window_get_unlock (self->window),
                                _("Unlock first; then the link opens."));
    }
  else if (bed_window_get_page (self->window) == BED_PAGE_ACTIVATION)
    {
      keep_link (self, link);
      bed_window_toast (self->window, _("Finish setting up first; then the link opens."));
    }
  else if (in_call (self))
    bed_window_toast (self->window, _("You are in a call. Hang up first."));
  else
    bed_guest_desk_open (self->guest, link);
  busy_changed (self);
}

static void
open_pending (BedApplication *self)
{
  g_autoptr (BedSecret) link = g_steal_pointer (&self->pending_link);

  if (link != NULL)
    guest_link (self, (const char *) bed_secret_get_data (link));
}

static void
opened (BedApplication *self)
{
  bed_idle_watch_touch (self->idle);
  if (!open_record (self))
    return;
  bed_unlock_page_set_behind (bed_window_get_unlock (self->window), BED_UNLOCK_BEHIND_NOTHING);
  if (bed_guest_desk_is_open (self->guest))
    bed_window_show_page (self->window, in_call (self) ? BED_PAGE_CALL : BED_PAGE_GUEST);
  open_pending (self);
}

static void
uncovered (BedApplication *self)
{
  g_clear_handle_id (&self->save_again, g_source_remove);
  bed_idle_watch_touch (self->idle);
  show_dialogs (self);
  open_pending (self);
}

/* The call or visit ended behind the cover: now the record can be closed for good. */
static void
call_over (BedApplication *self)
{
  busy_changed (self);
  show_behind (self);
  if (bed_window_get_locked (self->window)
      && bed_lock_act (bed_session_get_state (self->session), occupied (self))
             == BED_LOCK_ACT_FOR_GOOD)
    lock_when_saved (self);
}

static void
guest_finished (BedApplication *self)
{
  BedSessionState state = bed_session_get_state (self->session);

  /* What is locked stays under the cover. */
  bed_window_show_page (self->window,
                        state == BED_SESSION_STATE_NO_PROFILE ? BED_PAGE_WELCOME : BED_PAGE_HOME);
  bed_welcome_page_reset (bed_window_get_welcome (self->window));
  call_over (self);
}

/* --- Actions --------------------------------------------------------------------------------- */

static gboolean
is_open (BedApplication *self)
{
  return bed_session_get_state (self->session) == BED_SESSION_STATE_UNLOCKED
         && !bed_window_get_locked (self->window);
}

static void
act_lock (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BedApplication *self = data;

  if (is_open (self))
    bed_guest_desk_close_over (self->guest);
  lock (self);
}

static void
act_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_close (GTK_WINDOW (BED_APPLICATION (data)->window));
}

static void
act_show (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (BED_APPLICATION (data)->window));
}

static void
link_typed (GObject *object, const char *link)
{
  bed_sign_in_open_link (BED_APPLICATION (object)->sign_in, link);
}

/* A colleague's: whoever has no account pastes it on the first page. */
static void
act_open_invitation (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BedApplication *self = data;

  if (is_open (self))
    bed_dialog_ask_text (GTK_WINDOW (self->window), _("Your invitation"),
                         _("Paste the link that you were sent, to join as a guest."), _("Link"),
                         NULL, _("Open"), TRUE, PASTED_MAX, FALSE, link_typed, G_OBJECT (self));
}

static void
act_preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BedApplication *self = data;

  if (is_open (self))
    bed_preferences_desk_present (self->preferences);
}

static void
act_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BedApplication *self = data;

  adw_show_about_window (
      GTK_WINDOW (self->window), "application-name", "Bedside", "application-icon", APPLICATION_ID,
      "version", PACKAGE_VERSION, "developer-name", _("The Bedside developers"), "license-type",
      GTK_LICENSE_GPL_3_0, "comments",
      _("Private video consultations between a clinic and its patients."), NULL);
}

static const GActionEntry entries[] = {
  { "lock", act_lock },   { "quit", act_quit },
  { "show", act_show },   { "preferences", act_preferences },
  { "about", act_about }, { "open-invitation", act_open_invitation },
};

static void
set_shortcuts (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *keys[3];
  } shortcuts[] = {
    { "app.lock", { "<Control>l" } },
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "win.show-help-overlay", { "<Control>question", "F1" } },
    { "win.new-invitation", { "<Control>n" } },
    { "win.search", { "<Control>f" } },
    { "win.fullscreen", { "F11" } },
    { "win.next-area", { "F6" } },
    { "win.microphone", { "<Control>d" } },
    { "win.camera", { "<Control>e" } },
    { "win.chat", { "<Control><Shift>c" } },
    { "win.note", { "<Control><Shift>n" } },
    { "win.hang-up", { "<Control><Shift>h" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (application, shortcuts[i].action, shortcuts[i].keys);
}

static GMenuModel *
new_menu (gboolean inside)
{
  GMenu *menu = g_menu_new ();

  if (inside)
    {
      g_menu_append (menu, _("_Lock"), "app.lock");
      g_menu_append (menu, _("_Open an Invitation…"), "app.open-invitation");
      g_menu_append (menu, _("_Preferences"), "app.preferences");
    }
  g_menu_append (menu, _("_Keyboard Shortcuts"), "win.show-help-overlay");
  g_menu_append (menu, _("_About Bedside"), "app.about");
  return G_MENU_MODEL (menu);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
give_up (GObject *object, const char *answer)
{
  BedApplication *self = BED_APPLICATION (object);

  self->give_up = TRUE;
  gtk_window_close (GTK_WINDOW (self->window));
}

static gboolean
close_request (BedApplication *self)
{
  g_autoptr (GError) error = NULL;

  if (in_call (self))
    {
      bed_window_toast (self->window, _("You are in a call. Hang up first."));
      return GDK_EVENT_STOP;
    }
  if (!self->give_up && !bed_home_desk_save (self->home, &error))
    {
      bed_dialog_confirm (GTK_WINDOW (self->window), _("Quit, and lose what is not saved?"),
                          bed_error_text (error), _("Quit and lose it"), TRUE, give_up,
                          G_OBJECT (self));
      return GDK_EVENT_STOP;
    }
  bed_home_desk_close (self->home);
  return GDK_EVENT_PROPAGATE;
}

static void
listen (BedApplication *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

static void
connect_everything (BedApplication *self)
{
  listen (self, self->sign_in, "opened", G_CALLBACK (opened));
  listen (self, self->sign_in, "uncovered", G_CALLBACK (uncovered));
  listen (self, self->sign_in, "guest-link", G_CALLBACK (guest_link));
  listen (self, bed_window_get_activation (self->window), "cancel",
          G_CALLBACK (open_pending)); /* after the page was left */
  g_signal_connect_object (self->sign_in, "hang-up", G_CALLBACK (bed_call_desk_hang_up),
                           self->calls, G_CONNECT_SWAPPED);
  listen (self, self->session, "locked", G_CALLBACK (record_closed));
  listen (self, self->session, "unlocked", G_CALLBACK (record_opened));
  listen (self, self->home, "arrived", G_CALLBACK (arrived));
  listen (self, self->home, "declared", G_CALLBACK (open_pending));
  g_signal_connect_object (self->home, "preferences",
                           G_CALLBACK (bed_preferences_desk_present_page), self->preferences,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->home, "record", G_CALLBACK (bed_preferences_desk_set_store),
                           self->preferences, G_CONNECT_SWAPPED);
  g_signal_connect_object (bed_preferences_desk_get_backup (self->preferences), "problem",
                           G_CALLBACK (bed_home_desk_set_backup_problem), self->home,
                           G_CONNECT_SWAPPED);
  listen (self, bed_preferences_desk_get_restore (self->preferences), "close-record",
          G_CALLBACK (close_record));
  listen (self, bed_preferences_desk_get_restore (self->preferences), "begin-anew",
          G_CALLBACK (lock_for_good));
  g_signal_connect_object (self->sign_in, "restore", G_CALLBACK (bed_restore_desk_choose),
                           bed_preferences_desk_get_restore (self->preferences), G_CONNECT_SWAPPED);
  listen (self, self->door, "arrived", G_CALLBACK (arrived));
  listen (self, self->door, "notify::busy", G_CALLBACK (busy_changed));
  listen (self, self->calls, "changed", G_CALLBACK (show_behind));
  listen (self, self->calls, "ended",
          G_CALLBACK (call_over)); /* after the desks, which were told first */
  listen (self, self->home, "notify::busy", G_CALLBACK (busy_changed));
  listen (self, self->guest, "changed", G_CALLBACK (call_over));
  listen (self, self->guest, "finished", G_CALLBACK (guest_finished));
  listen (self, self->window, "close-request", G_CALLBACK (close_request));
  g_signal_connect_object (self, "notify::screensaver-active", G_CALLBACK (screen_saver_changed),
                           self, 0);
  listen (self, self->idle, "lock", G_CALLBACK (lock));
}

static void
build_desks (BedApplication *self, const char *ca_file)
{
  self->media = bed_media_settings_new (self->session, self->devices);
  self->consent = bed_consent_book_new (self->session, self->clock, self->window);
  self->checks = bed_check_desk_new (self->media, self->window, self->consent);
  self->calls = bed_call_desk_new (self->media, self->clock, self->window, self->consent);
  self->home = bed_home_desk_new (self->session, self->clock, self->window, self->consent,
                                  self->calls, self->checks);
  self->guest = bed_guest_desk_new (self->clock, self->window, self->calls, self->checks,
                                    self->media, ca_file);
}

G_STATIC_ASSERT (BED_RESTART_N_WARNINGS == BED_N_GRAVITIES);

/* What the lock that this process began with took along. */
static void
take_over (BedApplication *self)
{
  for (guint i = 0; i < BED_N_GRAVITIES; i++)
    for (char **text = self->before->warnings[i]; text != NULL && *text != NULL; text++)
      bed_window_warn_as (self->window, (BedGravity) i, *text);
  bed_unlock_page_set_link (bed_window_get_unlock (self->window), self->before->link_note);
  self->pending_link = g_steal_pointer (&self->before->link);
  bed_restart_clear (self->before);
}

static void
build (BedApplication *self)
{
  g_autofree char *profile = g_build_filename (g_get_user_data_dir (), "bedside", NULL);
  g_autoptr (GMenuModel) inside = new_menu (TRUE), outside = new_menu (FALSE);
  const char *ca_file = g_getenv ("BEDSIDE_CA_FILE");
  g_autoptr (BedVaultKeyring) keyring = NULL;
  g_autoptr (BedVaultToken) token = NULL;

  self->clock = bed_system_clock_new ();
  bed_record_clear_restoring (profile);
  self->session = bed_session_new (profile, self->clock, NULL);
  keyring = bed_vault_keyring_new ();
  if (keyring != NULL)
    bed_session_set_keyring (self->session, keyring);
  if (ca_file != NULL)
    bed_session_set_ca_file (self->session, ca_file);
  self->devices = bed_media_devices_new (TRUE);
  self->window = g_object_ref_sink (bed_window_new (GTK_APPLICATION (self)));
  if (self->before->width > 0)
    gtk_window_set_default_size (GTK_WINDOW (self->window), self->before->width,
                                 self->before->height);
  if (self->before->maximized)
    gtk_window_maximize (GTK_WINDOW (self->window));
  token = bed_vault_token_new ();
  self->sign_in = bed_sign_in_new (self->session, self->window, token);
  build_desks (self, ca_file);
  self->preferences
      = bed_preferences_desk_new (self->session, self->devices, self->clock, self->window,
                                  bed_home_desk_get_handover (self->home));
  bed_preferences_desk_set_gate (self->preferences, dup_why_open, self);
  self->hidden = g_ptr_array_new_with_free_func (g_object_unref);
  self->idle = bed_idle_watch_new (self->clock, idle_limit, self);
  bed_home_page_set_menu (bed_window_get_home (self->window), inside);
  bed_unlock_page_set_menu (bed_window_get_unlock (self->window), outside);
  bed_welcome_page_set_menu (bed_window_get_welcome (self->window), outside);
  self->door = bed_door_desk_new (self->session, self->clock, self->window, self->before->doorbell,
                                  ca_file);
  connect_everything (self);
  busy_changed (self);
  bed_sign_in_start (self->sign_in);
  take_over (self);
}

static void
bed_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (bed_application_parent_class)->startup (application);
  bed_ui_init ();
  bed_ui_guard_clipboard (gdk_display_get_default ());
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  set_shortcuts (GTK_APPLICATION (application));
  bed_lock_key_watch (GTK_APPLICATION (application));
  g_object_set (application, "register-session", TRUE, NULL);
}

static void
bed_application_activate (GApplication *application)
{
  BedApplication *self = BED_APPLICATION (application);

  if (self->ending)
    return; /* the main loop still runs for a moment; the next process takes what comes then */
  if (self->window == NULL)
    build (self);
  gtk_window_present (GTK_WINDOW (self->window));
}

/* As the desktop hands over a link: by the session bus, where only this person's programs are. What
 * has no file system keeps its address as it was written. */
static void
bed_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autofree char *link = n_files > 0 ? g_file_get_uri (files[0]) : NULL;

  g_application_activate (application);
  if (link != NULL && !BED_APPLICATION (application)->ending)
    bed_sign_in_open_link (BED_APPLICATION (application)->sign_in, link);
}

static int
bed_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);

  g_application_activate (application);
  if (arguments[0] != NULL && arguments[1] != NULL && !BED_APPLICATION (application)->ending)
    bed_sign_in_open_link (BED_APPLICATION (application)->sign_in, arguments[1]);
  return 0;
}

static void
bed_application_shutdown (GApplication *application)
{
  BedApplication *self = BED_APPLICATION (application);

  self->ending = TRUE;
  if (self->window != NULL) /* else a clipboard manager would keep it */
    bed_ui_clear_clipboard (gdk_display_get_default ());
  if (self->sign_in != NULL)
    bed_sign_in_end (self->sign_in);
  if (self->calls != NULL)
    bed_call_desk_hang_up (self->calls); /* the other side is told, and nothing is sent any more */
  g_clear_handle_id (&self->save_again, g_source_remove);
  g_clear_object (&self->door);
  g_clear_pointer (&self->hidden, g_ptr_array_unref);
  g_clear_object (&self->preferences);
  g_clear_object (&self->guest);
  g_clear_object (&self->home);
  g_clear_object (&self->calls);
  g_clear_object (&self->checks);
  g_clear_object (&self->consent);
  g_clear_object (&self->media);
  g_clear_object (&self->sign_in);
  if (self->session != NULL && bed_session_get_state (self->session) == BED_SESSION_STATE_UNLOCKED)
    bed_session_lock (self->session);
  g_clear_object (&self->window);
  if (self->session != NULL)
    bed_vault_wait_for_anchors (bed_session_get_vault (self->session), ANCHORS_PATIENCE_MS);
  g_clear_object (&self->devices);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->pending_link, bed_secret_unref);
  g_clear_object (&self->idle); /* last: until now it holds off the sleep that it locked for */
  G_APPLICATION_CLASS (bed_application_parent_class)->shutdown (application);
}

static void
bed_application_class_init (BedApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = bed_application_startup;
  application_class->activate = bed_application_activate;
  application_class->open = bed_application_open;
  application_class->command_line = bed_application_command_line;
  application_class->shutdown = bed_application_shutdown;
}

static void
bed_application_init (BedApplication *self)
{
  g_application_set_option_context_parameter_string (G_APPLICATION (self), "[LINK]");
}

BedApplication *
bed_application_new (BedRestart *before)
{
  BedApplication *self = g_object_new (
      BED_TYPE_APPLICATION, "application-id", APPLICATION_ID, "flags",
      G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN, NULL);

  self->before = before;
  return self;
}

gboolean
bed_application_take_handover (BedApplication *self, BedRestart *after)
{
  *after = self->after;
  self->after = (BedRestart){ 0 };
  return self->again;
}
