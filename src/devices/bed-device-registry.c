/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-device-registry-private.h"

#include "bed-post-private.h"

struct _BedDeviceRegistry
{
  GObject parent_instance;

  /* owned */
  BedPipewire *pipewire;
  GListStore *lists[BED_N_MEDIA_DEVICE_KINDS];
  GHashTable *devices; /* global id -> BedMediaDevice */

  /* PipeWire's thread */
  struct pw_registry *registry;
  struct spa_hook registry_listener;
  struct spa_hook core_listener;
  int sync;

  gboolean settled;
};

enum { LOST, SETTLED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedDeviceRegistry, bed_device_registry, G_TYPE_OBJECT)

/* A node as PipeWire's thread saw it. */
typedef struct
{
  guint32 global;
  BedMediaDevice *device;
} Appeared;

static void
appeared_free (gpointer data)
{
  Appeared *appeared = data;

  g_object_unref (appeared->device);
  g_free (appeared);
}

static gboolean
is_own (gpointer key, gpointer value, gpointer device)
{
  return value == device;
}

/* Behind a portal the session lists the cameras, and the portal's remote once more. */
static gboolean
is_listed_by_other (BedDeviceRegistry *self, GListModel *list, BedMediaDevice *device)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedMediaDevice) other = g_list_model_get_item (list, i);

      if (g_str_equal (bed_media_device_get_id (other), bed_media_device_get_id (device))
          && g_hash_table_find (self->devices, is_own, other) == NULL)
        return TRUE;
    }
  return FALSE;
}

static void
add_device (gpointer object, gpointer data)
{
  BedDeviceRegistry *self = object;
  Appeared *appeared = data;
  GListStore *list = self->lists[bed_media_device_get_kind (appeared->device)];

  if (!is_listed_by_other (self, G_LIST_MODEL (list), appeared->device))
    g_list_store_append (list, appeared->device);
  g_hash_table_insert (self->devices, GUINT_TO_POINTER (appeared->global),
                       g_object_ref (appeared->device));
}

static void
remove_from_list (BedDeviceRegistry *self, BedMediaDevice *device)
{
  GListStore *list = self->lists[bed_media_device_get_kind (device)];
  guint position;

  if (g_list_store_find (list, device, &position))
    g_list_store_remove (list, position);
}

static void
remove_device (gpointer object, gpointer data)
{
  BedDeviceRegistry *self = object;
  BedMediaDevice *device = g_hash_table_lookup (self->devices, data);

  if (device == NULL)
    return;
  remove_from_list (self, device);
  g_hash_table_remove (self->devices, data);
}

static gboolean
kind_of (const char *media_class, BedMediaDeviceKind *kind)
{
  static const struct
  {
    const char *media_class;
    BedMediaDeviceKind kind;
  } classes[] = {
    { "Video/Source", BED_MEDIA_DEVICE_VIDEO_INPUT },
    { "Audio/Source", BED_MEDIA_DEVICE_AUDIO_INPUT },
    { "Audio/Source/Virtual", BED_MEDIA_DEVICE_AUDIO_INPUT },
    { "Audio/Sink", BED_MEDIA_DEVICE_AUDIO_OUTPUT },
    { "Audio/Duplex", BED_MEDIA_DEVICE_AUDIO_OUTPUT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_strcmp0 (media_class, classes[i].media_class) == 0)
      {
        *kind = classes[i].kind;
        return TRUE;
      }
  return FALSE;
}

static const char *
label_of (const struct spa_dict *props, const char *name)
{
  const char *label = spa_dict_lookup (props, PW_KEY_NODE_DESCRIPTION);

  if (label == NULL)
    label = spa_dict_lookup (props, PW_KEY_NODE_NICK);
  return label != NULL ? label : name;
}

static void
on_global (void *data, uint32_t id, uint32_t permissions, const char *type, uint32_t version,
           const struct spa_dict *props)
{
  BedDeviceRegistry *self = data;
  BedMediaDeviceKind kind;
  const char *name;
  g_autofree char *label = NULL;
  Appeared *appeared;

  if (props == NULL || g_strcmp0 (type, PW_TYPE_INTERFACE_Node) != 0
      || !kind_of (spa_dict_lookup (props, PW_KEY_MEDIA_CLASS), &kind))
    return;
  name = spa_dict_lookup (props, PW_KEY_NODE_NAME);
  if (name == NULL)
    return;
  label = g_utf8_make_valid (label_of (props, name), -1);
  appeared = g_new0 (Appeared, 1);
  appeared->global = id;
  appeared->device = bed_media_device_new (kind, name, label);
  bed_post (self, add_device, appeared, appeared_free);
}

static void
on_global_remove (void *data, uint32_t id)
{
  bed_post (data, remove_device, GUINT_TO_POINTER (id), NULL);
}

static const struct pw_registry_events registry_events = {
  PW_VERSION_REGISTRY_EVENTS,
  .global = on_global,
  .global_remove = on_global_remove,
};

static void
tell_lost (gpointer object, gpointer data)
{
  g_signal_emit (object, signals[LOST], 0);
}

static void
tell_settled (gpointer object, gpointer data)
{
  BedDeviceRegistry *self = object;

  self->settled = TRUE;
  g_signal_emit (self, signals[SETTLED], 0);
}

static void
on_core_error (void *data, uint32_t id, int seq, int res, const char *message)
{
  if (id == PW_ID_CORE && res == -EPIPE)
    bed_post (data, tell_lost, NULL, NULL);
}

static void
on_core_done (void *data, uint32_t id, int seq)
{
  BedDeviceRegistry *self = data;

  if (id == PW_ID_CORE && seq == self->sync)
    bed_post (self, tell_settled, NULL, NULL);
}

static const struct pw_core_events core_events = {
  PW_VERSION_CORE_EVENTS,
  .done = on_core_done,
  .error = on_core_error,
};

static void
bed_device_registry_dispose (GObject *object)
{
  BedDeviceRegistry *self = BED_DEVICE_REGISTRY (object);

  if (self->registry != NULL)
    {
      bed_pipewire_lock (self->pipewire);
      spa_hook_remove (&self->registry_listener);
      spa_hook_remove (&self->core_listener);
      pw_proxy_destroy ((struct pw_proxy *) g_steal_pointer (&self->registry));
      bed_pipewire_unlock (self->pipewire);
    }
  if (self->devices != NULL)
    for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
      g_list_store_remove_all (self->lists[i]);
  g_clear_pointer (&self->devices, g_hash_table_unref);
  for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
    g_clear_object (&self->lists[i]);
  g_clear_pointer (&self->pipewire, bed_pipewire_unref);
  G_OBJECT_CLASS (bed_device_registry_parent_class)->dispose (object);
}

static void
bed_device_registry_class_init (BedDeviceRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_device_registry_dispose;
  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_device_registry_init (BedDeviceRegistry *self)
{
  self->devices = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

BedDeviceRegistry *
bed_device_registry_new (BedPipewire *pipewire, GListStore *lists[BED_N_MEDIA_DEVICE_KINDS])
{
  BedDeviceRegistry *self = g_object_new (BED_TYPE_DEVICE_REGISTRY, NULL);

  self->pipewire = bed_pipewire_ref (pipewire);
  for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
    self->lists[i] = g_object_ref (lists[i]);
  bed_pipewire_lock (pipewire);
  self->registry = pw_core_get_registry (pipewire->core, PW_VERSION_REGISTRY, 0);
  pw_registry_add_listener (self->registry, &self->registry_listener, &registry_events, self);
  pw_core_add_listener (pipewire->core, &self->core_listener, &core_events, self);
  self->sync = pw_core_sync (pipewire->core, PW_ID_CORE, 0);
  bed_pipewire_unlock (pipewire);
  return self;
}

gboolean
bed_device_registry_get_settled (BedDeviceRegistry *self)
{
  return self->settled;
}
