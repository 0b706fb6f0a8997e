/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-attachment.h"

G_BEGIN_DECLS

/* The files of a consultation as a list, with what can be done with each. Main thread.
 * Signals: "add" (): choose a file; "open", "save", "delete", "recover" (BedAttachment *). */
#define BED_TYPE_ATTACHMENTS_BOX (bed_attachments_box_get_type ())
G_DECLARE_FINAL_TYPE (BedAttachmentsBox, bed_attachments_box, BED, ATTACHMENTS_BOX, AdwBin)

/* files, deleted: of BedAttachment; (nullable): nothing is shown then. now_us: for the words of
 * the day. */
void bed_attachments_box_set (BedAttachmentsBox *self, GListModel *files, GListModel *deleted,
                              gint64 now_us);
/* A sentence why a file could not be added; NULL clears. */
void bed_attachments_box_set_error (BedAttachmentsBox *self, const char *text);

G_END_DECLS
