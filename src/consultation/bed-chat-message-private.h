/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-chat-message.h"

G_BEGIN_DECLS

typedef enum
{
  BED_CHAT_SENT,    /* or received */
  BED_CHAT_SENDING, /* the connection has not said yet whether it took it */
  BED_CHAT_UNSENT,
} BedChatDelivery;

BedChatDelivery bed_chat_message_get_delivery (BedChatMessage *self);
void bed_chat_message_set_delivery (BedChatMessage *self, BedChatDelivery delivery);

G_END_DECLS
