/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-chat-file.h"

G_BEGIN_DECLS

/* name: as the other side told it, or as the file is called here. content: (nullable): one's own. */
BedChatFile *bed_chat_file_new (const char *name, const char *media_type, guint64 size,
                                GBytes *content);
void bed_chat_file_set_state (BedChatFile *self, BedChatFileState state);
void bed_chat_file_set_moved (BedChatFile *self, guint64 moved);
void bed_chat_file_set_kept (BedChatFile *self);
/* Takes it. */
void bed_chat_file_take_content (BedChatFile *self, GBytes *content);

G_END_DECLS
