/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small grammars that several attributes share. Pure. */

/* Decimal digits only, no sign, no leading white space, 0 to max. */
gboolean bed_sdp_parse_number (const char *text, guint64 max, guint64 *value);
/* ice-char: letters, digits, + and / (RFC 8839 5.4). */
gboolean bed_sdp_is_ice_text (const char *text, gsize min, gsize max);
/* token of RFC 8866 section 9, 1 to max characters. */
gboolean bed_sdp_is_token (const char *text, gsize max);
/* No control characters, valid UTF-8. */
gboolean bed_sdp_is_printable (const char *text);

G_END_DECLS
