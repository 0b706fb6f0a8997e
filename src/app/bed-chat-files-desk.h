/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* The files of the call's chat: chosen and sent, stopped, kept in the record, saved elsewhere. Main
 * thread. */
#define BED_TYPE_CHAT_FILES_DESK (bed_chat_files_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedChatFilesDesk, bed_chat_files_desk, BED, CHAT_FILES_DESK, GObject)

BedChatFilesDesk *bed_chat_files_desk_new (BedWindow *window);
/* call: (nullable): it is over. */
void bed_chat_files_desk_set_call (BedChatFilesDesk *self, BedCall *call);

G_END_DECLS
