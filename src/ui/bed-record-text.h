/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-attachment.h"
#include "bed-audit.h"

G_BEGIN_DECLS

/* The record's ids in the person's words. Unless said otherwise each lends text that lives as long as the program or the
 * argument; never NULL. Any thread. */

/* A section's heading: one of the product's ids, or "=" and a person's own words. */
const char *bed_record_text_heading (const char *heading);
/* What belongs under it; "" for an own one. */
const char *bed_record_text_hint (const char *heading);
/* A built-in template by its id; name for an own one. */
const char *bed_record_text_template (const char *id, const char *name);
/* What was done, for the list of the audit trail. */
const char *bed_record_text_event (BedAuditEvent event);
/* Its size, when it came, from whom, and whether it is signed. Returns: (transfer full) */
char *bed_record_text_attachment (BedAttachment *attachment, gint64 now_us);
/* Who did it: an account, or whoever came with the emergency key. */
const char *bed_record_text_actor (const char *actor);

G_END_DECLS
