/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bed-commands.h"
#include "bed-listener.h"
#include "bed-log.h"

#include <locale.h>
#include <oath.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* For another process that writes into the store. Nobody is answered meanwhile. */
#define PATIENCE_MS 300

static BedListener *running; /* for the signal handlers, which take no argument */

static void
on_signal (int number)
{
  if (number == SIGHUP)
    bed_listener_reload (running);
  else
    bed_listener_stop (running);
}

static void
catch_signals (void)
{
  struct sigaction action = { .sa_handler = on_signal };

  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGHUP, &action, NULL);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the write */
}

static int
serve (const BedSettings *settings)
{
  g_autoptr (BedServerLog) log = bed_server_log_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BedStore) store = NULL;
  g_autoptr (BedListener) listener = NULL;
  int lock = bed_commands_lock (settings, &error);

  if (lock >= 0)
    store = bed_commands_open_store (settings, &error);
  if (store)
    listener = bed_listener_new (store, settings, log, &error);
  if (!listener)
    {
      g_printerr ("bedside-server: %s\n", error->message);
      return 1;
    }
  bed_db_store_limit_waiting (BED_DB_STORE (store), PATIENCE_MS);
  running = listener;
  catch_signals ();
  bed_server_log (log, "started", "t", "version", PACKAGE_VERSION);
  bed_listener_run (listener);
  bed_server_log (log, "stopped", "");
  return 0;
}

static void
harden (void)
{
  const struct rlimit none = { 0, 0 };

  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  setrlimit (RLIMIT_CORE, &none);
  umask (077);
}

static int
run (const char *command, const BedSettings *settings, char **rest)
{
  if (strcmp (command, "serve") == 0)
    return serve (settings);
  if (strcmp (command, "user") == 0)
    return bed_commands_user (settings, rest);
  if (strcmp (command, "doctor") == 0)
    return bed_commands_doctor (settings);
  if (strcmp (command, "backup") == 0)
    return bed_commands_backup (settings, rest);
  if (strcmp (command, "restore") == 0)
    return bed_commands_restore (settings, rest);
  g_printerr ("bedside-server: there is no command %s\n", command);
  return 2;
}

int
main (int argc, char **argv)
{
  g_autofree char *config = NULL;
  g_auto (GStrv) rest = NULL;
  g_autoptr (BedSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "The configuration file", "FILE" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, "COMMAND" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  setlocale (LC_ALL, "");
  if (!g_get_charset (NULL))
    setlocale (LC_CTYPE, "C.UTF-8");
  bed_log_install ();
  harden ();
  if (sodium_init () < 0 || oath_init () != OATH_OK)
    return 1;
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, "Commands: serve, init, user, doctor, backup, restore");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("bedside-server: %s\n", error->message);
      return 2;
    }
  if (!config)
    config = g_strdup (SYSCONFDIR "/bedside-server/bedside-server.conf");
  if (!rest || !rest[0])
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
      g_printerr ("%s", help);
      return 2;
    }
  if (strcmp (rest[0], "init") == 0)
    return bed_commands_init (config, rest + 1);
  settings = bed_settings_load (config, &error);
  if (!settings)
    {
      g_printerr ("bedside-server: %s\n", error->message);
      return 1;
    }
  return run (rest[0], settings, rest + 1);
}
