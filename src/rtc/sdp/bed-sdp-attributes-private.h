/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-session-description.h"

G_BEGIN_DECLS

/* What is known of the session level while parsing. */
typedef struct
{
  BedSessionDescription *description; /* borrowed */
  BedSdpMedia *session; /* owned: transport attributes that stand above the sections */
  BedSdpMedia *media; /* borrowed; NULL: still at session level */
  char **bundle; /* (nullable) owned: mids */
} BedSdpParsing;

typedef enum
{
  BED_SDP_ATTRIBUTE_OK,
  BED_SDP_ATTRIBUTE_MALFORMED,
  BED_SDP_ATTRIBUTE_FORBIDDEN,
  BED_SDP_ATTRIBUTE_TOO_MANY,
} BedSdpAttributeResult;

/* name: of a=name:value; value NULL for a flag. Unknown ones are passed over. */
BedSdpAttributeResult bed_sdp_attribute_parse (BedSdpParsing *parsing, const char *name,
                                               char *value);

G_END_DECLS
