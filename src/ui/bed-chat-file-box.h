/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-chat-file.h"

G_BEGIN_DECLS

/* What a person asks of a file in the chat. */
typedef enum
{
  BED_CHAT_FILE_ACT_STOP,
  BED_CHAT_FILE_ACT_KEEP,
  BED_CHAT_FILE_ACT_SAVE,
} BedChatFileAct;

/* A file in the chat: how it gets on, and what can be done with it. Main thread.
 * Signal "act" (BedChatFile *, int BedChatFileAct). */
#define BED_TYPE_CHAT_FILE_BOX (bed_chat_file_box_get_type ())
G_DECLARE_FINAL_TYPE (BedChatFileBox, bed_chat_file_box, BED, CHAT_FILE_BOX, AdwBin)

/* can_keep: there is a record that it can be kept in. */
BedChatFileBox *bed_chat_file_box_new (BedChatFile *file, gboolean can_keep);

G_END_DECLS
