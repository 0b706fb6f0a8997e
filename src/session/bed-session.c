/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-account-anchor-private.h"
#include "bed-log.h"

#define SETTING_PREFIX "setting."
#define SETTING_NAME_MAX 64
#define LOCK_AFTER_DEFAULT 5
#define PROFILE_BLOB "account"

enum
{
  PROP_STATE = 1,
  PROP_ACCOUNT_STATE,
  PROP_DISPLAY_NAME,
  PROP_CLINIC_NAME,
  PROP_BUSY,
  N_PROPS,
};
enum
{
  LOCKED,
  UNLOCKED,
  N_SIGNALS,
};

G_DEFINE_QUARK (bed-session-error-quark, bed_session_error)
G_DEFINE_FINAL_TYPE (BedSession, bed_session, G_TYPE_OBJECT)

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

GType
bed_session_state_get_type (void)
{
  static const GEnumValue values[] = {
    { BED_SESSION_STATE_NO_PROFILE, "BED_SESSION_STATE_NO_PROFILE", "no-profile" },
    { BED_SESSION_STATE_ACTIVATING, "BED_SESSION_STATE_ACTIVATING", "activating" },
    { BED_SESSION_STATE_LOCKED, "BED_SESSION_STATE_LOCKED", "locked" },
    { BED_SESSION_STATE_UNLOCKED, "BED_SESSION_STATE_UNLOCKED", "unlocked" },
    { BED_SESSION_STATE_REKEYING, "BED_SESSION_STATE_REKEYING", "rekeying" },
    { 0 },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BedSessionState", values));
  return type;
}

GType
bed_account_state_get_type (void)
{
  static const GEnumValue values[] = {
    { BED_ACCOUNT_STATE_OFFLINE, "BED_ACCOUNT_STATE_OFFLINE", "offline" },
    { BED_ACCOUNT_STATE_CONNECTING, "BED_ACCOUNT_STATE_CONNECTING", "connecting" },
    { BED_ACCOUNT_STATE_ONLINE, "BED_ACCOUNT_STATE_ONLINE", "online" },
    { BED_ACCOUNT_STATE_SECOND_FACTOR, "BED_ACCOUNT_STATE_SECOND_FACTOR", "second-factor" },
    { BED_ACCOUNT_STATE_PASSWORD, "BED_ACCOUNT_STATE_PASSWORD", "password" },
    { BED_ACCOUNT_STATE_UNTRUSTED, "BED_ACCOUNT_STATE_UNTRUSTED", "untrusted" },
    { 0 },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BedAccountState", values));
  return type;
}

static void
bed_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedSession *self = BED_SESSION (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ACCOUNT_STATE:
      g_value_set_enum (value, self->account_state);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, bed_session_get_display_name (self));
      break;
    case PROP_CLINIC_NAME:
      g_value_set_string (value, bed_session_get_clinic_name (self));
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
drop_client (BedSession *self)
{
  if (self->client == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->client, self);
  bed_signalling_client_close (self->client);
  bed_signalling_client_set_tokens (self->client, NULL, 0, NULL);
  g_clear_object (&self->client);
}

void
bed_session_forget_unlocked (BedSession *self)
{
  if (self->unlocked != NULL)
    g_cancellable_cancel (self->unlocked);
  g_clear_object (&self->unlocked);
  drop_client (self);
  g_clear_pointer (&self->auth, bed_secret_unref);
  g_clear_pointer (&self->clinic, bed_clinic_info_free);
  g_list_store_remove_all (self->invites);
}

static void
bed_session_dispose (GObject *object)
{
  BedSession *self = BED_SESSION (object);

  if (self->invites != NULL)
    bed_session_forget_unlocked (self);
  bed_session_activation_clear (self);
  g_clear_object (&self->invites);
  g_clear_object (&self->doorbell);
  g_clear_object (&self->vault);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_session_parent_class)->dispose (object);
}

static void
bed_session_finalize (GObject *object)
{
  BedSession *self = BED_SESSION (object);

  g_clear_pointer (&self->profile, bed_profile_free);
  g_free (self->directory);
  g_free (self->ca_file);
  G_OBJECT_CLASS (bed_session_parent_class)->finalize (object);
}

static void
bed_session_class_init (BedSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bed_session_get_property;
  object_class->dispose = bed_session_dispose;
  object_class->finalize = bed_session_finalize;
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BED_TYPE_SESSION_STATE, 0, flags);
  props[PROP_ACCOUNT_STATE] = g_param_spec_enum ("account-state", NULL, NULL,
                                                 BED_TYPE_ACCOUNT_STATE, 0, flags);
  props[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, flags);
  props[PROP_CLINIC_NAME] = g_param_spec_string ("clinic-name", NULL, NULL, NULL, flags);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[LOCKED] = g_signal_new ("locked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[UNLOCKED] = g_signal_new ("unlocked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_session_init (BedSession *self)
{
  self->invites = g_list_store_new (BED_TYPE_SESSION_INVITE);
}

BedSession *
bed_session_new (const char *directory, BedClock *clock, const BedVaultCost *cost)
{
  BedSession *self = g_object_new (BED_TYPE_SESSION, NULL);
  g_autoptr (BedVaultAnchor) anchor = bed_account_anchor_new (self);

  self->directory = g_strdup (directory);
  self->clock = g_object_ref (clock);
  self->vault = bed_vault_new (directory, clock, cost);
  bed_vault_add_anchor (self->vault, anchor);
  bed_session_watch_vault (self);
  if (bed_vault_exists (self->vault))
    {
      self->profile = bed_profile_load (directory);
      self->state = BED_SESSION_STATE_LOCKED;
    }
  return self;
}

void
bed_session_set_ca_file (BedSession *self, const char *path)
{
  g_free (self->ca_file);
  self->ca_file = g_strdup (path);
}

void
bed_session_set_state (BedSession *self, BedSessionState state)
{
  BedSessionState before = self->state;

  if (before == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (state == BED_SESSION_STATE_UNLOCKED)
    g_signal_emit (self, signals[UNLOCKED], 0);
  else if (before == BED_SESSION_STATE_UNLOCKED)
    g_signal_emit (self, signals[LOCKED], 0);
}

void
bed_session_set_account_state (BedSession *self, BedAccountState state)
{
  if (self->account_state == state)
    return;
  self->account_state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACCOUNT_STATE]);
}

void
bed_session_notify_names (BedSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DISPLAY_NAME]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLINIC_NAME]);
}

static void
set_busy (BedSession *self, gboolean busy)
{
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

GTask *
bed_session_begin (BedSession *self, guint allowed_states, gpointer tag, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gboolean allowed = (allowed_states & (1u << self->state)) != 0;

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  if (allowed && !self->busy)
    {
      set_busy (self, TRUE);
      return task;
    }
  g_task_return_new_error (task, BED_SESSION_ERROR,
                           allowed ? BED_SESSION_ERROR_BUSY : BED_SESSION_ERROR_STATE,
                           allowed ? "busy" : "not in this state");
  g_object_unref (task);
  return NULL;
}

void
bed_session_return (GTask *task)
{
  set_busy (g_task_get_source_object (task), FALSE);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

void
bed_session_return_pointer (GTask *task, gpointer result, GDestroyNotify destroy)
{
  set_busy (g_task_get_source_object (task), FALSE);
  g_task_return_pointer (task, result, destroy);
  g_object_unref (task);
}

void
bed_session_return_error (GTask *task, GError *error)
{
  set_busy (g_task_get_source_object (task), FALSE);
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
bed_session_return_code (GTask *task, BedSessionError code, const char *why)
{
  bed_session_return_error (task, g_error_new_literal (BED_SESSION_ERROR, code, why));
}

gboolean
bed_session_save_profile (BedSession *self, GError **error)
{
  g_autofree char *text = bed_wire_encode (&bed_profile_schema, self->profile);

  return bed_vault_set_text (self->vault, PROFILE_BLOB, text, error) &&
         bed_profile_save (self->profile, self->directory, error);
}

/* What the unlock page shows next time; without it that shows no name. */
static void
keep_profile_beside (BedSession *self, const BedProfile *profile)
{
  g_autoptr (GError) error = NULL;

  if (!bed_profile_save (profile, self->directory, &error))
    g_message ("The profile could not be kept beside the record: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

/* The vault's copy is the true one: the file beside it could have been altered by anybody. */
static void
load_profile (BedSession *self)
{
  g_autofree char *text = bed_vault_dup_text (self->vault, PROFILE_BLOB);
  BedProfile *profile =
      text != NULL ? bed_wire_decode (&bed_profile_schema, text, strlen (text), NULL) : NULL;

  if (profile == NULL)
    return;
  if (self->profile == NULL) /* a record that was brought from another computer */
    keep_profile_beside (self, profile);
  if (self->profile == NULL ||
      memcmp (&self->profile->kdf, &profile->kdf, sizeof profile->kdf) != 0)
    g_clear_pointer (&self->auth, bed_secret_unref); /* derived with other parameters: of no use */
  g_clear_pointer (&self->profile, bed_profile_free);
  self->profile = profile;
  bed_session_notify_names (self);
}

void
bed_session_load (BedSession *self, const BedTokens *tokens)
{
  g_clear_object (&self->unlocked);
  self->unlocked = g_cancellable_new ();
  load_profile (self);
  bed_session_load_clinic (self);
  bed_session_load_invites (self);
  bed_session_set_state (self, BED_SESSION_STATE_UNLOCKED);
  if (self->state == BED_SESSION_STATE_UNLOCKED) /* not locked at once by who was told */
    bed_session_connect (self, tokens);
}

void
bed_session_lock (BedSession *self)
{
  /* It is closed, and then does not open again. */
  if (self->state == BED_SESSION_STATE_REKEYING)
    bed_vault_lock (self->vault);
  if (self->state != BED_SESSION_STATE_UNLOCKED)
    return;
  bed_session_activation_clear (self);
  bed_session_set_state (self, BED_SESSION_STATE_LOCKED);
  bed_vault_lock (self->vault); /* the clinic is told of its end */
  bed_session_forget_unlocked (self);
  bed_session_set_account_state (self, BED_ACCOUNT_STATE_OFFLINE);
}

BedSessionState
bed_session_get_state (BedSession *self)
{
  return self->state;
}

BedAccountState
bed_session_get_account_state (BedSession *self)
{
  return self->account_state;
}

gboolean
bed_session_get_busy (BedSession *self)
{
  return self->busy;
}

const char *
bed_session_get_display_name (BedSession *self)
{
  return self->profile != NULL ? self->profile->display_name : "";
}

const char *
bed_session_get_login (BedSession *self)
{
  return self->profile != NULL ? self->profile->login : "";
}

const char *
bed_session_get_clinic_name (BedSession *self)
{
  return self->profile != NULL ? self->profile->clinic : "";
}

const char *
bed_session_get_authority (BedSession *self)
{
  return self->profile != NULL ? self->profile->authority : "";
}

const BedClinicInfo *
bed_session_get_clinic (BedSession *self)
{
  return self->clinic;
}

BedVault *
bed_session_get_vault (BedSession *self)
{
  return self->vault;
}

BedSignallingClient *
bed_session_get_client (BedSession *self)
{
  return self->client;
}

static char *
setting_blob (const char *name)
{
  g_return_val_if_fail (strlen (name) <= SETTING_NAME_MAX &&
                        strspn (name, "abcdefghijklmnopqrstuvwxyz-") == strlen (name), NULL);
  return g_strconcat (SETTING_PREFIX, name, NULL);
}

char *
bed_session_dup_setting (BedSession *self, const char *name)
{
  g_autofree char *blob = setting_blob (name);

  if (blob == NULL || !bed_vault_is_unlocked (self->vault))
    return NULL;
  return bed_vault_dup_text (self->vault, blob);
}

gboolean
bed_session_set_setting (BedSession *self, const char *name, const char *value, GError **error)
{
  g_autofree char *blob = setting_blob (name);

  return blob != NULL && bed_vault_set_text (self->vault, blob, value, error);
}

gboolean
bed_session_get_relay_only (BedSession *self)
{
  g_autofree char *value = bed_session_dup_setting (self, "relay-only");

  return g_strcmp0 (value, "true") == 0;
}

guint
bed_session_get_lock_after (BedSession *self)
{
  g_autofree char *value = bed_session_dup_setting (self, "lock-after");
  guint64 minutes;

  if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, 24 * 60, &minutes, NULL))
    return LOCK_AFTER_DEFAULT;
  return (guint) minutes;
}

guint
bed_session_score (BedSession *self, const char *typed)
{
  const char *names[] = { self->profile->login, self->profile->display_name, NULL };

  return bed_password_score (typed, names);
}

BedSecret *
bed_session_renew_recovery_key (BedSession *self, GError **error)
{
  return bed_vault_renew_recovery_key (self->vault, error);
}
