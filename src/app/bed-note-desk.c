/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-desk.h"

#include <glib/gi18n.h>

#include "bed-addendum-desk.h"
#include "bed-dialogs.h"
#include "bed-author.h"
#include "bed-error-text.h"
#include "bed-record-signing.h"
#include "bed-record-text.h"
#include "bed-record-trail.h"
#include "bed-time-text.h"

struct _BedNoteDesk
{
  GObject parent_instance;
  BedSession *session;   /* owned */
  BedClock *clock;       /* owned */
  BedWindow *window;     /* owned */
  BedHandoverDesk *handover; /* owned */
  BedNoteWords *words;       /* owned */
  BedAddendumDesk *addenda;  /* owned */
  BedRecordStore *store; /* owned while open */
  char *clinician;       /* owned: who signs */
  GPtrArray *editors;    /* owned */
  BedNote *subject;      /* owned: what a question on the screen is about */
};

G_DEFINE_FINAL_TYPE (BedNoteDesk, bed_note_desk, G_TYPE_OBJECT)

static void
tell (BedNoteDesk *self, const GError *error)
{
  bed_window_warn_error (self->window, error);
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

/* The number of the addendum that gave a section its words; 0: they are as first signed. */
static guint
corrected_in (GListModel *versions, guint section)
{
  guint addendum = 0;

  for (guint i = 1; i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (BedNoteVersion) before = g_list_model_get_item (versions, i - 1);
      g_autoptr (BedNoteVersion) after = g_list_model_get_item (versions, i);

      if (section < bed_note_version_get_n_sections (before)
          && section < bed_note_version_get_n_sections (after)
          && !g_str_equal (bed_note_version_get_section (before, section),
                           bed_note_version_get_section (after, section)))
        addendum = i;
    }
  return addendum;
}

static void
add_sections (BedNotePaper *paper, GListModel *versions, BedNoteVersion *last)
{
  for (guint i = 0; i < bed_note_version_get_n_sections (last); i++)
    {
      guint addendum = corrected_in (versions, i);

      bed_note_paper_add_section (paper,
                                  bed_record_text_heading (bed_note_version_get_heading (last, i)),
                                  bed_note_version_get_section (last, i));
      if (addendum > 0)
        bed_note_paper_mark_corrected (paper, addendum);
    }
}

/* The facts beside the paper name who it was signed for. */
static void
show_signed_for (BedNoteDesk *self, BedNoteEditor *editor, BedNote *note, GListModel *versions)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNoteFacts) now
      = bed_record_store_get_facts (self->store, bed_note_get_encounter_id (note), &error);

  if (now == NULL)
    tell (self, error);
  bed_note_editor_set_signed (editor, bed_note_version_list_get_patient (versions), now);
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
  add_sections (paper, versions, last);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (versions, i);
      add_version (self, paper, version);
    }
  show_signed_for (self, editor, note, versions);
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
  if (bed_record_store_sign_note (self->store, self->subject, self->clinician, &error))
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
      self->clinician);

  bed_dialog_confirm (GTK_WINDOW (self->window), _("Sign this note?"), text, _("Sign"), FALSE,
                      sign_answered, G_OBJECT (self));
}

static void
verify (BedNoteDesk *self, BedNoteEditor *editor)
{
  if (show_seal (self, editor, self->subject))
    bed_window_toast (self->window, _("Checked: every signature fits, nothing was changed."));
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
  toast = bed_window_toast_with_button (
      self->window, _("Draft deleted. It can be taken back in Preferences, Notes."), _("Undo"));
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
      bed_addendum_desk_write (self->addenda, note, self->clinician);
      break;
    case BED_NOTE_ASK_VERIFY:
      verify (self, editor);
      break;
    case BED_NOTE_ASK_COMPARE:
      bed_addendum_desk_compare (self->addenda, note);
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

static void
note_opened (BedNoteDesk *self, GObject *opened)
{
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_opened (self->store, opened, &error))
    tell (self, error);
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_note_desk_set_store (BedNoteDesk *self, BedRecordStore *store)
{
  bed_addendum_desk_set_store (self->addenda, store);
  bed_note_words_set_store (self->words, store);
  g_clear_object (&self->subject);
  g_set_object (&self->store, store);
  g_free (self->clinician);
  self->clinician = store != NULL ? bed_author_dup_name (self->session, store) : NULL;
}

gboolean
bed_note_desk_keep (BedNoteDesk *self, GError **error)
{
  return bed_addendum_desk_keep (self->addenda, error);
}

void
bed_note_desk_follow (BedNoteDesk *self, BedNoteEditor *editor)
{
  g_ptr_array_add (self->editors, g_object_ref (editor));
  bed_note_words_follow (self->words, editor);
  g_signal_connect_object (editor, "shown", G_CALLBACK (note_opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "save", G_CALLBACK (save_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "ask", G_CALLBACK (asked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "paper", G_CALLBACK (fill_paper), self, G_CONNECT_SWAPPED);
}

static void
bed_note_desk_dispose (GObject *object)
{
  BedNoteDesk *self = BED_NOTE_DESK (object);

  g_clear_pointer (&self->editors, g_ptr_array_unref);
  g_clear_object (&self->addenda);
  g_clear_object (&self->words);
  g_clear_object (&self->subject);
  g_clear_object (&self->store);
  g_clear_pointer (&self->clinician, g_free);
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
  self->words = bed_note_words_new (window);
  self->addenda = bed_addendum_desk_new (session, clock, window, self->words);
  g_signal_connect_object (self->addenda, "signed", G_CALLBACK (refill), self, G_CONNECT_SWAPPED);
  return self;
}
