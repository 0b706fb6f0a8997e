/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-records-desk.h"

#include <glib/gi18n.h>

#include "bed-attachment-desk.h"
#include "bed-dialogs.h"
#include "bed-record-trail.h"
#include "bed-retention.h"

/* What the record takes is counted in bytes; a character has up to four. */
#define HOLD_REASON_CHARACTERS (BED_HOLD_REASON_MAX / 4)

struct _BedRecordsDesk
{
  GObject parent_instance;
  BedClock *clock;       /* owned */
  BedWindow *window;     /* owned */
  BedRecordStore *store; /* owned while open */
  BedNoteDesk *notes;    /* owned */
  BedAttachmentDesk *attachments; /* owned */
  BedEncounter *subject; /* owned: what a question on the screen is about */
  BedPatient *before;    /* owned: who is edited, as they were */
  BedPatient *held;      /* owned: whose legal hold is asked about */
  BedPatient *chosen;    /* owned: who the subject is to be assigned to for good */
};

enum { INVITE, ASSIGNED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedRecordsDesk, bed_records_desk, G_TYPE_OBJECT)

static void
tell (BedRecordsDesk *self, const GError *error)
{
  bed_window_warn_error (self->window, error);
}

static void
listen (BedRecordsDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

/* --- Notes ----------------------------------------------------------------------------------- */

BedNote *
bed_records_desk_open_note (BedRecordsDesk *self, gint64 encounter_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = NULL;

  if (self->store == NULL)
    return NULL;
  note = bed_record_store_get_encounter_note (self->store, encounter_id, &error);
  if (note == NULL && error == NULL)
    note = bed_record_store_create_note (self->store, encounter_id, "soap", &error);
  if (note == NULL)
    tell (self, error);
  return g_steal_pointer (&note);
}

void
bed_records_desk_show_note (BedRecordsDesk *self, BedNote *note)
{
  BedHomePage *home = bed_window_get_home (self->window);

  bed_window_show_page (self->window, BED_PAGE_HOME);
  bed_home_page_show_section (home, BED_HOME_NOTES);
  bed_notes_page_show_note (bed_home_page_get_notes (home), note);
}

static void
open_encounter (BedRecordsDesk *self, BedEncounter *encounter)
{
  g_autoptr (BedNote) note = bed_records_desk_open_note (self, bed_encounter_get_id (encounter));

  if (note != NULL)
    bed_records_desk_show_note (self, note);
}

/* A telephone call, a letter: a consultation that begins and ends as it is written down. */
static void
write_note (BedRecordsDesk *self, BedPatient *patient)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedEncounter) encounter
      = bed_record_store_start_encounter (self->store, bed_patient_get_id (patient), NULL, NULL,
                                          NULL, NULL, &error);
  g_autoptr (BedNote) note = NULL;

  if (encounter != NULL && bed_record_store_end_encounter (self->store, encounter, &error))
    note = bed_record_store_create_note (self->store, bed_encounter_get_id (encounter),
                                         "telephone", &error);
  if (note == NULL)
    {
      tell (self, error);
      return;
    }
  bed_records_desk_show_note (self, note);
  bed_note_editor_focus (
      bed_notes_page_get_editor (bed_home_page_get_notes (bed_window_get_home (self->window))));
}

/* --- Patients -------------------------------------------------------------------------------- */

static void
patient_saved (GObject *object, BedPatient *patient)
{
  BedRecordsDesk *self = BED_RECORDS_DESK (object);

  bed_patients_page_show_patient (bed_home_page_get_patients (bed_window_get_home (self->window)),
                                  patient);
}

static void
patient_opened (BedRecordsDesk *self, GObject *patient)
{
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_opened (self->store, patient, &error))
    tell (self, error);
}

static void
new_patient (BedRecordsDesk *self)
{
  g_autoptr (BedPatient) patient = bed_patient_new ("");

  bed_dialog_edit_patient (GTK_WINDOW (self->window), self->store, patient, patient_saved,
                           G_OBJECT (self));
}

/* What the form has fields for. */
static void
copy_details (BedPatient *from, BedPatient *to)
{
  bed_patient_set_name (to, bed_patient_get_name (from));
  bed_patient_set_birth_date (to, bed_patient_get_birth_date (from));
  bed_patient_set_telephone (to, bed_patient_get_telephone (from));
}

static BedPatient *
dup_details (BedPatient *patient)
{
  BedPatient *copy = bed_patient_new ("");

  copy_details (patient, copy);
  return copy;
}

static gboolean
has_details (BedPatient *a, BedPatient *b)
{
  return g_str_equal (bed_patient_get_name (a), bed_patient_get_name (b))
         && g_str_equal (bed_patient_get_birth_date (a), bed_patient_get_birth_date (b))
         && g_str_equal (bed_patient_get_telephone (a), bed_patient_get_telephone (b));
}

static void
undo_edit (AdwToast *toast, BedRecordsDesk *self)
{
  BedPatient *patient = g_object_get_data (G_OBJECT (toast), "patient");
  g_autoptr (BedPatient) now = dup_details (patient);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  copy_details (g_object_get_data (G_OBJECT (toast), "before"), patient);
  if (bed_record_store_save_patient (self->store, patient, &error))
    return;
  copy_details (now, patient);
  tell (self, error);
}

static void
patient_edited (GObject *object, BedPatient *patient)
{
  BedRecordsDesk *self = BED_RECORDS_DESK (object);
  AdwToast *toast;

  patient_saved (object, patient);
  if (self->before == NULL || has_details (self->before, patient))
    return;
  toast = bed_window_toast_with_button (self->window, _("Details saved."), _("Undo"));
  g_object_set_data_full (G_OBJECT (toast), "patient", g_object_ref (patient), g_object_unref);
  g_object_set_data_full (G_OBJECT (toast), "before", g_steal_pointer (&self->before),
                          g_object_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_edit), self, 0);
}

static void
edit_patient (BedRecordsDesk *self, BedPatient *patient)
{
  g_clear_object (&self->before);
  self->before = dup_details (patient);
  bed_dialog_edit_patient (GTK_WINDOW (self->window), self->store, patient, patient_edited,
                           G_OBJECT (self));
}

static void
undo_delete (AdwToast *toast, BedRecordsDesk *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (toast), "patient");
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_recover_patient (self->store, *id, &error))
    tell (self, error);
}

static void
delete_patient (BedRecordsDesk *self, BedPatient *patient)
{
  gint64 id = bed_patient_get_id (patient);
  g_autoptr (GError) error = NULL;
  AdwToast *toast;

  if (!bed_record_store_delete_patient (self->store, id, &error))
    {
      tell (self, error);
      return;
    }
  bed_patients_page_close_patient (bed_home_page_get_patients (bed_window_get_home (self->window)));
  toast = bed_window_toast_with_button (
      self->window, _("Deleted. It can be taken back in Preferences, Notes."), _("Undo"));
  g_object_set_data_full (G_OBJECT (toast), "patient", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_delete), self, 0);
}

/* reason: (nullable): the hold is lifted. */
static void
hold_answered (GObject *object, const char *reason)
{
  BedRecordsDesk *self = BED_RECORDS_DESK (object);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL || self->held == NULL)
    return;
  if (!bed_record_store_set_hold (self->store, bed_patient_get_id (self->held), reason != NULL,
                                  reason, &error))
    tell (self, error);
  bed_patients_page_show_hold (bed_home_page_get_patients (bed_window_get_home (self->window)));
}

static void
ask_hold (BedRecordsDesk *self, BedPatient *patient, gboolean place)
{
  g_set_object (&self->held, patient);
  if (place)
    bed_dialog_ask_text (GTK_WINDOW (self->window), _("Place under legal hold?"),
                         _("Nothing of this patient can be deleted or erased until the hold is "
                           "lifted. The audit trail keeps that you placed it."),
                         _("Reason"), NULL, _("Place hold"), TRUE, HOLD_REASON_CHARACTERS,
                         FALSE, hold_answered, G_OBJECT (self));
  else
    bed_dialog_confirm (GTK_WINDOW (self->window), _("Lift the legal hold?"),
                        _("The rules of keeping apply to this patient again. The audit trail keeps "
                          "that you lifted it, and the patient’s timeline why it was placed."),
                        _("Lift hold"), TRUE, hold_answered, G_OBJECT (self));
}

static void
invite_patient (BedRecordsDesk *self, BedPatient *patient)
{
  g_signal_emit (self, signals[INVITE], 0, patient);
}

static gboolean
set_patient (BedRecordsDesk *self, BedEncounter *encounter, gint64 patient_id)
{
  g_autoptr (GError) error = NULL;
  gboolean good = bed_record_store_assign_encounter (self->store, encounter, patient_id, &error);

  if (!good)
    tell (self, error);
  g_signal_emit (self, signals[ASSIGNED], 0);
  return good;
}

static void
undo_assign (AdwToast *toast, BedRecordsDesk *self)
{
  gint64 *before = g_object_get_data (G_OBJECT (toast), "patient");

  if (self->store != NULL)
    set_patient (self, g_object_get_data (G_OBJECT (toast), "encounter"), *before);
}

static AdwToast *
tell_assigned (BedRecordsDesk *self, BedPatient *patient, const char *button)
{
  /* Translators: %s is a patient's name */
  g_autofree char *text = g_strdup_printf (_("Assigned to %s."), bed_patient_get_name (patient));

  return bed_window_toast_with_button (self->window, text, button);
}

static void
assign (BedRecordsDesk *self, BedPatient *patient)
{
  gint64 before = bed_encounter_get_patient_id (self->subject);
  AdwToast *toast;

  if (!set_patient (self, self->subject, bed_patient_get_id (patient)))
    return;
  toast = tell_assigned (self, patient, _("Undo"));
  g_object_set_data_full (G_OBJECT (toast), "encounter", g_object_ref (self->subject),
                          g_object_unref);
  g_object_set_data_full (G_OBJECT (toast), "patient", g_memdup2 (&before, sizeof before), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_assign), self, 0);
}

static void
assign_answered (GObject *object, const char *answer)
{
  BedRecordsDesk *self = BED_RECORDS_DESK (object);

  if (self->store != NULL && self->subject != NULL && self->chosen != NULL
      && set_patient (self, self->subject, bed_patient_get_id (self->chosen)))
    tell_assigned (self, self->chosen, NULL);
}

static void
ask_assign (BedRecordsDesk *self, BedPatient *patient)
{
  /* Translators: %s is a patient's name */
  g_autofree char *title
      = g_strdup_printf (_("Assign to %s for good?"), bed_patient_get_name (patient));

  g_set_object (&self->chosen, patient);
  bed_dialog_confirm (GTK_WINDOW (self->window), title,
                      _("The note of this consultation is signed. Whose it is cannot be changed "
                        "after this."),
                      _("Assign"), TRUE, assign_answered, G_OBJECT (self));
}

static void
patient_chosen (GObject *object, BedPatient *patient)
{
  BedRecordsDesk *self = BED_RECORDS_DESK (object);

  if (self->store == NULL || self->subject == NULL)
    return;
  if (bed_record_store_is_signed (self->store, self->subject))
    ask_assign (self, patient);
  else
    assign (self, patient);
}

void
bed_records_desk_assign (BedRecordsDesk *self, BedEncounter *encounter)
{
  g_set_object (&self->subject, encounter);
  bed_dialog_choose_patient (GTK_WINDOW (self->window), self->store,
                             bed_encounter_get_typed_name (encounter), patient_chosen,
                             G_OBJECT (self));
}

static void
patient_filtered (GObject *object, BedPatient *patient)
{
  BedRecordsDesk *self = BED_RECORDS_DESK (object);

  if (self->store != NULL)
    bed_notes_page_show_filter (bed_home_page_get_notes (bed_window_get_home (self->window)),
                                patient);
}

static void
choose_patient (BedRecordsDesk *self)
{
  bed_dialog_choose_known_patient (GTK_WINDOW (self->window), self->store, patient_filtered,
                                   G_OBJECT (self));
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_records_desk_set_store (BedRecordsDesk *self, BedRecordStore *store)
{
  BedHomePage *home = bed_window_get_home (self->window);

  bed_attachment_desk_set_store (self->attachments, store);
  if (store == NULL)
    bed_note_desk_set_store (self->notes, NULL); /* what was begun is kept first */
  bed_patients_page_set_store (bed_home_page_get_patients (home), store, self->clock);
  bed_notes_page_set_store (bed_home_page_get_notes (home), store, self->clock);
  if (store == NULL)
    {
      g_clear_object (&self->subject);
      g_clear_object (&self->before);
      g_clear_object (&self->held);
      g_clear_object (&self->chosen);
    }
  else
    bed_note_desk_set_store (self->notes, store);
  g_set_object (&self->store, store);
}

gboolean
bed_records_desk_save (BedRecordsDesk *self, GError **error)
{
  gboolean kept = bed_note_desk_keep (self->notes, error);

  if (self->store == NULL)
    return kept;
  return bed_note_draft_flush (self->store, kept ? error : NULL) && kept;
}

static void
bed_records_desk_dispose (GObject *object)
{
  BedRecordsDesk *self = BED_RECORDS_DESK (object);

  g_clear_object (&self->subject);
  g_clear_object (&self->before);
  g_clear_object (&self->held);
  g_clear_object (&self->chosen);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  g_clear_object (&self->notes);
  g_clear_object (&self->attachments);
  G_OBJECT_CLASS (bed_records_desk_parent_class)->dispose (object);
}

static void
bed_records_desk_class_init (BedRecordsDeskClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_records_desk_dispose;
  signals[INVITE] = g_signal_new ("invite", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, BED_TYPE_PATIENT);
  signals[ASSIGNED]
      = g_signal_new ("assigned", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_records_desk_init (BedRecordsDesk *self)
{
}

BedRecordsDesk *
bed_records_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                      BedHandoverDesk *handover)
{
  BedRecordsDesk *self = g_object_new (BED_TYPE_RECORDS_DESK, NULL);
  BedPatientsPage *patients = bed_home_page_get_patients (bed_window_get_home (window));
  BedNotesPage *notes = bed_home_page_get_notes (bed_window_get_home (window));
  BedCallPanel *panel = bed_call_page_get_panel (bed_window_get_call (window));

  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->notes = bed_note_desk_new (session, clock, window, handover);
  listen (self, patients, "shown", G_CALLBACK (patient_opened));
  self->attachments = bed_attachment_desk_new (clock, window);
  listen (self, patients, "new-patient", G_CALLBACK (new_patient));
  listen (self, patients, "edit", G_CALLBACK (edit_patient));
  listen (self, patients, "hold", G_CALLBACK (ask_hold));
  listen (self, patients, "delete", G_CALLBACK (delete_patient));
  listen (self, patients, "invite", G_CALLBACK (invite_patient));
  listen (self, patients, "open-note", G_CALLBACK (bed_records_desk_show_note));
  listen (self, patients, "write-note", G_CALLBACK (write_note));
  listen (self, patients, "open-encounter", G_CALLBACK (open_encounter));
  listen (self, notes, "assign", G_CALLBACK (bed_records_desk_assign));
  listen (self, notes, "choose-patient", G_CALLBACK (choose_patient));
  listen (self, notes, "error", G_CALLBACK (tell));
  bed_note_desk_follow (self->notes, bed_notes_page_get_editor (notes));
  bed_note_desk_follow (self->notes, bed_call_panel_get_editor (panel));
  bed_attachment_desk_follow (self->attachments, bed_notes_page_get_editor (notes));
  bed_attachment_desk_follow (self->attachments, bed_call_panel_get_editor (panel));
  g_signal_connect_object (patients, "open-attachment", G_CALLBACK (bed_attachment_desk_open),
                           self->attachments, G_CONNECT_SWAPPED);
  return self;
}
