/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"

G_BEGIN_DECLS

#define BED_OTP_DIGITS 6
#define BED_OTP_PERIOD_S 30
#define BED_OTP_SECRET_LENGTH 20

/* The time step (RFC 6238 section 4) in which `code` is right: the present or the one before, never
 * a future one. Returns: the step, or -1. */
gint64 bed_otp_match (const BedSecret *secret, const char *code, gint64 now);
/* For the authenticator app (RFC 4648 section 6, no padding). Returns: (transfer full) */
char *bed_otp_secret_to_text (const BedSecret *secret);
/* A recovery code, "xxxxx-xxxxx", 50 random bits. Returns: (transfer full) */
char *bed_recovery_code_new (void);
/* Ten letters and digits as they were meant, whatever the case and dashes; NULL when it is no
 * recovery code. Returns: (transfer full) (nullable) */
char *bed_recovery_code_normalize (const char *code);

G_END_DECLS
