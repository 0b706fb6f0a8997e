/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-vault-keyring.h"

G_BEGIN_DECLS

#define BED_VAULT_HEAD_HASH 32
#define BED_VAULT_ANCHOR_MAX 1024

/* A place outside the profile's directory that keeps one small sealed value for a vault: whoever
 * puts an old copy of the directory back cannot put back this too. Main thread. The value tells its
 * keeper nothing but that it changed; a keeper who lies can raise a false alarm or give an old
 * value again, and never make the vault take a forged one. */
#define BED_TYPE_VAULT_ANCHOR (bed_vault_anchor_get_type ())
G_DECLARE_INTERFACE (BedVaultAnchor, bed_vault_anchor, BED, VAULT_ANCHOR, GObject)

struct _BedVaultAnchorInterface
{
  GTypeInterface parent;

  /* Returns: the value, or NULL without an error where there is none yet. */
  void (*get_async) (BedVaultAnchor *self, const char *vault, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data);
  GBytes *(*get_finish) (BedVaultAnchor *self, GAsyncResult *result, GError **error);
  void (*put_async) (BedVaultAnchor *self, const char *vault, GBytes *value,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*put_finish) (BedVaultAnchor *self, GAsyncResult *result, GError **error);
};

/* vault: its id in hexadecimal, for keepers that hold several. Values of at most 1 KiB. */
void bed_vault_anchor_get_async (BedVaultAnchor *self, const char *vault, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (nullable) */
GBytes *bed_vault_anchor_get_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error);
void bed_vault_anchor_put_async (BedVaultAnchor *self, const char *vault, GBytes *value,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean bed_vault_anchor_put_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error);

/* In the desktop's keyring. Returns: (transfer full) */
BedVaultAnchor *bed_vault_keyring_anchor_new (BedVaultKeyring *keyring);

G_END_DECLS
