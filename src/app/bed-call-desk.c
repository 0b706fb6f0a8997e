/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-desk.h"

#include "bed-call-screen.h"
#include "bed-device-text.h"
#include "bed-video-paintable.h"

struct _BedCallDesk
{
  GObject parent_instance;
  BedMediaSettings *media; /* owned */
  BedWindow *window;       /* owned */
  BedConsentBook *consent; /* owned */
  BedCallScreen *screen;   /* owned */
  BedCapture *capture;     /* owned, during a call */
  BedVideoPaintable *own, *remote;
  BedCall *call;         /* owned */
  gboolean talking;      /* Space is held: muted before, and after */
};

enum { CHANGED, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCallDesk, bed_call_desk, G_TYPE_OBJECT)

static void
show_own_media (BedCallDesk *self)
{
  if (self->call == NULL || self->capture == NULL)
    return;
  bed_call_page_set_own_media (bed_window_get_call (self->window),
                               bed_capture_get_video_source (self->capture) != NULL,
                               bed_capture_get_audio_source (self->capture) != NULL
                                   && !bed_capture_get_muted (self->capture),
                               bed_media_settings_has (self->media, BED_MEDIA_DEVICE_VIDEO_INPUT),
                               bed_media_settings_has (self->media, BED_MEDIA_DEVICE_AUDIO_INPUT));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A loudspeaker that was plugged in again is taken again: it shows nothing to anybody. */
static void
devices_changed (BedCallDesk *self)
{
  if (self->capture != NULL && bed_capture_get_speaker (self->capture) == NULL
      && bed_media_settings_has (self->media, BED_MEDIA_DEVICE_AUDIO_OUTPUT))
    bed_capture_open_speaker (self->capture);
  show_own_media (self);
}

/* --- What is sent and heard ------------------------------------------------------------------ */

static void
capture_picture (BedCallDesk *self)
{
  if (self->capture == NULL || self->call == NULL)
    return;
  bed_video_paintable_set_source (self->own, bed_capture_get_video_source (self->capture));
  bed_call_set_video_source (self->call, bed_capture_get_video_source (self->capture));
  show_own_media (self);
}

static void
capture_sound (BedCallDesk *self)
{
  gboolean muted;

  if (self->capture == NULL || self->call == NULL)
    return;
  muted = bed_capture_get_muted (self->capture);
  bed_call_set_audio_source (self->call,
                             muted ? NULL : bed_capture_get_audio_source (self->capture));
  show_own_media (self);
}

static void
capture_speaker (BedCallDesk *self)
{
  BedSpeakerSink *speaker;

  if (self->capture == NULL || self->call == NULL)
    return;
  speaker = bed_capture_get_speaker (self->capture);
  bed_call_set_audio_sink (self->call, speaker != NULL ? BED_AUDIO_SINK (speaker) : NULL);
}

static void
capture_problem (BedCallDesk *self, BedMediaDeviceKind kind, GError *error)
{
  bed_window_warn_in_call (self->window, BED_GRAVITY_LIGHT, bed_device_text (kind, error));
  show_own_media (self);
}

/* The words differ: what nobody may get is not captured either. */
static gboolean
is_unsafe (BedCallDesk *self)
{
  return self->call != NULL
         && bed_call_get_verification (self->call) == BED_VERIFICATION_DIFFERED;
}

static void
verification_changed (BedCallDesk *self)
{
  if (self->capture == NULL || !is_unsafe (self))
    return;
  bed_capture_set_camera (self->capture, FALSE);
  bed_capture_set_microphone (self->capture, FALSE);
  show_own_media (self);
}

static void
toggle_microphone (BedCallDesk *self)
{
  gboolean on;

  if (self->capture == NULL || is_unsafe (self))
    return;
  on = bed_capture_get_microphone (self->capture);
  if (!on)
    {
      bed_capture_set_muted (self->capture, FALSE);
      bed_capture_set_microphone (self->capture, TRUE);
    }
  else
    bed_capture_set_muted (self->capture, !bed_capture_get_muted (self->capture));
  capture_sound (self);
}

static void
talk (BedCallDesk *self, gboolean down)
{
  if (self->capture == NULL)
    return;
  if (down
      && (!bed_capture_get_microphone (self->capture) || bed_capture_get_muted (self->capture)))
    {
      toggle_microphone (self);
      self->talking = TRUE;
    }
  else if (!down && self->talking)
    {
      self->talking = FALSE;
      bed_capture_set_muted (self->capture, TRUE);
      capture_sound (self);
    }
}

static void
toggle_camera (BedCallDesk *self)
{
  if (self->capture == NULL || is_unsafe (self))
    return;
  bed_capture_set_camera (self->capture, !bed_capture_get_camera (self->capture));
  show_own_media (self);
}

/* --- Life of a call -------------------------------------------------------------------------- */

static void
keep_waiting (BedCallDesk *self)
{
  if (self->call != NULL)
    bed_call_try_again (self->call);
}

static void
let_call_go (BedCallDesk *self)
{
  if (self->call == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->call, self);
  g_signal_handlers_disconnect_by_data (self->capture, self);
  bed_call_set_video_source (self->call, NULL);
  bed_call_set_audio_source (self->call, NULL);
  bed_call_set_audio_sink (self->call, NULL);
  bed_call_set_video_sink (self->call, NULL);
  bed_video_paintable_set_source (self->own, NULL);
  bed_capture_stop (self->capture);
  /* While it is known which call it was for. */
  bed_consent_desk_withdraw_all (bed_consent_book_get_desk (self->consent));
  bed_consent_book_set_call (self->consent, NULL, FALSE);
  g_clear_object (&self->capture);
  bed_video_paintable_clear (self->remote);
  bed_call_screen_set_call (self->screen, NULL, NULL);
  g_clear_object (&self->call);
}

static void
call_ended (BedCallDesk *self, BedCallEnd end)
{
  g_autoptr (BedCallDesk) kept = g_object_ref (self);
  g_autoptr (BedCall) call = self->call != NULL ? g_object_ref (self->call) : NULL;

  let_call_go (self);
  g_signal_emit (kept, signals[ENDED], 0, (int) end);
}

static void
listen (BedCallDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

static void
start_media (BedCallDesk *self, gboolean camera, gboolean microphone)
{
  listen (self, self->capture, "notify::video-source", G_CALLBACK (capture_picture));
  listen (self, self->capture, "notify::audio-source", G_CALLBACK (capture_sound));
  listen (self, self->capture, "notify::speaker", G_CALLBACK (capture_speaker));
  listen (self, self->capture, "problem", G_CALLBACK (capture_problem));
  listen (self, self->call, "notify::verification", G_CALLBACK (verification_changed));
  bed_call_set_video_sink (self->call, BED_VIDEO_SINK (self->remote));
  bed_capture_open_speaker (self->capture);
  bed_capture_set_camera (self->capture, camera);
  bed_capture_set_microphone (self->capture, microphone);
  capture_picture (self);
  capture_sound (self);
  capture_speaker (self);
}

void
bed_call_desk_run (BedCallDesk *self, BedCall *call, gboolean camera, gboolean microphone,
                   gboolean guest, const char *number, const char *language)
{
  BedCallPage *page = bed_window_get_call (self->window);

  let_call_go (self);
  self->call = g_object_ref (call);
  self->talking = FALSE;
  bed_consent_book_set_call (self->consent, call, guest);
  self->capture = bed_media_settings_new_capture (
      self->media, bed_consent_book_get_desk (self->consent), BED_CONSENT_SCOPE_CALL);
  bed_call_page_set_peer (page, bed_call_get_peer_name (call), bed_call_get_callback (call),
                          bed_call_get_location (call), guest);
  if (number != NULL)
    bed_call_page_set_fallback_number (page, number);
  bed_call_page_set_paintables (page, GDK_PAINTABLE (self->remote), GDK_PAINTABLE (self->own));
  listen (self, call, "ended", G_CALLBACK (call_ended));
  start_media (self, camera, microphone);
  bed_call_screen_set_call (self->screen, call, language);
  bed_window_show_page (self->window, BED_PAGE_CALL);
}

BedCall *
bed_call_desk_get_call (BedCallDesk *self)
{
  return self->call;
}

void
bed_call_desk_hang_up (BedCallDesk *self)
{
  if (self->call == NULL)
    return;
  /* The devices close before anything is told and written, which takes its time. */
  bed_consent_desk_withdraw_all (bed_consent_book_get_desk (self->consent));
  bed_call_hang_up (self->call);
}

void
bed_call_desk_cover (BedCallDesk *self)
{
  if (self->capture == NULL)
    return;
  talk (self, FALSE); /* the key goes up where nobody hears it */
  bed_capture_set_camera (self->capture, FALSE);
  show_own_media (self);
}

gboolean
bed_call_desk_get_heard (BedCallDesk *self)
{
  return self->capture != NULL && bed_capture_get_microphone (self->capture)
         && !bed_capture_get_muted (self->capture);
}

static void
bed_call_desk_dispose (GObject *object)
{
  BedCallDesk *self = BED_CALL_DESK (object);

  if (self->window != NULL)
    let_call_go (self);
  g_clear_object (&self->screen);
  g_clear_object (&self->consent);
  g_clear_object (&self->own);
  g_clear_object (&self->remote);
  g_clear_object (&self->media);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_call_desk_parent_class)->dispose (object);
}

static void
bed_call_desk_class_init (BedCallDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_call_desk_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
bed_call_desk_init (BedCallDesk *self)
{
  self->own = bed_video_paintable_new (TRUE);
  self->remote = bed_video_paintable_new (FALSE);
}

BedCallDesk *
bed_call_desk_new (BedMediaSettings *media, BedClock *clock, BedWindow *window,
                   BedConsentBook *consent)
{
  BedCallDesk *self = g_object_new (BED_TYPE_CALL_DESK, NULL);
  BedCallPage *page = bed_window_get_call (window);

  self->media = g_object_ref (media);
  self->window = g_object_ref (window);
  self->consent = g_object_ref (consent);
  self->screen = bed_call_screen_new (clock, window);
  listen (self, media, "changed", G_CALLBACK (devices_changed));
  listen (self, page, "microphone", G_CALLBACK (toggle_microphone));
  listen (self, page, "camera", G_CALLBACK (toggle_camera));
  listen (self, page, "talk", G_CALLBACK (talk));
  listen (self, page, "hang-up", G_CALLBACK (bed_call_desk_hang_up));
  listen (self, page, "keep-waiting", G_CALLBACK (keep_waiting));
  return self;
}
