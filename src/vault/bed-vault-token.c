/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-token.h"

G_DEFINE_INTERFACE (BedVaultToken, bed_vault_token, G_TYPE_OBJECT)

static void
bed_vault_token_default_init (BedVaultTokenInterface *iface)
{
}

GBytes *
bed_vault_token_enrol (BedVaultToken *self, BedSecret *pin, GCancellable *cancellable,
                       GError **error)
{
  return BED_VAULT_TOKEN_GET_IFACE (self)->enrol (self, pin, cancellable, error);
}

BedSecret *
bed_vault_token_derive (BedVaultToken *self, GBytes *credential,
                        const guint8 salt[BED_VAULT_TOKEN_SALT], BedSecret *pin,
                        GCancellable *cancellable, GError **error)
{
  return BED_VAULT_TOKEN_GET_IFACE (self)->derive (self, credential, salt, pin, cancellable, error);
}
