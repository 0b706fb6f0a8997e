/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-secret.h"

G_BEGIN_DECLS

/* The desktop's keyring: small values by name, outside the profile's directory. Calls block, for
 * workers; any thread. ask: whether the desktop may ask the person for the keyring's own password;
 * without it a keyring that is locked, or not running, is DEVICE at once. */
#define BED_TYPE_VAULT_KEYRING (bed_vault_keyring_get_type ())
G_DECLARE_INTERFACE (BedVaultKeyring, bed_vault_keyring, BED, VAULT_KEYRING, GObject)

struct _BedVaultKeyringInterface
{
  GTypeInterface parent;

  /* NULL without an error: no such value. */
  BedSecret *(*get) (BedVaultKeyring *self, const char *vault, const char *name,
                     gboolean ask, GCancellable *cancellable, GError **error);
  /* value NULL removes. */
  gboolean (*put) (BedVaultKeyring *self, const char *vault, const char *name, BedSecret *value,
                   gboolean ask, GCancellable *cancellable, GError **error);
};

/* vault: the vault's id in hexadecimal. Values of at most 1 KiB. Returns: (transfer full)
 * (nullable). Errors: DEVICE, G_IO_ERROR_CANCELLED. */
BedSecret *bed_vault_keyring_get (BedVaultKeyring *self, const char *vault, const char *name,
                                  gboolean ask, GCancellable *cancellable, GError **error);
gboolean bed_vault_keyring_put (BedVaultKeyring *self, const char *vault, const char *name,
                                BedSecret *value, gboolean ask, GCancellable *cancellable,
                                GError **error);
/* The Secret Service of the session's bus. Returns: (transfer full) (nullable): NULL in a build
 * without libsecret. */
BedVaultKeyring *bed_vault_keyring_new (void);

G_END_DECLS
