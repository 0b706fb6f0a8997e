/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-phrases-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-error-text.h"
#include "bed-phrase-window.h"
#include "bed-phrases-page.h"
#include "bed-record-templates.h"
#include "bed-record-text.h"
#include "bed-toast.h"

struct _BedPhrasesDesk
{
  GObject parent_instance;
  BedRecordStore *store; /* owned while open */
  BedPhrasesPage *page;  /* weak */
  AdwPreferencesWindow *window; /* weak */
  BedPhraseWindow *shown;       /* weak */
  AdwToast *offer;              /* weak: the last with a button */
  GObject *subject;      /* owned: the template or snippet that is edited; (nullable): a new one */
};

G_DEFINE_FINAL_TYPE (BedPhrasesDesk, bed_phrases_desk, G_TYPE_OBJECT)

static void
tell (BedPhrasesDesk *self, const char *text)
{
  if (self->window != NULL)
    adw_preferences_window_add_toast (self->window, bed_toast_new (self->window, text, NULL));
}

/* What can be taken back: `key` (transfer full) says of what. */
static void
offer_undo (BedPhrasesDesk *self, const char *text, GCallback undo, gpointer key,
            GDestroyNotify free_key)
{
  AdwToast *toast = bed_toast_new (self->window, text, _("Undo"));

  /* Only what was done last is offered to be taken back: an older offer would undo the newer, too. */
  if (self->offer != NULL)
    adw_toast_dismiss (self->offer);
  g_set_weak_pointer (&self->offer, toast);
  adw_toast_set_timeout (toast, 8);
  g_object_set_data_full (G_OBJECT (toast), "key", key, free_key);
  g_signal_connect_object (toast, "button-clicked", undo, self, 0);
  adw_preferences_window_add_toast (self->window, toast);
}

typedef struct
{
  GObject *saved, *before; /* owned */
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_object_unref (self->saved);
  g_object_unref (self->before);
  g_free (self);
}

/* What was saved, and a copy of how it was. */
static void
offer_change (BedPhrasesDesk *self, const char *text, GCallback undo, gpointer saved,
              gpointer before)
{
  Change *change = g_new0 (Change, 1);

  change->saved = g_object_ref (saved);
  change->before = g_object_ref (before);
  offer_undo (self, text, undo, change, change_free);
}

static void
present (BedPhrasesDesk *self, BedPhraseWindow *window, GObject *subject, GCallback save)
{
  g_set_weak_pointer (&self->shown, window);
  g_set_object (&self->subject, subject);
  g_signal_connect_object (window, "save", save, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

/* why: in words, when it is not good: what was typed stays. */
static void
finish (BedPhrasesDesk *self, gboolean good, const char *why)
{
  if (self->shown == NULL)
    return;
  if (good)
    gtk_window_destroy (GTK_WINDOW (self->shown));
  else
    bed_phrase_window_set_error (self->shown, why);
}

/* --- Templates ------------------------------------------------------------------------------- */

/* The product's own id for a heading, so that others read it in their language. */
static char *
dup_heading (const char *line)
{
  const char *const *ids = bed_heading_list_ids ();

  for (guint i = 0; ids[i] != NULL; i++)
    if (g_str_equal (bed_record_text_heading (ids[i]), line))
      return g_strdup (ids[i]);
  return g_strconcat ("=", line, NULL);
}

/* A line each, NULL-terminated. (transfer full) */
static GStrv
dup_headings (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *headings = g_ptr_array_new ();

  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_ptr_array_add (headings, dup_heading (lines[i]));
  g_ptr_array_add (headings, NULL);
  return (GStrv) g_ptr_array_free (headings, FALSE);
}

static void
clear_template (BedTemplate *template, const char *name)
{
  bed_template_set_name (template, name);
  while (bed_template_get_n_sections (template) > 0 && bed_template_remove_section (template, 0))
    ;
}

/* Headings, a line each; the prepared texts of those that stay or are renamed go along.
 * before: (nullable). Returns: (transfer full) (nullable): why they cannot be kept, in words. */
static char *
fill_template (BedTemplate *template, BedTemplate *before, const char *name, const char *text)
{
  g_auto (GStrv) headings = dup_headings (text);
  const char *const *all = (const char *const *) headings;

  clear_template (template, name);
  for (guint i = 0; headings[i] != NULL; i++)
    {
      if (bed_template_get_n_sections (template) == BED_NOTE_SECTIONS_MAX)
        return g_strdup (_("A template has at most eight headings. Take some away."));
      if (!bed_template_add_section (template, headings[i],
                                     before != NULL ? bed_template_carry_text (before, all, i)
                                                    : ""))
        /* Translators: %u is its number, from the top */
        return g_strdup_printf (_("Heading %u is too long. Shorten it to a few words."), i + 1);
    }
  return NULL;
}

static void
put_template_back (BedTemplate *template, BedTemplate *before)
{
  clear_template (template, bed_template_get_name (before));
  for (guint i = 0; i < bed_template_get_n_sections (before); i++)
    bed_template_add_section (template, bed_template_get_heading (before, i),
                              bed_template_get_text (before, i));
}

static void
undo_save_template (AdwToast *toast, BedPhrasesDesk *self)
{
  Change *change = g_object_get_data (G_OBJECT (toast), "key");
  BedTemplate *template = BED_TEMPLATE (change->saved);
  g_autoptr (GError) error = NULL;

  put_template_back (template, BED_TEMPLATE (change->before));
  if (self->store != NULL && !bed_record_store_save_template (self->store, template, &error))
    tell (self, bed_error_text (error));
}

static const char *
template_error_text (const GError *error)
{
  return g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID)
             ? _("The name is too long, or there are too many templates. Shorten it, or delete one.")
             : bed_error_text (error);
}

static void
save_template (BedPhrasesDesk *self, const char *name, const char *text)
{
  BedTemplate *old = BED_IS_TEMPLATE (self->subject) ? BED_TEMPLATE (self->subject) : NULL;
  g_autoptr (BedTemplate) built = old != NULL ? g_object_ref (old) : bed_template_new (name);
  g_autoptr (BedTemplate) before
      = old != NULL ? bed_template_copy (old, bed_template_get_name (old)) : NULL;
  g_autoptr (GError) error = NULL;
  gboolean kept_before = *bed_template_get_id (built) != '\0';
  g_autofree char *unfit = fill_template (built, before, name, text);
  gboolean good = unfit == NULL && self->store != NULL
                  && bed_record_store_save_template (self->store, built, &error);

  if (good && kept_before)
    offer_change (self, _("Template saved."), G_CALLBACK (undo_save_template), built, before);
  if (!good && before != NULL)
    put_template_back (built, before);
  finish (self, good, unfit != NULL ? unfit : good ? NULL : template_error_text (error));
}

static void
edit_template (BedPhrasesDesk *self, BedTemplate *template)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  BedPhraseWindow *window = bed_phrase_window_new (
      GTK_WINDOW (self->window), template != NULL ? _("Edit template") : _("New template"),
      _("Name"), _("Headings"), _("One a line, at most eight"));

  for (guint i = 0; template != NULL && i < bed_template_get_n_sections (template); i++)
    g_string_append_printf (lines, "%s\n",
                            bed_record_text_heading (bed_template_get_heading (template, i)));
  bed_phrase_window_load (window, template != NULL ? bed_template_get_name (template) : "",
                          lines->str);
  present (self, window, G_OBJECT (template), G_CALLBACK (save_template));
}

static void
new_template (BedPhrasesDesk *self)
{
  edit_template (self, NULL);
}

static void
copy_template (BedPhrasesDesk *self, BedTemplate *template)
{
  /* Translators: %s is a template's name */
  g_autofree char *name = g_strdup_printf (
      _("%s, copy"), bed_record_text_template (bed_template_get_id (template),
                                               bed_template_get_name (template)));
  g_autoptr (BedTemplate) copy = bed_template_copy (template, name);

  edit_template (self, copy);
}

static void
undo_template (AdwToast *toast, BedPhrasesDesk *self)
{
  g_autoptr (GError) error = NULL;

  if (self->store != NULL
      && !bed_record_store_restore_template (self->store,
                                             g_object_get_data (G_OBJECT (toast), "key"), &error))
    tell (self, bed_error_text (error));
}

static void
delete_template (BedPhrasesDesk *self, BedTemplate *template)
{
  g_autoptr (GError) error = NULL;
  char *id = g_strdup (bed_template_get_id (template));

  if (self->store != NULL && bed_record_store_delete_template (self->store, id, &error))
    offer_undo (self, _("Template deleted. It can be taken back under Keep and erase."),
                G_CALLBACK (undo_template), id, g_free);
  else
    {
      g_free (id);
      tell (self, bed_error_text (error));
    }
}

static void
move_template (BedPhrasesDesk *self, BedTemplate *template, int by)
{
  g_autoptr (GListModel) templates
      = self->store != NULL ? bed_record_store_list_templates (self->store) : NULL;
  g_autoptr (GError) error = NULL;
  int own = 0, at = -1;

  for (guint i = 0; templates != NULL && i < g_list_model_get_n_items (templates); i++)
    {
      g_autoptr (BedTemplate) one = g_list_model_get_item (templates, i);
      if (bed_template_is_built_in (one))
        continue;
      if (g_str_equal (bed_template_get_id (one), bed_template_get_id (template)))
        at = own;
      own++;
    }
  if (at >= 0 && at + by >= 0 && at + by < own
      && !bed_record_store_move_template (self->store, bed_template_get_id (template),
                                          (guint) (at + by), &error))
    tell (self, bed_error_text (error));
}

/* --- Snippets -------------------------------------------------------------------------------- */

const char *
bed_phrases_restore_text (const GError *error)
{
  return g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID)
             ? _("Another snippet has this abbreviation now. Give that one another, then take this "
                 "one back.")
             : bed_error_text (error);
}

static void
set_snippet (BedSnippet *snippet, const char *abbreviation, const char *text)
{
  bed_snippet_set_abbreviation (snippet, abbreviation);
  bed_snippet_set_text (snippet, text);
}

/* Why it was not saved as it is now. */
static const char *
snippet_error_text (BedSnippet *snippet, const GError *error)
{
  if (!g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID))
    return bed_error_text (error);
  if (bed_snippet_is_valid (snippet))
    return _("Another snippet has this abbreviation. Give this one another.");
  if (strlen (bed_snippet_get_text (snippet)) > BED_SNIPPET_TEXT_MAX)
    return _("The text is too long. Shorten it, or make two snippets of it.");
  return _("An abbreviation is one short word: take out spaces, or shorten it.");
}

static void
undo_save_snippet (AdwToast *toast, BedPhrasesDesk *self)
{
  Change *change = g_object_get_data (G_OBJECT (toast), "key");
  BedSnippet *snippet = BED_SNIPPET (change->saved), *before = BED_SNIPPET (change->before);
  g_autoptr (GError) error = NULL;

  set_snippet (snippet, bed_snippet_get_abbreviation (before), bed_snippet_get_text (before));
  if (self->store != NULL && !bed_record_store_save_snippet (self->store, snippet, &error))
    tell (self, bed_phrases_restore_text (error));
}

static void
save_snippet (BedPhrasesDesk *self, const char *name, const char *text)
{
  g_autoptr (BedSnippet) snippet
      = self->subject != NULL ? g_object_ref (BED_SNIPPET (self->subject))
                              : bed_snippet_new (name, text);
  g_autoptr (BedSnippet) before = bed_snippet_new (bed_snippet_get_abbreviation (snippet),
                                                   bed_snippet_get_text (snippet));
  g_autoptr (GError) error = NULL;
  const char *why;
  gboolean good;

  set_snippet (snippet, name, text);
  good = self->store != NULL && bed_record_store_save_snippet (self->store, snippet, &error);
  if (good && self->subject != NULL)
    offer_change (self, _("Snippet saved."), G_CALLBACK (undo_save_snippet), snippet, before);
  why = good ? NULL : snippet_error_text (snippet, error);
  if (!good)
    set_snippet (snippet, bed_snippet_get_abbreviation (before), bed_snippet_get_text (before));
  finish (self, good, why);
}

static void
edit_snippet (BedPhrasesDesk *self, BedSnippet *snippet)
{
  BedPhraseWindow *window = bed_phrase_window_new (
      GTK_WINDOW (self->window), snippet != NULL ? _("Edit snippet") : _("New snippet"),
      _("Abbreviation"), _("Text"), _("What stands there after the abbreviation and a space"));

  if (snippet != NULL)
    bed_phrase_window_load (window, bed_snippet_get_abbreviation (snippet),
                            bed_snippet_get_text (snippet));
  present (self, window, G_OBJECT (snippet), G_CALLBACK (save_snippet));
}

static void
new_snippet (BedPhrasesDesk *self)
{
  edit_snippet (self, NULL);
}

static void
undo_snippet (AdwToast *toast, BedPhrasesDesk *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (toast), "key");
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_restore_snippet (self->store, *id, &error))
    tell (self, bed_phrases_restore_text (error));
}

static void
delete_snippet (BedPhrasesDesk *self, BedSnippet *snippet)
{
  gint64 id = bed_snippet_get_id (snippet);
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && bed_record_store_delete_snippet (self->store, id, &error))
    offer_undo (self, _("Snippet deleted. It can be taken back under Keep and erase."),
                G_CALLBACK (undo_snippet), g_memdup2 (&id, sizeof id), g_free);
  else
    tell (self, bed_error_text (error));
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_phrases_desk_open (BedPhrasesDesk *self, AdwPreferencesWindow *window)
{
  static const struct
  {
    const char *name;
    GCallback callback;
  } acts[] = {
    { "new-template", G_CALLBACK (new_template) },
    { "copy-template", G_CALLBACK (copy_template) },
    { "edit-template", G_CALLBACK (edit_template) },
    { "delete-template", G_CALLBACK (delete_template) },
      { "move-template", G_CALLBACK (move_template) },
    { "new-snippet", G_CALLBACK (new_snippet) },
    { "edit-snippet", G_CALLBACK (edit_snippet) },
    { "delete-snippet", G_CALLBACK (delete_snippet) },
  };
  g_autoptr (GListModel) templates = NULL, snippets = NULL;

  if (self->store == NULL)
    return;
  templates = bed_record_store_list_templates (self->store);
  snippets = bed_record_store_list_snippets (self->store);
  g_set_weak_pointer (&self->window, window);
  g_set_weak_pointer (&self->page, bed_phrases_page_new ());
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    g_signal_connect_object (self->page, acts[i].name, acts[i].callback, self, G_CONNECT_SWAPPED);
  bed_phrases_page_set_lists (self->page, templates, snippets);
  adw_preferences_window_present_subpage (window, GTK_WIDGET (self->page));
}

void
bed_phrases_desk_set_store (BedPhrasesDesk *self, BedRecordStore *store)
{
  if (store == NULL && self->page != NULL)
    bed_phrases_page_set_lists (self->page, NULL, NULL);
  g_set_object (&self->store, store);
}

static void
bed_phrases_desk_dispose (GObject *object)
{
  BedPhrasesDesk *self = BED_PHRASES_DESK (object);

  g_clear_weak_pointer (&self->page);
  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->shown);
  g_clear_weak_pointer (&self->offer);
  g_clear_object (&self->subject);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (bed_phrases_desk_parent_class)->dispose (object);
}

static void
bed_phrases_desk_class_init (BedPhrasesDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_phrases_desk_dispose;
}

static void
bed_phrases_desk_init (BedPhrasesDesk *self)
{
}

BedPhrasesDesk *
bed_phrases_desk_new (void)
{
  return g_object_new (BED_TYPE_PHRASES_DESK, NULL);
}
