/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-snippet-private.h"

#include <string.h>

struct _BedSnippet
{
  GObject parent;

  gint64 id;
  char *abbreviation; /* owned */
  char *text;         /* owned */
};

enum
{
  PROP_ID = 1,
  PROP_ABBREVIATION,
  PROP_TEXT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (BedSnippet, bed_snippet, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
bed_snippet_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedSnippet *self = BED_SNIPPET (object);

  if (id == PROP_ID)
    g_value_set_int64 (value, self->id);
  else if (id == PROP_ABBREVIATION)
    g_value_set_string (value, self->abbreviation);
  else if (id == PROP_TEXT)
    g_value_set_string (value, self->text);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_snippet_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ABBREVIATION)
    bed_snippet_set_abbreviation (BED_SNIPPET (object), g_value_get_string (value));
  else if (id == PROP_TEXT)
    bed_snippet_set_text (BED_SNIPPET (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_snippet_finalize (GObject *object)
{
  BedSnippet *self = BED_SNIPPET (object);

  g_free (self->abbreviation);
  g_free (self->text);
  G_OBJECT_CLASS (bed_snippet_parent_class)->finalize (object);
}

static void
bed_snippet_class_init (BedSnippetClass *klass)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_snippet_get_property;
  object_class->set_property = bed_snippet_set_property;
  object_class->finalize = bed_snippet_finalize;
  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0,
                                            flags | G_PARAM_READABLE);
  properties[PROP_ABBREVIATION] = g_param_spec_string ("abbreviation", NULL, NULL, "",
                                                       flags | G_PARAM_READWRITE);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags | G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_snippet_init (BedSnippet *self)
{
  self->abbreviation = g_strdup ("");
  self->text = g_strdup ("");
}

BedSnippet *
bed_snippet_new (const char *abbreviation, const char *text)
{
  BedSnippet *self = g_object_new (BED_TYPE_SNIPPET, NULL);

  bed_snippet_set_abbreviation (self, abbreviation);
  bed_snippet_set_text (self, text);
  return self;
}

static void
set_text (BedSnippet *self, char **member, guint property, const char *text)
{
  text = text != NULL ? text : "";
  if (g_str_equal (*member, text))
    return;
  g_free (*member);
  *member = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

gint64
bed_snippet_get_id (BedSnippet *self)
{
  return self->id;
}

void
bed_snippet_set_id (BedSnippet *self, gint64 id)
{
  self->id = id;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

const char *
bed_snippet_get_abbreviation (BedSnippet *self)
{
  return self->abbreviation;
}

const char *
bed_snippet_get_text (BedSnippet *self)
{
  return self->text;
}

void
bed_snippet_set_abbreviation (BedSnippet *self, const char *abbreviation)
{
  set_text (self, &self->abbreviation, PROP_ABBREVIATION, abbreviation);
}

void
bed_snippet_set_text (BedSnippet *self, const char *text)
{
  set_text (self, &self->text, PROP_TEXT, text);
}

gboolean
bed_snippet_is_valid (BedSnippet *self)
{
  gsize length = strlen (self->abbreviation);

  if (length == 0 || length > BED_SNIPPET_ABBREVIATION_MAX || *self->text == '\0'
      || strlen (self->text) > BED_SNIPPET_TEXT_MAX || !g_utf8_validate (self->text, -1, NULL)
      || !g_utf8_validate (self->abbreviation, -1, NULL))
    return FALSE;
  for (const char *c = self->abbreviation; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isspace (g_utf8_get_char (c)) || g_unichar_iscntrl (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}
