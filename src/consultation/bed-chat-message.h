/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-chat-file.h"

G_BEGIN_DECLS

/* One text of the chat, or a file whose name is the text. Main thread. Properties: "text", "mine", "time"
 * (µs since 1970), "unsent" (one's own that the connection did not take; the only one that changes). */
#define BED_TYPE_CHAT_MESSAGE (bed_chat_message_get_type ())
G_DECLARE_FINAL_TYPE (BedChatMessage, bed_chat_message, BED, CHAT_MESSAGE, GObject)

BedChatMessage *bed_chat_message_new (const char *text, gboolean mine, gint64 real_us);
BedChatMessage *bed_chat_message_new_file (BedChatFile *file, gint64 real_us);
/* Returns: (transfer none) (nullable) */
BedChatFile *bed_chat_message_get_file (BedChatMessage *self);
const char *bed_chat_message_get_text (BedChatMessage *self);
gboolean bed_chat_message_get_mine (BedChatMessage *self);
gint64 bed_chat_message_get_time (BedChatMessage *self);

G_END_DECLS
