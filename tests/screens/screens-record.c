/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record, and what of it is in the preferences. */
#include "screens.h"

#include "bed-addendum-window.h"
#include "bed-attachment-window.h"
#include "bed-backup-page.h"
#include "bed-compare-window.h"
#include "bed-emergency-dialog.h"
#include "bed-handover-window.h"
#include "bed-home-page.h"
#include "bed-keys-page.h"
#include "bed-phrases-page.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-record-text.h"
#include "bed-record-trail.h"
#include "bed-retention-page.h"
#include "bed-trail-page.h"

/* What the record's own screens look like. */
void
screens_record (Screens *self)
{
  static const char *const ids[] = { "soap", "telephone", NULL };
  BedHomePage *page = bed_home_page_new ();
  BedNotesPage *notes = bed_home_page_get_notes (page);
  g_autoptr (GListModel) patients = bed_record_store_list_patients (self->store);
  g_autoptr (BedPatient) patient = g_list_model_get_item (patients, 1);
  const char *names[] = { bed_record_text_template ("soap", NULL),
                          bed_record_text_template ("telephone", NULL), NULL };

  bed_home_page_set_person (page, "Dr Amara Okafor", dgettext (NULL, "Ready for patients"));
  bed_notes_page_set_store (notes, self->store, self->clock);
  bed_note_filter_set_templates (bed_notes_page_get_filter (notes), ids, names);
  bed_notes_page_show_filter (notes, patient);
  bed_home_page_show_section (page, BED_HOME_NOTES);
  screens_show_folding (self, page, "notes-filter");
}

void
screens_handover (Screens *self)
{
  BedHandoverWindow *window = bed_handover_window_new (NULL, TRUE, TRUE);
  BedHandoverWindow *more = bed_handover_window_new (NULL, FALSE, TRUE);

  bed_handover_window_choose (window, BED_HANDOVER_NOTE, BED_HANDOVER_PDF);
  bed_handover_window_set_result (window, TRUE, "note-2026-11-21.pdf");
  screens_show_window (self, window, "hand-over", adw_window_get_content (ADW_WINDOW (window)));
  bed_handover_window_set_strength (more, 1);
  bed_handover_window_set_progress (more, .4);
  screens_show_window (self, more, "hand-over-encrypted", adw_window_get_content (ADW_WINDOW (more)));
}

static BedAttachment *
add_file (Screens *self, gint64 encounter_id, const char *name, const char *media_type, GBytes *content)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (GError) error = NULL;
  BedAttachment *file = bed_record_store_keep_attachment (self->store, encounter_id, now, media_type != NULL, name,
                                                          media_type, content, &error);

  g_assert_no_error (error);
  return file;
}

static GBytes *
draw_png (Screens *self)
{
  g_autoptr (BedVideoFrame) frame = screens_draw_person (320, 240, 150, 140);
  g_autoptr (GBytes) grey = g_bytes_new (bed_video_frame_get_plane (frame, BED_PLANE_Y), 320 * 240);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 320, 240);
  const guint8 *luma = g_bytes_get_data (grey, NULL);
  char *png = NULL;
  gsize length = 0;

  for (guint y = 0; y < 240; y++)
    for (guint x = 0; x < 320 * 3; x++)
      gdk_pixbuf_get_pixels (pixbuf)[y * (guint) gdk_pixbuf_get_rowstride (pixbuf) + x] = luma[y * 320 + x / 3];
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &png, &length, "png", NULL, NULL));
  return g_bytes_new_take (png, length);
}

static void
show_file (Screens *self, BedAttachment *file, GBytes *content, const char *screen)
{
  BedAttachmentWindow *window
      = bed_attachment_window_new (NULL, file, content, bed_clock_get_real_us (self->clock));

  screens_show_window (self, window, screen, adw_window_get_content (ADW_WINDOW (window)));
}

/* The files of a note that is still written, and each kind to be looked at. */
void
screens_attachments (Screens *self)
{
  BedHomePage *page = bed_home_page_new ();
  BedNotesPage *notes = bed_home_page_get_notes (page);
  BedAttachmentsBox *box = bed_note_editor_get_attachments (bed_notes_page_get_editor (notes));
  GtkWidget *scroller;
  GtkAdjustment *adjustment;
  g_autoptr (GBytes) png = draw_png (self), bad = g_bytes_new_static ("\xff\xd8\xff no more", 11);
  g_autoptr (GBytes) words = g_bytes_new_static ("Ferritin 9 \302\265g/l\nHaemoglobin 118 g/l\n", 36);
  g_autoptr (GListModel) all = bed_record_store_list_notes (self->store, 0), files = NULL, deleted = NULL;
  g_autoptr (BedNote) note = g_list_model_get_item (all, 1);
  gint64 id = bed_note_get_encounter_id (note);
  g_autoptr (BedAttachment) picture = add_file (self, id, "left-knee.png", "image/png", png);
  g_autoptr (BedAttachment) result = add_file (self, id, "laboratory result of the whole blood count.txt", NULL, words);
  g_autoptr (BedAttachment) letter = add_file (self, id, "letter.docx", NULL, bad);

  g_assert_true (bed_record_store_delete_attachment (self->store, bed_attachment_get_id (letter), NULL));
  files = bed_record_store_list_attachments (self->store, id);
  deleted = bed_record_store_list_deleted_attachments (self->store, id);
  bed_home_page_set_person (page, "Dr Amara Okafor", WORD ("Ready for patients"));
  bed_notes_page_set_store (notes, self->store, self->clock);
  bed_home_page_show_section (page, BED_HOME_NOTES);
  bed_notes_page_show_note (notes, note);
  bed_attachments_box_set (box, files, deleted, bed_clock_get_real_us (self->clock));
  screens_show_folding (self, page, "attachments-top");
  scroller = gtk_widget_get_ancestor (GTK_WIDGET (box), GTK_TYPE_SCROLLED_WINDOW);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  screens_settle (200);
  screens_save (self, GTK_WIDGET (page), "attachments");
  show_file (self, picture, png, "attachment-picture");
  show_file (self, result, words, "attachment-text");
  show_file (self, result, bad, "attachment-broken");
}

/* A note that was signed and added to, and what belongs to it. */
void
screens_signed (Screens *self)
{
  static const char *const names[] = { "1", "2", NULL };
  BedHomePage *page = bed_home_page_new ();
  BedNotesPage *notes = bed_home_page_get_notes (page);
  BedNotePaper *paper = bed_note_editor_get_paper (bed_notes_page_get_editor (notes));
  BedAddendumWindow *addendum = bed_addendum_window_new (NULL, "Dr Amara Okafor");
  BedCompareWindow *compare = bed_compare_window_new (NULL, names);
  g_autoptr (GListModel) all = NULL;
  g_autoptr (BedNote) note = NULL;
  g_autoptr (GError) error = NULL;

  all = bed_record_store_list_notes (self->store, 0);
  note = g_list_model_get_item (all, 1);
  g_assert_true (bed_record_store_sign_note (self->store, note, "Dr Amara Okafor", &error));
  bed_home_page_set_person (page, "Dr Amara Okafor", WORD ("Ready for patients"));
  bed_notes_page_set_store (notes, self->store, self->clock);
  bed_notes_page_set_clinician (notes, "Dr Amara Okafor");
  bed_home_page_show_section (page, BED_HOME_NOTES);
  bed_notes_page_show_note (notes, note);
  for (guint i = 0; i < 3; i++)
    bed_note_paper_add_section (paper, bed_record_text_heading (bed_note_get_heading (note, i)),
                                bed_note_get_section (note, i));
  bed_note_paper_set_signature (paper, "Dr Amara Okafor", "10:26");
  bed_note_paper_set_seal (paper, BED_PAPER_INTACT, WORD ("Unchanged since."));
  bed_note_paper_add_addendum (paper, 1, "Dr Amara Okafor", "11:40", "Laboratory result",
                               "Haemoglobin 118 g/L, iron low. Told by telephone.", TRUE);
  screens_show_folding (self, page, "note-signed");
  bed_note_paper_set_seal (paper, BED_PAPER_BROKEN,
                           WORD ("What is shown is not what was signed."));
  screens_settle (200);
  screens_save (self, GTK_WIDGET (page), "note-broken");
  bed_addendum_window_add_section (addendum, "Subjective", "Tired since the spring.");
  bed_addendum_window_add_section (addendum, "Plan", "Blood count in two weeks.");
  bed_addendum_window_load (addendum, "Laboratory result", "Haemoglobin 118 g/L, iron low.",
                            (const char *const[]){ "Tired since the spring.",
                                                   "Iron by mouth; blood count in six weeks.",
                                                   NULL });
  screens_show_window (self, addendum, "addendum", adw_window_get_content (ADW_WINDOW (addendum)));
  bed_compare_window_add_section (compare, WORD ("Assessment"),
                                  "Likely iron deficiency, to be confirmed.",
                                  "Iron deficiency, confirmed by the laboratory.");
  bed_compare_window_add_section (compare, WORD ("Plan"), "", "Iron tablets for three months.");
  screens_show_window (self, compare, "compare", adw_window_get_content (ADW_WINDOW (compare)));
}

/* Who opened the record with the emergency key, and what the clinician reads of it. */
void
screens_emergency (Screens *self)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  BedEmergencyDialog *question = bed_emergency_dialog_new_question (NULL);
  BedEmergencyDialog *told = bed_emergency_dialog_new_use (NULL, now - 90 * MINUTE, "Dr Bela Ruiz",
                                                           "A patient is in danger.", now);

  screens_show_window (self, question, "emergency", gtk_window_get_child (GTK_WINDOW (question)));
  screens_show_window (self, told, "emergency-told", gtk_window_get_child (GTK_WINDOW (told)));
}

/* A page within the preferences. */
static void
show_subpage (Screens *self, gpointer page, const char *screen)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *first = gtk_widget_get_first_child (window);

  adw_preferences_window_present_subpage (ADW_PREFERENCES_WINDOW (window), page);
  screens_show_window (self, window, screen, first);
}

static void
erased_them (GObject *source, GAsyncResult *result, gpointer done)
{
  g_assert_true (bed_record_store_erase_finish (BED_RECORD_STORE (source), result, NULL));
  *(gboolean *) done = TRUE;
}

static void
erase_somebody (Screens *self)
{
  g_autoptr (BedPatient) patient = bed_patient_new ("Hana Novak");
  g_autoptr (GListStore) items = g_list_store_new (BED_TYPE_RETENTION_ITEM);
  g_autoptr (BedRetentionItem) newest = NULL;
  g_autoptr (GListModel) deleted = NULL;
  gboolean done = FALSE;

  g_assert_true (bed_record_store_save_patient (self->store, patient, NULL));
  g_assert_true (bed_record_store_delete_patient (self->store, bed_patient_get_id (patient), NULL));
  deleted = bed_record_store_list_deleted (self->store, NULL);
  newest = g_list_model_get_item (deleted, 0);
  g_assert_cmpint (bed_retention_item_get_kind (newest), ==, BED_RETENTION_PATIENT);
  g_list_store_append (items, newest);
  bed_record_store_erase_async (self->store, G_LIST_MODEL (items), NULL, erased_them, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* A patient and a draft of another one, as if they were deleted. */
static GListModel *
list_deleted (Screens *self)
{
  g_autoptr (GListModel) patients = bed_record_store_list_patients (self->store);
  g_autoptr (GListModel) notes = bed_record_store_list_notes (self->store, 0);
  g_autoptr (BedPatient) patient = g_list_model_get_item (patients, 2);
  g_autoptr (BedNote) note = g_list_model_get_item (notes, 2), back = NULL;
  gint64 id = bed_patient_get_id (patient);
  GListModel *deleted;

  g_assert_true (bed_record_store_delete_note (self->store, note, NULL));
  g_assert_true (bed_record_store_delete_patient (self->store, id, NULL));
  deleted = bed_record_store_list_deleted (self->store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), >=, 2);
  g_assert_true (bed_record_store_recover_patient (self->store, id, NULL));
  back = bed_record_store_restore_note (self->store, bed_note_get_id (note), NULL);
  g_assert_nonnull (back);
  return deleted;
}

static void
add_kept (BedBackupPage *page, gint64 now)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  BedSetAside one = { .until_us = now - 50 * MINUTE, .whole = TRUE },
              other = { .until_us = now - 5000 * MINUTE, .whole = TRUE },
              rest = { .until_us = now - 9000 * MINUTE };

  g_ptr_array_add (kept, &one);
  g_ptr_array_add (kept, &other);
  g_ptr_array_add (kept, &rest);
  bed_backup_page_set_kept (page, kept, now);
}

void
screens_keeping (Screens *self)
{
  static const guint slots[] = { 2, 3 };
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) trail = bed_record_store_list_trail (self->store, 0, &error);
  BedTrailPage *intact = bed_trail_page_new (), *broken = bed_trail_page_new ();
  BedBackupPage *backup = bed_backup_page_new (), *empty = bed_backup_page_new (),
                *unread = bed_backup_page_new ();
  BedKeysPage *keys = bed_keys_page_new ();
  BedPhrasesPage *phrases = bed_phrases_page_new ();
  BedRetentionPage *retention = bed_retention_page_new (), *gone = bed_retention_page_new ();
  g_autoptr (GListModel) templates = NULL, snippets = NULL, due = NULL, deleted = NULL,
                         erased = NULL;
  g_autoptr (BedTemplate) own = bed_template_new ("Physiotherapy");
  g_autoptr (BedSnippet) snippet = bed_snippet_new (";bp", "Blood pressure measured at home: ");

  g_assert_no_error (error);
  bed_trail_page_set_entries (intact, trail, now);
  bed_trail_page_set_report (intact, &(BedTrailReport) { BED_AUDIT_INTACT, 0, 1204, FALSE });
  show_subpage (self, intact, "audit-trail");
  bed_trail_page_set_entries (broken, trail, now);
  bed_trail_page_set_report (broken, &(BedTrailReport) { BED_AUDIT_ALTERED, 7, 6, TRUE });
  show_subpage (self, broken, "audit-trail-broken");
  bed_backup_page_set_plan (empty, "", BED_BACKUP_NEVER, 7);
  bed_backup_page_set_state (empty, 0, NULL, NULL, -1, now);
  show_subpage (self, empty, "backup-none");
  bed_backup_page_set_plan (unread, NULL, BED_BACKUP_NEVER, 7);
  bed_backup_page_set_state (unread, now - 90 * MINUTE, NULL, NULL, -1, now);
  show_subpage (self, unread, "backup-unread");
  bed_backup_page_set_plan (backup, "/run/media/okafor/Blue stick", BED_BACKUP_DAILY, 7);
  bed_backup_page_set_state (backup, now - 90 * MINUTE, NULL, "Blue stick", .3, now);
  add_kept (backup, now);
  show_subpage (self, backup, "backup");
  bed_template_add_section (own, "=Range of motion", "");
  g_assert_true (bed_record_store_save_template (self->store, own, &error));
  templates = bed_record_store_list_templates (self->store);
  g_assert_true (bed_record_store_save_snippet (self->store, snippet, &error));
  snippets = bed_record_store_list_snippets (self->store);
  bed_phrases_page_set_lists (phrases, templates, snippets);
  show_subpage (self, phrases, "phrases");
  bed_retention_page_set_rule (retention, BED_RETENTION_PATIENT, &(BedRetentionRule) { 10, 28 });
  due = bed_record_store_list_due (self->store, 365 * 20, &error);
  deleted = list_deleted (self);
  bed_retention_page_set_lists (retention, due, deleted, now);
  erase_somebody (self);
  erased = bed_record_store_list_statements (self->store, "erasure", &error);
  g_assert_no_error (error);
  show_subpage (self, retention, "retention");
  bed_retention_page_set_erased (gone, erased, now);
  show_subpage (self, gone, "retention-erased");
  bed_keys_page_set_device (keys, FALSE, TRUE);
  bed_keys_page_set_tokens (keys, slots, 2, TRUE);
  bed_keys_page_set_rekey (keys, .6);
  bed_keys_page_set_signing_key (keys, "3F2A 90C1 77B0 41DE 9AC3 0F55 E810 2B6D",
                                 "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  bed_keys_page_set_emergency (keys, TRUE);
  bed_keys_page_set_freshness (keys, WORD ("This record is older than it was"),
                               WORD ("This record is older than it was: an older copy was put back, and what was saved later is missing. If you do not know why, ask the clinic’s administrator before you go on."),
                               TRUE);
  show_subpage (self, keys, "keys");
}
