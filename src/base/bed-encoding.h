/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* base64url without padding (RFC 4648 section 5). Any thread. Returns: (transfer full) */
char *bed_base64url_encode (const void *data, gsize length);
/* Strict: no padding, no white space, no trailing bits. Decodes exactly `length` bytes into `out`.
 * Returns: FALSE when the text is anything else.
 */
gboolean bed_base64url_decode_exact (const char *text, void *out, gsize length);
/* As above for a length not known beforehand, up to `max_length` bytes.
 * Returns: (transfer full) (nullable) */
GBytes *bed_base64url_decode (const char *text, gsize max_length);

G_END_DECLS
