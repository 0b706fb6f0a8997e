/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-fakes.h"

#include <string.h>

/* --- Keyring ---------------------------------------------------------------------------------- */

static void fake_keyring_iface_init (BedVaultKeyringInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (FakeKeyring, fake_keyring, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VAULT_KEYRING,
                                                      fake_keyring_iface_init))

static gboolean
keyring_is_there (FakeKeyring *self, GError **error)
{
  if (self->gone)
    g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE, "gone");
  return !self->gone;
}

static BedSecret *
keyring_get (BedVaultKeyring *keyring, const char *vault, const char *name, gboolean ask,
             GCancellable *cancellable, GError **error)
{
  FakeKeyring *self = FAKE_KEYRING (keyring);
  BedSecret *value;

  self->gets++;
  if (!keyring_is_there (self, error))
    return NULL;
  value = g_hash_table_lookup (self->values, name);
  return value != NULL ? bed_secret_ref (value) : NULL;
}

static gboolean
keyring_put (BedVaultKeyring *keyring, const char *vault, const char *name, BedSecret *value,
             gboolean ask, GCancellable *cancellable, GError **error)
{
  FakeKeyring *self = FAKE_KEYRING (keyring);

  self->puts++;
  if (!keyring_is_there (self, error))
    return FALSE;
  if (value == NULL)
    g_hash_table_remove (self->values, name);
  else
    g_hash_table_replace (self->values, g_strdup (name), bed_secret_ref (value));
  return TRUE;
}

static void
fake_keyring_iface_init (BedVaultKeyringInterface *iface)
{
  iface->get = keyring_get;
  iface->put = keyring_put;
}

static void
fake_keyring_finalize (GObject *object)
{
  g_hash_table_unref (FAKE_KEYRING (object)->values);
  G_OBJECT_CLASS (fake_keyring_parent_class)->finalize (object);
}

static void
fake_keyring_class_init (FakeKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_keyring_finalize;
}

static void
fake_keyring_init (FakeKeyring *self)
{
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) bed_secret_unref);
}

FakeKeyring *
fake_keyring_new (void)
{
  return g_object_new (FAKE_TYPE_KEYRING, NULL);
}

/* --- Security key ----------------------------------------------------------------------------- */

static void fake_token_iface_init (BedVaultTokenInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (FakeToken, fake_token, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VAULT_TOKEN, fake_token_iface_init))

static gboolean
token_takes (FakeToken *self, BedSecret *pin, GError **error)
{
  if (pin != NULL && bed_secret_get_length (pin) == strlen (self->pin)
      && memcmp (bed_secret_get_data (pin), self->pin, strlen (self->pin)) == 0)
    {
      self->touches++;
      return TRUE;
    }
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_PIN, "pin");
  return FALSE;
}

static GBytes *
token_enrol (BedVaultToken *token, BedSecret *pin, GCancellable *cancellable, GError **error)
{
  FakeToken *self = FAKE_TOKEN (token);
  guint8 id[64];
  GBytes *credential;

  if (!token_takes (self, pin, error))
    return NULL;
  bed_random_bytes (id, sizeof id);
  credential = g_bytes_new (id, sizeof id);
  g_hash_table_insert (self->credentials, g_bytes_ref (credential), bed_secret_new_random (32));
  return credential;
}

static BedSecret *
token_derive (BedVaultToken *token, GBytes *credential, const guint8 salt[BED_VAULT_TOKEN_SALT],
              BedSecret *pin, GCancellable *cancellable, GError **error)
{
  FakeToken *self = FAKE_TOKEN (token);
  BedSecret *key = g_hash_table_lookup (self->credentials, credential);
  g_autoptr (GHmac) hmac = NULL;
  BedSecret *answer;
  gsize length = BED_VAULT_TOKEN_SECRET;

  if (key == NULL)
    g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_MISSING, "not mine");
  if (key == NULL || !token_takes (self, pin, error))
    return NULL;
  hmac = g_hmac_new (G_CHECKSUM_SHA256, bed_secret_get_data (key), bed_secret_get_length (key));
  g_hmac_update (hmac, salt, BED_VAULT_TOKEN_SALT);
  answer = bed_secret_new_zero (BED_VAULT_TOKEN_SECRET);
  g_hmac_get_digest (hmac, bed_secret_get_writable (answer), &length);
  return answer;
}

static void
fake_token_iface_init (BedVaultTokenInterface *iface)
{
  iface->enrol = token_enrol;
  iface->derive = token_derive;
}

static void
fake_token_finalize (GObject *object)
{
  g_hash_table_unref (FAKE_TOKEN (object)->credentials);
  G_OBJECT_CLASS (fake_token_parent_class)->finalize (object);
}

static void
fake_token_class_init (FakeTokenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_token_finalize;
}

static void
fake_token_init (FakeToken *self)
{
  self->credentials = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                             (GDestroyNotify) g_bytes_unref,
                                             (GDestroyNotify) bed_secret_unref);
}

FakeToken *
fake_token_new (const char *pin)
{
  FakeToken *self = g_object_new (FAKE_TYPE_TOKEN, NULL);

  self->pin = pin;
  return self;
}

/* --- Anchor ----------------------------------------------------------------------------------- */

static void fake_anchor_iface_init (BedVaultAnchorInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (FakeAnchor, fake_anchor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VAULT_ANCHOR,
                                                      fake_anchor_iface_init))

static GTask *
anchor_task (FakeAnchor *self, GCancellable *cancellable, GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  if (!self->gone)
    return task;
  g_task_return_new_error (task, BED_VAULT_ERROR, BED_VAULT_ERROR_ANCHOR, "gone");
  g_object_unref (task);
  return NULL;
}

static void
anchor_get_async (BedVaultAnchor *anchor, const char *vault, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  FakeAnchor *self = FAKE_ANCHOR (anchor);
  g_autoptr (GTask) task = anchor_task (self, cancellable, callback, user_data);

  self->gets++;
  if (task != NULL)
    g_task_return_pointer (task, self->value != NULL ? g_bytes_ref (self->value) : NULL,
                           (GDestroyNotify) g_bytes_unref);
}

static GBytes *
anchor_get_finish (BedVaultAnchor *anchor, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
take_value (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FakeAnchor *self = g_task_get_source_object (task);

  g_clear_pointer (&self->value, g_bytes_unref);
  self->value = g_bytes_ref (g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
anchor_put_async (BedVaultAnchor *anchor, const char *vault, GBytes *value,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FakeAnchor *self = FAKE_ANCHOR (anchor);
  g_autoptr (GTask) task = anchor_task (self, cancellable, callback, user_data);

  self->puts++;
  if (task == NULL)
    return;
  g_task_set_task_data (task, g_bytes_ref (value), (GDestroyNotify) g_bytes_unref);
  if (self->delay_ms == 0)
    take_value (g_steal_pointer (&task));
  else
    g_timeout_add (self->delay_ms, take_value, g_steal_pointer (&task));
}

static gboolean
anchor_put_finish (BedVaultAnchor *anchor, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_anchor_iface_init (BedVaultAnchorInterface *iface)
{
  iface->get_async = anchor_get_async;
  iface->get_finish = anchor_get_finish;
  iface->put_async = anchor_put_async;
  iface->put_finish = anchor_put_finish;
}

static void
fake_anchor_finalize (GObject *object)
{
  g_clear_pointer (&FAKE_ANCHOR (object)->value, g_bytes_unref);
  G_OBJECT_CLASS (fake_anchor_parent_class)->finalize (object);
}

static void
fake_anchor_class_init (FakeAnchorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_anchor_finalize;
}

static void
fake_anchor_init (FakeAnchor *self)
{
}

FakeAnchor *
fake_anchor_new (void)
{
  return g_object_new (FAKE_TYPE_ANCHOR, NULL);
}
