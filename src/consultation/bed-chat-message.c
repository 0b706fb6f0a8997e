/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-chat-message-private.h"

struct _BedChatMessage
{
  GObject parent_instance;
  char *text;
  gboolean mine;
  gint64 real_us;
  BedChatFile *file; /* owned (nullable) */
  BedChatDelivery delivery;
};

enum { PROP_0, PROP_TEXT, PROP_MINE, PROP_TIME, PROP_UNSENT, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BedChatMessage, bed_chat_message, G_TYPE_OBJECT)

static void
bed_chat_message_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedChatMessage *self = BED_CHAT_MESSAGE (object);

  switch (id)
    {
    case PROP_TEXT: g_value_set_string (value, self->text); break;
    case PROP_MINE: g_value_set_boolean (value, self->mine); break;
    case PROP_TIME: g_value_set_int64 (value, self->real_us); break;
    case PROP_UNSENT: g_value_set_boolean (value, self->delivery == BED_CHAT_UNSENT); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_chat_message_finalize (GObject *object)
{
  g_free (BED_CHAT_MESSAGE (object)->text);
  g_clear_object (&BED_CHAT_MESSAGE (object)->file);
  G_OBJECT_CLASS (bed_chat_message_parent_class)->finalize (object);
}

static void
bed_chat_message_class_init (BedChatMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_chat_message_get_property;
  object_class->finalize = bed_chat_message_finalize;
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  properties[PROP_MINE] = g_param_spec_boolean ("mine", NULL, NULL, FALSE, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_UNSENT] = g_param_spec_boolean ("unsent", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_chat_message_init (BedChatMessage *self)
{
}

BedChatMessage *
bed_chat_message_new (const char *text, gboolean mine, gint64 real_us)
{
  BedChatMessage *self = g_object_new (BED_TYPE_CHAT_MESSAGE, NULL);

  self->text = g_strdup (text);
  self->mine = mine;
  self->real_us = real_us;
  return self;
}

const char *
bed_chat_message_get_text (BedChatMessage *self)
{
  return self->text;
}

gboolean
bed_chat_message_get_mine (BedChatMessage *self)
{
  return self->mine;
}

gint64
bed_chat_message_get_time (BedChatMessage *self)
{
  return self->real_us;
}

BedChatDelivery
bed_chat_message_get_delivery (BedChatMessage *self)
{
  return self->delivery;
}

void
bed_chat_message_set_delivery (BedChatMessage *self, BedChatDelivery delivery)
{
  self->delivery = delivery;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSENT]);
}

BedChatMessage *
bed_chat_message_new_file (BedChatFile *file, gint64 real_us)
{
  BedChatMessage *self = bed_chat_message_new (bed_chat_file_get_name (file),
                                               bed_chat_file_get_mine (file), real_us);

  self->file = g_object_ref (file);
  return self;
}

BedChatFile *
bed_chat_message_get_file (BedChatMessage *self)
{
  return self->file;
}
