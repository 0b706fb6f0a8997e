/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-fixture.h"

#include <string.h>

/* Against gnome-keyring-daemon on a bus and in a home of its own: see keyring-session.sh. */

static void
lock_keyring (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  const char *path = "/org/freedesktop/secrets/aliases/default";

  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                                        "org.freedesktop.Secret.Service", "Lock",
                                        g_variant_new ("(@ao)", g_variant_new_objv (&path, 1)),
                                        NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
  g_assert_no_error (error);
}

static void
test_values (void)
{
  g_autoptr (BedVaultKeyring) keyring = bed_vault_keyring_new ();
  g_autoptr (BedSecret) value = bed_secret_new_random (600);
  g_autoptr (BedSecret) back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (keyring);
  g_assert_null (bed_vault_keyring_get (keyring, "v1", "a", FALSE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (bed_vault_keyring_put (keyring, "v1", "a", value, FALSE, NULL, &error));
  g_assert_no_error (error);
  back = bed_vault_keyring_get (keyring, "v1", "a", FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bed_secret_equal (value, back));
  g_assert_null (bed_vault_keyring_get (keyring, "v2", "a", FALSE, NULL, &error));
  g_assert_null (bed_vault_keyring_get (keyring, "v1", "b", FALSE, NULL, &error));
  g_assert_true (bed_vault_keyring_put (keyring, "v1", "a", NULL, FALSE, NULL, &error));
  g_assert_null (bed_vault_keyring_get (keyring, "v1", "a", FALSE, NULL, &error));
  g_assert_no_error (error);
}

static void
test_device (Fixture *f, gconstpointer data)
{
  g_autoptr (BedVaultKeyring) keyring = bed_vault_keyring_new ();
  g_autoptr (GError) error = NULL;

  bed_vault_set_keyring (f->vault, keyring);
  g_assert_true (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  g_assert_no_error (error);
  bed_vault_lock (f->vault);
  fixture_unlock (f->vault, PASSPHRASE);
  g_assert_true (fixture_set_device (f->vault, PASSPHRASE, FALSE, &error));
  g_assert_no_error (error);
}

static void
test_anchor (Fixture *f, gconstpointer data)
{
  g_autoptr (BedVaultKeyring) keyring = bed_vault_keyring_new ();
  g_autoptr (BedVaultAnchor) anchor = bed_vault_keyring_anchor_new (keyring);
  g_autoptr (GError) error = NULL;

  bed_vault_add_anchor (f->vault, anchor);
  g_assert_true (fixture_sync_anchors (f->vault, &error));
  g_assert_no_error (error);
  g_assert_true (fixture_sync_anchors (f->vault, &error));
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_OK_BY_ANCHOR);
}

/* Locked, it is not opened and nobody is asked: an anchor can wait. */
static void
test_locked (Fixture *f, gconstpointer data)
{
  g_autoptr (BedVaultKeyring) keyring = bed_vault_keyring_new ();
  g_autoptr (BedSecret) value = bed_secret_new_random (32);
  g_autoptr (GError) error = NULL;

  lock_keyring ();
  g_assert_null (bed_vault_keyring_get (keyring, "v1", "a", FALSE, NULL, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE);
  g_clear_error (&error);
  g_assert_false (bed_vault_keyring_put (keyring, "v1", "a", value, FALSE, NULL, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  g_test_add_func ("/vault/libsecret/values", test_values);
  ADD ("/vault/libsecret/device", test_device);
  ADD ("/vault/libsecret/anchor", test_anchor);
  ADD ("/vault/libsecret/locked", test_locked);
  return g_test_run ();
}
