/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  BED_CHAT_FILE_WAITING, /* offered, not answered yet */
  BED_CHAT_FILE_MOVING,
  BED_CHAT_FILE_DONE,    /* all of it is there, and is what it was said to be */
  BED_CHAT_FILE_STOPPED, /* by one of the two people */
  BED_CHAT_FILE_REFUSED, /* by the other side's limits, or not what it was said to be */
  BED_CHAT_FILE_LOST,    /* the connection went, or nothing came any more */
} BedChatFileState;
#define BED_TYPE_CHAT_FILE_STATE (bed_chat_file_state_get_type ())
GType bed_chat_file_state_get_type (void);

/* A file of the chat. Main thread. Properties (all notify): "state", "moved" (bytes, uint64),
 * "kept" (in the record). */
#define BED_TYPE_CHAT_FILE (bed_chat_file_get_type ())
G_DECLARE_FINAL_TYPE (BedChatFile, bed_chat_file, BED, CHAT_FILE, GObject)

/* One line, no folder, plain text. */
const char *bed_chat_file_get_name (BedChatFile *self);
const char *bed_chat_file_get_media_type (BedChatFile *self);
guint64 bed_chat_file_get_size (BedChatFile *self);
gboolean bed_chat_file_get_mine (BedChatFile *self);
BedChatFileState bed_chat_file_get_state (BedChatFile *self);
guint64 bed_chat_file_get_moved (BedChatFile *self);
gboolean bed_chat_file_get_kept (BedChatFile *self);
/* Waiting or moving. */
gboolean bed_chat_file_is_open (BedChatFile *self);
/* Returns: (transfer none) (nullable): NULL unless it is done, or one's own. */
GBytes *bed_chat_file_get_content (BedChatFile *self);

G_END_DECLS
