/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-check-desk.h"

#include <glib/gi18n.h>

#include "bed-device-text.h"
#include "bed-video-paintable.h"

#define N_KINDS BED_N_MEDIA_DEVICE_KINDS
#define TEST_MS 900

struct _BedCheckDesk
{
  GObject parent_instance;
  BedMediaSettings *media; /* owned */
  BedWindow *window;       /* owned */
  BedConsentBook *consent; /* owned */
  BedCapture *preview;     /* owned, while a page is open */
  BedCheckPage *check;     /* borrowed from the window */
  BedVideoPaintable *own;  /* owned */
  gboolean chosen, want_camera, want_microphone;
};

enum { START, BACK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCheckDesk, bed_check_desk, G_TYPE_OBJECT)

static void
show_none (BedCheckDesk *self, BedMediaDeviceKind kind)
{
  g_autoptr (GError) error
      = g_error_new_literal (BED_DEVICES_ERROR,
                             bed_media_settings_get_available (self->media)
                                 ? BED_DEVICES_ERROR_NO_DEVICE
                                 : BED_DEVICES_ERROR_NO_SERVER,
                             "none is listed");
  gboolean possible = bed_media_settings_has (self->media, kind);

  bed_check_page_set_none (self->check, bed_media_settings_get_name (kind),
                           possible ? _("Your desktop asks you when you turn it on.")
                                    : bed_device_text (kind, error),
                           possible);
}

static void
show_choices (BedCheckDesk *self, BedMediaDeviceKind kind)
{
  GListModel *list = bed_media_settings_get_list (self->media, kind);
  guint n = g_list_model_get_n_items (list);
  g_autofree BedDeviceChoice *choices = g_new0 (BedDeviceChoice, n + 1);

  for (guint i = 0; i < n; i++)
    {
      /* The list keeps its items alive for as long as the choices are read. */
      g_autoptr (BedMediaDevice) device = g_list_model_get_item (list, i);
      choices[i].id = bed_media_device_get_id (device);
      choices[i].name = bed_media_device_get_label (device);
    }
  if (n > 0)
    bed_check_page_set_choices (self->check, bed_media_settings_get_name (kind), choices, n,
                                bed_capture_get_chosen (self->preview, kind));
  else
    show_none (self, kind);
}

static void
devices_changed (BedCheckDesk *self)
{
  for (guint kind = 0; self->preview != NULL && kind < N_KINDS; kind++)
    show_choices (self, kind);
}

static void
preview_picture (BedCheckDesk *self)
{
  if (self->preview != NULL)
    bed_video_paintable_set_source (self->own, bed_capture_get_video_source (self->preview));
}

static void
first_picture (BedCheckDesk *self)
{
  if (self->check != NULL && self->preview != NULL)
    bed_check_page_set_has_picture (self->check, TRUE);
}

static void
preview_level (BedCheckDesk *self)
{
  if (self->check != NULL && self->preview != NULL)
    bed_check_page_set_level (self->check, bed_capture_get_level (self->preview));
}

static void
preview_problem (BedCheckDesk *self, BedMediaDeviceKind kind, GError *error)
{
  if (self->check == NULL)
    return;
  bed_check_page_set_problem (self->check, bed_device_text (kind, error));
  bed_check_page_set_on (self->check, bed_capture_get_camera (self->preview),
                         bed_capture_get_microphone (self->preview));
}

static void
check_camera (BedCheckDesk *self, gboolean on)
{
  bed_check_page_set_problem (self->check, NULL);
  bed_capture_set_camera (self->preview, on);
  if (!on)
    bed_check_page_set_has_picture (self->check, FALSE);
}

static void
check_microphone (BedCheckDesk *self, gboolean on)
{
  bed_check_page_set_problem (self->check, NULL);
  bed_capture_set_microphone (self->preview, on);
}

static gboolean
test_over (gpointer data)
{
  bed_check_page_set_testing (data, FALSE);
  return G_SOURCE_REMOVE;
}

static void
check_test (BedCheckDesk *self)
{
  if (!bed_capture_test_speaker (self->preview))
    return; /* "problem" has told why */
  bed_check_page_set_testing (self->check, TRUE);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 900, test_over, g_object_ref (self->check),
                      g_object_unref);
}

static void
check_choose (BedCheckDesk *self, const char *name, const char *id)
{
  g_autoptr (GError) error = NULL;

  for (guint kind = 0; kind < N_KINDS; kind++)
    if (g_str_equal (name, bed_media_settings_get_name (kind)))
      {
        bed_capture_choose (self->preview, kind, id);
        show_choices (self, kind);
      }
  if (!bed_media_settings_keep (self->media, name, id, &error))
    bed_window_warn_error (self->window, error);
}

static void
check_start (BedCheckDesk *self)
{
  g_signal_emit (self, signals[START], 0);
}

static void
check_back (BedCheckDesk *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
listen (BedCheckDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

void
bed_check_desk_open (BedCheckDesk *self, BedCheckPage *page)
{
  bed_check_desk_close (self);
  self->check = page;
  self->preview = bed_media_settings_new_capture (
      self->media, bed_consent_book_get_desk (self->consent), BED_CONSENT_SCOPE_PREVIEW);
  bed_check_page_reset (page);
  bed_check_page_set_paintable (page, GDK_PAINTABLE (self->own));
  listen (self, self->preview, "notify::video-source", G_CALLBACK (preview_picture));
  listen (self, self->preview, "notify::level", G_CALLBACK (preview_level));
  listen (self, self->preview, "problem", G_CALLBACK (preview_problem));
  listen (self, page, "camera", G_CALLBACK (check_camera));
  listen (self, page, "microphone", G_CALLBACK (check_microphone));
  listen (self, page, "test-speaker", G_CALLBACK (check_test));
  listen (self, page, "choose", G_CALLBACK (check_choose));
  listen (self, page, "start", G_CALLBACK (check_start));
  listen (self, page, "back", G_CALLBACK (check_back));
  bed_capture_open_speaker (self->preview);
  devices_changed (self);
}

void
bed_check_desk_close (BedCheckDesk *self)
{
  if (self->preview == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->check, self);
  g_signal_handlers_disconnect_by_data (self->preview, self);
  bed_video_paintable_set_source (self->own, NULL);
  bed_capture_stop (self->preview);
  g_clear_object (&self->preview);
  bed_check_page_reset (self->check);
  self->check = NULL;
}

void
bed_check_desk_take_choice (BedCheckDesk *self)
{
  self->want_camera = self->check != NULL && bed_check_page_get_camera (self->check);
  self->want_microphone = self->check != NULL && bed_check_page_get_microphone (self->check);
  self->chosen = TRUE;
}

void
bed_check_desk_forget_choice (BedCheckDesk *self)
{
  self->chosen = self->want_camera = self->want_microphone = FALSE;
}

gboolean
bed_check_desk_has_choice (BedCheckDesk *self)
{
  return self->chosen;
}

gboolean
bed_check_desk_get_camera (BedCheckDesk *self)
{
  return self->want_camera;
}

gboolean
bed_check_desk_get_microphone (BedCheckDesk *self)
{
  return self->want_microphone;
}

static void
bed_check_desk_dispose (GObject *object)
{
  BedCheckDesk *self = BED_CHECK_DESK (object);

  if (self->window != NULL)
    bed_check_desk_close (self);
  g_clear_object (&self->own);
  g_clear_object (&self->consent);
  g_clear_object (&self->media);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_check_desk_parent_class)->dispose (object);
}

static void
bed_check_desk_class_init (BedCheckDeskClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_check_desk_dispose;
  signals[START]
      = g_signal_new ("start", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BACK]
      = g_signal_new ("back", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_check_desk_init (BedCheckDesk *self)
{
  self->own = bed_video_paintable_new (TRUE);
  listen (self, self->own, "first-frame", G_CALLBACK (first_picture));
}

BedCheckDesk *
bed_check_desk_new (BedMediaSettings *media, BedWindow *window, BedConsentBook *consent)
{
  BedCheckDesk *self = g_object_new (BED_TYPE_CHECK_DESK, NULL);

  self->media = g_object_ref (media);
  self->window = g_object_ref (window);
  self->consent = g_object_ref (consent);
  listen (self, media, "changed", G_CALLBACK (devices_changed));
  return self;
}
