/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens every screen with invented people, saves its picture and looks it over.
 *   screens OUTPUT NAME light|dark WIDTH ltr|rtl */
#include <libintl.h>
#include <locale.h>
#include <math.h>

#include "bed-activation-page.h"
#include "bed-addendum-window.h"
#include "bed-after-page.h"
#include "bed-arrival-private.h"
#include "bed-attachment-window.h"
#include "bed-backup-page.h"
#include "bed-call-page.h"
#include "bed-chat-file-private.h"
#include "bed-chat-message-private.h"
#include "bed-code-page.h"
#include "bed-compare-window.h"
#include "bed-emergency-dialog.h"
#include "bed-guest-page.h"
#include "bed-handover-window.h"
#include "bed-home-page.h"
#include "bed-invitation-window.h"
#include "bed-keys-page.h"
#include "bed-phrases-page.h"
#include "bed-preferences-window.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-record-text.h"
#include "bed-record-trail.h"
#include "bed-retention-page.h"
#include "bed-session-private.h"
#include "bed-trail-page.h"
#include "bed-ui.h"
#include "bed-unlock-page.h"
#include "bed-vault-fixture.h"
#include "bed-video-paintable.h"
#include "bed-welcome-page.h"
#include "screens-check.h"

#define MINUTE G_GINT64_CONSTANT (60000000)
/* Text of a label that is written into a screen by a desk. */
#define WORD(text) dgettext (NULL, text)

typedef struct
{
  Fixture fixture;
  BedRecordStore *store;
  BedClock *clock;
  GListStore *arrivals, *invites, *chat;
  GdkPaintable *patient, *doctor;
  BedNote *note;
  GtkWindow *window;
  const char *output, *name;
  int width, height;
  GtkTextDirection direction;
  guint n_findings, n_screens;
} Screens;

static void
settle (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
}

static void
save (Screens *self, GtkWidget *root, const char *screen)
{
  g_autofree char *file = g_strdup_printf ("%s/%s-%s.png", self->output, screen, self->name);
  g_autoptr (GdkTexture) picture = NULL;

  screens_wait_for_frames (root);
  picture = screens_render (root);
  g_assert_nonnull (picture);
  g_assert_true (gdk_texture_save_to_png (picture, file));
  if (gtk_widget_get_width (root) > self->width)
    {
      g_printerr ("%s: is %d px wide, the window was to be %d\n", screen, gtk_widget_get_width (root), self->width);
      self->n_findings++;
    }
  self->n_findings += screens_check (root, picture, screen);
  self->n_findings += screens_check_focus (root, picture, screen);
  self->n_screens++;
}

static void
show (Screens *self, gpointer page, const char *screen)
{
  GtkWidget *child = page;

  adw_window_set_content (ADW_WINDOW (self->window), child);
  gtk_window_set_focus (self->window, NULL);
  settle (450);
  save (self, child, screen);
}

/* A page whose halves slide until it has its width. */
static void
show_folding (Screens *self, gpointer page, const char *screen)
{
  adw_window_set_content (ADW_WINDOW (self->window), page);
  gtk_window_set_focus (self->window, NULL);
  settle (900);
  save (self, page, screen);
}

static void
show_window (Screens *self, gpointer window, const char *screen, GtkWidget *root)
{
  gtk_window_set_default_size (window, MIN (self->width, 560), self->height);
  gtk_window_present (window);
  settle (450);
  save (self, root, screen);
  gtk_window_destroy (window);
  settle (30);
}

/* --- Invented people -------------------------------------------------------------------------------- */

static BedVideoFrame *
draw_person (guint width, guint height, guint8 skin_v, guint8 ground)
{
  BedVideoFrame *frame = bed_video_frame_new (width, height, 0);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        double hx = (x - width / 2.) / (width * .13), hy = (y - height * .38) / (height * .27);
        double sx = (x - width / 2.) / (width * .30), sy = (y - height * 1.05) / (height * .42);
        gboolean head = hx * hx + hy * hy < 1, body = sx * sx + sy * sy < 1;
        guint8 *luma = bed_video_frame_get_plane (frame, BED_PLANE_Y) + y * bed_video_frame_get_stride (frame, BED_PLANE_Y) + x;
        *luma = head ? 150 - (guint8) (20 * fabs (hx)) : body ? 96 : (guint8) CLAMP (ground + 40. * x / width - 30. * y / height, 16, 235);
        if (x % 2 == 0 && y % 2 == 0)
          {
            guint c = y / 2 * bed_video_frame_get_stride (frame, BED_PLANE_U) + x / 2;
            bed_video_frame_get_plane (frame, BED_PLANE_U)[c] = head ? 108 : body ? 140 : 122;
            bed_video_frame_get_plane (frame, BED_PLANE_V)[c] = head ? skin_v : body ? 112 : 134;
          }
      }
  return frame;
}

static GdkPaintable *
new_picture (guint width, guint height, guint8 skin_v, guint8 ground, gboolean mirror)
{
  BedVideoPaintable *paintable = bed_video_paintable_new (mirror);
  BedVideoFrame *frame = draw_person (width, height, skin_v, ground);

  bed_video_sink_push (BED_VIDEO_SINK (paintable), frame);
  bed_video_frame_unref (frame);
  settle (30);
  g_assert_true (bed_video_paintable_has_picture (paintable));
  return GDK_PAINTABLE (paintable);
}

static void
add_arrival (Screens *self, const char *name, int minutes, gboolean camera, gboolean second)
{
  g_autoptr (GObject) link = g_object_new (G_TYPE_OBJECT, NULL);
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (BedArrival) arrival
      = bed_arrival_new ("AAAAAAAAAAAAAAAAAAAAAA", name, "", now - minutes * MINUTE, second, FALSE, (gpointer) link);
  BedSealedMessage join = { .name = (char *) name, .callback = (char *) "01632 960 147",
                            .location = (char *) "12 Mill Lane, Northgate", .language = (char *) "en", .devices = { camera, TRUE, TRUE },
                            .consent = { .version = (char *) "2026-01", .language = (char *) "en", .time = now / G_USEC_PER_SEC, .agreed = TRUE } };

  bed_arrival_set_online (arrival, TRUE);
  bed_arrival_set_details (arrival, &join);
  g_assert_true (bed_arrival_get_ready (arrival));
  g_list_store_append (self->arrivals, arrival);
}

static BedSessionInvite *
new_invite (Screens *self, const char *label, int in_minutes, BedRoomState state, const char *passcode)
{
  g_autoptr (BedInvite) invite = bed_invite_new ();
  gint64 now = bed_clock_get_real_us (self->clock) / G_USEC_PER_SEC;
  BedInviteRecord *record = g_new0 (BedInviteRecord, 1);

  record->label = g_strdup (label);
  record->language = g_strdup ("en");
  record->time = now + in_minutes * 60;
  record->created = now - 3600;
  record->expires = record->time + 7200;
  record->state = state;
  record->passcode = g_strdup (passcode);
  return bed_session_invite_new ("visit.northgate.example", invite, record);
}

static void
add_invite (Screens *self, const char *label, int in_minutes, BedRoomState state)
{
  g_autoptr (BedSessionInvite) item = new_invite (self, label, in_minutes, state, NULL);

  g_list_store_append (self->invites, item);
}

static void
add_chat (Screens *self, const char *text, gboolean mine)
{
  g_autoptr (BedChatMessage) message = bed_chat_message_new (text, mine, bed_clock_get_real_us (self->clock));

  g_list_store_append (self->chat, message);
}

/* moved: of ten parts. */
static void
add_chat_file (Screens *self, const char *name, GBytes *own, guint moved, BedChatFileState state)
{
  g_autoptr (BedChatFile) file = bed_chat_file_new (
      name, own != NULL ? "application/pdf" : "image/jpeg", 4200000, own);
  g_autoptr (BedChatMessage) message = NULL;

  bed_chat_file_set_moved (file, 420000 * moved);
  bed_chat_file_set_state (file, state);
  message = bed_chat_message_new_file (file, bed_clock_get_real_us (self->clock));
  g_list_store_append (self->chat, message);
}

static void
add_chat_files (Screens *self)
{
  g_autoptr (GBytes) own = g_bytes_new_static ("%PDF-", 5);
  g_autoptr (BedChatMessage) message = NULL;

  add_chat (self, "I will call the pharmacy.", TRUE);
  message = g_list_model_get_item (G_LIST_MODEL (self->chat), g_list_model_get_n_items (G_LIST_MODEL (self->chat)) - 1);
  bed_chat_message_set_delivery (message, BED_CHAT_UNSENT);
  add_chat_file (self, "left-knee-seen-from-the-side-in-daylight.jpg", NULL, 10, BED_CHAT_FILE_DONE);
  add_chat_file (self, "letter.pdf", own, 4, BED_CHAT_FILE_MOVING);
}

static void
add_record (Screens *self, const char *name, const char *born, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedPatient) patient = bed_patient_new (name);
  g_autoptr (BedEncounter) encounter = NULL;
  g_autoptr (BedNote) note = NULL;

  bed_patient_set_birth_date (patient, born);
  bed_patient_set_telephone (patient, "01632 960 147");
  g_assert_true (bed_record_store_save_patient (self->store, patient, &error));
  encounter = bed_record_store_start_encounter (self->store, bed_patient_get_id (patient), name, "01632 960 147",
                                                "12 Mill Lane", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bed_record_store_end_encounter (self->store, encounter, &error));
  note = bed_record_store_create_note (self->store, bed_encounter_get_id (encounter), "soap", &error);
  g_assert_no_error (error);
  bed_note_set_section (note, BED_NOTE_SUBJECTIVE, words);
  bed_note_set_section (note, BED_NOTE_OBJECTIVE, "Speaks in full sentences. Pulse taken together: 88, regular.");
  bed_note_set_section (note, BED_NOTE_ASSESSMENT, "Likely iron deficiency, to be confirmed.");
  g_assert_true (bed_note_draft_flush (self->store, &error));
  g_set_object (&self->note, note);
}

static void
invent (Screens *self)
{
  g_autoptr (GError) error = NULL;

  fixture_set_up (&self->fixture, NULL);
  self->clock = bed_system_clock_new ();
  self->store = bed_record_store_open (self->fixture.vault, self->clock, "okafor", &error);
  g_assert_no_error (error);
  self->arrivals = g_list_store_new (BED_TYPE_ARRIVAL);
  self->invites = g_list_store_new (BED_TYPE_SESSION_INVITE);
  self->chat = g_list_store_new (BED_TYPE_CHAT_MESSAGE);
  add_arrival (self, "Elin Marsh", 6, TRUE, FALSE);
  add_arrival (self, "Tomasz Brandt", 2, FALSE, TRUE);
  add_invite (self, "Ruth Lindqvist", 30, BED_ROOM_STATE_OPENED);
  add_invite (self, "Samuel Adeyemi", 75, BED_ROOM_STATE_CREATED);
  add_invite (self, "Elin Marsh", -5, BED_ROOM_STATE_WAITING);
  add_invite (self, "Hana Novak", -60, BED_ROOM_STATE_ENDED);
  add_chat (self, "Can you read this?", TRUE);
  add_chat (self, "Yes. The tablets are called Ferrum, 100 mg, one each morning.", FALSE);
  add_record (self, "Ruth Lindqvist", "1961-04-02", "Sleeps badly since the move. Wakes at four.");
  add_record (self, "Samuel Adeyemi", "1984-11-20", "Follow-up after the fall. Knee moves freely again.");
  add_record (self, "Elin Marsh", "1947-06-11", "Tired for three weeks, short of breath on the stairs. No pain, no fever.");
  self->patient = new_picture (1280, 720, 152, 150, FALSE);
  self->doctor = new_picture (640, 480, 148, 120, TRUE);
}

/* --- The screens ------------------------------------------------------------------------------------ */

static GMenuModel *menu (void);

static void
show_first_run (Screens *self)
{
  g_autoptr (GMenuModel) items = menu ();
  static const char *const codes[] = { "k7m2q-x94tr", "p3w8n-c5jzd", "h6vfa-2rb9y", "m4gse-u7kqt", "z8xcp-3nwhd",
                                       "t5jba-9mvre", "d2qyk-f6gsu", "w7ntp-x4czh", "r9kvm-b3jaf", "e6suq-y8dgw", NULL };
  BedWelcomePage *welcome = bed_welcome_page_new ();
  BedActivationPage *page = bed_activation_page_new ();
  g_autoptr (BedQr) qr = bed_qr_new ("otpauth://totp/Northgate:okafor?secret=JBSWY3DPEHPK3PXP&issuer=Northgate");
  g_autoptr (GdkPaintable) picture = bed_ui_qr_paintable (qr);

  bed_welcome_page_set_menu (welcome, items);
  show (self, welcome, "first-run");
  bed_welcome_page_ask_link (welcome, FALSE, "https://visit.northgate.example/activate#b2s");
  bed_welcome_page_set_error (welcome, dgettext (NULL, "This is not an activation link. Copy the whole link, from https to its last letter."));
  settle (500);
  save (self, GTK_WIDGET (welcome), "first-run-link");
  bed_activation_page_set_person (page, "Dr Amara Okafor", "Northgate Family Practice");
  show (self, page, "activation-password");
  bed_activation_page_set_otp (page, picture, "JBSW Y3DP EHPK 3PXP");
  bed_activation_page_set_step (page, BED_ACTIVATION_STEP_FACTOR);
  settle (500);
  save (self, GTK_WIDGET (page), "activation-factor");
  bed_activation_page_set_recovery (page, codes, "7K2MQ-X94TR-P3W8N-C5JZD-H6VFA-2RB9Y-M4GSE");
  bed_activation_page_set_step (page, BED_ACTIVATION_STEP_RECOVERY);
  settle (500);
  save (self, GTK_WIDGET (page), "activation-recovery");
}

static gboolean
press_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    {
      g_signal_emit_by_name (widget, "clicked");
      return TRUE;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (press_button (child, label))
      return TRUE;
  return FALSE;
}

static void
show_unlock (Screens *self)
{
  BedUnlockPage *page = bed_unlock_page_new ();
  BedCodePage *code = bed_code_page_new ();

  bed_unlock_page_set_person (page, "Dr Amara Okafor", "Northgate Family Practice");
  show (self, page, "unlock");
  bed_unlock_page_set_error (page, dgettext (NULL, "That was not right. Try again."));
  bed_unlock_page_set_behind (page, BED_UNLOCK_BEHIND_CALL_HEARD);
  settle (700);
  save (self, GTK_WIDGET (page), "unlock-wrong-in-call");
  bed_unlock_page_set_behind (page, BED_UNLOCK_BEHIND_NOTHING);
  bed_unlock_page_set_error (page, NULL);
  bed_unlock_page_set_unsaved (page, TRUE);
  bed_unlock_page_set_link (page, TRUE);
  settle (700);
  save (self, GTK_WIDGET (page), "unlock-unsaved");
  bed_unlock_page_set_unsaved (page, FALSE);
  bed_unlock_page_set_link (page, FALSE);
  bed_unlock_page_set_error (
      page, WORD ("The records on this computer are damaged. Do not delete anything; restore a copy "
                  "or ask for help."));
  bed_unlock_page_set_restore (page, TRUE);
  bed_unlock_page_set_token (page, TRUE);
  settle (700);
  save (self, GTK_WIDGET (page), "unlock-damaged");
  g_assert_true (press_button (GTK_WIDGET (page), WORD ("Use the security key")));
  bed_unlock_page_set_restore (page, FALSE);
  settle (300);
  save (self, GTK_WIDGET (page), "unlock-token");
  bed_unlock_page_set_busy (page, TRUE);
  settle (300);
  save (self, GTK_WIDGET (page), "unlock-touch");
  show (self, code, "second-factor");
}

static void
show_warning (Screens *self, BedHomePage *page)
{
  g_autofree char *warning = g_strdup_printf (
      WORD ("A part of the record could not be read, so lists and searches may lack something. %s"),
      WORD ("A part of the records is damaged. Do not delete anything; restore a copy or ask for "
            "help."));

  bed_home_page_set_warning (page, warning);
  settle (350);
  save (self, GTK_WIDGET (page), "home-unread");
  bed_home_page_set_warning (page, NULL);
  settle (350);
}

static void
show_home (Screens *self)
{
  BedHomePage *page = bed_home_page_new ();
  g_autoptr (GMenuModel) items = menu ();
  g_autoptr (BedPatient) patient = NULL;
  g_autoptr (GListModel) patients = bed_record_store_list_patients (self->store);

  bed_home_page_set_person (page, "Dr Amara Okafor", dgettext (NULL, "Ready for patients"));
  bed_home_page_set_menu (page, items);
  bed_home_page_set_date (page, "14.3.");
  bed_today_page_set_models (bed_home_page_get_today (page), self->clock, NULL, NULL);
  show_folding (self, page, "home-empty");
  bed_today_page_set_models (bed_home_page_get_today (page), self->clock, G_LIST_MODEL (self->arrivals), G_LIST_MODEL (self->invites));
  bed_home_page_set_n_waiting (page, 2);
  settle (300);
  save (self, GTK_WIDGET (page), "home-today");
  bed_today_page_set_banner (bed_home_page_get_today (page),
                             dgettext (NULL, "The clinic cannot be reached. Records and notes work; nobody can arrive."),
                             dgettext (NULL, "Try now"));
  settle (500);
  save (self, GTK_WIDGET (page), "home-offline");
  bed_today_page_set_banner (bed_home_page_get_today (page), NULL, NULL);
  bed_today_page_set_notice (
      bed_home_page_get_today (page),
      WORD ("Bedside cannot tell whether an older copy of the record was put back: the mark that it "
            "is compared with is gone, and nothing is kept outside the record’s folder. Look whether "
            "your last notes are there, or compare with a head that you wrote down."),
      WORD ("Restore a backup…"), WORD ("Go on…"));
  settle (500);
  save (self, GTK_WIDGET (page), "home-rolled-back");
  bed_today_page_set_notice (bed_home_page_get_today (page), NULL, NULL, NULL);
  show_warning (self, page);
  bed_patients_page_set_store (bed_home_page_get_patients (page), self->store, self->clock);
  bed_notes_page_set_store (bed_home_page_get_notes (page), self->store, self->clock);
  bed_home_page_show_section (page, BED_HOME_PATIENTS);
  settle (500);
  save (self, GTK_WIDGET (page), "patients");
  patient = g_list_model_get_item (patients, 0);
  bed_patients_page_show_patient (bed_home_page_get_patients (page), patient);
  settle (500);
  save (self, GTK_WIDGET (page), "patient");
  g_assert_true (bed_record_store_set_hold (self->store, bed_patient_get_id (patient), TRUE,
                                            "Letter of the district court, file 12 O 345/26", NULL));
  bed_patients_page_show_hold (bed_home_page_get_patients (page));
  settle (200);
  save (self, GTK_WIDGET (page), "patient-held");
  g_assert_true (bed_record_store_set_hold (self->store, bed_patient_get_id (patient), FALSE, NULL, NULL));
  bed_home_page_show_section (page, BED_HOME_NOTES);
  settle (500);
  save (self, GTK_WIDGET (page), "notes");
  bed_notes_page_show_note (bed_home_page_get_notes (page), self->note);
  settle (500);
  save (self, GTK_WIDGET (page), "note");
}

/* What the record's own screens look like. */
static void
show_record (Screens *self)
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
  show_folding (self, page, "notes-filter");
}

static void
show_handover (Screens *self)
{
  BedHandoverWindow *window = bed_handover_window_new (NULL, TRUE, TRUE);
  BedHandoverWindow *more = bed_handover_window_new (NULL, FALSE, TRUE);

  bed_handover_window_choose (window, BED_HANDOVER_NOTE, BED_HANDOVER_PDF);
  bed_handover_window_set_result (window, TRUE, "note-2026-11-21.pdf");
  show_window (self, window, "hand-over", adw_window_get_content (ADW_WINDOW (window)));
  bed_handover_window_set_strength (more, 1);
  bed_handover_window_set_progress (more, .4);
  show_window (self, more, "hand-over-encrypted", adw_window_get_content (ADW_WINDOW (more)));
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
  g_autoptr (BedVideoFrame) frame = draw_person (320, 240, 150, 140);
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

  show_window (self, window, screen, adw_window_get_content (ADW_WINDOW (window)));
}

/* The files of a note that is still written, and each kind to be looked at. */
static void
show_attachments (Screens *self)
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
  show_folding (self, page, "attachments-top");
  scroller = gtk_widget_get_ancestor (GTK_WIDGET (box), GTK_TYPE_SCROLLED_WINDOW);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  settle (200);
  save (self, GTK_WIDGET (page), "attachments");
  show_file (self, picture, png, "attachment-picture");
  show_file (self, result, words, "attachment-text");
  show_file (self, result, bad, "attachment-broken");
}

/* A note that was signed and added to, and what belongs to it. */
static void
show_signed (Screens *self)
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
  show_folding (self, page, "note-signed");
  bed_note_paper_set_seal (paper, BED_PAPER_BROKEN,
                           WORD ("What is shown is not what was signed."));
  settle (200);
  save (self, GTK_WIDGET (page), "note-broken");
  bed_addendum_window_add_section (addendum, "Subjective", "Tired since the spring.");
  bed_addendum_window_add_section (addendum, "Plan", "Blood count in two weeks.");
  bed_addendum_window_load (addendum, "Laboratory result", "Haemoglobin 118 g/L, iron low.",
                            (const char *const[]){ "Tired since the spring.",
                                                   "Iron by mouth; blood count in six weeks.",
                                                   NULL });
  show_window (self, addendum, "addendum", adw_window_get_content (ADW_WINDOW (addendum)));
  bed_compare_window_add_section (compare, WORD ("Assessment"),
                                  "Likely iron deficiency, to be confirmed.",
                                  "Iron deficiency, confirmed by the laboratory.");
  bed_compare_window_add_section (compare, WORD ("Plan"), "", "Iron tablets for three months.");
  show_window (self, compare, "compare", adw_window_get_content (ADW_WINDOW (compare)));
}

/* Who opened the record with the emergency key, and what the clinician reads of it. */
static void
show_emergency (Screens *self)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  BedEmergencyDialog *question = bed_emergency_dialog_new_question (NULL);
  BedEmergencyDialog *told = bed_emergency_dialog_new_use (NULL, now - 90 * MINUTE, "Dr Bela Ruiz",
                                                           "A patient is in danger.", now);

  show_window (self, question, "emergency", gtk_window_get_child (GTK_WINDOW (question)));
  show_window (self, told, "emergency-told", gtk_window_get_child (GTK_WINDOW (told)));
}

/* A page within the preferences. */
static void
show_subpage (Screens *self, gpointer page, const char *screen)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *first = gtk_widget_get_first_child (window);

  adw_preferences_window_present_subpage (ADW_PREFERENCES_WINDOW (window), page);
  show_window (self, window, screen, first);
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
  g_autoptr (GListModel) deleted = NULL;
  gboolean done = FALSE;

  g_assert_true (bed_record_store_save_patient (self->store, patient, NULL));
  g_assert_true (bed_record_store_delete_patient (self->store, bed_patient_get_id (patient), NULL));
  deleted = bed_record_store_list_deleted (self->store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  bed_record_store_erase_async (self->store, deleted, NULL, erased_them, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
add_kept (BedBackupPage *page, gint64 now)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  BedSetAside one = { .until_us = now - 50 * MINUTE }, other = { .until_us = now - 5000 * MINUTE };

  g_ptr_array_add (kept, &one);
  g_ptr_array_add (kept, &other);
  bed_backup_page_set_kept (page, kept, now);
}

static void
show_keeping (Screens *self)
{
  static const guint slots[] = { 2, 3 };
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) trail = bed_record_store_list_trail (self->store, 0, &error);
  BedTrailPage *intact = bed_trail_page_new (), *broken = bed_trail_page_new ();
  BedBackupPage *backup = bed_backup_page_new (), *empty = bed_backup_page_new ();
  BedKeysPage *keys = bed_keys_page_new ();
  BedPhrasesPage *phrases = bed_phrases_page_new ();
  BedRetentionPage *retention = bed_retention_page_new (), *gone = bed_retention_page_new ();
  g_autoptr (GListModel) templates = NULL, snippets = NULL, due = NULL, erased = NULL;
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
  bed_backup_page_set_state (empty, 0, NULL, -1, now);
  show_subpage (self, empty, "backup-none");
  bed_backup_page_set_plan (backup, "/run/media/okafor/Blue stick", BED_BACKUP_DAILY, 7);
  bed_backup_page_set_state (backup, now - 90 * MINUTE, "Blue stick", .3, now);
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
  bed_retention_page_set_lists (retention, due, due, now);
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
  bed_keys_page_set_freshness (keys, WORD ("Locked"), WORD ("Unlocked"), TRUE);
  show_subpage (self, keys, "keys");
}

static void
show_invitation (Screens *self)
{
  static const char *const languages[] = { "en", "de", NULL };
  g_autoptr (GListModel) patients = bed_record_store_list_patients (self->store);
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (BedSessionInvite) invite = g_list_model_get_item (G_LIST_MODEL (self->invites), 0);
  BedInvitationWindow *form = bed_invitation_window_new (NULL, patients, 0, languages, FALSE, now);
  BedInvitationWindow *result = bed_invitation_window_new_for_link (NULL, invite, "Northgate Family Practice", now);
  g_autoptr (BedSessionInvite) guarded = new_invite (self, "Elin", 30, BED_ROOM_STATE_CREATED, "052917");
  BedInvitationWindow *code = bed_invitation_window_new_for_link (NULL, guarded, "Northgate Family Practice", now);
  g_autofree char *profile = g_build_filename (self->fixture.directory, "profile", NULL);
  g_autoptr (BedSession) session = bed_session_new (profile, self->clock, NULL);
  BedPreferencesWindow *preferences = bed_preferences_window_new (NULL, session);

  show_window (self, form, "invitation", adw_window_get_content (ADW_WINDOW (form)));
  show_window (self, result, "invitation-result", adw_window_get_content (ADW_WINDOW (result)));
  show_window (self, code, "invitation-passcode", adw_window_get_content (ADW_WINDOW (code)));
  bed_preferences_window_set_choices (preferences, "camera", (BedDeviceChoice[]) { { "a", "Built-in camera" } }, 1);
  bed_preferences_window_set_choices (preferences, "microphone", NULL, 0);
  bed_preferences_window_set_choices (preferences, "speaker", NULL, 0);
  show_window (self, preferences, "preferences", gtk_widget_get_first_child (GTK_WIDGET (preferences)));
}

static gboolean
has_label (GtkWidget *widget, const char *text)
{
  if (GTK_IS_POPOVER (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, text))
      return TRUE;
  return FALSE;
}

static void
show_check (Screens *self)
{
  static const BedDeviceChoice cameras[] = { { "a", "Built-in camera" }, { "b", "Document camera" } };
  static const BedDeviceChoice microphones[] = { { "a", "Bang & Olufsen <desk>" } };
  BedCheckPage *page = bed_check_page_new ();
  g_autofree char *text = g_strdup_printf (dgettext (NULL, "%s is waiting. Nothing is sent before you start."), "Elin Marsh");

  bed_check_page_set_words (page, text, dgettext (NULL, "Start the call"));
  bed_check_page_set_choices (page, "camera", cameras, 2, "a");
  bed_check_page_set_choices (page, "microphone", microphones, 1, NULL);
  bed_check_page_set_choices (page, "speaker", NULL, 0, NULL);
  g_assert_true (has_label (GTK_WIDGET (page), microphones[0].name)); /* no markup */
  show (self, page, "check-off");
  bed_check_page_set_paintable (page, self->doctor);
  bed_check_page_set_on (page, TRUE, TRUE);
  bed_check_page_set_has_picture (page, TRUE);
  bed_check_page_set_level (page, .62);
  bed_check_page_set_problem (page, dgettext (NULL, "No speaker was found. Plug in headphones."));
  settle (300);
  save (self, GTK_WIDGET (page), "check-on");
}

static void
show_lock_popover (Screens *self, BedCallPage *page)
{
  static const char *const words[] = { "sunflower", "bicycle", "spoon", "turtle" };
  GtkWidget *lock = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (page), BED_TYPE_CALL_PAGE, "lock"));
  GtkPopover *popover;

  bed_call_page_set_words (page, words);
  gtk_menu_button_popup (GTK_MENU_BUTTON (lock));
  settle (400);
  popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (lock));
  save (self, gtk_widget_get_first_child (GTK_WIDGET (popover)), "lock-popover");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (lock));
  settle (100);
}

static void
show_unrecorded (Screens *self, BedCallPage *page)
{
  g_autofree char *text
      = g_strdup_printf (WORD ("This consultation cannot be recorded. %s The call goes on."),
                         WORD ("The disk is full. Nothing is lost; make room and try again."));

  bed_call_page_set_unrecorded (page, text);
  settle (300);
  save (self, GTK_WIDGET (page), "call-unrecorded");
  bed_call_page_set_unrecorded (page, NULL);
}

static void
show_call (Screens *self)
{
  BedCallPage *page = bed_call_page_new ();
  BedCallPanel *panel = bed_call_page_get_panel (page);
  BedAfterPage *after = bed_after_page_new ();

  bed_call_page_set_peer (page, "Elin Marsh", "01632 960 147", "12 Mill Lane, Northgate", FALSE);
  bed_call_page_set_paintables (page, self->patient, self->doctor);
  bed_call_page_set_own_media (page, FALSE, FALSE, TRUE, TRUE);
  show (self, page, "call-connecting");
  bed_call_page_set_look (page, BED_CALL_LOOK_CONNECTED);
  bed_call_page_set_remote_media (page, TRUE, TRUE);
  bed_call_page_set_own_media (page, TRUE, TRUE, TRUE, TRUE);
  bed_call_page_set_clock (page, 252, 0);
  bed_call_page_set_lock (page, BED_CALL_LOCK_NOT_VERIFIED);
  bed_call_page_set_quality (page, BED_CALL_SIGNAL_GOOD, "");
  bed_call_page_set_unread (page, 1);
  settle (300);
  save (self, GTK_WIDGET (page), "call");
  show_unrecorded (self, page);
  show_lock_popover (self, page);
  bed_call_page_set_lock (page, BED_CALL_LOCK_VERIFIED);
  bed_note_editor_set_note (bed_call_panel_get_editor (panel), self->note, self->clock);
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_NOTE);
  settle (700);
  save (self, GTK_WIDGET (page), "call-note");
  bed_call_panel_set_chat (panel, G_LIST_MODEL (self->chat));
  bed_call_panel_set_chat_open (panel, TRUE);
  bed_call_panel_set_chat_kept (panel, TRUE, FALSE, FALSE);
  bed_call_page_set_unread (page, 0);
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_CHAT);
  settle (500);
  save (self, GTK_WIDGET (page), "call-chat");
  bed_call_panel_set_can_keep_files (panel, TRUE);
  bed_call_panel_set_chat (panel, G_LIST_MODEL (self->chat));
  add_chat_files (self);
  settle (300);
  save (self, GTK_WIDGET (page), "call-chat-files");
  bed_call_page_close_panel (page);
  bed_call_page_set_look (page, BED_CALL_LOOK_SILENT);
  bed_call_page_set_quality (page, BED_CALL_SIGNAL_POOR, "");
  bed_call_page_set_clock (page, 255, 3);
  settle (700);
  save (self, GTK_WIDGET (page), "call-silent");
  bed_call_page_set_look (page, BED_CALL_LOOK_RECONNECTING);
  bed_call_page_set_lock (page, BED_CALL_LOCK_LOST);
  bed_call_page_set_clock (page, 270, 18);
  settle (700);
  save (self, GTK_WIDGET (page), "call-reconnecting");
  bed_note_editor_set_note (bed_call_panel_get_editor (panel), NULL, NULL);
  bed_after_page_set_words (after, dgettext (NULL, "The call is over"), NULL, FALSE);
  bed_after_page_set_facts (after, "14 min", dgettext (NULL, "Encrypted from person to person, words compared"),
                            dgettext (NULL, "Draft, saved"), "");
  show (self, after, "after");
}

static void
show_guest (Screens *self)
{
  BedGuestPage *page = bed_guest_page_new ();

  bed_guest_page_set_card (page, "Northgate Family Practice", "Dr Amara Okafor", "01632 960 100", "10:30");
  bed_guest_page_set_consent (page, "Sound and picture go from person to person and are not recorded. The clinic keeps a note.", "…");
  bed_guest_page_set_privacy_notice (page, "We keep what the law asks us to keep.");
  bed_guest_page_show_step (page, BED_GUEST_STEP_INVITED);
  show (self, page, "guest-invited");
  bed_guest_page_show_step (page, BED_GUEST_STEP_DETAILS);
  settle (400);
  save (self, GTK_WIDGET (page), "guest-details");
  bed_guest_page_set_asks_passcode (page, TRUE);
  save (self, GTK_WIDGET (page), "guest-details-passcode");
  bed_guest_page_show_step (page, BED_GUEST_STEP_CHECK);
  settle (400);
  save (self, GTK_WIDGET (page), "guest-check");
  bed_guest_page_set_waiting (page, "Dr Amara Okafor", 1, TRUE);
  bed_guest_page_show_step (page, BED_GUEST_STEP_WAITING);
  settle (400);
  save (self, GTK_WIDGET (page), "guest-waiting");
  bed_guest_page_set_passcode_answer (page, FALSE, 4);
  save (self, GTK_WIDGET (page), "guest-passcode");
  bed_guest_page_set_passcode_answer (page, FALSE, 0);
  save (self, GTK_WIDGET (page), "guest-passcode-spent");
  bed_guest_page_set_over (page, BED_GUEST_OVER_EXPIRED, NULL);
  bed_guest_page_show_step (page, BED_GUEST_STEP_OVER);
  settle (400);
  save (self, GTK_WIDGET (page), "guest-over");
}

static void
nothing (GSimpleAction *action, GVariant *parameter, gpointer data)
{
}

/* So that what calls an action is not grey. */
static void
add_actions (Screens *self)
{
  static const GActionEntry app[] = { { "lock", nothing }, { "preferences", nothing } };
  static const GActionEntry win[] = { { "new-invitation", nothing } };
  g_autoptr (GSimpleActionGroup) app_group = g_simple_action_group_new (), win_group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (app_group), app, G_N_ELEMENTS (app), NULL);
  g_action_map_add_action_entries (G_ACTION_MAP (win_group), win, G_N_ELEMENTS (win), NULL);
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "app", G_ACTION_GROUP (app_group));
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "win", G_ACTION_GROUP (win_group));
}

static GMenuModel *
menu (void)
{
  GMenu *items = g_menu_new ();

  g_menu_append (items, "Bedside", "app.preferences");
  return G_MENU_MODEL (items);
}

static void
activate (GtkApplication *application, Screens *self)
{
  bed_ui_init ();
  gtk_widget_set_default_direction (self->direction); /* GTK sets its own when it begins */
  /* What slides or folds is where it will be at once; a picture in the middle of it is of nothing. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  self->window = GTK_WINDOW (adw_window_new ());
  gtk_window_set_application (self->window, application);
  gtk_window_set_default_size (self->window, self->width, self->height);
  adw_window_set_content (ADW_WINDOW (self->window), gtk_label_new (NULL));
  add_actions (self);
  gtk_window_present (self->window);
  settle (200);
  invent (self);
  show_first_run (self);
  show_unlock (self);
  show_home (self);
  show_record (self);
  show_handover (self);
  show_attachments (self);
  show_signed (self);
  show_emergency (self);
  show_keeping (self);
  show_invitation (self);
  show_check (self);
  show_call (self);
  show_guest (self);
  gtk_window_destroy (self->window);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  Screens self = { 0 };

  g_assert_cmpint (argc, ==, 6);
  setlocale (LC_ALL, "");
  bindtextdomain ("bedside", g_getenv ("BEDSIDE_LOCALEDIR"));
  bind_textdomain_codeset ("bedside", "UTF-8");
  textdomain ("bedside");
  self.output = argv[1];
  self.name = argv[2];
  self.width = atoi (argv[4]);
  self.height = self.width < 600 ? 740 : 760;
  g_assert_cmpint (g_mkdir_with_parents (self.output, 0755), ==, 0);
  application = adw_application_new ("org.bedside.Bedside", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate), &self);
  self.direction = g_str_equal (argv[5], "rtl") ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), g_str_equal (argv[3], "dark")
                                                                            ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                            : ADW_COLOR_SCHEME_FORCE_LIGHT);
  g_application_run (G_APPLICATION (application), 0, NULL);
  g_print ("%u screens, %u findings\n", self.n_screens, self.n_findings);
  return self.n_findings == 0 && self.n_screens > 20 ? 0 : 1;
}
