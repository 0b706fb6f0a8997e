/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-ice-transport.h"

G_BEGIN_DECLS

/* Looks at a remote candidate line (RFC 8839 section 5.1, with or without `a=`) before anything
 * acts on it: grammar, priority, port, and whether its address may be sent to. Names are never
 * resolved. With `ufrag` not NULL, a candidate that names another one is IGNORED. Pure; any thread.
 * Returns: BED_ICE_CANDIDATE_ADDED when it is fit to be added
 */
BedIceCandidateResult bed_ice_candidate_check (const char *candidate, gboolean allow_loopback,
                                               const char *ufrag);
/* RFC 8839 section 5.4. */
gboolean bed_ice_credentials_check (const char *ufrag, const char *password);

G_END_DECLS
