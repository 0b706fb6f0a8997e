/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-addendum-window.h"
#include "bed-compare-window.h"
#include "bed-dialogs.h"
#include "bed-emergency-access.h"
#include "bed-error-text.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-record-text.h"
#include "bed-speller.h"
#include "bed-time-text.h"

#define DICTIONARY "dictionary"

struct _BedNoteDesk
{
  GObject parent_instance;
  BedSession *session;   /* owned */
  BedClock *clock;       /* owned */
  BedWindow *window;     /* owned */
  BedHandoverDesk *handover; /* owned */
  BedRecordStore *store; /* owned while open */
  BedSpeller *speller;   /* owned while open; (nullable) */
  char *stand_in;        /* owned; (nullable): who came in an emergency */
  GListModel *templates, *snippets; /* owned while open */
  GPtrArray *editors;    /* owned */
  BedNote *subject;      /* owned: what a question on the screen is about */
  BedAddendumWindow *addendum; /* weak */
  BedCompareWindow *compare;   /* weak */
};

G_DEFINE_FINAL_TYPE (BedNoteDesk, bed_note_desk, G_TYPE_OBJECT)

static void
tell (BedNoteDesk *self, const GError *error)
{
  bed_window_toast (self->window, bed_error_text (error));
}

/* Who came in with the emergency key signs by the name that they gave, not by the owner's. */
static const char *
stand_in (BedNoteDesk *self)
{
  g_autoptr (GListModel) uses = bed_emergency_access_list_unseen (self->store, NULL);
  g_autoptr (BedEmergencyUse) use = uses != NULL ? g_list_model_get_item (uses, 0) : NULL;

  g_free (self->stand_in);
  self->stand_in = g_strdup (use != NULL ? bed_emergency_use_get_who (use) : "");
  return self->stand_in;
}

static const char *
clinician (BedNoteDesk *self)
{
  const char *name = bed_session_get_display_name (self->session);

  if (self->store != NULL && bed_emergency_access_is_open (self->store))
    return stand_in (self);
  return name != NULL && *name != '\0' ? name : bed_session_get_login (self->session);
}

/* --- Help while typing ----------------------------------------------------------------------- */

static gboolean
help_check (const char *word, gpointer data)
{
  BedNoteDesk *self = data;

  return self->speller == NULL || bed_speller_check (self->speller, word);
}

static GStrv
help_suggest (const char *word, gpointer data)
{
  BedNoteDesk *self = data;

  return self->speller != NULL ? bed_speller_suggest (self->speller, word) : NULL;
}

static char *
dup_blob (BedNoteDesk *self, const char *name)
{
  g_autoptr (BedSecret) blob
      = bed_vault_get_blob (bed_session_get_vault (self->session), name, NULL);

  if (blob == NULL)
    return g_strdup ("");
  return g_strndup ((const char *) bed_secret_get_data (blob), bed_secret_get_length (blob));
}

/* value: (nullable): takes it away. */
static void
set_blob (BedNoteDesk *self, const char *name, const char *value)
{
  g_autoptr (BedSecret) blob = value != NULL ? bed_secret_new (value, strlen (value)) : NULL;
  g_autoptr (GError) error = NULL;

  if (!bed_vault_set_blob (bed_session_get_vault (self->session), name, blob, &error))
    tell (self, error);
}

static void
help_learn (const char *word, gpointer data)
{
  BedNoteDesk *self = data;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (self->speller == NULL)
    return;
  bed_speller_add (self->speller, word);
  before = dup_blob (self, DICTIONARY);
  after = g_strconcat (before, word, "\n", NULL);
  set_blob (self, DICTIONARY, after);
}

static char *
help_expand (const char *abbreviation, gpointer data)
{
  BedNoteDesk *self = data;

  return self->store != NULL ? bed_record_store_expand_snippet (self->store, abbreviation) : NULL;
}

static const BedNoteHelp help = { help_check, help_suggest, help_learn, help_expand };

static void
open_speller (BedNoteDesk *self)
{
  const char *const *languages = g_get_language_names ();
  g_autofree char *own = dup_blob (self, DICTIONARY);
  g_auto (GStrv) words = g_strsplit (own, "\n", -1);

  for (guint i = 0; languages[i] != NULL && self->speller == NULL; i++)
    if (strchr (languages[i], '.') == NULL && !g_str_equal (languages[i], "C"))
      {
        g_autofree char *tag = g_strdelimit (g_strdup (languages[i]), "_", '-');
        self->speller = bed_speller_new (tag);
      }
  for (guint i = 0; self->speller != NULL && words[i] != NULL; i++)
    if (*words[i] != '\0')
      bed_speller_add (self->speller, words[i]);
}

/* --- Templates and snippets ------------------------------------------------------------------ */

static void
show_templates (BedNoteDesk *self)
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
show_snippets (BedNoteDesk *self)
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
apply_template (BedNoteDesk *self, BedNote *note, const char *id)
{
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  if (!bed_record_store_apply_template (self->store, note, id, &error)
      || !bed_note_draft_flush (self->store, &error))
    tell (self, error);
}

/* --- Saving ---------------------------------------------------------------------------------- */

static void
note_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  GWeakRef *weak = data;
  g_autoptr (BedNoteEditor) editor = g_weak_ref_get (weak);
  g_autoptr (GError) error = NULL;
  gboolean saved = bed_note_draft_save_finish (BED_RECORD_STORE (source), result, &error);

  if (editor != NULL)
    bed_note_editor_set_error (editor, saved ? NULL : bed_error_text (error));
  g_weak_ref_clear (weak);
  g_free (weak);
}

static void
save_note (BedNoteDesk *self, BedNote *note, BedNoteEditor *editor)
{
  GWeakRef *weak;

  if (self->store == NULL)
    return;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, editor);
  bed_note_draft_save_async (self->store, note, NULL, note_saved, weak);
}

/* --- What is signed -------------------------------------------------------------------------- */

static const char *
verdict_text (BedNoteVerdict verdict)
{
  switch (verdict)
    {
    case BED_NOTE_VERDICT_DRAFT:
      return _("Nothing is signed yet.");
    case BED_NOTE_VERDICT_INTACT:
      return _("Unchanged since.");
    case BED_NOTE_VERDICT_FORGED:
      return _("The signature does not fit this text: it was changed, or is forged.");
    case BED_NOTE_VERDICT_UNKNOWN_KEY:
      return _("It was signed with a key that this record does not know.");
    case BED_NOTE_VERDICT_UNLINKED:
      return _("Versions are missing, or in another order.");
    case BED_NOTE_VERDICT_TEXT_CHANGED:
      return _("What is shown is not what was signed.");
    case BED_NOTE_VERDICT_FACTS_CHANGED:
      return _("The facts of the consultation are not as they were signed.");
    case BED_NOTE_VERDICT_ATTACHMENT_CHANGED:
    default:
      return _("A signed attachment is gone, or is another one.");
    }
}

static gboolean
show_seal (BedNoteDesk *self, BedNoteEditor *editor, BedNote *note)
{
  BedNoteVerdict verdict = BED_NOTE_VERDICT_DRAFT;
  g_autoptr (GError) error = NULL;

  if (!bed_record_store_verify_note (self->store, bed_note_get_id (note), &verdict, NULL, &error))
    {
      tell (self, error);
      return FALSE;
    }
  bed_note_paper_set_seal (bed_note_editor_get_paper (editor),
                           verdict == BED_NOTE_VERDICT_INTACT ? BED_PAPER_INTACT : BED_PAPER_BROKEN,
                           verdict_text (verdict));
  return verdict == BED_NOTE_VERDICT_INTACT;
}

static void
add_version (BedNoteDesk *self, BedNotePaper *paper, BedNoteVersion *version)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autofree char *when = bed_time_text_when (bed_note_version_get_signed_us (version), now);
  const char *who = bed_note_version_get_author_name (version);
  guint number = bed_note_version_get_number (version);

  if (number == 1)
    bed_note_paper_set_signature (paper, who, when);
  else
    bed_note_paper_add_addendum (paper, number - 1, who, when,
                                 bed_note_version_get_reason (version),
                                 bed_note_version_get_text (version),
                                 bed_note_version_get_corrects (version));
}

static void
fill_paper (BedNoteDesk *self, BedNote *note, BedNoteEditor *editor)
{
  BedNotePaper *paper = bed_note_editor_get_paper (editor);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) versions
      = self->store != NULL
            ? bed_record_store_list_versions (self->store, bed_note_get_id (note), &error)
            : NULL;
  guint n = versions != NULL ? g_list_model_get_n_items (versions) : 0;
  g_autoptr (BedNoteVersion) last = n > 0 ? g_list_model_get_item (versions, n - 1) : NULL;

  bed_note_paper_clear (paper);
  if (last == NULL)
    {
      if (error != NULL)
        tell (self, error);
      return;
    }
  for (guint i = 0; i < bed_note_version_get_n_sections (last); i++)
    bed_note_paper_add_section (paper,
                                bed_record_text_heading (bed_note_version_get_heading (last, i)),
                                bed_note_version_get_section (last, i));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (versions, i);
      add_version (self, paper, version);
    }
  show_seal (self, editor, note);
}

static void
refill (BedNoteDesk *self, BedNote *note)
{
  for (guint i = 0; i < self->editors->len; i++)
    if (bed_note_editor_get_note (g_ptr_array_index (self->editors, i)) == note)
      fill_paper (self, note, g_ptr_array_index (self->editors, i));
}

static void
sign_answered (GObject *object, const char *answer)
{
  BedNoteDesk *self = BED_NOTE_DESK (object);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL || self->subject == NULL)
    return;
  if (bed_record_store_sign_note (self->store, self->subject, clinician (self), &error))
    bed_window_toast (self->window, _("Signed."));
  else
    tell (self, error);
}

static void
sign (BedNoteDesk *self)
{
  /* Translators: %s is a name */
  g_autofree char *text = g_strdup_printf (
      _("You sign it as %s, with the time and the facts above. After that nobody can change it, you "
        "neither; what is missing is added as an addendum."),
      clinician (self));

  bed_dialog_confirm (GTK_WINDOW (self->window), _("Sign this note?"), text, _("Sign"), FALSE,
                      sign_answered, G_OBJECT (self));
}

static void
verify (BedNoteDesk *self, BedNoteEditor *editor)
{
  if (show_seal (self, editor, self->subject))
    bed_window_toast (self->window, _("Checked: every signature fits, nothing was changed."));
}

/* --- Addenda --------------------------------------------------------------------------------- */

static char *
dup_draft_name (BedNoteDesk *self)
{
  return g_strdup_printf ("addendum-%s", bed_note_get_uuid (self->subject));
}

static void
keep_addendum (BedNoteDesk *self)
{
  g_autofree char *name = NULL, *text = NULL, *both = NULL;

  if (self->addendum == NULL || self->subject == NULL || self->store == NULL)
    return;
  name = dup_draft_name (self);
  text = bed_addendum_window_dup_text (self->addendum);
  both = g_strdup_printf ("%s\n%s", bed_addendum_window_get_reason (self->addendum), text);
  set_blob (self, name, g_str_equal (both, "\n") ? NULL : both);
}

static void
sign_addendum (BedNoteDesk *self, const char *reason, const char *text)
{
  g_autoptr (BedNote) note = self->subject != NULL ? g_object_ref (self->subject) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  if (self->store == NULL || note == NULL)
    return;
  if (!bed_record_store_add_addendum (self->store, note, clinician (self), reason, text, NULL,
                                      &error))
    {
      bed_addendum_window_set_error (self->addendum, bed_error_text (error));
      return;
    }
  name = dup_draft_name (self);
  set_blob (self, name, NULL);
  gtk_window_destroy (GTK_WINDOW (self->addendum));
  bed_window_toast (self->window, _("Addendum signed."));
  refill (self, note);
}

/* What was begun and not signed is there again. */
static void
write_addendum (BedNoteDesk *self)
{
  g_autofree char *name = dup_draft_name (self);
  g_autofree char *draft = dup_blob (self, name);
  char *text = strchr (draft, '\n');

  g_set_weak_pointer (&self->addendum, bed_addendum_window_new (GTK_WINDOW (self->window),
                                                                clinician (self)));
  bed_note_field_set_help (bed_addendum_window_get_field (self->addendum), &help, self);
  if (text != NULL)
    {
      *text = '\0';
      bed_addendum_window_load (self->addendum, draft, text + 1);
    }
  g_signal_connect_object (self->addendum, "keep", G_CALLBACK (keep_addendum), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->addendum, "sign", G_CALLBACK (sign_addendum), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->addendum));
}

/* --- Versions -------------------------------------------------------------------------------- */

/* An addendum without corrections is compared by what it adds. */
static void
add_words (BedNoteDesk *self, BedNoteVersion *old, BedNoteVersion *fresh)
{
  bed_compare_window_add_section (self->compare, _("Addendum"), bed_note_version_get_text (old),
                                  bed_note_version_get_text (fresh));
}

static void
compare_chosen (BedNoteDesk *self, guint left, guint right)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) versions
      = self->store != NULL && self->subject != NULL
            ? bed_record_store_list_versions (self->store, bed_note_get_id (self->subject), &error)
            : NULL;
  g_autoptr (BedNoteVersion) old = versions != NULL ? g_list_model_get_item (versions, left) : NULL;
  g_autoptr (BedNoteVersion) fresh
      = versions != NULL ? g_list_model_get_item (versions, right) : NULL;

  bed_compare_window_clear (self->compare);
  if (old == NULL || fresh == NULL)
    return;
  for (guint i = 0; i < bed_note_version_get_n_sections (fresh); i++)
    bed_compare_window_add_section (
        self->compare, bed_record_text_heading (bed_note_version_get_heading (fresh, i)),
        i < bed_note_version_get_n_sections (old) ? bed_note_version_get_section (old, i) : "",
        bed_note_version_get_section (fresh, i));
  add_words (self, old, fresh);
}

static char *
dup_version_name (BedNoteDesk *self, BedNoteVersion *version)
{
  guint number = bed_note_version_get_number (version);
  g_autofree char *when = bed_time_text_when (bed_note_version_get_signed_us (version),
                                              bed_clock_get_real_us (self->clock));
  /* Translators: the addenda of a note are numbered */
  g_autofree char *name
      = number == 1 ? g_strdup (_("As signed")) : g_strdup_printf (_("Addendum %u"), number - 1);

  return g_strdup_printf ("%s, %s", name, when);
}

static void
compare (BedNoteDesk *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) versions
      = bed_record_store_list_versions (self->store, bed_note_get_id (self->subject), &error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  guint n = versions != NULL ? g_list_model_get_n_items (versions) : 0;

  if (n < 2)
    {
      if (error != NULL)
        tell (self, error);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (versions, i);
      g_autofree char *name = dup_version_name (self, version);
      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  g_set_weak_pointer (&self->compare, bed_compare_window_new (GTK_WINDOW (self->window),
                                                              (const char *const *) names));
  g_signal_connect_object (self->compare, "chosen", G_CALLBACK (compare_chosen), self,
                           G_CONNECT_SWAPPED);
  compare_chosen (self, n - 2, n - 1);
  gtk_window_present (GTK_WINDOW (self->compare));
}

/* --- Deleting a draft, with a way back ------------------------------------------------------- */

static void
undo_clicked (AdwToast *toast, BedNoteDesk *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (toast), "note");
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note
      = self->store != NULL ? bed_record_store_restore_note (self->store, *id, &error) : NULL;

  if (note != NULL)
    bed_notes_page_show_note (bed_home_page_get_notes (bed_window_get_home (self->window)), note);
  else if (error != NULL)
    tell (self, error);
}

static void
delete_note (BedNoteDesk *self, BedNoteEditor *editor)
{
  g_autoptr (GError) error = NULL;
  gint64 id = bed_note_get_id (self->subject);
  AdwToast *toast;

  if (!bed_note_draft_flush (self->store, &error)
      || !bed_record_store_delete_note (self->store, self->subject, &error))
    {
      tell (self, error);
      return;
    }
  bed_note_editor_set_note (editor, NULL, NULL);
  bed_notes_page_close_note (bed_home_page_get_notes (bed_window_get_home (self->window)));
  toast = bed_window_toast_with_button (self->window, _("Draft deleted."), _("Undo"));
  g_object_set_data_full (G_OBJECT (toast), "note", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked), self, 0);
}

static void
asked (BedNoteDesk *self, BedNote *note, int what, BedNoteEditor *editor)
{
  if (self->store == NULL)
    return;
  g_set_object (&self->subject, note);
  switch ((BedNoteAsk) what)
    {
    case BED_NOTE_ASK_SIGN:
      sign (self);
      break;
    case BED_NOTE_ASK_ADDENDUM:
      write_addendum (self);
      break;
    case BED_NOTE_ASK_VERIFY:
      verify (self, editor);
      break;
    case BED_NOTE_ASK_COMPARE:
      compare (self);
      break;
    case BED_NOTE_ASK_HAND_OVER:
      bed_handover_desk_present (self->handover, note, bed_note_get_patient_id (note));
      break;
    case BED_NOTE_ASK_DELETE:
    default:
      delete_note (self, editor);
      break;
    }
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
close_store (BedNoteDesk *self)
{
  if (self->addendum != NULL)
    {
      keep_addendum (self);
      gtk_window_destroy (GTK_WINDOW (self->addendum));
    }
  if (self->compare != NULL)
    gtk_window_destroy (GTK_WINDOW (self->compare));
  if (self->templates != NULL)
    g_signal_handlers_disconnect_by_data (self->templates, self);
  if (self->snippets != NULL)
    g_signal_handlers_disconnect_by_data (self->snippets, self);
  g_clear_object (&self->templates);
  g_clear_object (&self->snippets);
  g_clear_object (&self->speller);
  g_clear_object (&self->subject);
  g_clear_object (&self->store);
}

void
bed_note_desk_set_store (BedNoteDesk *self, BedRecordStore *store)
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
bed_note_desk_follow (BedNoteDesk *self, BedNoteEditor *editor)
{
  g_ptr_array_add (self->editors, g_object_ref (editor));
  bed_note_editor_set_help (editor, &help, self);
  g_signal_connect_object (editor, "save", G_CALLBACK (save_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "ask", G_CALLBACK (asked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "template", G_CALLBACK (apply_template), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "paper", G_CALLBACK (fill_paper), self, G_CONNECT_SWAPPED);
}

static void
bed_note_desk_dispose (GObject *object)
{
  BedNoteDesk *self = BED_NOTE_DESK (object);

  for (guint i = 0; self->editors != NULL && i < self->editors->len; i++)
    bed_note_editor_set_help (g_ptr_array_index (self->editors, i), NULL, NULL);
  g_clear_pointer (&self->editors, g_ptr_array_unref);
  g_clear_weak_pointer (&self->addendum);
  g_clear_weak_pointer (&self->compare);
  g_clear_object (&self->templates);
  g_clear_object (&self->snippets);
  g_clear_object (&self->speller);
  g_clear_object (&self->subject);
  g_clear_object (&self->store);
  g_clear_pointer (&self->stand_in, g_free);
  g_clear_object (&self->handover);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_note_desk_parent_class)->dispose (object);
}

static void
bed_note_desk_class_init (BedNoteDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_note_desk_dispose;
}

static void
bed_note_desk_init (BedNoteDesk *self)
{
  self->editors = g_ptr_array_new_with_free_func (g_object_unref);
}

BedNoteDesk *
bed_note_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                   BedHandoverDesk *handover)
{
  BedNoteDesk *self = g_object_new (BED_TYPE_NOTE_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->handover = g_object_ref (handover);
  return self;
}
