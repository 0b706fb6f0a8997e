/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-screen.h"

#include <glib/gi18n.h>

#include "bed-chat-files-desk.h"
#include "bed-error-text.h"
#include "bed-sas-words.h"
#include "bed-time-text.h"

struct _BedCallScreen
{
  GObject parent_instance;
  BedClock *clock;   /* owned */
  BedWindow *window; /* owned */
  BedCall *call;     /* owned, nullable */
  BedChatFilesDesk *files; /* owned */
  char *language;
  gboolean compared, told_renewed; /* the words were compared once in this call */
  gint64 lost_at_us;
  guint unread, tick;
};

G_DEFINE_FINAL_TYPE (BedCallScreen, bed_call_screen, G_TYPE_OBJECT)

/* Warnings that hold for one call. */
static const char renewed[] = N_("The connection was made anew. Compare the four words again.");
static const char chat_full[]
    = N_("This chat is full: what they write now does not arrive any more. Tell them, and go on by "
         "voice.");

static const char altered[]
    = N_("A message of this call was altered on its way and was not taken. The call goes on. "
         "Compare the words again, or call by telephone.");

static BedCallPage *
page_of (BedCallScreen *self)
{
  return bed_window_get_call (self->window);
}

/* --- Lock and words -------------------------------------------------------------------------- */

static BedCallLock
lock_of (BedCallScreen *self)
{
  BedCall *call = self->call;

  if (bed_call_get_state (call) == BED_CALL_STATE_RECONNECTING)
    return BED_CALL_LOCK_LOST;
  if (!bed_call_get_secured (call))
    return BED_CALL_LOCK_CONNECTING;
  switch (bed_call_get_verification (call))
    {
    case BED_VERIFICATION_MATCHED:
      return BED_CALL_LOCK_VERIFIED;
    case BED_VERIFICATION_DIFFERED:
      return BED_CALL_LOCK_DIFFER;
    case BED_VERIFICATION_NOT_CHECKED:
    default:
      return self->compared ? BED_CALL_LOCK_RENEWED : BED_CALL_LOCK_NOT_VERIFIED;
    }
}

static void
remember_compared (BedCallScreen *self)
{
  gboolean now = bed_call_get_verification (self->call) != BED_VERIFICATION_NOT_CHECKED;

  if (now)
    {
      self->compared = TRUE;
      bed_window_unwarn (self->window, _(renewed));
    }
  else if (self->compared && !self->told_renewed)
    bed_window_warn_in_call (self->window, BED_GRAVITY_GRAVE, _(renewed));
  self->told_renewed = self->compared && !now;
}

static void
show_words (BedCallScreen *self)
{
  BedCallPage *page = bed_window_get_call (self->window);
  BedSasWords words = { 0 };
  guint8 numbers[4];

  if (bed_call_get_words (self->call, numbers)
      && bed_sas_words_init (&words, self->language, numbers))
    bed_call_page_set_words (page, (const char *const *) words.words);
  else
    bed_call_page_set_words (page, NULL);
  bed_sas_words_clear (&words);
}

static void
words_answered (BedCallScreen *self, gboolean match)
{
  if (self->call != NULL)
    bed_call_set_words_match (self->call, match);
}

/* --- How the connection is ------------------------------------------------------------------- */

static void
show_quality (BedCallScreen *self)
{
  static const char *const reasons[] = {
    [BED_QUALITY_REASON_NONE] = N_("Sound and picture arrive as they should."),
    [BED_QUALITY_REASON_LOSS] = N_("Some sound and picture get lost on the way."),
    [BED_QUALITY_REASON_DELAY] = N_("Sound and picture arrive late."),
    [BED_QUALITY_REASON_BITRATE] = N_("The connection is slow, so the picture is less sharp."),
    [BED_QUALITY_REASON_SILENCE] = N_("The connection is not getting through at the moment."),
  };
  BedQualityReason reason = BED_QUALITY_REASON_NONE;
  BedQuality quality = bed_call_get_quality (self->call, &reason);

  bed_call_page_set_quality (bed_window_get_call (self->window), (BedCallSignal) quality,
                             quality == BED_QUALITY_UNKNOWN ? "" : _(reasons[reason]));
}

/* Counts since the call began. */
static char *
counts_text (const BedEngineStats *stats)
{
  g_autofree char *received = g_strdup_printf ("%" G_GUINT64_FORMAT, stats->frames_decoded);
  g_autofree char *sent = g_strdup_printf ("%" G_GUINT64_FORMAT, stats->frames_sent);
  g_autofree char *sound = g_strdup_printf ("%" G_GUINT64_FORMAT, stats->audio_packets_received);

  return g_strdup_printf (_("Pictures: %s received, %s sent\nPackets of sound: %s received"),
                          received, sent, sound);
}

/* RTCTransportStats.tlsVersion is the version's two bytes in hexadecimal. */
static const char *
tls_name (const char *version)
{
  if (*version == '\0')
    return "–";
  return g_str_equal (version, "FEFD")   ? "DTLS 1.2"
         : g_str_equal (version, "FEFC") ? "DTLS 1.3"
                                         : version;
}

static void
show_details (BedCallScreen *self)
{
  BedEngineStats stats = { 0 };
  g_autofree char *text = NULL, *counts = NULL, *all = NULL;
  gboolean relayed;

  bed_call_get_stats (self->call, &stats);
  relayed = g_str_equal (stats.local_candidate_type, "relay")
            || g_str_equal (stats.remote_candidate_type, "relay");
  text = g_strdup_printf (
      _("Encryption: %s, %s\nPath: %s\nDelay: %.0f ms, lost: %.1f %%\nPicture: %u × %u\nReceiving "
        "%.0f, sending %.0f kbit/s"),
      *stats.srtp_cipher != '\0' ? stats.srtp_cipher : "–", tls_name (stats.tls_version),
      relayed ? _("through the clinic’s relay") : _("direct"), MAX (stats.round_trip_time_ms, 0),
      stats.fraction_lost * 100, stats.frame_width, stats.frame_height,
      stats.incoming_bitrate / 1000, stats.outgoing_bitrate / 1000);
  counts = counts_text (&stats);
  all = g_strconcat (text, "\n", counts, NULL);
  bed_call_page_set_details (bed_window_get_call (self->window), all);
}

static gboolean
each_second (gpointer data)
{
  BedCallScreen *self = data;
  gint64 now = bed_clock_get_real_us (self->clock), since = bed_call_get_connected_at (self->call);

  bed_call_page_set_clock (bed_window_get_call (self->window),
                           since != 0 ? (now - since) / G_USEC_PER_SEC : 0,
                           self->lost_at_us != 0 ? (now - self->lost_at_us) / G_USEC_PER_SEC : 0);
  show_details (self);
  return G_SOURCE_CONTINUE;
}

static BedCallLook
look_of (BedCallScreen *self)
{
  BedQualityReason reason = BED_QUALITY_REASON_NONE;

  bed_call_get_quality (self->call, &reason);
  switch (bed_call_get_state (self->call))
    {
    case BED_CALL_STATE_CONNECTED:
      return reason == BED_QUALITY_REASON_SILENCE ? BED_CALL_LOOK_SILENT : BED_CALL_LOOK_CONNECTED;
    case BED_CALL_STATE_RECONNECTING:
      return BED_CALL_LOOK_RECONNECTING;
    default:
      return BED_CALL_LOOK_CONNECTING;
    }
}

/* The person may have to write on paper what the record does not take. */
static void
show_unrecorded (BedCallScreen *self)
{
  const GError *error = bed_call_get_record_error (self->call);
  g_autofree char *text = NULL;

  if (error != NULL)
    /* Translators: %s is a sentence that says what to do. */
    text = g_strdup_printf (_("This consultation cannot be recorded. %s The call goes on."),
                            bed_error_text_untyped (error));
  bed_call_page_set_unrecorded (page_of (self), text);
}

static void
show_call (BedCallScreen *self)
{
  BedCallPage *page = page_of (self);
  BedCallLook look;

  if (self->call == NULL)
    return;
  look = look_of (self);
  if (look != BED_CALL_LOOK_RECONNECTING && look != BED_CALL_LOOK_SILENT)
    self->lost_at_us = 0;
  else if (self->lost_at_us == 0)
    self->lost_at_us = bed_clock_get_real_us (self->clock);
  bed_call_page_set_look (page, look);
  bed_call_page_set_remote_media (page, bed_call_get_remote_camera (self->call),
                                  bed_call_get_remote_microphone (self->call));
  remember_compared (self);
  bed_call_page_set_lock (page, lock_of (self));
  bed_call_panel_set_chat_open (bed_call_page_get_panel (page),
                                bed_call_get_chat_open (self->call));
  bed_call_panel_set_chat_kept (bed_call_page_get_panel (page),
                                bed_call_get_encounter_id (self->call) != 0,
                                bed_call_get_chat_kept (self->call),
                                bed_call_get_encounter_id (self->call) == 0);
  bed_call_panel_set_can_keep_files (bed_call_page_get_panel (page),
                                     bed_call_can_keep_files (self->call));
  show_words (self);
  show_quality (self);
  show_unrecorded (self);
}

/* The sealed channel noticed and began a new session by itself: the call goes on. */
static void
call_tampered (BedCallScreen *self)
{
  bed_window_warn_in_call (self->window, BED_GRAVITY_GRAVE, _(altered));
}

static void
call_problem (BedCallScreen *self, const GError *error)
{
  bed_window_warn_in_call (self->window, BED_GRAVITY_ORDINARY, bed_error_text (error));
}

static void
withdraw (BedCallScreen *self, BedEngineError code)
{
  g_autoptr (GError) error = g_error_new_literal (BED_ENGINE_ERROR, (int) code, "");

  bed_window_unwarn (self->window, bed_error_text (error));
}

/* A path was found after all. A failed one is tried again out of turn, too. */
static void
state_changed (BedCallScreen *self)
{
  if (bed_call_get_state (self->call) != BED_CALL_STATE_CONNECTED)
    return;
  withdraw (self, BED_ENGINE_ERROR_TRANSPORT);
  withdraw (self, BED_ENGINE_ERROR_STATE);
}

/* --- Chat ------------------------------------------------------------------------------------ */

static void
chat_changed (BedCallScreen *self, guint position, guint removed, guint added, GListModel *chat)
{
  BedCallPage *page = bed_window_get_call (self->window);

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (BedChatMessage) message = g_list_model_get_item (chat, i);
      if (!bed_chat_message_get_mine (message) && !bed_call_page_shows_chat (page))
        self->unread++;
    }
  bed_call_page_set_unread (page, self->unread);
}

static void
chat_seen (BedCallScreen *self)
{
  self->unread = 0;
  bed_call_page_set_unread (bed_window_get_call (self->window), 0);
}

static void
keep_chat (BedCallScreen *self)
{
  g_autoptr (GError) error = NULL;

  if (self->call != NULL && !bed_call_keep_chat (self->call, &error))
    bed_window_warn_error (self->window, error);
}

static void
tell_unsent (BedCallScreen *self)
{
  bed_window_toast (self->window,
                    bed_call_chat_is_full (self->call)
                        ? _("Not sent: this chat is full. Say it aloud, or call by telephone.")
                        : _("Not sent: there is no connection now. Your words are still there."));
}

static void
chat_missed (BedCallScreen *self)
{
  bed_window_warn_in_call (self->window, BED_GRAVITY_ORDINARY, _(chat_full));
}

static void
chat_send (BedCallScreen *self, const char *text)
{
  if (self->call == NULL)
    return;
  if (bed_call_send_chat (self->call, text))
    bed_call_panel_sent (bed_call_page_get_panel (bed_window_get_call (self->window)));
  else
    tell_unsent (self);
}

static void
chat_again (BedCallScreen *self, BedChatMessage *message)
{
  if (self->call != NULL && !bed_call_send_again (self->call, message))
    tell_unsent (self);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
listen (BedCallScreen *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

char *
bed_call_screen_dup_when (BedCall *call, BedClock *clock)
{
  gint64 connected = bed_call_get_connected_at (call);

  return bed_time_text_date (connected != 0 ? connected : bed_clock_get_real_us (clock));
}

/* Who has not read it in the call reads which call it was. */
static void
tell_altered (BedCallScreen *self)
{
  g_autofree char *when = NULL, *text = NULL;

  if (!bed_window_unwarn (self->window, _(altered)))
    return;
  when = bed_call_screen_dup_when (self->call, self->clock);
  /* Translators: %s is a day and time such as 14 Mar, 10:30 */
  text = g_strdup_printf (_("In the call of %s a message was altered on its way and was not taken. "
                            "Ask by telephone if anything is unclear."),
                          when);
  bed_window_warn_as (self->window, BED_GRAVITY_GRAVE, text);
}

static void
let_go (BedCallScreen *self)
{
  BedCallPanel *panel = bed_call_page_get_panel (page_of (self));

  g_clear_handle_id (&self->tick, g_source_remove);
  tell_altered (self);
  bed_window_end_call (self->window);
  g_signal_handlers_disconnect_by_data (self->call, self);
  g_signal_handlers_disconnect_by_data (bed_call_get_chat (self->call), self);
  bed_call_page_close_panel (page_of (self));
  bed_call_panel_set_chat (panel, NULL);
  bed_note_editor_set_note (bed_call_panel_get_editor (panel), NULL, NULL);
  g_clear_object (&self->call);
}

static void
follow (BedCallScreen *self)
{
  GListModel *chat = bed_call_get_chat (self->call);

  listen (self, self->call, "notify", G_CALLBACK (show_call));
  listen (self, self->call, "tampered", G_CALLBACK (call_tampered));
  listen (self, self->call, "chat-missed", G_CALLBACK (chat_missed));
  listen (self, self->call, "problem", G_CALLBACK (call_problem));
  listen (self, self->call, "notify::state", G_CALLBACK (state_changed));
  listen (self, chat, "items-changed", G_CALLBACK (chat_changed));
  bed_call_panel_set_chat (bed_call_page_get_panel (page_of (self)), chat);
  self->tick = g_timeout_add_seconds (1, each_second, self);
  show_call (self);
  each_second (self);
}

void
bed_call_screen_set_call (BedCallScreen *self, BedCall *call, const char *language)
{
  if (self->call != NULL)
    let_go (self);
  self->lost_at_us = 0;
  self->compared = self->told_renewed = FALSE;
  g_free (self->language);
  self->language = g_strdup (language);
  chat_seen (self);
  g_set_object (&self->call, call);
  bed_chat_files_desk_set_call (self->files, call);
  if (call != NULL)
    follow (self);
}

static void
bed_call_screen_dispose (GObject *object)
{
  BedCallScreen *self = BED_CALL_SCREEN (object);

  if (self->call != NULL)
    let_go (self);
  g_clear_object (&self->files);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  g_clear_pointer (&self->language, g_free);
  G_OBJECT_CLASS (bed_call_screen_parent_class)->dispose (object);
}

static void
bed_call_screen_class_init (BedCallScreenClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_call_screen_dispose;
}

static void
bed_call_screen_init (BedCallScreen *self)
{
}

BedCallScreen *
bed_call_screen_new (BedClock *clock, BedWindow *window)
{
  BedCallScreen *self = g_object_new (BED_TYPE_CALL_SCREEN, NULL);
  BedCallPage *page = bed_window_get_call (window);

  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->files = bed_chat_files_desk_new (window);
  listen (self, page, "words", G_CALLBACK (words_answered));
  listen (self, page, "chat-seen", G_CALLBACK (chat_seen));
  listen (self, bed_call_page_get_panel (page), "send", G_CALLBACK (chat_send));
  listen (self, bed_call_page_get_panel (page), "send-again", G_CALLBACK (chat_again));
  listen (self, bed_call_page_get_panel (page), "keep", G_CALLBACK (keep_chat));
  return self;
}
