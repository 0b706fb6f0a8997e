/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-records-private.h"

#include <string.h>

enum
{
  PROP_SUBJECTIVE = 1,
  PROP_OBJECTIVE,
  PROP_ASSESSMENT,
  PROP_PLAN,
  PROP_SECTION_5,
  PROP_SECTION_6,
  PROP_SECTION_7,
  PROP_SECTION_8,
  PROP_TEMPLATE_ID, /* read only from here */
  PROP_HEADINGS,
  PROP_UUID,
  PROP_AUTHOR,
  PROP_ID, /* numbers from here */
  PROP_ENCOUNTER_ID,
  PROP_PATIENT_ID,
  PROP_CREATED_US,
  PROP_UPDATED_US,
  PROP_SIGNED_US,
  PROP_STATE,
  PROP_SAVE_STATE,
  N_PROPS
};

struct _BedNote
{
  GObject parent;

  char *texts[PROP_ID];      /* owned; PROP_SUBJECTIVE to PROP_AUTHOR */
  gint64 numbers[PROP_STATE]; /* PROP_ID to PROP_SIGNED_US */
  GStrv headings; /* owned */
  BedNoteState state;
  BedNoteSaveState save_state;
  guint64 generation;
  BedNoteChanged changed;
  gpointer user_data; /* borrowed */
};

G_DEFINE_FINAL_TYPE (BedNote, bed_note, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (BedNoteState, bed_note_state,
                    G_DEFINE_ENUM_VALUE (BED_NOTE_DRAFT, "draft"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_SIGNED, "signed"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_AMENDED, "amended"))
G_DEFINE_ENUM_TYPE (BedNoteSaveState, bed_note_save_state,
                    G_DEFINE_ENUM_VALUE (BED_NOTE_SAVED, "saved"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_CHANGED, "changed"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_SAVING, "saving"),
                    G_DEFINE_ENUM_VALUE (BED_NOTE_FAILED, "failed"))

static const char *const names[N_PROPS]
    = { NULL,         "subjective", "objective", "assessment",   "plan",       "section-5",
        "section-6",  "section-7",  "section-8", "template-id",  "headings",   "uuid",
        "author",     "id",         "encounter-id", "patient-id", "created-us", "updated-us",
        "signed-us" };
static GParamSpec *properties[N_PROPS];

static void
replace_text (BedNote *self, guint property, const char *text)
{
  g_free (self->texts[property]);
  self->texts[property] = g_strdup (text != NULL ? text : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_number (BedNote *self, guint property, gint64 number)
{
  if (self->numbers[property] == number)
    return;
  self->numbers[property] = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_headings (BedNote *self, const char *headings)
{
  g_strfreev (self->headings);
  self->headings = g_strsplit (headings, "\n", BED_NOTE_SECTIONS_MAX);
  replace_text (self, PROP_HEADINGS, headings);
}

static void
count_change (BedNote *self)
{
  self->generation++;
  if (self->save_state != BED_NOTE_SAVING)
    bed_note_set_save_state (self, BED_NOTE_CHANGED);
  if (self->changed != NULL)
    self->changed (self, self->user_data);
}

/* The person typed. */
static gboolean
edit_text (BedNote *self, guint property, const char *text)
{
  text = text != NULL ? text : "";
  if (self->state != BED_NOTE_DRAFT || property - PROP_SUBJECTIVE >= bed_note_get_n_sections (self)
      || strlen (text) > BED_NOTE_SECTION_MAX || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  if (g_str_equal (self->texts[property], text))
    return TRUE;
  replace_text (self, property, text);
  count_change (self);
  return TRUE;
}

void
bed_note_set_layout (BedNote *self, const char *template_id, const char *headings,
                     const char *const *sections)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_headings (self, headings);
  replace_text (self, PROP_TEMPLATE_ID, template_id);
  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    replace_text (self, PROP_SUBJECTIVE + i, sections[i]);
  count_change (self);
  g_object_thaw_notify (G_OBJECT (self));
}

void
bed_note_fill (BedNote *self, const BedNoteRow *row, BedNoteChanged changed, gpointer user_data)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_headings (self, row->headings);
  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    replace_text (self, PROP_SUBJECTIVE + i, row->sections[i]);
  replace_text (self, PROP_TEMPLATE_ID, row->template_id);
  replace_text (self, PROP_UUID, row->uuid);
  replace_text (self, PROP_AUTHOR, row->author);
  set_number (self, PROP_ID, row->id);
  set_number (self, PROP_ENCOUNTER_ID, row->encounter_id);
  set_number (self, PROP_PATIENT_ID, row->patient_id);
  set_number (self, PROP_CREATED_US, row->created_us);
  set_number (self, PROP_UPDATED_US, row->updated_us);
  set_number (self, PROP_SIGNED_US, row->signed_us);
  self->state = row->state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  bed_note_set_save_state (self, BED_NOTE_SAVED);
  g_object_thaw_notify (G_OBJECT (self));
  self->changed = changed;
  self->user_data = user_data;
}

void
bed_note_detach (BedNote *self)
{
  self->changed = NULL;
  self->user_data = NULL;
}

void
bed_note_set_patient_id (BedNote *self, gint64 patient_id)
{
  set_number (self, PROP_PATIENT_ID, patient_id);
}

void
bed_note_set_updated_us (BedNote *self, gint64 updated_us)
{
  set_number (self, PROP_UPDATED_US, updated_us);
}

void
bed_note_set_state (BedNote *self, BedNoteState state, gint64 signed_us)
{
  self->state = state;
  set_number (self, PROP_SIGNED_US, signed_us);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
bed_note_set_save_state (BedNote *self, BedNoteSaveState state)
{
  if (self->save_state == state)
    return;
  self->save_state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVE_STATE]);
}

guint64
bed_note_get_generation (BedNote *self)
{
  return self->generation;
}

static void
bed_note_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedNote *self = BED_NOTE (object);

  if (id < PROP_ID)
    g_value_set_string (value, self->texts[id]);
  else if (id < PROP_STATE)
    g_value_set_int64 (value, self->numbers[id]);
  else if (id == PROP_STATE)
    g_value_set_enum (value, (gint) self->state);
  else if (id == PROP_SAVE_STATE)
    g_value_set_enum (value, (gint) self->save_state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_note_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id < PROP_TEMPLATE_ID)
    edit_text (BED_NOTE (object), id, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_note_finalize (GObject *object)
{
  BedNote *self = BED_NOTE (object);

  for (guint i = PROP_SUBJECTIVE; i < PROP_ID; i++)
    {
      bed_secret_wipe (self->texts[i], strlen (self->texts[i]));
      g_free (self->texts[i]);
    }
  g_strfreev (self->headings);
  G_OBJECT_CLASS (bed_note_parent_class)->finalize (object);
}

static void
bed_note_class_init (BedNoteClass *klass)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_note_get_property;
  object_class->set_property = bed_note_set_property;
  object_class->finalize = bed_note_finalize;
  for (guint i = PROP_SUBJECTIVE; i < PROP_ID; i++)
    properties[i] = g_param_spec_string (
        names[i], NULL, NULL, "",
        flags | (i < PROP_TEMPLATE_ID ? G_PARAM_READWRITE : G_PARAM_READABLE));
  for (guint i = PROP_ID; i < PROP_STATE; i++)
    properties[i] = g_param_spec_int64 (names[i], NULL, NULL, 0, G_MAXINT64, 0,
                                        flags | G_PARAM_READABLE);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BED_TYPE_NOTE_STATE,
                                              BED_NOTE_DRAFT, flags | G_PARAM_READABLE);
  properties[PROP_SAVE_STATE] = g_param_spec_enum ("save-state", NULL, NULL,
                                                   BED_TYPE_NOTE_SAVE_STATE, BED_NOTE_SAVED,
                                                   flags | G_PARAM_READABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_note_init (BedNote *self)
{
  for (guint i = PROP_SUBJECTIVE; i < PROP_ID; i++)
    self->texts[i] = g_strdup ("");
  self->headings = g_new0 (char *, 1);
}

gint64
bed_note_get_id (BedNote *self)
{
  return self->numbers[PROP_ID];
}

const char *
bed_note_get_uuid (BedNote *self)
{
  return self->texts[PROP_UUID];
}

gint64
bed_note_get_encounter_id (BedNote *self)
{
  return self->numbers[PROP_ENCOUNTER_ID];
}

gint64
bed_note_get_patient_id (BedNote *self)
{
  return self->numbers[PROP_PATIENT_ID];
}

BedNoteState
bed_note_get_state (BedNote *self)
{
  return self->state;
}

BedNoteSaveState
bed_note_get_save_state (BedNote *self)
{
  return self->save_state;
}

const char *
bed_note_get_author (BedNote *self)
{
  return self->texts[PROP_AUTHOR];
}

const char *
bed_note_get_template_id (BedNote *self)
{
  return self->texts[PROP_TEMPLATE_ID];
}

gint64
bed_note_get_created_us (BedNote *self)
{
  return self->numbers[PROP_CREATED_US];
}

gint64
bed_note_get_updated_us (BedNote *self)
{
  return self->numbers[PROP_UPDATED_US];
}

gint64
bed_note_get_signed_us (BedNote *self)
{
  return self->numbers[PROP_SIGNED_US];
}

guint
bed_note_get_n_sections (BedNote *self)
{
  return g_strv_length (self->headings);
}

const char *
bed_note_get_heading (BedNote *self, guint section)
{
  return section < g_strv_length (self->headings) ? self->headings[section] : "";
}

const char *
bed_note_get_headings (BedNote *self)
{
  return self->texts[PROP_HEADINGS];
}

const char *
bed_note_get_section_property (guint section)
{
  g_return_val_if_fail (section < BED_NOTE_SECTIONS_MAX, NULL);
  return names[PROP_SUBJECTIVE + section];
}

const char *
bed_note_get_section (BedNote *self, guint section)
{
  g_return_val_if_fail (section < BED_NOTE_SECTIONS_MAX, "");
  return self->texts[PROP_SUBJECTIVE + section];
}

gboolean
bed_note_set_section (BedNote *self, guint section, const char *text)
{
  g_return_val_if_fail (section < BED_NOTE_SECTIONS_MAX, FALSE);
  return edit_text (self, PROP_SUBJECTIVE + section, text);
}

gboolean
bed_note_is_empty (BedNote *self)
{
  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    if (self->texts[PROP_SUBJECTIVE + i][0] != '\0')
      return FALSE;
  return TRUE;
}
