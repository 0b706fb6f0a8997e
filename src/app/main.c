/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "bed-application.h"
#include "bed-log.h"
#include "bed-secret.h"
#include "bed-vault.h"
#include "config.h"

static void
speak (void)
{
  const char *folder = g_getenv ("BEDSIDE_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/* A link holds a secret, and everybody on this computer may read the command lines of its programs:
 * takes the arguments, and leaves none but the program's name there. Returns: (transfer full) */
static char **
take_arguments (int argc, char **argv)
{
  char **arguments = g_new0 (char *, (gsize) argc + 1);

  for (int i = 0; i < argc; i++)
    {
      arguments[i] = g_strdup (argv[i]);
      if (i > 0)
        bed_secret_wipe (argv[i], strlen (argv[i]));
    }
  return arguments;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = take_arguments (argc, argv);
  BedRestart before, after;
  BedApplication *application;
  gboolean again;
  int status;

  bed_vault_forbid_core_dumps ();
  bed_log_install ();
  bed_restart_take (&before);
  speak ();
  application = bed_application_new (&before);
  status = g_application_run (G_APPLICATION (application), argc, arguments);
  again = bed_application_take_handover (application, &after);
  g_object_unref (application);
  bed_restart_clear (&before);
  if (again)
    bed_restart_begin (&after, argv[0]);
  return again ? 1 : status;
}
