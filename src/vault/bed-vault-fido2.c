/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fido.h>
#include <string.h>

#include "bed-vault-error.h"
#include "bed-vault-token.h"

#define RP_ID "org.bedside.vault"
#define DEVICES_MAX 16
#define TIMEOUT_MS 30000

/* A security key over USB. Written to libfido2's manual and CTAP 2.1; not shown on hardware. */
#define BED_TYPE_FIDO2 (bed_fido2_get_type ())
G_DECLARE_FINAL_TYPE (BedFido2, bed_fido2, BED, FIDO2, GObject)

struct _BedFido2
{
  GObject parent;
};

static void bed_fido2_iface_init (BedVaultTokenInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BedFido2, bed_fido2, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VAULT_TOKEN, bed_fido2_iface_init))

static void
device_free (fido_dev_t *device)
{
  fido_dev_close (device);
  fido_dev_free (&device);
}

static void
assertion_free (fido_assert_t *assertion)
{
  fido_assert_free (&assertion);
}

static void
credential_free (fido_cred_t *credential)
{
  fido_cred_free (&credential);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (fido_dev_t, device_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (fido_assert_t, assertion_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (fido_cred_t, credential_free)

static BedVaultError
error_for (int rc)
{
  switch (rc)
    {
    case FIDO_ERR_PIN_INVALID:
    case FIDO_ERR_PIN_BLOCKED:
    case FIDO_ERR_PIN_AUTH_INVALID:
    case FIDO_ERR_PIN_AUTH_BLOCKED:
    case FIDO_ERR_PIN_NOT_SET:
    case FIDO_ERR_PIN_REQUIRED:
    case FIDO_ERR_PIN_POLICY_VIOLATION:
      return BED_VAULT_ERROR_TOKEN_PIN;
    case FIDO_ERR_NO_CREDENTIALS:
    case FIDO_ERR_INVALID_CREDENTIAL:
      return BED_VAULT_ERROR_TOKEN_MISSING;
    default:
      return BED_VAULT_ERROR_TOKEN;
    }
}

/* Always FALSE. */
static gboolean
fail (int rc, GCancellable *cancellable, GError **error)
{
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, BED_VAULT_ERROR, error_for (rc), "The security key: %s", fido_strerr (rc));
  return FALSE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer device)
{
  fido_dev_cancel (device);
}

/* The first that is plugged in and speaks FIDO2. */
static fido_dev_t *
open_device (GError **error)
{
  fido_dev_info_t *list = fido_dev_info_new (DEVICES_MAX);
  fido_dev_t *found = NULL;
  gsize n = 0;

  if (list != NULL && fido_dev_info_manifest (list, DEVICES_MAX, &n) != FIDO_OK)
    n = 0;
  for (gsize i = 0; i < n && found == NULL; i++)
    {
      g_autoptr (fido_dev_t) device = fido_dev_new ();
      const fido_dev_info_t *info = fido_dev_info_ptr (list, i);

      if (device != NULL && fido_dev_open (device, fido_dev_info_path (info)) == FIDO_OK
          && fido_dev_is_fido2 (device))
        found = g_steal_pointer (&device);
    }
  fido_dev_info_free (&list, DEVICES_MAX);
  if (found == NULL)
    g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_MISSING,
                         "No security key is plugged in");
  else
    fido_dev_set_timeout (found, TIMEOUT_MS);
  return found;
}

/* With a terminating zero, as the library wants it. Without one the key could be used by whoever
 * has it. */
static BedSecret *
pin_text (fido_dev_t *device, BedSecret *pin, GError **error)
{
  BedSecret *text;

  if (!fido_dev_has_pin (device) || pin == NULL || bed_secret_get_length (pin) == 0)
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_PIN,
                           fido_dev_has_pin (device) ? "The security key's PIN is needed"
                                                     : "The security key has no PIN");
      return NULL;
    }
  text = bed_secret_new_zero (bed_secret_get_length (pin) + 1);
  memcpy (bed_secret_get_writable (text), bed_secret_get_data (pin), bed_secret_get_length (pin));
  return text;
}

/* --- Enrol ------------------------------------------------------------------------------------ */

/* What it signs is not looked at: the secret that it gives is the proof. */
static int
describe_credential (fido_cred_t *credential)
{
  guint8 challenge[32];
  guint8 user[32];
  int rc;

  bed_random_bytes (challenge, sizeof challenge);
  bed_random_bytes (user, sizeof user);
  if ((rc = fido_cred_set_type (credential, COSE_ES256)) != FIDO_OK
      || (rc = fido_cred_set_clientdata_hash (credential, challenge, sizeof challenge)) != FIDO_OK
      || (rc = fido_cred_set_rp (credential, RP_ID, "Bedside")) != FIDO_OK
      || (rc = fido_cred_set_user (credential, user, sizeof user, "vault", "Bedside", NULL))
             != FIDO_OK
      || (rc = fido_cred_set_extensions (credential, FIDO_EXT_HMAC_SECRET)) != FIDO_OK)
    return rc;
  return fido_cred_set_rk (credential, FIDO_OPT_FALSE);
}

static GBytes *
enrol (BedVaultToken *self, BedSecret *pin, GCancellable *cancellable, GError **error)
{
  g_autoptr (fido_dev_t) device = open_device (error);
  g_autoptr (fido_cred_t) credential = fido_cred_new ();
  g_autoptr (BedSecret) text = device != NULL ? pin_text (device, pin, error) : NULL;
  gulong handler;
  int rc;

  if (text == NULL)
    return NULL;
  rc = describe_credential (credential);
  if (rc == FIDO_OK)
    {
      handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), device, NULL);
      rc = fido_dev_make_cred (device, credential, (const char *) bed_secret_get_data (text));
      g_cancellable_disconnect (cancellable, handler);
    }
  if (rc == FIDO_OK && !g_cancellable_is_cancelled (cancellable))
    return g_bytes_new (fido_cred_id_ptr (credential), fido_cred_id_len (credential));
  fail (rc, cancellable, error);
  return NULL;
}

/* --- Derive ----------------------------------------------------------------------------------- */

static int
describe_assertion (fido_assert_t *assertion, GBytes *credential, const guint8 *salt)
{
  guint8 challenge[32];
  int rc;

  bed_random_bytes (challenge, sizeof challenge);
  if ((rc = fido_assert_set_rp (assertion, RP_ID)) != FIDO_OK
      || (rc = fido_assert_set_clientdata_hash (assertion, challenge, sizeof challenge)) != FIDO_OK
      || (rc = fido_assert_set_extensions (assertion, FIDO_EXT_HMAC_SECRET)) != FIDO_OK
      || (rc = fido_assert_set_hmac_salt (assertion, salt, BED_VAULT_TOKEN_SALT)) != FIDO_OK)
    return rc;
  return fido_assert_allow_cred (assertion, g_bytes_get_data (credential, NULL),
                                 g_bytes_get_size (credential));
}

static BedSecret *
take_answer (fido_assert_t *assertion, GError **error)
{
  if (fido_assert_count (assertion) == 1
      && fido_assert_hmac_secret_len (assertion, 0) == BED_VAULT_TOKEN_SECRET)
    return bed_secret_new (fido_assert_hmac_secret_ptr (assertion, 0), BED_VAULT_TOKEN_SECRET);
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN,
                       "The security key gave no secret");
  return NULL;
}

static BedSecret *
derive (BedVaultToken *self, GBytes *credential, const guint8 salt[BED_VAULT_TOKEN_SALT],
        BedSecret *pin, GCancellable *cancellable, GError **error)
{
  g_autoptr (fido_dev_t) device = open_device (error);
  g_autoptr (fido_assert_t) assertion = fido_assert_new ();
  g_autoptr (BedSecret) text = device != NULL ? pin_text (device, pin, error) : NULL;
  gulong handler;
  int rc;

  if (text == NULL)
    return NULL;
  rc = describe_assertion (assertion, credential, salt);
  if (rc == FIDO_OK)
    {
      handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), device, NULL);
      rc = fido_dev_get_assert (device, assertion, (const char *) bed_secret_get_data (text));
      g_cancellable_disconnect (cancellable, handler);
    }
  if (rc == FIDO_OK && !g_cancellable_is_cancelled (cancellable))
    return take_answer (assertion, error);
  fail (rc, cancellable, error);
  return NULL;
}

static void
bed_fido2_iface_init (BedVaultTokenInterface *iface)
{
  iface->enrol = enrol;
  iface->derive = derive;
}

static void
bed_fido2_class_init (BedFido2Class *klass)
{
  fido_init (FIDO_DISABLE_U2F_FALLBACK);
}

static void
bed_fido2_init (BedFido2 *self)
{
}

BedVaultToken *
bed_vault_token_new (void)
{
  return g_object_new (BED_TYPE_FIDO2, NULL);
}
