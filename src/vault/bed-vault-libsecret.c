/* SPDX-License-Identifier: GPL-3.0-or-later */
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>
#include <string.h>

#include "bed-encoding.h"
#include "bed-vault-error.h"
#include "bed-vault-keyring.h"

#define BUS_NAME "org.freedesktop.secrets"
#define VALUE_MAX 1024
#define LABEL "Bedside"

/* The desktop's keyring over the Secret Service. Values are kept as base64url text, since keyrings'
 * own tools show them as such. */
#define BED_TYPE_LIBSECRET (bed_libsecret_get_type ())
G_DECLARE_FINAL_TYPE (BedLibsecret, bed_libsecret, BED, LIBSECRET, GObject)

struct _BedLibsecret
{
  GObject parent;
};

static void bed_libsecret_iface_init (BedVaultKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BedLibsecret, bed_libsecret, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VAULT_KEYRING,
                                                      bed_libsecret_iface_init))

static const SecretSchema schema = {
  "org.bedside.Vault",
  SECRET_SCHEMA_NONE,
  {
      { "vault", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

/* In this room's words; takes `inner`. Always FALSE. */
static gboolean
fail (GError *inner, GError **error)
{
  if (g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, inner);
      return FALSE;
    }
  g_set_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE, "The keyring: %s", inner->message);
  g_error_free (inner);
  return FALSE;
}

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE, message);
  return FALSE;
}

/* Without starting one. */
static gboolean
is_running (GCancellable *cancellable, GError **error)
{
  GError *inner = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, &inner);
  g_autoptr (GVariant) answer = NULL;
  gboolean owned;

  if (bus == NULL)
    return fail (inner, error);
  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                        "org.freedesktop.DBus", "NameHasOwner",
                                        g_variant_new ("(s)", BUS_NAME), G_VARIANT_TYPE ("(b)"),
                                        G_DBUS_CALL_FLAGS_NO_AUTO_START, 2000, cancellable, &inner);
  if (answer == NULL)
    return fail (inner, error);
  g_variant_get (answer, "(b)", &owned);
  return owned || refuse ("No keyring is running", error);
}

/* Writing to a keyring that is locked, or to none, would ask the person. */
static gboolean
is_open (GCancellable *cancellable, GError **error)
{
  GError *inner = NULL;
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = NULL;

  if (!is_running (cancellable, error))
    return FALSE;
  service = secret_service_get_sync (SECRET_SERVICE_NONE, cancellable, &inner);
  if (service == NULL)
    return fail (inner, error);
  collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                                 SECRET_COLLECTION_NONE, cancellable, &inner);
  if (inner != NULL)
    return fail (inner, error);
  return (collection != NULL && !secret_collection_get_locked (collection))
         || refuse ("The keyring is locked", error);
}

static BedSecret *
decode (const char *text)
{
  g_autoptr (GBytes) bytes = bed_base64url_decode (text, VALUE_MAX);

  return bytes != NULL ? bed_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

static BedSecret *
get (BedVaultKeyring *self, const char *vault, const char *name, gboolean ask,
     GCancellable *cancellable, GError **error)
{
  GError *inner = NULL;
  BedSecret *value = NULL;
  char *text;

  if (!ask && !is_open (cancellable, error))
    return NULL;
  text = secret_password_lookup_nonpageable_sync (&schema, cancellable, &inner, "vault", vault,
                                                  "name", name, NULL);
  if (inner != NULL)
    {
      fail (inner, error);
      return NULL;
    }
  if (text != NULL)
    value = decode (text);
  secret_password_free (text);
  return value;
}

static gboolean
put (BedVaultKeyring *self, const char *vault, const char *name, BedSecret *value, gboolean ask,
     GCancellable *cancellable, GError **error)
{
  GError *inner = NULL;
  g_autofree char *text = NULL;

  if (!ask && !is_open (cancellable, error))
    return FALSE;
  if (value == NULL)
    {
      secret_password_clear_sync (&schema, cancellable, &inner, "vault", vault, "name", name, NULL);
      return inner == NULL || fail (inner, error);
    }
  text = bed_base64url_encode (bed_secret_get_data (value), bed_secret_get_length (value));
  secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, LABEL, text, cancellable, &inner,
                              "vault", vault, "name", name, NULL);
  bed_secret_wipe (text, strlen (text));
  return inner == NULL || fail (inner, error);
}

static void
bed_libsecret_iface_init (BedVaultKeyringInterface *iface)
{
  iface->get = get;
  iface->put = put;
}

static void
bed_libsecret_class_init (BedLibsecretClass *klass)
{
}

static void
bed_libsecret_init (BedLibsecret *self)
{
}

BedVaultKeyring *
bed_vault_keyring_new (void)
{
  return g_object_new (BED_TYPE_LIBSECRET, NULL);
}
