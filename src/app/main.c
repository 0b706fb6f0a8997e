/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>

#include "bed-application.h"
#include "bed-log.h"
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

int
main (int argc, char **argv)
{
  BedRestart before, after;
  BedApplication *application;
  gboolean again;
  int status;

  bed_vault_forbid_core_dumps ();
  bed_log_install ();
  bed_restart_take (&before);
  speak ();
  application = bed_application_new (&before);
  status = g_application_run (G_APPLICATION (application), argc, argv);
  again = bed_application_take_handover (application, &after);
  g_object_unref (application);
  bed_restart_clear (&before);
  if (again)
    bed_restart_begin (&after, argv[0]);
  return again ? 1 : status;
}
