/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-pulse-private.h"

#include "bed-post-private.h"

struct _BedPulseRegistry
{
  GObject parent_instance;

  /* owned */
  BedPulse *pulse;
  GListStore *lists[BED_N_MEDIA_DEVICE_KINDS];
  GHashTable *devices; /* "source 5" -> BedMediaDevice */
  gboolean settled;
};

enum { LOST, SETTLED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedPulseRegistry, bed_pulse_registry, G_TYPE_OBJECT)

typedef struct
{
  char *key;
  BedMediaDevice *device; /* NULL: gone */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->key);
  g_clear_object (&change->device);
  g_free (change);
}

static void
remove_device (BedPulseRegistry *self, const char *key)
{
  BedMediaDevice *device = g_hash_table_lookup (self->devices, key);
  guint position;

  if (device == NULL)
    return;
  if (g_list_store_find (self->lists[bed_media_device_get_kind (device)], device, &position))
    g_list_store_remove (self->lists[bed_media_device_get_kind (device)], position);
  g_hash_table_remove (self->devices, key);
}

static void
apply_change (gpointer object, gpointer data)
{
  BedPulseRegistry *self = object;
  Change *change = data;

  if (change->device == NULL)
    {
      remove_device (self, change->key);
    }
  else if (!g_hash_table_contains (self->devices, change->key))
    {
      g_hash_table_insert (self->devices, g_strdup (change->key), g_object_ref (change->device));
      g_list_store_append (self->lists[bed_media_device_get_kind (change->device)], change->device);
    }
}

static char *
key_of (BedMediaDeviceKind kind, guint32 index)
{
  return g_strdup_printf ("%d %u", kind, index);
}

/* On the server's thread from here on. */

static void
post_device (BedPulseRegistry *self, BedMediaDeviceKind kind, guint32 index, const char *name,
             const char *description)
{
  g_autofree char *label = g_utf8_make_valid (description != NULL ? description : name, -1);
  Change *change = g_new0 (Change, 1);

  change->key = key_of (kind, index);
  change->device = bed_media_device_new (kind, name, label);
  bed_post (self, apply_change, change, change_free);
}

static void
on_source (pa_context *context, const pa_source_info *info, int end, void *data)
{
  if (info != NULL && info->monitor_of_sink == PA_INVALID_INDEX)
    post_device (data, BED_MEDIA_DEVICE_AUDIO_INPUT, info->index, info->name, info->description);
}

static void
tell_settled (gpointer object, gpointer data)
{
  BedPulseRegistry *self = object;

  self->settled = TRUE;
  g_signal_emit (self, signals[SETTLED], 0);
}

static void
on_sink (pa_context *context, const pa_sink_info *info, int end, void *data)
{
  if (info != NULL)
    post_device (data, BED_MEDIA_DEVICE_AUDIO_OUTPUT, info->index, info->name, info->description);
  else if (end != 0)
    bed_post (data, tell_settled, NULL, NULL); /* sinks were asked for last */
}

static void
forget (pa_operation *operation)
{
  if (operation != NULL)
    pa_operation_unref (operation);
}

static void
on_event (pa_context *context, pa_subscription_event_type_t type, uint32_t index, void *data)
{
  gboolean source = (type & PA_SUBSCRIPTION_EVENT_FACILITY_MASK) == PA_SUBSCRIPTION_EVENT_SOURCE;
  guint change = type & PA_SUBSCRIPTION_EVENT_TYPE_MASK;

  if (change == PA_SUBSCRIPTION_EVENT_REMOVE)
    {
      Change *gone = g_new0 (Change, 1);

      gone->key = key_of (source ? BED_MEDIA_DEVICE_AUDIO_INPUT : BED_MEDIA_DEVICE_AUDIO_OUTPUT,
                          index);
      bed_post (data, apply_change, gone, change_free);
    }
  else if (change == PA_SUBSCRIPTION_EVENT_NEW && source)
    {
      forget (pa_context_get_source_info_by_index (context, index, on_source, data));
    }
  else if (change == PA_SUBSCRIPTION_EVENT_NEW)
    {
      forget (pa_context_get_sink_info_by_index (context, index, on_sink, data));
    }
}

static void
tell_lost (gpointer object, gpointer data)
{
  g_signal_emit (object, signals[LOST], 0);
}

static void
on_state (pa_context *context, void *data)
{
  if (!PA_CONTEXT_IS_GOOD (pa_context_get_state (context)))
    bed_post (data, tell_lost, NULL, NULL);
}

static void
bed_pulse_registry_dispose (GObject *object)
{
  BedPulseRegistry *self = BED_PULSE_REGISTRY (object);

  if (self->pulse != NULL)
    {
      bed_pulse_lock (self->pulse);
      pa_context_set_state_callback (self->pulse->context, NULL, NULL);
      pa_context_set_subscribe_callback (self->pulse->context, NULL, NULL);
      bed_pulse_unlock (self->pulse);
      g_list_store_remove_all (self->lists[BED_MEDIA_DEVICE_AUDIO_INPUT]);
      g_list_store_remove_all (self->lists[BED_MEDIA_DEVICE_AUDIO_OUTPUT]);
    }
  g_clear_pointer (&self->devices, g_hash_table_unref);
  for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
    g_clear_object (&self->lists[i]);
  g_clear_pointer (&self->pulse, bed_pulse_unref);
  G_OBJECT_CLASS (bed_pulse_registry_parent_class)->dispose (object);
}

static void
bed_pulse_registry_class_init (BedPulseRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_pulse_registry_dispose;
  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_pulse_registry_init (BedPulseRegistry *self)
{
  self->devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

BedPulseRegistry *
bed_pulse_registry_new (BedPulse *pulse, GListStore *lists[BED_N_MEDIA_DEVICE_KINDS])
{
  BedPulseRegistry *self = g_object_new (BED_TYPE_PULSE_REGISTRY, NULL);

  self->pulse = bed_pulse_ref (pulse);
  for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
    self->lists[i] = g_object_ref (lists[i]);
  bed_pulse_lock (pulse);
  pa_context_set_state_callback (pulse->context, on_state, self);
  pa_context_set_subscribe_callback (pulse->context, on_event, self);
  forget (pa_context_subscribe (
      pulse->context, PA_SUBSCRIPTION_MASK_SOURCE | PA_SUBSCRIPTION_MASK_SINK, NULL, NULL));
  forget (pa_context_get_source_info_list (pulse->context, on_source, self));
  forget (pa_context_get_sink_info_list (pulse->context, on_sink, self));
  bed_pulse_unlock (pulse);
  return self;
}

gboolean
bed_pulse_registry_get_settled (BedPulseRegistry *self)
{
  return self->settled;
}
