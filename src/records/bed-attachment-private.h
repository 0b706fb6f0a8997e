/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-attachment.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 id;
  char *uuid;
  gint64 encounter_id;
  char *name;
  char *media_type;
  guint64 size;
  gboolean from_patient, is_signed;
  gint64 real_us;
  guint8 hash[BED_ATTACHMENT_HASH_LENGTH];
} BedAttachmentRow;
/* Copies. (transfer full) */
BedAttachment *bed_attachment_new (const BedAttachmentRow *row);

/* A file's name as it may be kept: one line, no folder, nothing that turns the text around.
 * (transfer full) */
char *bed_attachment_clean_name (const char *name);
/* RFC 6838 section 4.2: type and subtype; "application/octet-stream" for anything else. (transfer
 * full) */
char *bed_attachment_clean_media_type (const char *media_type);

G_END_DECLS
