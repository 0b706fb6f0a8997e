/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-test-portal.h"

#include <gio/gunixfdlist.h>
#include <gio/gunixsocketaddress.h>

#define PATIENCE_MS 20000

/* GTestDBus takes them out of the environment. */
static const char *const names[] = { "XDG_RUNTIME_DIR", "DISPLAY" };

struct _BedTestPortal
{
  gboolean says_yes;
  guint asked; /* atomic */
  int ready;   /* atomic */
  GTestDBus *daemon;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  char *kept[G_N_ELEMENTS (names)]; /* (nullable) each */
};

static void
give_remote (GDBusMethodInvocation *invocation)
{
  g_autofree char *path = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "pipewire-0", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();

  g_assert_nonnull (connection);
  g_unix_fd_list_append (fds, g_socket_get_fd (g_socket_connection_get_socket (connection)), NULL);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
}

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
  BedTestPortal *self = data;
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 0);
  g_autofree char *peer = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *request = NULL;
  const char *token = NULL;

  if (g_str_equal (method, "OpenPipeWireRemote"))
    {
      give_remote (invocation);
      return;
    }
  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  request = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", peer, token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", request));
  g_dbus_connection_emit_signal (bus, sender, request, "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(ua{sv})", self->says_yes ? 0 : 1, NULL), NULL);
  g_atomic_int_inc (&self->asked);
}

static gpointer
run (gpointer data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  BedTestPortal *self = data;
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (
      "<node><interface name='org.freedesktop.portal.Camera'><method name='AccessCamera'>"
      "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method><method name='OpenPipeWireRemote'>"
      "<arg type='a{sv}' direction='in'/><arg type='h' direction='out'/></method></interface></node>", NULL);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) owned = NULL;

  g_main_context_push_thread_default (self->context);
  bus = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (self->daemon),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, NULL);
  g_assert_nonnull (bus);
  g_assert_cmpuint (g_dbus_connection_register_object (bus, "/org/freedesktop/portal/desktop", info->interfaces[0],
                                                       &vtable, self, NULL, NULL), >, 0);
  owned = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", "org.freedesktop.portal.Desktop", 0), NULL, 0,
                                       PATIENCE_MS, NULL, NULL);
  g_assert_nonnull (owned);
  g_atomic_int_set (&self->ready, TRUE);
  g_main_loop_run (self->loop);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
put_back (BedTestPortal *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (self->kept[i] != NULL)
      g_setenv (names[i], self->kept[i], TRUE);
}

static void
wait_until_ready (BedTestPortal *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;

  while (!g_atomic_int_get (&self->ready) && g_get_monotonic_time () < end)
    g_usleep (2000);
  g_assert_true (g_atomic_int_get (&self->ready));
}

BedTestPortal *
bed_test_portal_start (gboolean says_yes)
{
  BedTestPortal *self = g_new0 (BedTestPortal, 1);
  g_autoptr (GDBusConnection) own = NULL;

  self->says_yes = says_yes;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    self->kept[i] = g_strdup (g_getenv (names[i]));
  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  put_back (self);
  own = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_assert_nonnull (own);
  g_dbus_connection_set_exit_on_close (own, FALSE);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("portal", run, self);
  wait_until_ready (self);
  return self;
}

guint
bed_test_portal_get_asked (BedTestPortal *self)
{
  return g_atomic_int_get (&self->asked);
}

void
bed_test_portal_stop (BedTestPortal *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_test_dbus_stop (self->daemon);
  g_object_unref (self->daemon);
  put_back (self);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (self->kept[i]);
  g_free (self);
}
