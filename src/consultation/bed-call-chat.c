/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-parts-private.h"

#include <string.h>

#include "bed-chat-message-private.h"
#include "bed-display-text-private.h"

#define CHAT_MAX_BYTES 8000
#define CHAT_MAX_TEXTS 2000

/* Keeping: nothing without the clinician's choice. */

static gboolean
store_chat (BedCall *self, GError **error)
{
  GListModel *chat = G_LIST_MODEL (self->chat);

  for (; self->n_kept < g_list_model_get_n_items (chat); self->n_kept++)
    {
      g_autoptr (BedChatMessage) message = g_list_model_get_item (chat, self->n_kept);
      BedChatDelivery delivery = bed_chat_message_get_delivery (message);

      if (delivery == BED_CHAT_SENDING) /* goes on when it is known */
        break;
      if (delivery == BED_CHAT_UNSENT)
        continue;
      if (!bed_record_store_keep_chat (self->store, bed_encounter_get_id (self->encounter),
                                       bed_chat_message_get_time (message),
                                       !bed_chat_message_get_mine (message),
                                       bed_chat_message_get_text (message), error))
        return FALSE;
    }
  return TRUE;
}

gboolean
bed_call_store_chat (BedCall *self, GError **error)
{
  /* The store keeps them while it is locked too. */
  return !self->chat_kept || self->encounter == NULL || store_chat (self, error);
}

void
bed_call_tell_chat_kept (BedCall *self)
{
  if (self->chat_kept && bed_call_is_host (self))
    bed_call_say (self, &(BedSealedMessage) { .type = BED_SEALED_CHAT_KEPT });
}

void
bed_call_take_chat_kept (BedCall *self)
{
  if (self->chat_kept)
    return;
  self->chat_kept = TRUE;
  bed_call_notify (self, BED_CALL_PROP_CHAT_KEPT);
}

gboolean
bed_call_keep_chat (BedCall *self, GError **error)
{
  if (self->chat_kept)
    return TRUE;
  if (self->store == NULL || self->encounter == NULL || self->state == BED_CALL_STATE_ENDED)
    {
      g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND,
                           "There is no encounter to keep it with");
      return FALSE;
    }
  if (!store_chat (self, error))
    return FALSE;
  bed_call_take_chat_kept (self);
  bed_call_tell_chat_kept (self);
  return TRUE;
}

gboolean
bed_call_get_chat_kept (BedCall *self)
{
  return self->chat_kept;
}

/* Talking */

void
bed_call_set_chat_open (BedCall *self, gboolean open)
{
  if (self->chat_open == open)
    return;
  self->chat_open = open;
  if (!open)
    bed_file_transfers_lose (self->files);
  bed_call_notify (self, BED_CALL_PROP_CHAT_OPEN);
}

/* Returns: (transfer full) (nullable): NULL when nothing of it can be shown. */
static BedChatMessage *
add_text (BedCall *self, const char *text, gboolean mine)
{
  g_autofree char *clean = bed_display_text (text, CHAT_MAX_BYTES, TRUE);
  g_autoptr (BedChatMessage) message
      = bed_chat_message_new (clean, mine, bed_clock_get_real_us (self->clock));

  if (*clean == '\0')
    return NULL;
  if (mine)
    bed_chat_message_set_delivery (message, BED_CHAT_SENDING);
  g_list_store_append (self->chat, message);
  self->n_texts++;
  return g_steal_pointer (&message);
}

void
bed_call_add_chat (BedCall *self, const char *text)
{
  g_autoptr (BedChatMessage) message = NULL;

  if (bed_call_chat_is_full (self))
    {
      bed_call_miss_chat (self);
      return;
    }
  message = add_text (self, text, FALSE);
  if (message != NULL)
    bed_call_record (self);
}

gboolean
bed_call_chat_is_full (BedCall *self)
{
  return self->n_texts >= CHAT_MAX_TEXTS;
}

gboolean
bed_call_send_chat (BedCall *self, const char *text)
{
  if (!bed_call_may_send (self) || bed_call_chat_is_full (self)
      || strlen (text) > CHAT_MAX_BYTES || self->engine == NULL
      || !bed_engine_send_text (self->engine, text))
    return FALSE;
  g_queue_push_tail (&self->sending, add_text (self, text, TRUE));
  return TRUE;
}

void
bed_call_take_text_sent (BedCall *self, gboolean sent)
{
  g_autoptr (BedChatMessage) message = g_queue_pop_head (&self->sending);

  if (message == NULL)
    return;
  bed_chat_message_set_delivery (message, sent ? BED_CHAT_SENT : BED_CHAT_UNSENT);
  bed_call_record (self);
}

gboolean
bed_call_send_again (BedCall *self, BedChatMessage *message)
{
  guint position;

  if (bed_chat_message_get_delivery (message) != BED_CHAT_UNSENT
      || !g_list_store_find (self->chat, message, &position)
      || !bed_call_send_chat (self, bed_chat_message_get_text (message)))
    return FALSE;
  if (position < self->n_kept)
    self->n_kept--;
  g_list_store_remove (self->chat, position);
  self->n_texts--;
  return TRUE;
}

GListModel *
bed_call_get_chat (BedCall *self)
{
  return G_LIST_MODEL (self->chat);
}

gboolean
bed_call_get_chat_open (BedCall *self)
{
  return self->chat_open && !bed_call_is_unsafe (self);
}
