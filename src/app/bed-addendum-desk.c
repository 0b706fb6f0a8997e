/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-addendum-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-addendum-window.h"
#include "bed-compare-window.h"
#include "bed-error-text.h"
#include "bed-record-signing.h"
#include "bed-record-text.h"
#include "bed-time-text.h"

struct _BedAddendumDesk
{
  GObject parent_instance;
  BedSession *session;         /* owned */
  BedClock *clock;             /* owned */
  BedWindow *window;           /* owned */
  BedNoteWords *words;         /* owned */
  BedRecordStore *store;       /* owned while open */
  BedNote *note;               /* owned: what the window is about */
  char *clinician;             /* owned: who signs */
  BedAddendumWindow *addendum; /* weak */
  BedCompareWindow *compare;   /* weak */
};

enum { SIGNED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedAddendumDesk, bed_addendum_desk, G_TYPE_OBJECT)

static void
tell (BedAddendumDesk *self, const GError *error)
{
  bed_window_warn_error (self->window, error);
}

/* --- Writing one ----------------------------------------------------------------------------- */

static char *
dup_draft (BedAddendumDesk *self, const char *prefix)
{
  g_autofree char *name = g_strconcat (prefix, bed_note_get_uuid (self->note), NULL);

  return bed_vault_dup_text (bed_session_get_vault (self->session), name);
}

/* text: (nullable): takes the draft away. */
static gboolean
keep_draft (BedAddendumDesk *self, const char *prefix, const char *text, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, bed_note_get_uuid (self->note), NULL);

  return bed_vault_set_text (bed_session_get_vault (self->session), name, text, error);
}

static gboolean
keep_sections (BedAddendumDesk *self, GError **error)
{
  g_auto (GStrv) sections = bed_addendum_window_dup_sections (self->addendum);
  g_autoptr (GVariant) list = NULL;
  g_autofree char *text = NULL;

  if (sections != NULL)
    {
      list = g_variant_ref_sink (g_variant_new_strv ((const char *const *) sections, -1));
      text = g_variant_print (list, FALSE);
    }
  return keep_draft (self, BED_ADDENDUM_DRAFT_SECTIONS, text, error);
}

gboolean
bed_addendum_desk_keep (BedAddendumDesk *self, GError **error)
{
  g_autofree char *text = NULL, *both = NULL;

  if (self->addendum == NULL || self->note == NULL || self->store == NULL)
    return TRUE;
  text = bed_addendum_window_dup_text (self->addendum);
  both = g_strdup_printf ("%s\n%s", bed_addendum_window_get_reason (self->addendum), text);
  return keep_draft (self, BED_ADDENDUM_DRAFT, g_str_equal (both, "\n") ? NULL : both, error)
         && keep_sections (self, error);
}

static void
keep_addendum (BedAddendumDesk *self)
{
  g_autoptr (GError) error = NULL;

  if (!bed_addendum_desk_keep (self, &error))
    tell (self, error);
}

static void
sign_addendum (BedAddendumDesk *self, const char *reason, const char *text)
{
  g_autoptr (BedNote) note = self->note != NULL ? g_object_ref (self->note) : NULL;
  g_auto (GStrv) sections = bed_addendum_window_dup_corrections (self->addendum);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL || note == NULL)
    return;
  if (!bed_record_store_add_addendum (self->store, note, self->clinician, reason, text,
                                      (const char *const *) sections, &error))
    {
      bed_addendum_window_set_error (self->addendum, bed_error_text (error));
      return;
    }
  if (!keep_draft (self, BED_ADDENDUM_DRAFT, NULL, &error)
      || !keep_draft (self, BED_ADDENDUM_DRAFT_SECTIONS, NULL, &error))
    tell (self, error);
  gtk_window_destroy (GTK_WINDOW (self->addendum));
  bed_window_toast (self->window, _("Addendum signed."));
  g_signal_emit (self, signals[SIGNED], 0, note);
}

static void
close_windows (BedAddendumDesk *self)
{
  if (self->addendum != NULL)
    {
      keep_addendum (self);
      gtk_window_destroy (GTK_WINDOW (self->addendum));
    }
  if (self->compare != NULL)
    gtk_window_destroy (GTK_WINDOW (self->compare));
}

/* The sections as they read since the last addendum. */
static void
add_sections (BedAddendumDesk *self, BedAddendumWindow *window)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) versions
      = bed_record_store_list_versions (self->store, bed_note_get_id (self->note), &error);
  guint n = versions != NULL ? g_list_model_get_n_items (versions) : 0;
  g_autoptr (BedNoteVersion) last = n > 0 ? g_list_model_get_item (versions, n - 1) : NULL;

  if (error != NULL)
    tell (self, error);
  for (guint i = 0; last != NULL && i < bed_note_version_get_n_sections (last); i++)
    bed_note_words_help (self->words,
                         bed_addendum_window_add_section (
                             window,
                             bed_record_text_heading (bed_note_version_get_heading (last, i)),
                             bed_note_version_get_section (last, i)));
}

/* What was begun and not signed is there again. */
static void
load_draft (BedAddendumDesk *self, BedAddendumWindow *window)
{
  g_autofree char *draft = dup_draft (self, BED_ADDENDUM_DRAFT);
  g_autofree char *corrected = dup_draft (self, BED_ADDENDUM_DRAFT_SECTIONS);
  g_autoptr (GVariant) list
      = corrected != NULL
            ? g_variant_parse (G_VARIANT_TYPE_STRING_ARRAY, corrected, NULL, NULL, NULL)
            : NULL;
  g_autofree const char **sections = list != NULL ? g_variant_get_strv (list, NULL) : NULL;
  char *text = draft != NULL ? strchr (draft, '\n') : NULL;

  if (text != NULL)
    *text = '\0';
  bed_addendum_window_load (window, text != NULL ? draft : "", text != NULL ? text + 1 : "",
                            sections);
}

void
bed_addendum_desk_write (BedAddendumDesk *self, BedNote *note, const char *clinician)
{
  if (self->store == NULL)
    return;
  close_windows (self);
  g_set_object (&self->note, note);
  g_free (self->clinician);
  self->clinician = g_strdup (clinician);
  g_set_weak_pointer (&self->addendum,
                      bed_addendum_window_new (GTK_WINDOW (self->window), clinician));
  bed_note_words_help (self->words, bed_addendum_window_get_field (self->addendum));
  add_sections (self, self->addendum);
  load_draft (self, self->addendum);
  g_signal_connect_object (self->addendum, "keep", G_CALLBACK (keep_addendum), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->addendum, "sign", G_CALLBACK (sign_addendum), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->addendum));
}

/* --- Versions -------------------------------------------------------------------------------- */

/* An addendum without corrections is compared by what it adds. */
static void
add_words (BedAddendumDesk *self, BedNoteVersion *old, BedNoteVersion *fresh)
{
  bed_compare_window_add_section (self->compare, _("Addendum"), bed_note_version_get_text (old),
                                  bed_note_version_get_text (fresh));
}

static void
compare_chosen (BedAddendumDesk *self, guint left, guint right)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) versions
      = self->store != NULL && self->note != NULL
            ? bed_record_store_list_versions (self->store, bed_note_get_id (self->note), &error)
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
dup_version_name (BedAddendumDesk *self, BedNoteVersion *version)
{
  guint number = bed_note_version_get_number (version);
  g_autofree char *when = bed_time_text_when (bed_note_version_get_signed_us (version),
                                              bed_clock_get_real_us (self->clock));
  /* Translators: the addenda of a note are numbered */
  g_autofree char *name
      = number == 1 ? g_strdup (_("As signed")) : g_strdup_printf (_("Addendum %u"), number - 1);

  return g_strdup_printf ("%s, %s", name, when);
}

void
bed_addendum_desk_compare (BedAddendumDesk *self, BedNote *note)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) versions
      = self->store != NULL
            ? bed_record_store_list_versions (self->store, bed_note_get_id (note), &error)
            : NULL;
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
  close_windows (self);
  g_set_object (&self->note, note);
  g_set_weak_pointer (&self->compare, bed_compare_window_new (GTK_WINDOW (self->window),
                                                              (const char *const *) names));
  g_signal_connect_object (self->compare, "chosen", G_CALLBACK (compare_chosen), self,
                           G_CONNECT_SWAPPED);
  compare_chosen (self, n - 2, n - 1);
  gtk_window_present (GTK_WINDOW (self->compare));
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_addendum_desk_set_store (BedAddendumDesk *self, BedRecordStore *store)
{
  close_windows (self);
  g_clear_object (&self->note);
  g_set_object (&self->store, store);
}

static void
bed_addendum_desk_dispose (GObject *object)
{
  BedAddendumDesk *self = BED_ADDENDUM_DESK (object);

  g_clear_weak_pointer (&self->addendum);
  g_clear_weak_pointer (&self->compare);
  g_clear_object (&self->note);
  g_clear_object (&self->store);
  g_clear_object (&self->words);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  g_clear_pointer (&self->clinician, g_free);
  G_OBJECT_CLASS (bed_addendum_desk_parent_class)->dispose (object);
}

static void
bed_addendum_desk_class_init (BedAddendumDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_addendum_desk_dispose;
  signals[SIGNED] = g_signal_new ("signed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, BED_TYPE_NOTE);
}

static void
bed_addendum_desk_init (BedAddendumDesk *self)
{
}

BedAddendumDesk *
bed_addendum_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                       BedNoteWords *words)
{
  BedAddendumDesk *self = g_object_new (BED_TYPE_ADDENDUM_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->words = g_object_ref (words);
  return self;
}
