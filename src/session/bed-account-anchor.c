/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-account-anchor-private.h"

#include "bed-encoding.h"
#include "bed-log.h"

/* An access token with less than this left would have to be renewed first. */
#define FRESH_SECONDS 35

struct _BedAccountAnchor
{
  GObject parent;
  GWeakRef session;
};

static void bed_account_anchor_iface_init (BedVaultAnchorInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (BedAccountAnchor, bed_account_anchor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VAULT_ANCHOR,
                                                      bed_account_anchor_iface_init))

/* --- The way to the clinic -------------------------------------------------------------------- */

static gboolean
has_fresh_token (BedSignallingClient *client)
{
  gint64 left_s;
  g_autoptr (BedSecret) access = bed_signalling_client_dup_access_token (client, &left_s);

  return access != NULL && left_s >= FRESH_SECONDS;
}

/* Once the session is locked nobody keeps a renewed token any more. */
static gboolean
is_open (BedSession *session)
{
  return session != NULL && session->client != NULL
         && bed_signalling_client_get_state (session->client) == BED_SIGNALLING_STATE_ONLINE
         && (session->state == BED_SESSION_STATE_UNLOCKED || has_fresh_token (session->client));
}

/* The vault's id as the path has it. Returns: (transfer full) (nullable) */
static char *
to_path (const char *vault)
{
  guint8 id[BED_VAULT_ID_BYTES];

  if (strlen (vault) != 2 * sizeof id)
    return NULL;
  for (gsize i = 0; i < sizeof id; i++)
    {
      int high = g_ascii_xdigit_value (vault[2 * i]);
      int low = g_ascii_xdigit_value (vault[2 * i + 1]);

      if (high < 0 || low < 0)
        return NULL;
      id[i] = (guint8) (high << 4 | low);
    }
  return bed_base64url_encode (id, sizeof id);
}

/* Takes the task, and answers it when there is no way. */
static void
call (GTask *task, const char *vault, BedEndpoint endpoint, gconstpointer request,
      GAsyncReadyCallback callback)
{
  BedAccountAnchor *self = g_task_get_source_object (task);
  g_autoptr (BedSession) session = g_weak_ref_get (&self->session);
  g_autofree char *path = to_path (vault);

  if (is_open (session) && path != NULL)
    {
      bed_signalling_client_call_async (session->client, endpoint, path, request,
                                        g_task_get_cancellable (task), callback, task);
      return;
    }
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           "the clinic cannot be reached");
  g_object_unref (task);
}

/* --- The anchor ------------------------------------------------------------------------------- */

static void
was_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BedAnchorValue) value = NULL;
  gpointer answer = NULL;
  GError *error = NULL;

  if (bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    {
      value = answer;
      g_task_return_pointer (task, g_bytes_ref (value->value), (GDestroyNotify) g_bytes_unref);
    }
  else if (g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_NOT_FOUND))
    {
      g_error_free (error);
      g_task_return_pointer (task, NULL, NULL);
    }
  else
    g_task_return_error (task, error);
}

static void
get_async (BedVaultAnchor *self, const char *vault, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, get_async);
  call (task, vault, BED_ENDPOINT_ANCHOR, NULL, was_read);
}

static GBytes *
get_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
was_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
put_async (BedVaultAnchor *self, const char *vault, GBytes *value, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  BedAnchorValue request = { .value = value };

  g_task_set_source_tag (task, put_async);
  call (task, vault, BED_ENDPOINT_ANCHOR_PUT, &request, was_written);
}

static gboolean
put_finish (BedVaultAnchor *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
bed_account_anchor_iface_init (BedVaultAnchorInterface *iface)
{
  iface->get_async = get_async;
  iface->get_finish = get_finish;
  iface->put_async = put_async;
  iface->put_finish = put_finish;
}

/* --- The object ------------------------------------------------------------------------------- */

static void
bed_account_anchor_finalize (GObject *object)
{
  g_weak_ref_clear (&BED_ACCOUNT_ANCHOR (object)->session);
  G_OBJECT_CLASS (bed_account_anchor_parent_class)->finalize (object);
}

static void
bed_account_anchor_class_init (BedAccountAnchorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_account_anchor_finalize;
}

static void
bed_account_anchor_init (BedAccountAnchor *self)
{
}

BedVaultAnchor *
bed_account_anchor_new (BedSession *session)
{
  BedAccountAnchor *self = g_object_new (BED_TYPE_ACCOUNT_ANCHOR, NULL);

  g_weak_ref_init (&self->session, session);
  return BED_VAULT_ANCHOR (self);
}

/* --- When the clinic is there ----------------------------------------------------------------- */

static void
was_compared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!bed_vault_sync_anchors_finish (BED_VAULT (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED))
    g_message ("The record was not compared with every anchor: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

void
bed_session_compare_anchors (BedSession *self)
{
  bed_vault_sync_anchors_async (self->vault, self->unlocked, was_compared, NULL);
}
