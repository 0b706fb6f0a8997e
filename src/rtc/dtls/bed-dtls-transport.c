/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dtls-transport.h"

#include <string.h>

typedef struct
{
  GError *error; /* owned (nullable) */
  BedDtlsSendFunc send_func;
  gpointer send_user_data; /* borrowed */
  BedDtlsDataFunc data_func;
  gpointer data_user_data; /* borrowed */
  BedDtlsState state;
  BedDtlsRole role;
  guint dropped;
} BedDtlsTransportPrivate;

enum { STATE_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BedDtlsTransport, bed_dtls_transport, G_TYPE_OBJECT)

static BedDtlsTransportPrivate *
get_private (BedDtlsTransport *self)
{
  return bed_dtls_transport_get_instance_private (self);
}

static gboolean
is_connected (BedDtlsTransport *self)
{
  return get_private (self)->state == BED_DTLS_STATE_CONNECTED;
}

static void
bed_dtls_transport_finalize (GObject *object)
{
  g_clear_error (&get_private (BED_DTLS_TRANSPORT (object))->error);
  G_OBJECT_CLASS (bed_dtls_transport_parent_class)->finalize (object);
}

static void
bed_dtls_transport_class_init (BedDtlsTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_dtls_transport_finalize;
  signals[STATE_CHANGED] = g_signal_new ("state-changed", BED_TYPE_DTLS_TRANSPORT,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_dtls_transport_init (BedDtlsTransport *self)
{
}

const guint8 *
bed_dtls_transport_get_fingerprint (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), NULL);
  return BED_DTLS_TRANSPORT_GET_CLASS (self)->get_fingerprint (self);
}

void
bed_dtls_transport_set_send_func (BedDtlsTransport *self, BedDtlsSendFunc func, gpointer user_data)
{
  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  get_private (self)->send_func = func;
  get_private (self)->send_user_data = user_data;
}

void
bed_dtls_transport_set_data_func (BedDtlsTransport *self, BedDtlsDataFunc func, gpointer user_data)
{
  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  get_private (self)->data_func = func;
  get_private (self)->data_user_data = user_data;
}

gboolean
bed_dtls_transport_start (BedDtlsTransport *self, BedDtlsRole role, const guint8 *fingerprint,
                          GError **error)
{
  g_autoptr (BedDtlsTransport) keep = NULL;

  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self) && fingerprint != NULL, FALSE);
  keep = g_object_ref (self);
  if (get_private (self)->state != BED_DTLS_STATE_NEW)
    {
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_STATE, "DTLS was started before");
      return FALSE;
    }
  get_private (self)->role = role;
  BED_DTLS_TRANSPORT_GET_CLASS (self)->start (self, role, fingerprint);
  return TRUE;
}

void
bed_dtls_transport_input (BedDtlsTransport *self, const guint8 *datagram, gsize length)
{
  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  BED_DTLS_TRANSPORT_GET_CLASS (self)->input (self, datagram, length);
}

gint64
bed_dtls_transport_get_deadline_us (BedDtlsTransport *self, gint64 now_us)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), -1);
  return BED_DTLS_TRANSPORT_GET_CLASS (self)->get_deadline_us (self, now_us);
}

void
bed_dtls_transport_handle_timeout (BedDtlsTransport *self)
{
  g_autoptr (BedDtlsTransport) keep = NULL;

  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  keep = g_object_ref (self);
  BED_DTLS_TRANSPORT_GET_CLASS (self)->handle_timeout (self);
}

BedDtlsResult
bed_dtls_transport_send (BedDtlsTransport *self, const guint8 *data, gsize length)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), BED_DTLS_NOT_CONNECTED);
  if (!is_connected (self))
    return BED_DTLS_NOT_CONNECTED;
  if (length == 0 || length > BED_DTLS_MAX_DATA)
    return BED_DTLS_TOO_LONG;
  return BED_DTLS_TRANSPORT_GET_CLASS (self)->send (self, data, length);
}

void
bed_dtls_transport_close (BedDtlsTransport *self)
{
  g_autoptr (BedDtlsTransport) keep = NULL;

  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  keep = g_object_ref (self);
  if (is_connected (self))
    BED_DTLS_TRANSPORT_GET_CLASS (self)->say_close (self);
  bed_dtls_transport_handle_event (self, BED_DTLS_EVENT_CLOSE);
}

BedDtlsState
bed_dtls_transport_get_state (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), BED_DTLS_STATE_FAILED);
  return get_private (self)->state;
}

const GError *
bed_dtls_transport_get_error (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), NULL);
  return get_private (self)->error;
}

const char *
bed_dtls_transport_get_cipher (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), "");
  return is_connected (self) ? BED_DTLS_TRANSPORT_GET_CLASS (self)->get_cipher (self) : "";
}

const char *
bed_dtls_transport_get_version (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), "");
  return is_connected (self) ? BED_DTLS_TRANSPORT_GET_CLASS (self)->get_version (self) : "";
}

guint16
bed_dtls_transport_get_srtp_profile (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), 0);
  return BED_DTLS_TRANSPORT_GET_CLASS (self)->get_srtp_profile (self);
}

guint
bed_dtls_transport_get_dropped (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), 0);
  return get_private (self)->dropped;
}

static gboolean
get_key_shape (guint16 profile, gsize *key_length, gsize *salt_length)
{
  *key_length = profile == BED_DTLS_SRTP_AEAD_AES_256_GCM ? 32 : 16;
  *salt_length = profile == BED_DTLS_SRTP_AES128_CM_SHA1_80 ? 14 : 12;
  return profile == BED_DTLS_SRTP_AEAD_AES_256_GCM || profile == BED_DTLS_SRTP_AEAD_AES_128_GCM
         || profile == BED_DTLS_SRTP_AES128_CM_SHA1_80;
}

/* `material` is client key, server key, client salt, server salt. */
static BedSecret *
join_key (const guint8 *material, gsize key_length, gsize salt_length, guint which)
{
  BedSecret *secret = bed_secret_new_zero (key_length + salt_length);
  guint8 *out = bed_secret_get_writable (secret);

  memcpy (out, material + which * key_length, key_length);
  memcpy (out + key_length, material + 2 * key_length + which * salt_length, salt_length);
  return secret;
}

gboolean
bed_dtls_transport_export_srtp_keys (BedDtlsTransport *self, guint16 *profile, BedSecret **send_key,
                                     BedSecret **receive_key, GError **error)
{
  g_autoptr (BedSecret) material = NULL;
  gsize key_length, salt_length;
  guint ours;

  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), FALSE);
  *profile = bed_dtls_transport_get_srtp_profile (self);
  if (!is_connected (self) || !get_key_shape (*profile, &key_length, &salt_length))
    {
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_STATE, "DTLS is not connected");
      return FALSE;
    }
  material = bed_secret_new_zero (2 * (key_length + salt_length));
  if (!BED_DTLS_TRANSPORT_GET_CLASS (self)->export_material (
          self, bed_secret_get_writable (material), bed_secret_get_length (material)))
    {
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_CRYPTO,
                           "Keys could not be exported");
      return FALSE;
    }
  ours = get_private (self)->role == BED_DTLS_ROLE_CLIENT ? 0 : 1;
  *send_key = join_key (bed_secret_get_data (material), key_length, salt_length, ours);
  *receive_key = join_key (bed_secret_get_data (material), key_length, salt_length, 1 - ours);
  return TRUE;
}

void
bed_dtls_transport_handle_event (BedDtlsTransport *self, BedDtlsEvent event)
{
  BedDtlsTransportPrivate *priv = get_private (self);
  BedDtlsState next = bed_dtls_state_next (priv->state, event);

  if (next == priv->state)
    return;
  priv->state = next;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

void
bed_dtls_transport_fail (BedDtlsTransport *self, GError *error)
{
  BedDtlsTransportPrivate *priv = get_private (self);

  if (priv->error == NULL)
    priv->error = error;
  else
    g_error_free (error);
  bed_dtls_transport_handle_event (self, BED_DTLS_EVENT_FAIL);
}

void
bed_dtls_transport_emit_datagram (BedDtlsTransport *self, const guint8 *datagram, gsize length)
{
  BedDtlsTransportPrivate *priv = get_private (self);

  if (priv->send_func != NULL)
    priv->send_func (datagram, length, priv->send_user_data);
}

void
bed_dtls_transport_deliver (BedDtlsTransport *self, const guint8 *data, gsize length)
{
  BedDtlsTransportPrivate *priv = get_private (self);

  if (priv->data_func != NULL)
    priv->data_func (data, length, priv->data_user_data);
}

void
bed_dtls_transport_count_dropped (BedDtlsTransport *self)
{
  get_private (self)->dropped++;
}
