/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An invitation, the call, and the guest's way to it. */
#include "screens.h"

#include "bed-after-page.h"
#include "bed-call-page.h"
#include "bed-guest-page.h"
#include "bed-invitation-window.h"
#include "bed-preferences-window.h"
#include "bed-window.h"

void
screens_invitation (Screens *self)
{
  static const char *const languages[] = { "en", "de", NULL };
  g_autoptr (GListModel) patients = bed_record_store_list_patients (self->store);
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (BedSessionInvite) invite = g_list_model_get_item (G_LIST_MODEL (self->invites), 0);
  BedInvitationWindow *form = bed_invitation_window_new (NULL, patients, 0, languages, FALSE, now);
  BedInvitationWindow *result = bed_invitation_window_new_for_link (NULL, invite, "Northgate Family Practice", now);
  g_autoptr (BedSessionInvite) guarded = screens_new_invite (self, "Elin", 30, BED_ROOM_STATE_CREATED, "052917");
  BedInvitationWindow *code = bed_invitation_window_new_for_link (NULL, guarded, "Northgate Family Practice", now);
  g_autofree char *profile = g_build_filename (self->fixture.directory, "profile", NULL);
  g_autoptr (BedSession) session = bed_session_new (profile, self->clock, NULL);
  BedPreferencesWindow *preferences = bed_preferences_window_new (NULL, session);

  screens_show_window (self, form, "invitation", adw_window_get_content (ADW_WINDOW (form)));
  screens_show_window (self, result, "invitation-result", adw_window_get_content (ADW_WINDOW (result)));
  screens_show_window (self, code, "invitation-passcode", adw_window_get_content (ADW_WINDOW (code)));
  bed_preferences_window_set_choices (preferences, "camera", (BedDeviceChoice[]) { { "a", "Built-in camera" } }, 1);
  bed_preferences_window_set_choices (preferences, "microphone", NULL, 0);
  bed_preferences_window_set_choices (preferences, "speaker", NULL, 0);
  screens_show_window (self, preferences, "preferences", gtk_widget_get_first_child (GTK_WIDGET (preferences)));
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

void
screens_before_call (Screens *self)
{
  static const BedDeviceChoice cameras[] = { { "a", "Built-in camera" }, { "b", "Document camera" } };
  static const BedDeviceChoice microphones[] = { { "a", "Bang & Olufsen <desk>" } };
  BedCheckPage *page = bed_check_page_new ();
  g_autofree char *text = g_strdup_printf (dgettext (NULL, "%s is waiting. Nothing is sent before you start."), "Elin Marsh");

  bed_check_page_set_words (page, text, dgettext (NULL, "Start the call"));
  bed_check_page_set_choices (page, "camera", cameras, 2, "a");
  bed_check_page_set_choices (page, "microphone", microphones, 1, NULL);
  bed_check_page_set_none (page, "speaker", dgettext (NULL, "No speaker was found. Plug in headphones."), FALSE);
  g_assert_true (has_label (GTK_WIDGET (page), microphones[0].name)); /* no markup */
  screens_show (self, page, "check-off");
  bed_check_page_set_paintable (page, self->doctor);
  bed_check_page_set_on (page, TRUE, TRUE);
  bed_check_page_set_has_picture (page, TRUE);
  bed_check_page_set_level (page, .62);
  bed_check_page_set_problem (page, dgettext (NULL, "No speaker was found. Plug in headphones."));
  screens_settle (300);
  screens_save (self, GTK_WIDGET (page), "check-on");
}

static void
show_lock_popover (Screens *self, BedCallPage *page)
{
  static const char *const words[] = { "sunflower", "bicycle", "spoon", "turtle" };
  GtkWidget *lock = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (page), BED_TYPE_CALL_PAGE, "lock"));
  GtkPopover *popover;

  bed_call_page_set_words (page, words);
  gtk_menu_button_popup (GTK_MENU_BUTTON (lock));
  screens_settle (400);
  popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (lock));
  screens_save (self, gtk_widget_get_first_child (GTK_WIDGET (popover)), "lock-popover");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (lock));
  screens_settle (100);
}

static void
show_quality_popover (Screens *self, BedCallPage *page)
{
  GtkMenuButton *quality = GTK_MENU_BUTTON (
      gtk_widget_get_template_child (GTK_WIDGET (page), BED_TYPE_CALL_PAGE, "quality"));

  bed_call_page_set_quality (page, BED_CALL_SIGNAL_POOR,
                             WORD ("Some sound and picture get lost on the way."));
  gtk_widget_grab_focus (GTK_WIDGET (quality)); /* as a click does */
  gtk_menu_button_popup (quality);
  screens_settle (400);
  screens_save (self, gtk_widget_get_first_child (GTK_WIDGET (gtk_menu_button_get_popover (quality))),
                "quality-popover");
  gtk_menu_button_popdown (quality);
  bed_call_page_set_quality (page, BED_CALL_SIGNAL_GOOD, "");
  screens_settle (100);
}

static void
show_unrecorded (Screens *self, BedCallPage *page)
{
  g_autofree char *text
      = g_strdup_printf (WORD ("This consultation cannot be recorded. %s The call goes on."),
                         WORD ("The disk is full. Nothing is lost; make room and try again."));

  bed_call_page_set_unrecorded (page, text);
  screens_settle (300);
  screens_save (self, GTK_WIDGET (page), "call-unrecorded");
  bed_call_page_set_unrecorded (page, NULL);
}

void
screens_call (Screens *self)
{
  BedCallPage *page = bed_call_page_new ();
  BedCallPanel *panel = bed_call_page_get_panel (page);
  BedAfterPage *after = bed_after_page_new ();

  bed_call_page_set_peer (page, "Elin Marsh", "01632 960 147", "12 Mill Lane, Northgate", FALSE);
  bed_call_page_set_paintables (page, self->patient, self->doctor);
  bed_call_page_set_own_media (page, FALSE, FALSE, TRUE, TRUE);
  screens_show (self, page, "call-connecting");
  bed_call_page_set_look (page, BED_CALL_LOOK_CONNECTED);
  bed_call_page_set_remote_media (page, TRUE, TRUE);
  bed_call_page_set_own_media (page, TRUE, TRUE, TRUE, TRUE);
  bed_call_page_set_clock (page, 252, 0);
  bed_call_page_set_lock (page, BED_CALL_LOCK_NOT_VERIFIED);
  bed_call_page_set_quality (page, BED_CALL_SIGNAL_GOOD, "");
  bed_call_page_set_unread (page, 1);
  screens_settle (300);
  screens_save (self, GTK_WIDGET (page), "call");
  show_unrecorded (self, page);
  show_lock_popover (self, page);
  show_quality_popover (self, page);
  bed_call_page_set_lock (page, BED_CALL_LOCK_VERIFIED);
  bed_note_editor_set_note (bed_call_panel_get_editor (panel), self->note, self->clock);
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_NOTE);
  screens_settle (700);
  screens_save (self, GTK_WIDGET (page), "call-note");
  bed_call_panel_set_chat (panel, G_LIST_MODEL (self->chat));
  bed_call_panel_set_chat_open (panel, TRUE);
  bed_call_panel_set_chat_kept (panel, TRUE, FALSE, FALSE);
  bed_call_page_set_unread (page, 0);
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_CHAT);
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "call-chat");
  bed_call_panel_set_can_keep_files (panel, TRUE);
  bed_call_panel_set_chat (panel, G_LIST_MODEL (self->chat));
  screens_add_chat_files (self);
  screens_settle (300);
  screens_save (self, GTK_WIDGET (page), "call-chat-files");
  bed_call_page_close_panel (page);
  bed_call_page_set_look (page, BED_CALL_LOOK_SILENT);
  bed_call_page_set_quality (page, BED_CALL_SIGNAL_POOR, "");
  bed_call_page_set_clock (page, 255, 3);
  screens_settle (700);
  screens_save (self, GTK_WIDGET (page), "call-silent");
  bed_call_page_set_look (page, BED_CALL_LOOK_RECONNECTING);
  bed_call_page_set_lock (page, BED_CALL_LOCK_LOST);
  bed_call_page_set_clock (page, 270, 18);
  screens_settle (700);
  screens_save (self, GTK_WIDGET (page), "call-reconnecting");
  bed_note_editor_set_note (bed_call_panel_get_editor (panel), NULL, NULL);
  bed_after_page_set_words (after, dgettext (NULL, "The call is over"), NULL, FALSE);
  bed_after_page_set_facts (after, "14 min", dgettext (NULL, "Encrypted from person to person, words compared"),
                            dgettext (NULL, "Draft, saved"), "", FALSE);
  screens_show (self, after, "after");
}

void
screens_guest (Screens *self)
{
  BedGuestPage *page = bed_guest_page_new ();

  bed_guest_page_set_card (page, "Northgate Family Practice", "Dr Amara Okafor", "01632 960 100", "10:30");
  bed_guest_page_set_consent (page, "Sound and picture go from person to person and are not recorded. The clinic keeps a note.", "…");
  bed_guest_page_set_privacy_notice (page, "We keep what the law asks us to keep.");
  bed_guest_page_show_step (page, BED_GUEST_STEP_INVITED);
  screens_show (self, page, "guest-invited");
  bed_guest_page_show_step (page, BED_GUEST_STEP_DETAILS);
  screens_settle (400);
  screens_save (self, GTK_WIDGET (page), "guest-details");
  bed_guest_page_set_asks_passcode (page, TRUE);
  screens_save (self, GTK_WIDGET (page), "guest-details-passcode");
  bed_guest_page_show_step (page, BED_GUEST_STEP_CHECK);
  screens_settle (400);
  screens_save (self, GTK_WIDGET (page), "guest-check");
  bed_guest_page_set_waiting (page, "Dr Amara Okafor", 1, TRUE, FALSE);
  bed_guest_page_show_step (page, BED_GUEST_STEP_WAITING);
  screens_settle (400);
  screens_save (self, GTK_WIDGET (page), "guest-waiting");
  bed_guest_page_set_passcode_answer (page, FALSE, 4);
  screens_save (self, GTK_WIDGET (page), "guest-passcode");
  bed_guest_page_set_passcode_answer (page, FALSE, 0);
  screens_save (self, GTK_WIDGET (page), "guest-passcode-spent");
  bed_guest_page_set_over (page, BED_GUEST_OVER_EXPIRED, NULL);
  bed_guest_page_show_step (page, BED_GUEST_STEP_OVER);
  screens_settle (400);
  screens_save (self, GTK_WIDGET (page), "guest-over");
}

/* What must not pass unseen, and what is said in passing, leave the controls of a call alone. */
void
screens_messages (Screens *self)
{
  BedWindow *window = g_object_new (BED_TYPE_WINDOW, NULL);
  BedCallPage *page = bed_window_get_call (window);
  GtkWidget *root = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));

  bed_call_page_set_peer (page, "Elin Marsh", "01632 960 147", "12 Mill Lane, Northgate", FALSE);
  bed_call_page_set_paintables (page, self->patient, self->doctor);
  bed_call_page_set_look (page, BED_CALL_LOOK_CONNECTED);
  bed_call_page_set_remote_media (page, TRUE, TRUE);
  bed_call_page_set_own_media (page, TRUE, FALSE, TRUE, TRUE);
  bed_call_page_set_lock (page, BED_CALL_LOCK_RENEWED);
  bed_call_page_set_quality (page, BED_CALL_SIGNAL_GOOD, "");
  bed_window_show_page (window, BED_PAGE_CALL);
  bed_window_warn_in_call (window, BED_GRAVITY_GRAVE,
                           WORD ("The connection was made anew. Compare the four words again."));
  bed_window_warn_in_call (window, BED_GRAVITY_LIGHT,
                           WORD ("The microphone was unplugged. Plug it in and turn it on again, "
                                 "or write in the chat."));
  gtk_window_set_default_size (GTK_WINDOW (window), self->width, self->height);
  gtk_window_present (GTK_WINDOW (window));
  bed_window_toast (window,
                    WORD ("Not sent: there is no connection now. Your words are still there."));
  screens_settle (600);
  screens_save (self, root, "call-messages");
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_CHAT);
  screens_settle (400);
  screens_save (self, root, "call-messages-chat");
  gtk_window_destroy (GTK_WINDOW (window));
}
