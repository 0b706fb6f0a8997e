/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-keyring.h"

#include "bed-vault-anchor.h"
#include "bed-vault-error.h"

G_DEFINE_INTERFACE (BedVaultKeyring, bed_vault_keyring, G_TYPE_OBJECT)

static void
bed_vault_keyring_default_init (BedVaultKeyringInterface *iface)
{
}

BedSecret *
bed_vault_keyring_get (BedVaultKeyring *self, const char *vault, const char *name, gboolean ask,
                       GCancellable *cancellable, GError **error)
{
  return BED_VAULT_KEYRING_GET_IFACE (self)->get (self, vault, name, ask, cancellable, error);
}

gboolean
bed_vault_keyring_put (BedVaultKeyring *self, const char *vault, const char *name, BedSecret *value,
                       gboolean ask, GCancellable *cancellable, GError **error)
{
  return BED_VAULT_KEYRING_GET_IFACE (self)->put (self, vault, name, value, ask, cancellable,
                                                  error);
}

/* --- Its use as an anchor --------------------------------------------------------------------- */

#define ANCHOR_NAME "anchor"

#define BED_TYPE_VAULT_KEYRING_ANCHOR (bed_vault_keyring_anchor_get_type ())
G_DECLARE_FINAL_TYPE (BedVaultKeyringAnchor, bed_vault_keyring_anchor, BED, VAULT_KEYRING_ANCHOR,
                      GObject)

struct _BedVaultKeyringAnchor
{
  GObject parent;
  BedVaultKeyring *keyring; /* owned */
};

static void bed_vault_keyring_anchor_iface_init (BedVaultAnchorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BedVaultKeyringAnchor, bed_vault_keyring_anchor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VAULT_ANCHOR,
                                                      bed_vault_keyring_anchor_iface_init))

typedef struct
{
  char *vault;      /* owned */
  BedSecret *value; /* owned, nullable */
} Call;

static void
call_free (Call *call)
{
  g_free (call->vault);
  g_clear_pointer (&call->value, bed_secret_unref);
  g_free (call);
}

static void
get_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  g_autoptr (BedSecret)
      value = bed_vault_keyring_get (BED_VAULT_KEYRING_ANCHOR (source)->keyring, call->vault,
                                     ANCHOR_NAME, FALSE, cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           value != NULL ? g_bytes_new (bed_secret_get_data (value),
                                                        bed_secret_get_length (value))
                                         : NULL,
                           (GDestroyNotify) g_bytes_unref);
}

static void
put_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;

  if (bed_vault_keyring_put (BED_VAULT_KEYRING_ANCHOR (source)->keyring, call->vault, ANCHOR_NAME,
                             call->value, FALSE, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
anchor_get_async (BedVaultAnchor *self, const char *vault, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->vault = g_strdup (vault);
  g_task_set_source_tag (task, anchor_get_async);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  g_task_run_in_thread (task, get_thread);
}

static GBytes *
anchor_get_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
anchor_put_async (BedVaultAnchor *self, const char *vault, GBytes *value, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->vault = g_strdup (vault);
  call->value = bed_secret_new (g_bytes_get_data (value, NULL), g_bytes_get_size (value));
  g_task_set_source_tag (task, anchor_put_async);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  g_task_run_in_thread (task, put_thread);
}

static gboolean
anchor_put_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
bed_vault_keyring_anchor_iface_init (BedVaultAnchorInterface *iface)
{
  iface->get_async = anchor_get_async;
  iface->get_finish = anchor_get_finish;
  iface->put_async = anchor_put_async;
  iface->put_finish = anchor_put_finish;
}

static void
bed_vault_keyring_anchor_finalize (GObject *object)
{
  g_clear_object (&BED_VAULT_KEYRING_ANCHOR (object)->keyring);
  G_OBJECT_CLASS (bed_vault_keyring_anchor_parent_class)->finalize (object);
}

static void
bed_vault_keyring_anchor_class_init (BedVaultKeyringAnchorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_vault_keyring_anchor_finalize;
}

static void
bed_vault_keyring_anchor_init (BedVaultKeyringAnchor *self)
{
}

BedVaultAnchor *
bed_vault_keyring_anchor_new (BedVaultKeyring *keyring)
{
  BedVaultKeyringAnchor *self = g_object_new (BED_TYPE_VAULT_KEYRING_ANCHOR, NULL);

  self->keyring = g_object_ref (keyring);
  return BED_VAULT_ANCHOR (self);
}

/* --- The anchor's doors ----------------------------------------------------------------------- */

G_DEFINE_INTERFACE (BedVaultAnchor, bed_vault_anchor, G_TYPE_OBJECT)

static void
bed_vault_anchor_default_init (BedVaultAnchorInterface *iface)
{
}

void
bed_vault_anchor_get_async (BedVaultAnchor *self, const char *vault, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  BED_VAULT_ANCHOR_GET_IFACE (self)->get_async (self, vault, cancellable, callback, user_data);
}

GBytes *
bed_vault_anchor_get_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error)
{
  return BED_VAULT_ANCHOR_GET_IFACE (self)->get_finish (self, result, error);
}

void
bed_vault_anchor_put_async (BedVaultAnchor *self, const char *vault, GBytes *value,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (g_bytes_get_size (value) <= BED_VAULT_ANCHOR_MAX);
  BED_VAULT_ANCHOR_GET_IFACE (self)->put_async (self, vault, value, cancellable, callback,
                                                user_data);
}

gboolean
bed_vault_anchor_put_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error)
{
  return BED_VAULT_ANCHOR_GET_IFACE (self)->put_finish (self, result, error);
}
