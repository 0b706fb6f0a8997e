/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-version-private.h"

#include <sodium.h>
#include <string.h>

struct _BedNoteVersion
{
  GObject parent;

  /* owned */
  BedNoteContent *content;
  GBytes *signed_bytes;
  guint8 signature[BED_NOTE_SIGNATURE_LENGTH];
  guint8 key[BED_NOTE_KEY_LENGTH];
};

enum
{
  PROP_AUTHOR = 1,
  PROP_AUTHOR_NAME,
  PROP_REASON,
  PROP_TEXT,
  PROP_NUMBER,
  PROP_SIGNED_US,
  PROP_CORRECTS,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (BedNoteVersion, bed_note_version, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (BedNoteVerdict, bed_note_verdict,
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_DRAFT, "draft"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_INTACT, "intact"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_FORGED, "forged"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_UNKNOWN_KEY, "unknown-key"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_UNLINKED, "unlinked"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_TEXT_CHANGED, "text-changed"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_FACTS_CHANGED, "facts-changed"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_VERDICT_ATTACHMENT_CHANGED, "attachment-changed"))

static void
bed_note_version_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const BedNoteContent *content = BED_NOTE_VERSION (object)->content;

  switch (id)
    {
    case PROP_AUTHOR:
      g_value_set_string (value, content->author);
      break;
    case PROP_AUTHOR_NAME:
      g_value_set_string (value, content->author_name);
      break;
    case PROP_REASON:
      g_value_set_string (value, content->reason);
      break;
    case PROP_TEXT:
      g_value_set_string (value, content->text);
      break;
    case PROP_NUMBER:
      g_value_set_uint (value, (guint) content->number);
      break;
    case PROP_SIGNED_US:
      g_value_set_int64 (value, content->signed_us);
      break;
    case PROP_CORRECTS:
      g_value_set_boolean (value, content->corrects);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_note_version_finalize (GObject *object)
{
  BedNoteVersion *self = BED_NOTE_VERSION (object);

  g_clear_pointer (&self->content, bed_note_content_free);
  g_clear_pointer (&self->signed_bytes, g_bytes_unref);
  G_OBJECT_CLASS (bed_note_version_parent_class)->finalize (object);
}

static void
bed_note_version_class_init (BedNoteVersionClass *klass)
{
  static const char *const names[] = { NULL, "author", "author-name", "reason", "text" };
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_note_version_get_property;
  object_class->finalize = bed_note_version_finalize;
  for (guint i = PROP_AUTHOR; i <= PROP_TEXT; i++)
    g_object_class_install_property (object_class, i,
                                     g_param_spec_string (names[i], NULL, NULL, "", flags));
  g_object_class_install_property (
      object_class, PROP_NUMBER,
      g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, flags));
  g_object_class_install_property (
      object_class, PROP_SIGNED_US,
      g_param_spec_int64 ("signed-us", NULL, NULL, 0, G_MAXINT64, 0, flags));
  g_object_class_install_property (object_class, PROP_CORRECTS,
                                   g_param_spec_boolean ("corrects", NULL, NULL, FALSE, flags));
}

static void
bed_note_version_init (BedNoteVersion *self)
{
}

BedNoteVersion *
bed_note_version_new (GBytes *signed_bytes, GBytes *signature, GBytes *key)
{
  g_autoptr (BedNoteContent) content = bed_note_content_read (signed_bytes);
  BedNoteVersion *self;

  if (content == NULL || content->number == 0 || content->number > G_MAXINT
      || g_bytes_get_size (signature) != BED_NOTE_SIGNATURE_LENGTH
      || g_bytes_get_size (key) != BED_NOTE_KEY_LENGTH)
    return NULL;
  self = g_object_new (BED_TYPE_NOTE_VERSION, NULL);
  self->content = g_steal_pointer (&content);
  self->signed_bytes = g_bytes_ref (signed_bytes);
  memcpy (self->signature, g_bytes_get_data (signature, NULL), sizeof self->signature);
  memcpy (self->key, g_bytes_get_data (key, NULL), sizeof self->key);
  return self;
}

const BedNoteContent *
bed_note_version_get_content (BedNoteVersion *self)
{
  return self->content;
}

void
bed_note_version_hash (BedNoteVersion *self, guint8 hash[BED_NOTE_HASH_LENGTH])
{
  crypto_hash_sha256_state state;
  gsize length;
  const guint8 *data = g_bytes_get_data (self->signed_bytes, &length);

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, data, length);
  crypto_hash_sha256_update (&state, self->signature, sizeof self->signature);
  crypto_hash_sha256_final (&state, hash);
}

gboolean
bed_note_version_check_signature (BedNoteVersion *self)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (self->signed_bytes, &length);

  return crypto_sign_verify_detached (self->signature, data, length, self->key) == 0;
}

guint
bed_note_version_get_number (BedNoteVersion *self)
{
  return (guint) self->content->number;
}

const char *
bed_note_version_get_note_uuid (BedNoteVersion *self)
{
  return self->content->note_uuid;
}

const char *
bed_note_version_get_author (BedNoteVersion *self)
{
  return self->content->author;
}

const char *
bed_note_version_get_author_name (BedNoteVersion *self)
{
  return self->content->author_name;
}

const char *
bed_note_version_get_reason (BedNoteVersion *self)
{
  return self->content->reason;
}

const char *
bed_note_version_get_text (BedNoteVersion *self)
{
  return self->content->text;
}

const char *
bed_note_version_get_template_id (BedNoteVersion *self)
{
  return self->content->template_id;
}

gint64
bed_note_version_get_created_us (BedNoteVersion *self)
{
  return self->content->created_us;
}

gint64
bed_note_version_get_updated_us (BedNoteVersion *self)
{
  return self->content->updated_us;
}

gint64
bed_note_version_get_signed_us (BedNoteVersion *self)
{
  return self->content->signed_us;
}

gboolean
bed_note_version_get_corrects (BedNoteVersion *self)
{
  return self->content->corrects;
}

guint
bed_note_version_get_n_sections (BedNoteVersion *self)
{
  return self->content->n_sections;
}

const char *
bed_note_version_get_heading (BedNoteVersion *self, guint section)
{
  return section < self->content->n_sections ? self->content->headings[section] : "";
}

const char *
bed_note_version_get_section (BedNoteVersion *self, guint section)
{
  return section < self->content->n_sections ? self->content->sections[section] : "";
}

const BedNoteFacts *
bed_note_version_get_facts (BedNoteVersion *self)
{
  return self->content->facts;
}

const BedNoteFacts *
bed_note_version_list_get_patient (GListModel *versions)
{
  for (guint i = 0; i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (versions, i);
      const BedNoteFacts *facts = bed_note_version_get_facts (version);

      if (*facts->patient_uuid != '\0')
        return facts;
    }
  return NULL;
}

GPtrArray *
bed_note_version_get_attachments (BedNoteVersion *self)
{
  return self->content->attachments;
}

GBytes *
bed_note_version_get_signed_bytes (BedNoteVersion *self)
{
  return self->signed_bytes;
}

const guint8 *
bed_note_version_get_signature (BedNoteVersion *self)
{
  return self->signature;
}

const guint8 *
bed_note_version_get_key (BedNoteVersion *self)
{
  return self->key;
}
