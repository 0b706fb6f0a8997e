/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-guest-desk.h"

#include <glib/gi18n.h>

struct _BedGuestDesk
{
  GObject parent_instance;
  BedClock *clock;         /* owned */
  BedWindow *window;       /* owned */
  BedCallDesk *calls;      /* owned */
  BedCheckDesk *checks;    /* owned */
  BedMediaSettings *media; /* owned */
  BedGuestVisit *visit;    /* owned */
  char *ca_file;           /* owned, nullable: the clinic's own authority */
};

enum { CHANGED, FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedGuestDesk, bed_guest_desk, G_TYPE_OBJECT)

/* A guest knows no invitations but the one of the link. */
static BedInvite *
no_invite (const char *room, gpointer data)
{
  return NULL;
}

static char *
no_label (const char *room, gpointer data)
{
  return g_strdup ("");
}

static gint64
no_patient (const char *room, gpointer data)
{
  return 0;
}

static BedEngine *
new_engine (const BedEngineConfig *config, gpointer data)
{
  return bed_local_engine_new (config);
}

/* An authority that cannot be read is trusted by nobody: the connection then fails, and says so. */
static void
prepare_client (BedSignallingClient *client, gpointer data)
{
  BedGuestDesk *self = data;
  g_autoptr (GError) error = NULL;

  if (self->ca_file != NULL && !bed_signalling_client_set_ca_file (client, self->ca_file, &error))
    bed_window_warn_error (self->window, error);
}

static const BedWaitingRoomHost host
    = { no_invite, no_label, no_patient, new_engine, prepare_client };

static BedGuestPage *
page (BedGuestDesk *self)
{
  return bed_window_get_guest (self->window);
}

static void
visit_changed (BedGuestDesk *self)
{
  if (bed_guest_visit_get_state (self->visit) == BED_GUEST_STATE_INVITED)
    bed_check_desk_open (self->checks, bed_guest_page_get_check (page (self)));
  else if (bed_guest_visit_get_state (self->visit) == BED_GUEST_STATE_OVER)
    {
      bed_check_desk_close (self->checks);
      bed_guest_page_refresh (page (self)); /* who listens to "changed" may want its words */
      bed_window_show_page (self->window, BED_PAGE_GUEST);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Nothing is captured behind another page: who comes back to the check switches on anew. */
static void
check_left (BedGuestDesk *self)
{
  if (self->visit != NULL && bed_guest_visit_get_state (self->visit) == BED_GUEST_STATE_INVITED)
    bed_check_desk_open (self->checks, bed_guest_page_get_check (page (self)));
}

static void
joined (BedGuestDesk *self)
{
  if (self->visit == NULL)
    return;
  bed_check_desk_take_choice (self->checks);
  bed_guest_page_join (page (self),
                       bed_media_settings_has (self->media, BED_MEDIA_DEVICE_AUDIO_OUTPUT));
}

static void
call_begins (BedGuestDesk *self, BedCall *call)
{
  const char *telephone = bed_guest_visit_get_telephone (self->visit);

  bed_check_desk_close (self->checks);
  bed_call_desk_run (self->calls, call, bed_check_desk_get_camera (self->checks),
                     bed_check_desk_get_microphone (self->checks), TRUE, telephone,
                     bed_guest_visit_get_language (self->visit));
}

static void
call_over (BedGuestDesk *self)
{
  if (self->visit == NULL)
    return;
  bed_window_show_page (self->window, BED_PAGE_GUEST);
  bed_guest_page_refresh (page (self));
}

static void
finish (BedGuestDesk *self)
{
  if (self->visit == NULL)
    return;
  bed_check_desk_close (self->checks);
  bed_check_desk_forget_choice (self->checks);
  g_signal_handlers_disconnect_by_data (self->visit, self);
  bed_guest_page_set_visit (page (self), NULL, NULL);
  g_clear_object (&self->visit);
  g_signal_emit (self, signals[FINISHED], 0);
}

static void
leave (BedGuestDesk *self)
{
  if (self->visit != NULL)
    bed_guest_visit_leave (self->visit);
  finish (self);
}

static void
bed_guest_desk_dispose (GObject *object)
{
  BedGuestDesk *self = BED_GUEST_DESK (object);

  g_clear_object (&self->visit);
  g_clear_object (&self->calls);
  g_clear_object (&self->checks);
  g_clear_object (&self->media);
  g_clear_object (&self->window);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->ca_file, g_free);
  G_OBJECT_CLASS (bed_guest_desk_parent_class)->dispose (object);
}

static void
bed_guest_desk_class_init (BedGuestDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_guest_desk_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_guest_desk_init (BedGuestDesk *self)
{
}

BedGuestDesk *
bed_guest_desk_new (BedClock *clock, BedWindow *window, BedCallDesk *calls, BedCheckDesk *checks,
                    BedMediaSettings *media, const char *ca_file)
{
  BedGuestDesk *self = g_object_new (BED_TYPE_GUEST_DESK, NULL);

  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->calls = g_object_ref (calls);
  self->checks = g_object_ref (checks);
  self->media = g_object_ref (media);
  self->ca_file = g_strdup (ca_file);
  g_signal_connect_object (page (self), "join", G_CALLBACK (joined), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page (self), "leave", G_CALLBACK (leave), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page (self), "close", G_CALLBACK (finish), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (calls, "ended", G_CALLBACK (call_over), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (checks, "back", G_CALLBACK (check_left), self, G_CONNECT_SWAPPED);
  return self;
}

void
bed_guest_desk_open (BedGuestDesk *self, const char *link)
{
  if (self->visit != NULL)
    {
      bed_window_toast (self->window, _("You are in a visit already. Leave it first."));
      return;
    }
  bed_check_desk_close (self->checks); /* of a patient who was about to be let in */
  self->visit = bed_guest_visit_new (link, self->clock, &host, self);
  g_signal_connect_object (self->visit, "notify::state", G_CALLBACK (visit_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->visit, "call", G_CALLBACK (call_begins), self, G_CONNECT_SWAPPED);
  bed_guest_page_set_visit (page (self), self->visit, self->clock);
  bed_window_show_page (self->window, BED_PAGE_GUEST);
}

gboolean
bed_guest_desk_is_open (BedGuestDesk *self)
{
  return self->visit != NULL;
}

gboolean
bed_guest_desk_goes_on (BedGuestDesk *self)
{
  return self->visit != NULL
         && bed_guest_visit_get_state (self->visit) != BED_GUEST_STATE_OVER;
}

void
bed_guest_desk_close_over (BedGuestDesk *self)
{
  if (!bed_guest_desk_goes_on (self))
    finish (self);
}

void
bed_guest_desk_cover (BedGuestDesk *self)
{
  if (self->visit == NULL)
    return;
  bed_check_desk_forget_choice (self->checks);
  if (bed_guest_visit_get_state (self->visit) == BED_GUEST_STATE_INVITED)
    check_left (self);
  else
    bed_check_desk_close (self->checks);
  bed_guest_page_refresh (page (self));
}
