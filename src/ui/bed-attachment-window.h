/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-attachment.h"

G_BEGIN_DECLS

/* An attachment to be looked at, without a copy of it on the disk: pictures and text. Main thread.
 * Signals: "save" (BedAttachment *), "delete" (BedAttachment *). */
#define BED_TYPE_ATTACHMENT_WINDOW (bed_attachment_window_get_type ())
G_DECLARE_FINAL_TYPE (BedAttachmentWindow, bed_attachment_window, BED, ATTACHMENT_WINDOW, AdwWindow)

/* parent: (nullable). now_us: for the words of the day. */
BedAttachmentWindow *bed_attachment_window_new (GtkWindow *parent, BedAttachment *attachment,
                                                GBytes *content, gint64 now_us);
/* What came of it, as a sentence. */
void bed_attachment_window_tell (BedAttachmentWindow *self, const char *text);

G_END_DECLS
