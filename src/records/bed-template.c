/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-template-private.h"

#include <string.h>

struct _BedTemplate
{
  GObject parent;

  /* owned */
  char *id;
  char *name;
  GPtrArray *headings;
  GPtrArray *texts;
  gboolean built_in;
};

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_N_SECTIONS,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (BedTemplate, bed_template, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static const char *const heading_ids[]
    = { "subjective", "objective", "assessment", "plan",   "reason",      "history",    "findings",
        "interval",   "medication", "mental-state", "risk", "advice", "safety-net", "next-steps",
        NULL };

static const struct
{
  const char *id;
  const char *headings[BED_NOTE_SECTIONS_MAX];
} built_in[] = {
  { "soap", { "subjective", "objective", "assessment", "plan" } },
  { "consultation",
    { "reason", "history", "medication", "findings", "assessment", "plan", "safety-net" } },
  { "follow-up", { "interval", "medication", "findings", "assessment", "plan", "next-steps" } },
  { "mental-health",
    { "reason", "history", "mental-state", "risk", "medication", "assessment", "plan",
      "safety-net" } },
  { "telephone", { "reason", "history", "assessment", "advice", "safety-net", "next-steps" } },
};

const char *const *
bed_heading_list_ids (void)
{
  return heading_ids;
}

const char *
bed_heading_get_text (const char *heading)
{
  return *heading == '=' ? heading + 1 : NULL;
}

gboolean
bed_heading_is_valid (const char *heading)
{
  const char *text = bed_heading_get_text (heading);

  if (text == NULL)
    return g_strv_contains (heading_ids, heading);
  return *text != '\0' && strlen (text) <= BED_HEADING_MAX && g_utf8_validate (text, -1, NULL)
         && strpbrk (text, "\n\r") == NULL;
}

static gboolean
is_section (const char *heading, const char *text)
{
  return bed_heading_is_valid (heading) && strlen (text) <= BED_TEMPLATE_TEXT_MAX
         && g_utf8_validate (text, -1, NULL);
}

static void
tell_changed (BedTemplate *self, gboolean count)
{
  if (count)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SECTIONS]);
  g_signal_emit (self, changed_signal, 0);
}

static void
bed_template_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedTemplate *self = BED_TEMPLATE (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_N_SECTIONS:
      g_value_set_uint (value, self->headings->len);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_template_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NAME)
    bed_template_set_name (BED_TEMPLATE (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_template_finalize (GObject *object)
{
  BedTemplate *self = BED_TEMPLATE (object);

  g_free (self->id);
  g_free (self->name);
  g_ptr_array_unref (self->headings);
  g_ptr_array_unref (self->texts);
  G_OBJECT_CLASS (bed_template_parent_class)->finalize (object);
}

static void
bed_template_class_init (BedTemplateClass *klass)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_template_get_property;
  object_class->set_property = bed_template_set_property;
  object_class->finalize = bed_template_finalize;
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, "", flags | G_PARAM_READABLE);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags | G_PARAM_READWRITE);
  properties[PROP_N_SECTIONS] = g_param_spec_uint ("n-sections", NULL, NULL, 0,
                                                   BED_NOTE_SECTIONS_MAX, 0,
                                                   flags | G_PARAM_READABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_template_init (BedTemplate *self)
{
  self->id = g_strdup ("");
  self->name = g_strdup ("");
  self->headings = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_ptr_array_new_with_free_func (g_free);
}

BedTemplate *
bed_template_new (const char *name)
{
  BedTemplate *self = g_object_new (BED_TYPE_TEMPLATE, NULL);

  bed_template_set_name (self, name);
  return self;
}

BedTemplate *
bed_template_copy (BedTemplate *self, const char *name)
{
  BedTemplate *copy = bed_template_new (name);

  for (guint i = 0; i < self->headings->len; i++)
    bed_template_add_section (copy, self->headings->pdata[i], self->texts->pdata[i]);
  return copy;
}

BedTemplate *
bed_template_new_built_in (guint number)
{
  BedTemplate *self;

  if (number >= G_N_ELEMENTS (built_in))
    return NULL;
  self = bed_template_new ("");
  bed_template_set_id (self, built_in[number].id);
  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX && built_in[number].headings[i] != NULL; i++)
    bed_template_add_section (self, built_in[number].headings[i], "");
  self->built_in = TRUE;
  return self;
}

void
bed_template_set_id (BedTemplate *self, const char *id)
{
  g_free (self->id);
  self->id = g_strdup (id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

char *
bed_template_join_headings (BedTemplate *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->headings->len; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "\n" : "", (char *) self->headings->pdata[i]);
  return g_string_free (out, FALSE);
}

const char *
bed_template_get_id (BedTemplate *self)
{
  return self->id;
}

gboolean
bed_template_is_built_in (BedTemplate *self)
{
  return self->built_in;
}

const char *
bed_template_get_name (BedTemplate *self)
{
  return self->name;
}

void
bed_template_set_name (BedTemplate *self, const char *name)
{
  name = name != NULL ? name : "";
  if (self->built_in || g_str_equal (self->name, name))
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

guint
bed_template_get_n_sections (BedTemplate *self)
{
  return self->headings->len;
}

const char *
bed_template_get_heading (BedTemplate *self, guint section)
{
  return section < self->headings->len ? self->headings->pdata[section] : "";
}

const char *
bed_template_get_text (BedTemplate *self, guint section)
{
  return section < self->texts->len ? self->texts->pdata[section] : "";
}

const char *
bed_template_carry_text (BedTemplate *self, const char *const *headings, guint section)
{
  for (guint i = 0; i < self->headings->len; i++)
    if (g_str_equal (self->headings->pdata[i], headings[section]))
      return self->texts->pdata[i];
  if (g_strv_length ((char **) headings) == self->headings->len
      && !g_strv_contains (headings, self->headings->pdata[section]))
    return self->texts->pdata[section];
  return "";
}

gboolean
bed_template_add_section (BedTemplate *self, const char *heading, const char *text)
{
  if (self->built_in || self->headings->len == BED_NOTE_SECTIONS_MAX || !is_section (heading, text))
    return FALSE;
  g_ptr_array_add (self->headings, g_strdup (heading));
  g_ptr_array_add (self->texts, g_strdup (text));
  tell_changed (self, TRUE);
  return TRUE;
}

gboolean
bed_template_set_section (BedTemplate *self, guint section, const char *heading, const char *text)
{
  if (self->built_in || section >= self->headings->len || !is_section (heading, text))
    return FALSE;
  g_free (self->headings->pdata[section]);
  g_free (self->texts->pdata[section]);
  self->headings->pdata[section] = g_strdup (heading);
  self->texts->pdata[section] = g_strdup (text);
  tell_changed (self, FALSE);
  return TRUE;
}

gboolean
bed_template_remove_section (BedTemplate *self, guint section)
{
  if (self->built_in || section >= self->headings->len)
    return FALSE;
  g_ptr_array_remove_index (self->headings, section);
  g_ptr_array_remove_index (self->texts, section);
  tell_changed (self, TRUE);
  return TRUE;
}

gboolean
bed_template_move_section (BedTemplate *self, guint section, guint position)
{
  if (self->built_in || section >= self->headings->len || position >= self->headings->len)
    return FALSE;
  g_ptr_array_insert (self->headings, (gint) position,
                      g_ptr_array_steal_index (self->headings, section));
  g_ptr_array_insert (self->texts, (gint) position, g_ptr_array_steal_index (self->texts, section));
  tell_changed (self, FALSE);
  return TRUE;
}
