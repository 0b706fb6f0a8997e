/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rest.h"
#include "bed-secret.h"

G_BEGIN_DECLS

/* The one password: normalised to NFC, its strength, and the account's Argon2id. */

/* How hard to guess, by zxcvbn: 0 (at once) to 4; 3 is asked for. words: (nullable)
 * NULL-terminated, what everybody knows about the person (login, name, clinic). Any thread. */
#define BED_PASSWORD_SCORE_MIN 3
guint bed_password_score (const char *typed, const char *const *words);
/* Returns: (transfer full) (nullable): NFC without a terminating zero; NULL when it is empty, not
 * UTF-8 or over 1,024 bytes. Any thread. */
BedSecret *bed_password_normalise (const char *typed);
/* Argon2id of 32 bytes; blocks for a while: a worker thread. Returns: (transfer full) (nullable):
 * NULL when the parameters are below the floors of section 2.2, or memory is short. */
BedSecret *bed_password_derive_auth (BedSecret *password, const BedKdfParams *params);

G_END_DECLS
