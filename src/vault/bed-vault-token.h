/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-secret.h"

G_BEGIN_DECLS

#define BED_VAULT_TOKEN_SALT 32
#define BED_VAULT_TOKEN_SECRET 32
#define BED_VAULT_TOKEN_CREDENTIAL_MAX 254

/* A security key with hmac-secret (CTAP 2.1, 12.7). Calls block until it is touched, for workers;
 * any thread. The key verifies its owner by a PIN. */
#define BED_TYPE_VAULT_TOKEN (bed_vault_token_get_type ())
G_DECLARE_INTERFACE (BedVaultToken, bed_vault_token, BED, VAULT_TOKEN, GObject)

struct _BedVaultTokenInterface
{
  GTypeInterface parent;

  GBytes *(*enrol) (BedVaultToken *self, BedSecret *pin, GCancellable *cancellable, GError **error);
  BedSecret *(*derive) (BedVaultToken *self, GBytes *credential,
                        const guint8 salt[BED_VAULT_TOKEN_SALT], BedSecret *pin,
                        GCancellable *cancellable, GError **error);
};

/* A new credential. Returns: (transfer full) (nullable): its id, at most 254 bytes, not secret.
 * Errors: TOKEN, TOKEN_MISSING, TOKEN_PIN. */
GBytes *bed_vault_token_enrol (BedVaultToken *self, BedSecret *pin, GCancellable *cancellable,
                               GError **error);
/* Returns: (transfer full) (nullable): 32 bytes that only this key gives for credential and salt.
 * TOKEN_MISSING: the credential is of another key. */
BedSecret *bed_vault_token_derive (BedVaultToken *self, GBytes *credential,
                                   const guint8 salt[BED_VAULT_TOKEN_SALT], BedSecret *pin,
                                   GCancellable *cancellable, GError **error);
/* The first key that is plugged in. Returns: (transfer full) (nullable): NULL in a build without
 * libfido2. */
BedVaultToken *bed_vault_token_new (void);

G_END_DECLS
