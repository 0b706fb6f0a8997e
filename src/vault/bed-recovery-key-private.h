/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"

G_BEGIN_DECLS

/* The printed recovery key: 160 random bits and a CRC-15, in 35 letters and digits (Crockford's
 * base 32) in groups of five. The CRC finds every wrong letter and every two neighbours swapped.
 * Any thread.
 */
#define BED_RECOVERY_KEY_LENGTH 20

/* Returns: (transfer full): the text, UTF-8 without a terminating zero. */
BedSecret *bed_recovery_key_format (const BedSecret *key);
/* Returns: (transfer full) (nullable): NULL when it is mistyped. */
BedSecret *bed_recovery_key_parse (const char *typed, gsize length);

G_END_DECLS
