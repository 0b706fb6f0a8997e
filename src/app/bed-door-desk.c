/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-door-desk.h"

#include <glib/gi18n.h>

struct _BedDoorDesk
{
  GObject parent_instance;
  BedSession *session; /* owned */
  BedWindow *window;   /* owned */
  BedDoorbell *bell;   /* owned, nullable */
};

enum { ARRIVED, N_SIGNALS };
static guint signals[N_SIGNALS];
enum { PROP_0, PROP_BUSY, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BedDoorDesk, bed_door_desk, G_TYPE_OBJECT)

gboolean
bed_door_desk_get_busy (BedDoorDesk *self)
{
  return self->bell != NULL && bed_doorbell_get_n_waiting (self->bell) > 0;
}

static char *
dup_words (BedDoorDesk *self)
{
  guint n = self->bell != NULL ? bed_doorbell_get_n_waiting (self->bell) : 0;

  if (self->bell == NULL || bed_doorbell_get_state (self->bell) == BED_DOORBELL_STATE_ENDED)
    return g_strdup (_("Patients who arrive cannot be announced until you unlock."));
  if (bed_doorbell_get_state (self->bell) == BED_DOORBELL_STATE_AWAY)
    return g_strdup (_("The clinic cannot be reached: nobody who arrives can be announced now."));
  if (n == 0)
    return g_strdup (_("Nobody waits. Whoever arrives is announced, without a name."));
  return g_strdup_printf (ngettext ("%u person is in the waiting room. Unlock to let them in.",
                                    "%u people are in the waiting room. Unlock to let them in.", n),
                          n);
}

static void
show (BedDoorDesk *self)
{
  BedUnlockPage *page = bed_window_get_unlock (self->window);
  g_autofree char *words = dup_words (self);

  if (bed_session_get_state (self->session) == BED_SESSION_STATE_LOCKED)
    bed_unlock_page_set_waiting (page, words, bed_door_desk_get_busy (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static void
rang (BedDoorDesk *self)
{
  g_signal_emit (self, signals[ARRIVED], 0);
}

/* From now on the waiting room itself tells. */
static void
unlocked (BedDoorDesk *self)
{
  if (self->bell != NULL)
    g_signal_handlers_disconnect_by_data (self->bell, self);
  g_clear_object (&self->bell);
  bed_unlock_page_set_waiting (bed_window_get_unlock (self->window), NULL, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static void
bed_door_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, bed_door_desk_get_busy (BED_DOOR_DESK (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_door_desk_dispose (GObject *object)
{
  BedDoorDesk *self = BED_DOOR_DESK (object);

  g_clear_object (&self->bell);
  g_clear_object (&self->session);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_door_desk_parent_class)->dispose (object);
}

static void
bed_door_desk_class_init (BedDoorDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bed_door_desk_dispose;
  object_class->get_property = bed_door_desk_get_property;
  props[PROP_BUSY]
      = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[ARRIVED] = g_signal_new ("arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_door_desk_init (BedDoorDesk *self)
{
}

static void
listen (BedDoorDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

BedDoorDesk *
bed_door_desk_new (BedSession *session, BedClock *clock, BedWindow *window, BedSecret *keys,
                   const char *ca_file)
{
  BedDoorDesk *self = g_object_new (BED_TYPE_DOOR_DESK, NULL);

  self->session = g_object_ref (session);
  self->window = g_object_ref (window);
  listen (self, session, "unlocked", G_CALLBACK (unlocked));
  if (keys != NULL && bed_session_get_state (session) == BED_SESSION_STATE_LOCKED)
    self->bell = bed_doorbell_new (keys, clock, ca_file);
  if (self->bell != NULL)
    {
      bed_session_set_doorbell (session, self->bell);
      listen (self, self->bell, "rang", G_CALLBACK (rang));
      listen (self, self->bell, "notify", G_CALLBACK (show));
    }
  show (self);
  return self;
}
