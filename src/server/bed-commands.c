/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-commands.h"

#include "bed-accounts.h"
#include "bed-certificate.h"
#include "bed-db.h"
#include "bed-encoding.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_TEXT (BED_DB_KEY_LENGTH * 2)

static int
fail (GError *error)
{
  g_printerr ("bedside-server: %s\n", error ? error->message : "failed");
  return 1;
}

static int
usage (const char *text)
{
  g_printerr ("Usage: bedside-server %s\n", text);
  return 2;
}

/* --- Key and lock ----------------------------------------------------------------------------- */

static gboolean
check_private (const char *path, GError **error)
{
  struct stat st;

  if (stat (path, &st) != 0)
    g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_KEY, "The key file %s: %s", path,
                 g_strerror (errno));
  else if (st.st_mode & 077)
    g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_KEY,
                 "The key file %s can be read by others (chmod 600 it)", path);
  else
    return TRUE;
  return FALSE;
}

BedSecret *
bed_commands_read_key (const BedSettings *settings, GError **error)
{
  g_autoptr (BedSecret) key = bed_secret_new_zero (BED_DB_KEY_LENGTH);
  g_autofree char *text = NULL;
  gsize length;
  gsize written = 0;
  gboolean ok;

  if (!check_private (settings->key_file, error)
      || !g_file_get_contents (settings->key_file, &text, &length, error))
    return NULL;
  g_strchomp (text);
  ok = strlen (text) == KEY_TEXT
       && sodium_hex2bin (bed_secret_get_writable (key), BED_DB_KEY_LENGTH, text, KEY_TEXT, NULL,
                          &written, NULL)
              == 0
       && written == BED_DB_KEY_LENGTH;
  bed_secret_wipe (text, length);
  if (ok)
    return g_steal_pointer (&key);
  g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_KEY,
               "The key file does not hold 64 hex digits");
  return NULL;
}

BedStore *
bed_commands_open_store (const BedSettings *settings, GError **error)
{
  g_autoptr (BedSecret) key = bed_commands_read_key (settings, error);

  return key ? bed_db_store_open (settings->state_dir, key, error) : NULL;
}

int
bed_commands_lock (const BedSettings *settings, GError **error)
{
  g_autofree char *path = g_build_filename (settings->state_dir, "lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_RUNNING, "%s: %s", settings->state_dir,
               fd >= 0 ? "another bedside-server uses this directory" : g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* --- init ------------------------------------------------------------------------------------- */

static gboolean
write_new (const char *path, const char *text, int mode, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  gssize length = (gssize) strlen (text);
  gboolean ok = fd >= 0 && fchmod (fd, mode) == 0 && write (fd, text, length) == length
                && fsync (fd) == 0;

  if (!ok)
    g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_SETTINGS, "%s: %s", path,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
write_key (const char *path, GError **error)
{
  g_autoptr (BedSecret) key = bed_secret_new_random (BED_DB_KEY_LENGTH);
  char text[KEY_TEXT + 2];
  gboolean ok;

  sodium_bin2hex (text, sizeof text, bed_secret_get_data (key), BED_DB_KEY_LENGTH);
  strcat (text, "\n");
  ok = write_new (path, text, 0600, error);
  bed_secret_wipe (text, sizeof text);
  return ok;
}

static char *
make_config (const char *url, const char *state, const char *key)
{
  return g_strdup_printf (
      "[clinic]\nname=My clinic\ntelephone=\n\n"
      "# One section for each language of the consent text; without any, nobody can be invited:\n"
      "#[consent 1]\n#version=2026-01\n#language=en\n#summary=…\n#file=consent-en.txt\n\n"
      "[server]\npublic_url=%s\nlisten=0.0.0.0:443\nstate_dir=%s\nkey_file=%s\n"
      "certificate=/etc/bedside-server/certificate.pem\n"
      "private_key=/etc/bedside-server/private-key.pem\n\n"
      "[turn]\n#urls=turn:turn.example.org:3478;turns:turn.example.org:443\n"
      "#secret_file=/etc/bedside-server/turn-secret\n",
      url, state, key);
}

int
bed_commands_init (const char *config, char **arguments)
{
  g_autofree char *folder = NULL;
  g_autofree char *key = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *url = arguments[0];
  const char *state = url ? arguments[1] : NULL;

  if (!state || arguments[2])
    return usage ("init --config FILE PUBLIC_URL STATE_DIR");
  folder = g_path_get_dirname (config);
  key = g_build_filename (folder, "store.key", NULL);
  text = make_config (url, state, key);
  if (g_mkdir_with_parents (folder, 0755) != 0 || g_mkdir_with_parents (state, 0700) != 0)
    {
      g_printerr ("bedside-server: %s\n", g_strerror (errno));
      return 1;
    }
  if (!write_key (key, &error) || !write_new (config, text, 0644, &error))
    return fail (error);
  g_print ("Configuration: %s\nState:         %s\nKey:           %s\n\n"
           "Keep a copy of the key apart from the backups: one is of no use without the other.\n"
           "Now edit the configuration, then: bedside-server doctor --config %s\n",
           config, state, key, config);
  return 0;
}

/* --- user ------------------------------------------------------------------------------------- */

static int
print_link (const BedSettings *settings, BedStore *store, const BedAccount *account,
            gboolean keeps_password)
{
  BedCertificate certificate;
  g_autoptr (GError) error = NULL;
  g_autofree char *pin = NULL;
  g_autofree char *code = NULL;

  if (!settings->public_certificate_file)
    {
      g_printerr (
          "bedside-server: an activation link needs the certificate that people's apps will see: "
          "name it in the configuration, behind a proxy as [proxy] certificate.\n");
      return 1;
    }
  if (!bed_certificate_read (settings->public_certificate_file, NULL, settings->public_host,
                             &certificate, &error))
    return fail (error);
  code = bed_accounts_make_activation (store, account, keeps_password,
                                       g_get_real_time () / G_USEC_PER_SEC, &error);
  if (!code)
    return fail (error);
  pin = bed_base64url_encode (certificate.pin, sizeof certificate.pin);
  g_print ("%s/activate#%s.%s\n", settings->public_url, code, pin);
  g_printerr ("Give this link to %s in person or by another safe way. It works once, for 72 hours. "
              "Lost or too late: bedside-server user %s %s makes a new one.\n",
              account->display_name, keeps_password ? "reset-2fa" : "reset", account->login);
  return 0;
}

static int
add_user (const BedSettings *settings, BedStore *store, const char *login, const char *name)
{
  g_autoptr (BedAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!bed_store_call (store, add_account, login, name ? name : login, &id, &error))
    {
      if (g_error_matches (error, BED_DB_ERROR, BED_DB_ERROR_CONSTRAINT))
        {
          g_printerr ("bedside-server: there is an account %s already. For a new activation link: "
                      "bedside-server user reset %s\n",
                      login, login);
          return 1;
        }
      return fail (error);
    }
  account = bed_store_call (store, get_account, id, &error);
  return account ? print_link (settings, store, account, FALSE) : fail (error);
}

static int
list_users (BedStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = bed_store_call (store, list_accounts, &error);

  if (!accounts)
    return fail (error);
  for (guint i = 0; i < accounts->len; i++)
    {
      BedAccount *account = accounts->pdata[i];
      g_print ("%s\t%s\t%s\n", account->login,
               account->disabled ? "disabled" : account->active ? "active" : "not activated",
               account->display_name);
    }
  return 0;
}

static int
set_disabled (BedStore *store, const BedAccount *account, gboolean disable)
{
  g_autoptr (GError) error = NULL;

  if (!bed_store_call (store, set_disabled, account->id, disable, &error))
    return fail (error);
  if (disable)
    g_print ("%s is disabled and signed out. To undo it: bedside-server user enable %s\n",
             account->login, account->login);
  else if (account->active)
    g_print ("%s is enabled and can sign in.\n", account->login);
  else
    g_print ("%s is enabled but has not been activated. For an activation link: bedside-server user "
             "reset %s\n",
             account->login, account->login);
  return 0;
}

/* A link for a disabled account would be refused. */
static int
make_link_anew (const BedSettings *settings, BedStore *store, const BedAccount *account,
                gboolean keeps_password)
{
  if (account->disabled)
    g_printerr ("bedside-server: %s is disabled. First: bedside-server user enable %s\n",
                account->login, account->login);
  else if (keeps_password && !account->active)
    g_printerr ("bedside-server: %s has not been activated yet, so there is no second factor to "
                "replace. For a new activation link: bedside-server user reset %s\n",
                account->login, account->login);
  else
    return print_link (settings, store, account, keeps_password);
  return 1;
}

static int
change_user (const BedSettings *settings, BedStore *store, const char *command, const char *login)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedAccount) account = bed_store_call (store, find_account, login, &error);
  gboolean disable = strcmp (command, "disable") == 0;

  if (error)
    return fail (error);
  if (!account)
    {
      g_printerr ("bedside-server: there is no account %s. To see all: bedside-server user list\n",
                  login);
      return 1;
    }
  if (disable || strcmp (command, "enable") == 0)
    return set_disabled (store, account, disable);
  if (strcmp (command, "reset") == 0 || strcmp (command, "reset-2fa") == 0)
    return make_link_anew (settings, store, account, strcmp (command, "reset-2fa") == 0);
  return usage ("user add|list|disable|enable|reset|reset-2fa [NAME] --config FILE");
}

int
bed_commands_user (const BedSettings *settings, char **arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedStore) store = NULL;
  g_autofree char *login = NULL;
  const char *command = arguments[0];

  if (!command || (strcmp (command, "list") != 0 && !arguments[1]))
    return usage (
        "user add NAME [DISPLAY NAME] | list | disable|enable|reset|reset-2fa NAME, --config FILE");
  store = bed_commands_open_store (settings, &error);
  if (!store)
    return fail (error);
  if (strcmp (command, "list") == 0)
    return list_users (store);
  login = bed_accounts_normalize_login (arguments[1]);
  if (!login)
    {
      g_printerr ("bedside-server: this cannot be an account's name: it takes 1 to 64 visible "
                  "characters.\n");
      return 1;
    }
  if (strcmp (command, "add") == 0)
    return add_user (settings, store, login, arguments[2]);
  return change_user (settings, store, command, login);
}

/* --- backup and restore ----------------------------------------------------------------------- */

int
bed_commands_backup (const BedSettings *settings, char **arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) key = NULL;
  g_autoptr (BedStore) store = NULL;

  if (!arguments[0] || arguments[1])
    return usage ("backup FILE --config FILE");
  key = bed_commands_read_key (settings, &error);
  store = key ? bed_db_store_open (settings->state_dir, key, &error) : NULL;
  if (!store || !bed_db_store_backup (BED_DB_STORE (store), arguments[0], key, &error))
    return fail (error);
  g_print ("%s: encrypted with the key in %s\n", arguments[0], settings->key_file);
  return 0;
}

static gboolean
put_back (const BedSettings *settings, const char *file, GError **error)
{
  g_autoptr (BedSecret) key = bed_commands_read_key (settings, error);
  g_autofree char *path = bed_db_store_path (settings->state_dir);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_autofree char *relay = g_build_filename (settings->state_dir, "relay.db", NULL);
  g_autofree char *relay_wal = g_strconcat (relay, "-wal", NULL);
  g_autofree char *before = g_strconcat (path, ".before-restore", NULL);
  g_autofree char *fresh = g_strconcat (path, ".restoring", NULL);
  g_autoptr (BedDb) backup = key ? bed_db_open (file, key, BED_DB_NONE, error) : NULL;

  if (!backup || !bed_db_check_integrity (backup, error)
      || !bed_db_copy (backup, fresh, key, error))
    return FALSE;
  if (g_rename (path, before) != 0 && errno != ENOENT)
    {
      g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_SETTINGS, "%s: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  g_unlink (wal);
  g_unlink (shm);
  g_unlink (relay);
  g_unlink (relay_wal);
  if (g_rename (fresh, path) == 0)
    return TRUE;
  g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_SETTINGS, "%s: %s", path,
               g_strerror (errno));
  return FALSE;
}

int
bed_commands_restore (const BedSettings *settings, char **arguments)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;
  int lock;

  if (!arguments[0] || arguments[1])
    return usage ("restore FILE --config FILE");
  lock = bed_commands_lock (settings, &error);
  if (lock < 0)
    return fail (error);
  /* Whatever is in the WAL belongs to the store that is put aside. */
  {
    g_autoptr (BedSecret) key = bed_commands_read_key (settings, NULL);
    g_autofree char *path = bed_db_store_path (settings->state_dir);
    g_autoptr (BedDb) old = key ? bed_db_open (path, key, BED_DB_NONE, NULL) : NULL;
    if (old && !bed_db_checkpoint (old, &error))
      return fail (error);
  }
  ok = put_back (settings, arguments[0], &error);
  close (lock);
  if (!ok)
    return fail (error);
  g_print ("Restored. The store as it was before is kept beside it, as store.db.before-restore.\n");
  return 0;
}
