/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-chat-file-private.h"

#include "bed-attachment.h"
#include "bed-display-text-private.h"

#define NAME_MAX_CHARACTERS 100

struct _BedChatFile
{
  GObject parent_instance;
  char *name;
  char *media_type;
  guint64 size, moved;
  gboolean mine, kept;
  BedChatFileState state;
  GBytes *content; /* owned (nullable) */
};

enum { PROP_0, PROP_STATE, PROP_MOVED, PROP_KEPT, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BedChatFile, bed_chat_file, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (BedChatFileState, bed_chat_file_state,
                    G_DEFINE_ENUM_VALUE (BED_CHAT_FILE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (BED_CHAT_FILE_MOVING, "moving"),
                    G_DEFINE_ENUM_VALUE (BED_CHAT_FILE_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (BED_CHAT_FILE_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (BED_CHAT_FILE_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (BED_CHAT_FILE_LOST, "lost"))

static void
bed_chat_file_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedChatFile *self = BED_CHAT_FILE (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_MOVED:
      g_value_set_uint64 (value, self->moved);
      break;
    case PROP_KEPT:
      g_value_set_boolean (value, self->kept);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_chat_file_finalize (GObject *object)
{
  BedChatFile *self = BED_CHAT_FILE (object);

  g_free (self->name);
  g_free (self->media_type);
  g_clear_pointer (&self->content, g_bytes_unref);
  G_OBJECT_CLASS (bed_chat_file_parent_class)->finalize (object);
}

static void
bed_chat_file_class_init (BedChatFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags
      = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bed_chat_file_get_property;
  object_class->finalize = bed_chat_file_finalize;
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BED_TYPE_CHAT_FILE_STATE,
                                              BED_CHAT_FILE_WAITING, flags);
  properties[PROP_MOVED] = g_param_spec_uint64 ("moved", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_KEPT] = g_param_spec_boolean ("kept", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_chat_file_init (BedChatFile *self)
{
}

/* What comes behind the last separator. */
static const char *
skip_folders (const char *name)
{
  const char *start = name;

  for (const char *c = name; *c != '\0'; c++)
    if (*c == '/' || *c == '\\')
      start = c + 1;
  return start;
}

BedChatFile *
bed_chat_file_new (const char *name, const char *media_type, guint64 size, GBytes *content)
{
  BedChatFile *self = g_object_new (BED_TYPE_CHAT_FILE, NULL);
  g_autofree char *clean = bed_display_text (skip_folders (name), NAME_MAX_CHARACTERS, FALSE);

  self->name = bed_attachment_dup_file_name (*clean == '\0' || *clean == '.' ? "file" : clean,
                                             media_type);
  self->media_type = g_strdup (media_type);
  self->size = size;
  self->mine = content != NULL;
  self->content = content != NULL ? g_bytes_ref (content) : NULL;
  return self;
}

const char *
bed_chat_file_get_name (BedChatFile *self)
{
  return self->name;
}

const char *
bed_chat_file_get_media_type (BedChatFile *self)
{
  return self->media_type;
}

guint64
bed_chat_file_get_size (BedChatFile *self)
{
  return self->size;
}

gboolean
bed_chat_file_get_mine (BedChatFile *self)
{
  return self->mine;
}

BedChatFileState
bed_chat_file_get_state (BedChatFile *self)
{
  return self->state;
}

guint64
bed_chat_file_get_moved (BedChatFile *self)
{
  return self->moved;
}

gboolean
bed_chat_file_get_kept (BedChatFile *self)
{
  return self->kept;
}

gboolean
bed_chat_file_is_open (BedChatFile *self)
{
  return self->state == BED_CHAT_FILE_WAITING || self->state == BED_CHAT_FILE_MOVING;
}

GBytes *
bed_chat_file_get_content (BedChatFile *self)
{
  return self->content;
}

void
bed_chat_file_set_state (BedChatFile *self, BedChatFileState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
bed_chat_file_set_moved (BedChatFile *self, guint64 moved)
{
  if (self->moved == moved)
    return;
  self->moved = moved;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOVED]);
}

void
bed_chat_file_set_kept (BedChatFile *self)
{
  self->kept = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEPT]);
}

void
bed_chat_file_take_content (BedChatFile *self, GBytes *content)
{
  g_clear_pointer (&self->content, g_bytes_unref);
  self->content = content;
}
