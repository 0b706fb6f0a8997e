/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-idle-watch.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define CHECK_S 10
#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"
#define LOGIND_SESSION "org.freedesktop.login1.Session"
#define LOGIND_USER "org.freedesktop.login1.User"
#define LOGIND_OWN_USER "/org/freedesktop/login1/user/self"
#define PROPERTIES "org.freedesktop.DBus.Properties"

struct _BedIdleWatch
{
  GObject parent_instance;
  BedClock *clock;         /* owned */
  GDBusConnection *system; /* owned, nullable: there is no logind everywhere */
  GCancellable *stop;      /* owned */
  BedIdleLimit limit;
  gpointer user_data;
  gint64 active_us; /* monotonic */
  guint timer, sleep_id, session_id;
  int delay_fd; /* while it is open the computer waits before it sleeps; -1: none */
};

enum { LOCK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedIdleWatch, bed_idle_watch, G_TYPE_OBJECT)

void
bed_idle_watch_touch (BedIdleWatch *self)
{
  self->active_us = bed_clock_get_monotonic_us (self->clock);
}

/* --- Idle ------------------------------------------------------------------------------------ */

static gboolean
something_done (GtkEventControllerLegacy *controller, GdkEvent *event, BedIdleWatch *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_KEY_PRESS || type == GDK_MOTION_NOTIFY || type == GDK_BUTTON_PRESS
      || type == GDK_SCROLL || type == GDK_TOUCH_BEGIN)
    bed_idle_watch_touch (self);
  return GDK_EVENT_PROPAGATE;
}

static void
windows_changed (BedIdleWatch *self, guint position, guint removed, guint added,
                 GListModel *windows)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkEventController *events = gtk_event_controller_legacy_new ();

      gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
      g_signal_connect_object (events, "event", G_CALLBACK (something_done), self, 0);
      gtk_widget_add_controller (window, events);
    }
}

static gboolean
check_idle (gpointer data)
{
  BedIdleWatch *self = data;
  guint minutes = self->limit (self->user_data);
  gint64 idle_us = bed_clock_get_monotonic_us (self->clock) - self->active_us;

  if (minutes > 0 && idle_us > (gint64) minutes * 60 * G_USEC_PER_SEC)
    g_signal_emit (self, signals[LOCK], 0);
  return G_SOURCE_CONTINUE;
}

/* --- Sleep ----------------------------------------------------------------------------------- */

static void
close_delay (BedIdleWatch *self)
{
  if (self->delay_fd >= 0)
    close (self->delay_fd);
  self->delay_fd = -1;
}

static void
delay_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedIdleWatch) self = data;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (source), &list, result, &error);
  int index = -1;

  if (reply != NULL)
    g_variant_get (reply, "(h)", &index);
  close_delay (self);
  if (reply != NULL && list != NULL)
    self->delay_fd = g_unix_fd_list_get (list, index, &error);
  if (self->delay_fd < 0 && !g_cancellable_is_cancelled (self->stop))
    g_info ("Sleep cannot be delayed until the lock (%s %d)",
            error != NULL ? g_quark_to_string (error->domain) : "-",
            error != NULL ? error->code : 0);
}

static void
take_delay (BedIdleWatch *self)
{
  g_dbus_connection_call_with_unix_fd_list (
      self->system, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
      g_variant_new ("(ssss)", "sleep", "Bedside", _("Locks before sleep"), "delay"),
      G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, self->stop, delay_taken,
      g_object_ref (self));
}

static gboolean
let_sleep (gpointer data)
{
  close_delay (data);
  return G_SOURCE_REMOVE;
}

static void
sleep_announced (GDBusConnection *connection, const char *sender, const char *path,
                 const char *interface, const char *name, GVariant *parameters, gpointer data)
{
  BedIdleWatch *self = data;
  gboolean begins;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &begins);
  if (begins)
    {
      g_signal_emit (self, signals[LOCK], 0);
      /* A lock that ends the process comes before this, and lets go with the last of it. */
      g_idle_add_full (G_PRIORITY_LOW, let_sleep, g_object_ref (self), g_object_unref);
    }
  else
    take_delay (self);
}

/* --- The locked screen ------------------------------------------------------------------------ */

/* Every desktop's screen lock tells logind, whichever protocol of its own it has beside that. */
static void
session_changed (GDBusConnection *connection, const char *sender, const char *path,
                 const char *interface, const char *name, GVariant *parameters, gpointer data)
{
  g_autoptr (GVariant) changed = NULL;
  gboolean locked = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  changed = g_variant_get_child_value (parameters, 1);
  if (g_variant_lookup (changed, "LockedHint", "b", &locked) && locked)
    g_signal_emit (data, signals[LOCK], 0);
}

static void
session_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedIdleWatch) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) display = NULL;
  const char *path;

  if (g_cancellable_is_cancelled (self->stop))
    return;
  if (reply != NULL)
    g_variant_get (reply, "(v)", &display);
  if (display == NULL || !g_variant_is_of_type (display, G_VARIANT_TYPE ("(so)")))
    {
      g_info ("logind names no session of this person (%s %d)",
              error != NULL ? g_quark_to_string (error->domain) : "-",
              error != NULL ? error->code : 0);
      return;
    }
  g_variant_get (display, "(&s&o)", NULL, &path);
  self->session_id = g_dbus_connection_signal_subscribe (
      self->system, LOGIND, PROPERTIES, "PropertiesChanged", path, LOGIND_SESSION,
      G_DBUS_SIGNAL_FLAGS_NONE, session_changed, self, NULL);
}

static void
find_session (BedIdleWatch *self)
{
  g_dbus_connection_call (self->system, LOGIND, LOGIND_OWN_USER, PROPERTIES, "Get",
                          g_variant_new ("(ss)", LOGIND_USER, "Display"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->stop, session_found,
                          g_object_ref (self));
}

static void
system_bus_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedIdleWatch) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) system = g_bus_get_finish (result, &error);

  if (g_cancellable_is_cancelled (self->stop))
    return;
  if (system == NULL)
    {
      g_info ("There is no system bus to tell of sleep (%s %d)", g_quark_to_string (error->domain),
              error->code);
      return;
    }
  self->system = g_steal_pointer (&system);
  self->sleep_id = g_dbus_connection_signal_subscribe (
      self->system, LOGIND, LOGIND_MANAGER, "PrepareForSleep", LOGIND_PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, sleep_announced, self, NULL);
  take_delay (self);
  find_session (self);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
bed_idle_watch_dispose (GObject *object)
{
  BedIdleWatch *self = BED_IDLE_WATCH (object);

  g_cancellable_cancel (self->stop);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->sleep_id != 0)
    g_dbus_connection_signal_unsubscribe (self->system, self->sleep_id);
  if (self->session_id != 0)
    g_dbus_connection_signal_unsubscribe (self->system, self->session_id);
  self->sleep_id = self->session_id = 0;
  close_delay (self);
  g_clear_object (&self->system);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_idle_watch_parent_class)->dispose (object);
}

static void
bed_idle_watch_finalize (GObject *object)
{
  g_object_unref (BED_IDLE_WATCH (object)->stop);
  G_OBJECT_CLASS (bed_idle_watch_parent_class)->finalize (object);
}

static void
bed_idle_watch_class_init (BedIdleWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_idle_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_idle_watch_finalize;
  signals[LOCK] = g_signal_new ("lock", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
bed_idle_watch_init (BedIdleWatch *self)
{
  self->stop = g_cancellable_new ();
  self->delay_fd = -1;
}

BedIdleWatch *
bed_idle_watch_new (BedClock *clock, BedIdleLimit limit, gpointer user_data)
{
  BedIdleWatch *self = g_object_new (BED_TYPE_IDLE_WATCH, NULL);
  GListModel *windows = gtk_window_get_toplevels ();

  self->clock = g_object_ref (clock);
  self->limit = limit;
  self->user_data = user_data;
  bed_idle_watch_touch (self);
  g_signal_connect_object (windows, "items-changed", G_CALLBACK (windows_changed), self,
                           G_CONNECT_SWAPPED);
  windows_changed (self, 0, 0, g_list_model_get_n_items (windows), windows);
  self->timer = g_timeout_add_seconds (CHECK_S, check_idle, self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->stop, system_bus_found, g_object_ref (self));
  return self;
}
