/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BED_VAULT_ERROR (bed_vault_error_quark ())
GQuark bed_vault_error_quark (void);
typedef enum
{
  BED_VAULT_ERROR_WRONG_SECRET, /* the passphrase or recovery key opens no slot */
  BED_VAULT_ERROR_TYPO,         /* a printed key or code as typed fails its own checksum */
  BED_VAULT_ERROR_DAMAGED,      /* header or database */
  BED_VAULT_ERROR_NEWER,        /* written by a later version of the product */
  BED_VAULT_ERROR_FULL,         /* no room on the disk */
  BED_VAULT_ERROR_IN_USE,       /* another process has it open */
  BED_VAULT_ERROR_MISSING,      /* there is none in this directory */
  BED_VAULT_ERROR_EXISTS,       /* there is one already */
  BED_VAULT_ERROR_LOCKED,       /* needs an unlocked vault */
  BED_VAULT_ERROR_LAST_SLOT,    /* the last keyslot cannot be removed */
  BED_VAULT_ERROR_NO_SLOT,      /* no such slot, or all are taken */
  BED_VAULT_ERROR_MEMORY,       /* not enough memory for this cost */
  BED_VAULT_ERROR_IO,
  BED_VAULT_ERROR_DEVICE,        /* the desktop's keyring is not there or lacks its part */
  BED_VAULT_ERROR_NO_RECOVERY,   /* refused: a recovery key is needed beside it */
  BED_VAULT_ERROR_TOKEN,         /* the security key refused, or was not touched in time */
  BED_VAULT_ERROR_TOKEN_MISSING, /* no security key is plugged in that fits */
  BED_VAULT_ERROR_TOKEN_PIN,     /* the security key has no PIN, or wants it, or it is wrong */
  BED_VAULT_ERROR_ANCHOR,        /* an anchor could not be reached */
} BedVaultError;

G_END_DECLS
