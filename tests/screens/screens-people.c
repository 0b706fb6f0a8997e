/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invented people: what the screens are filled with. */
#include <math.h>

#include "screens.h"

#include "bed-arrival-private.h"
#include "bed-chat-file-private.h"
#include "bed-chat-message-private.h"
#include "bed-video-paintable.h"

BedVideoFrame *
screens_draw_person (guint width, guint height, guint8 skin_v, guint8 ground)
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
  BedVideoFrame *frame = screens_draw_person (width, height, skin_v, ground);

  bed_video_sink_push (BED_VIDEO_SINK (paintable), frame);
  bed_video_frame_unref (frame);
  screens_settle (30);
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

BedSessionInvite *
screens_new_invite (Screens *self, const char *label, int in_minutes, BedRoomState state, const char *passcode)
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
  g_autoptr (BedSessionInvite) item = screens_new_invite (self, label, in_minutes, state, NULL);

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

void
screens_add_chat_files (Screens *self)
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

void
screens_invent (Screens *self)
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
