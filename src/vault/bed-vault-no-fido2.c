/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-token.h"

BedVaultToken *
bed_vault_token_new (void)
{
  return NULL;
}
