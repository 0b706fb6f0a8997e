/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-note-editor.h"

G_BEGIN_DECLS

/* Beside the picture: the note and the chat. Main thread.
 * Signals: "send" (const char *text), "send-again" (BedChatMessage *message), "send-file" (); "file-act"
 * (BedChatFile *, int BedChatFileAct); "keep" (): the chat with the record; "close" (), "page-changed" (). */
#define BED_TYPE_CALL_PANEL (bed_call_panel_get_type ())
G_DECLARE_FINAL_TYPE (BedCallPanel, bed_call_panel, BED, CALL_PANEL, AdwBin)

typedef enum { BED_CALL_PANEL_NOTE, BED_CALL_PANEL_CHAT } BedCallPanelPage;

/* A guest has no note. */
void bed_call_panel_set_with_note (BedCallPanel *self, gboolean with_note);
BedNoteEditor *bed_call_panel_get_editor (BedCallPanel *self);
/* GListModel of BedChatMessage; NULL empties. */
void bed_call_panel_set_chat (BedCallPanel *self, GListModel *chat);
/* Before the chat is set: whether its files can be kept in a record. */
void bed_call_panel_set_can_keep_files (BedCallPanel *self, gboolean can_keep);
/* Whether the channel can carry a message now. */
void bed_call_panel_set_chat_open (BedCallPanel *self, gboolean open);
/* can_keep: offers to keep the chat; kept: says that it is. */
void bed_call_panel_set_chat_kept (BedCallPanel *self, gboolean can_keep, gboolean kept, gboolean guest);
/* The message went out: empties the entry. */
void bed_call_panel_sent (BedCallPanel *self);
void bed_call_panel_set_unread (BedCallPanel *self, guint n);
void bed_call_panel_show_page (BedCallPanel *self, BedCallPanelPage page);
BedCallPanelPage bed_call_panel_get_page (BedCallPanel *self);
void bed_call_panel_focus (BedCallPanel *self);

G_END_DECLS
