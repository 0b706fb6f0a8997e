/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BED_SDP_ERROR (bed_sdp_error_quark ())
GQuark bed_sdp_error_quark (void);
typedef enum
{
  BED_SDP_ERROR_SYNTAX,      /* not SDP, or an attribute that does not follow its grammar */
  BED_SDP_ERROR_LIMIT,       /* larger than we take */
  BED_SDP_ERROR_SECURITY,    /* SDES, plain RTP, no or weak or differing fingerprints */
  BED_SDP_ERROR_UNSUPPORTED, /* well formed, but nothing that we can talk (no BUNDLE, no rtcp-mux …)
                              */
} BedSdpError;

G_END_DECLS
