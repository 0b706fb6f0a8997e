/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bedside-open-export FILE FOLDER: opens an encrypted export into a new folder. The passphrase is
 * asked for, or is the first line of the standard input. */
#include "config.h"

#include "bed-record-export.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSPHRASE_MAX 1024

static const char *const texts[] = {
  [BED_EXPORT_ERROR_FULL] = N_("The disk is full. Nothing was written; make room and try again."),
  [BED_EXPORT_ERROR_DENIED] = N_("This place may not be read or written. Choose another one."),
  [BED_EXPORT_ERROR_NOT_FOUND] = N_("There is no such file or folder."),
  [BED_EXPORT_ERROR_IO] = N_("The disk cannot be read or written. Check it, then try again."),
  [BED_EXPORT_ERROR_RENDER] = N_("The pages could not be made. Try again, or export as text."),
  [BED_EXPORT_ERROR_MEMORY] = N_("This computer has too little free memory now. Close other programs and try again."),
  [BED_EXPORT_ERROR_WRONG_PASSPHRASE] = N_("This passphrase does not open the file."),
  [BED_EXPORT_ERROR_DAMAGED] = N_("The file was changed or is not complete. Nothing of it was kept; ask for it again."),
  [BED_EXPORT_ERROR_NEWER] = N_("This is no export, or one of a newer Bedside."),
  [BED_EXPORT_ERROR_INVALID] = N_("This cannot be exported. Check what you typed."),
};

/* Returns: (transfer full): without the line's end, in NFC as it was when it was chosen. */
static BedSecret *
take_line (char *line)
{
  g_autofree char *normal = NULL;
  BedSecret *secret;

  line[strcspn (line, "\r\n")] = '\0';
  normal = g_utf8_normalize (line, -1, G_NORMALIZE_NFC);
  secret = normal != NULL ? bed_secret_new (normal, strlen (normal)) : bed_secret_new ("", 0);
  if (normal != NULL)
    bed_secret_wipe (normal, strlen (normal));
  bed_secret_wipe (line, PASSPHRASE_MAX);
  return secret;
}

/* Returns: (transfer full) (nullable) */
static BedSecret *
ask (void)
{
  char line[PASSPHRASE_MAX] = "";
  struct termios kept, quiet;
  const gboolean terminal = tcgetattr (STDIN_FILENO, &kept) == 0;
  gboolean ok;

  if (terminal)
    {
      quiet = kept;
      quiet.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
      g_print ("%s ", _("Passphrase:"));
    }
  ok = fgets (line, sizeof line, stdin) != NULL;
  if (terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &kept);
      g_print ("\n");
    }
  return ok ? take_line (line) : NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (BedSecret) passphrase = NULL;
  g_autoptr (GError) error = NULL;
  guint n_files = 0;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc != 3)
    {
      g_printerr (_("Usage: %s FILE NEW-FOLDER\n"), "bedside-open-export");
      return 2;
    }
  passphrase = ask ();
  if (passphrase == NULL)
    return 2;
  if (!bed_record_export_unpack (argv[1], passphrase, argv[2], &n_files, NULL, &error))
    {
      g_printerr ("%s\n", error->domain == BED_EXPORT_ERROR ? _(texts[error->code]) : error->message);
      return 1;
    }
  g_print (ngettext ("%u file was opened and checked.\n", "%u files were opened and checked.\n", n_files),
           n_files);
  return 0;
}
