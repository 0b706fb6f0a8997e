/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-words.h"

#include <string.h>

#include "bed-record-templates.h"
#include "bed-record-text.h"
#include "bed-speller.h"

struct _BedNoteWords
{
  GObject parent_instance;
  BedWindow *window;               /* owned */
  BedRecordStore *store;           /* owned while open */
  BedSpeller *speller;             /* owned while open; (nullable) */
  GListModel *templates, *snippets; /* owned while open */
  GPtrArray *editors;              /* owned */
};

G_DEFINE_FINAL_TYPE (BedNoteWords, bed_note_words, G_TYPE_OBJECT)

static void
tell (BedNoteWords *self, const GError *error)
{
  bed_window_warn_error (self->window, error);
}

/* --- Help while typing ----------------------------------------------------------------------- */

static gboolean
help_check (const char *word, gpointer data)
{
  BedNoteWords *self = data;

  return self->speller == NULL || bed_speller_check (self->speller, word);
}

static GStrv
help_suggest (const char *word, gpointer data)
{
  BedNoteWords *self = data;

  return self->speller != NULL ? bed_speller_suggest (self->speller, word) : NULL;
}

static void
help_learn (const char *word, gpointer data)
{
  BedNoteWords *self = data;
  g_autoptr (GError) error = NULL;

  if (self->speller == NULL)
    return;
  bed_speller_add (self->speller, word);
  if (!bed_record_store_add_word (self->store, word, &error))
    tell (self, error);
}

static char *
help_expand (const char *abbreviation, gpointer data)
{
  BedNoteWords *self = data;

  return self->store != NULL ? bed_record_store_expand_snippet (self->store, abbreviation) : NULL;
}

static const BedNoteHelp help = { help_check, help_suggest, help_learn, help_expand };

static void
open_speller (BedNoteWords *self)
{
  const char *const *languages = g_get_language_names ();
  g_auto (GStrv) words = bed_record_store_list_words (self->store);

  for (guint i = 0; languages[i] != NULL && self->speller == NULL; i++)
    if (strchr (languages[i], '.') == NULL && !g_str_equal (languages[i], "C"))
      {
        g_autofree char *tag = g_strdelimit (g_strdup (languages[i]), "_", '-');
        self->speller = bed_speller_new (tag);
      }
  for (guint i = 0; self->speller != NULL && words[i] != NULL; i++)
    bed_speller_add (self->speller, words[i]);
}

/* --- Templates and snippets ------------------------------------------------------------------ */

static void
show_templates (BedNoteWords *self)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new (), names = g_strv_builder_new ();
  g_auto (GStrv) all_ids = NULL, all_names = NULL;
  BedNotesPage *page = bed_home_page_get_notes (bed_window_get_home (self->window));

  for (guint i = 0; self->templates != NULL && i < g_list_model_get_n_items (self->templates); i++)
    {
      g_autoptr (BedTemplate) template = g_list_model_get_item (self->templates, i);
      g_strv_builder_add (ids, bed_template_get_id (template));
      g_strv_builder_add (names, bed_record_text_template (bed_template_get_id (template),
                                                           bed_template_get_name (template)));
    }
  all_ids = g_strv_builder_end (ids);
  all_names = g_strv_builder_end (names);
  for (guint i = 0; i < self->editors->len; i++)
    bed_note_editor_set_templates (g_ptr_array_index (self->editors, i),
                                   (const char *const *) all_ids,
                                   (const char *const *) all_names);
  bed_note_filter_set_templates (bed_notes_page_get_filter (page), (const char *const *) all_ids,
                                 (const char *const *) all_names);
}

static void
show_snippets (BedNoteWords *self)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new (), texts = g_strv_builder_new ();
  g_auto (GStrv) all_keys = NULL, all_texts = NULL;

  for (guint i = 0; self->snippets != NULL && i < g_list_model_get_n_items (self->snippets); i++)
    {
      g_autoptr (BedSnippet) snippet = g_list_model_get_item (self->snippets, i);
      g_strv_builder_add (keys, bed_snippet_get_abbreviation (snippet));
      g_strv_builder_add (texts, bed_snippet_get_text (snippet));
    }
  all_keys = g_strv_builder_end (keys);
  all_texts = g_strv_builder_end (texts);
  for (guint i = 0; i < self->editors->len; i++)
    bed_note_editor_set_snippets (g_ptr_array_index (self->editors, i),
                                  (const char *const *) all_keys,
                                  (const char *const *) all_texts);
}

static void
apply_template (BedNoteWords *self, BedNote *note, const char *id)
{
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  if (!bed_record_store_apply_template (self->store, note, id, &error)
      || !bed_note_draft_flush (self->store, &error))
    tell (self, error);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
close_store (BedNoteWords *self)
{
  if (self->templates != NULL)
    g_signal_handlers_disconnect_by_data (self->templates, self);
  if (self->snippets != NULL)
    g_signal_handlers_disconnect_by_data (self->snippets, self);
  g_clear_object (&self->templates);
  g_clear_object (&self->snippets);
  g_clear_object (&self->speller);
  g_clear_object (&self->store);
}

void
bed_note_words_set_store (BedNoteWords *self, BedRecordStore *store)
{
  close_store (self);
  if (store == NULL)
    return;
  self->store = g_object_ref (store);
  open_speller (self);
  self->templates = bed_record_store_list_templates (store);
  self->snippets = bed_record_store_list_snippets (store);
  g_signal_connect_object (self->templates, "items-changed", G_CALLBACK (show_templates), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->snippets, "items-changed", G_CALLBACK (show_snippets), self,
                           G_CONNECT_SWAPPED);
  show_templates (self);
  show_snippets (self);
}

void
bed_note_words_follow (BedNoteWords *self, BedNoteEditor *editor)
{
  g_ptr_array_add (self->editors, g_object_ref (editor));
  bed_note_editor_set_help (editor, &help, self);
  g_signal_connect_object (editor, "template", G_CALLBACK (apply_template), self,
                           G_CONNECT_SWAPPED);
}

void
bed_note_words_help (BedNoteWords *self, BedNoteField *field)
{
  bed_note_field_set_help (field, &help, self);
}

static void
bed_note_words_dispose (GObject *object)
{
  BedNoteWords *self = BED_NOTE_WORDS (object);

  for (guint i = 0; self->editors != NULL && i < self->editors->len; i++)
    bed_note_editor_set_help (g_ptr_array_index (self->editors, i), NULL, NULL);
  g_clear_pointer (&self->editors, g_ptr_array_unref);
  close_store (self);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_note_words_parent_class)->dispose (object);
}

static void
bed_note_words_class_init (BedNoteWordsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_note_words_dispose;
}

static void
bed_note_words_init (BedNoteWords *self)
{
  self->editors = g_ptr_array_new_with_free_func (g_object_unref);
}

BedNoteWords *
bed_note_words_new (BedWindow *window)
{
  BedNoteWords *self = g_object_new (BED_TYPE_NOTE_WORDS, NULL);

  self->window = g_object_ref (window);
  return self;
}
