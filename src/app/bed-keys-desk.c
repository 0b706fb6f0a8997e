/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-keys-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-dialogs.h"
#include "bed-emergency-access.h"
#include "bed-error-text.h"
#include "bed-handover.h"
#include "bed-keys-page.h"
#include "bed-password-window.h"
#include "bed-record-signing.h"
#include "bed-record-trail.h"
#include "bed-rollback-desk.h"
#include "bed-toast.h"

struct _BedKeysDesk
{
  GObject parent_instance;
  BedSession *session;   /* owned */
  BedClock *clock;       /* owned */
  BedRecordStore *store; /* owned while open */
  BedKeysPage *page;     /* weak */
  AdwPreferencesWindow *window; /* weak */
  GCancellable *rekeying; /* owned while it runs */
  gboolean device;       /* what the switch was asked to be */
  guint slot;            /* of the security key that is asked about */
  BedCloseGate gate;
  gpointer gate_data; /* borrowed */
};

G_DEFINE_FINAL_TYPE (BedKeysDesk, bed_keys_desk, G_TYPE_OBJECT)

static BedVault *
vault (BedKeysDesk *self)
{
  return bed_session_get_vault (self->session);
}

static GtkWindow *
parent (BedKeysDesk *self)
{
  return GTK_WINDOW (self->window);
}

static void
tell (BedKeysDesk *self, const char *text)
{
  if (self->window != NULL)
    adw_preferences_window_add_toast (self->window, bed_toast_new (self->window, text, NULL));
  else
    bed_dialog_tell (
        gtk_application_get_active_window (GTK_APPLICATION (g_application_get_default ())),
        _("Keys"), text);
}

/* --- What is shown --------------------------------------------------------------------------- */

static void
show_freshness (BedKeysDesk *self)
{
  const char *title, *text;
  g_autofree char *old = bed_rollback_dup_text (self->store, bed_clock_get_real_us (self->clock));

  if (old != NULL)
    {
      bed_keys_page_set_freshness (self->page, _("This record is older than it was"), old, TRUE);
      return;
    }
  switch (bed_vault_get_freshness (vault (self)))
    {
    case BED_VAULT_FRESH_OK_BY_ANCHOR:
      title = _("This is the newest state");
      text = _("It was compared with what is kept outside the record’s folder.");
      break;
    case BED_VAULT_FRESH_OK_BY_WITNESS:
      title = _("Bedside cannot tell for sure");
      text = _("It was compared with a mark in the same folder only. Whoever puts back the whole "
               "folder is not found out by that. Write down the head, or use this computer’s "
               "keyring.");
      break;
    case BED_VAULT_FRESH_ROLLED_BACK:
    case BED_VAULT_FRESH_UNKNOWN:
    default:
      title = _("Bedside cannot tell");
      text = _("Nothing is kept outside the record’s folder to compare with. Write down the head, or "
               "use this computer’s keyring.");
      break;
    }
  bed_keys_page_set_freshness (self->page, title, text, FALSE);
}

static void
show_signing_key (BedKeysDesk *self)
{
  guint8 key[BED_NOTE_KEY_LENGTH];
  g_autofree char *fingerprint = NULL, *thumbprint = NULL;
  g_autoptr (GError) error = NULL;

  if (bed_record_store_get_signing_key (self->store, key, &error))
    {
      fingerprint = bed_handover_key_fingerprint (key);
      thumbprint = bed_handover_key_thumbprint (key);
    }
  else
    tell (self, bed_error_text (error));
  bed_keys_page_set_signing_key (self->page, fingerprint, thumbprint);
}

static void
show (BedKeysDesk *self)
{
  g_autoptr (BedVaultKeyring) keyring = bed_vault_keyring_new ();
  g_autoptr (BedVaultToken) token = bed_vault_token_new ();
  guint slots[BED_VAULT_SLOTS], n = 0;

  if (self->page == NULL || self->store == NULL || !bed_vault_is_unlocked (vault (self)))
    return;
  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    if (bed_vault_get_slot_kind (vault (self), i) == BED_VAULT_SLOT_TOKEN)
      slots[n++] = i;
  bed_keys_page_set_device (self->page, bed_vault_needs_device (vault (self)), keyring != NULL);
  bed_keys_page_set_tokens (self->page, slots, n, token != NULL);
  bed_keys_page_set_emergency (self->page, bed_emergency_access_has_key (self->store));
  if (self->rekeying == NULL)
    bed_keys_page_set_rekey (self->page, -1);
  show_freshness (self);
  show_signing_key (self);
}

/* --- Keys on paper --------------------------------------------------------------------------- */

static void
key_kept (GObject *object, const GError *error)
{
  if (error != NULL)
    tell (BED_KEYS_DESK (object), bed_error_text (error));
}

static void
present_key (BedKeysDesk *self, BedSecret *key, const char *what)
{
  GtkWindow *window
      = gtk_application_get_active_window (GTK_APPLICATION (g_application_get_default ()));
  g_autofree char *typed
      = g_strndup ((const char *) bed_secret_get_data (key), bed_secret_get_length (key));
  g_autofree char *text = g_strdup_printf ("%s\n\n%s\n%s\n",
                                           _("Bedside: keep this in a safe place"), what, typed);

  bed_key_window_present (self->window != NULL ? parent (self) : window, typed, text, key_kept,
                          G_OBJECT (self));
  bed_secret_wipe (typed, strlen (typed));
  bed_secret_wipe (text, strlen (text));
}

/* --- This computer's keyring ----------------------------------------------------------------- */

static void
device_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedKeysDesk) self = data;
  g_autoptr (GError) error = NULL;

  if (!bed_session_set_device_secret_finish (BED_SESSION (source), result, &error))
    tell (self, bed_error_text (error));
  show (self);
}

static void
device_answered (GObject *object, const char *typed)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);

  bed_session_set_device_secret_async (self->session, typed, self->device, NULL, device_done,
                                       g_object_ref (self));
}

static void
device (BedKeysDesk *self, gboolean on)
{
  self->device = on;
  bed_dialog_ask_secret (
      parent (self), on ? _("Need this computer’s keyring too?") : _("Do without the keyring?"),
      on ? _("Without the keyring, on another computer for instance, only the printed recovery key "
             "opens the record.")
         : _("Your password alone opens the record then, on any computer."),
      _("Password"), on ? _("Turn on") : _("Turn off"), device_answered, G_OBJECT (self));
}

/* --- Security keys --------------------------------------------------------------------------- */

static void
token_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedKeysDesk) self = data;
  g_autoptr (GError) error = NULL;
  int slot = bed_vault_add_token_finish (BED_VAULT (source), result, &error);

  tell (self, slot >= 0 ? _("The security key opens the record now.") : bed_error_text (error));
  show (self);
}

static void
pin_typed (GObject *object, const char *typed)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);
  g_autoptr (BedVaultToken) token = bed_vault_token_new ();
  g_autoptr (BedSecret) pin = bed_secret_new (typed, strlen (typed));

  if (token == NULL || self->store == NULL)
    return;
  tell (self, _("Touch the security key when it blinks, twice."));
  bed_vault_add_token_async (vault (self), token, pin, NULL, token_added, g_object_ref (self));
}

static void
remove_token_answered (GObject *object, const char *answer)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  if (!bed_vault_remove_slot (vault (self), self->slot, &error))
    tell (self, bed_error_text (error));
  else
    tell (self, _("Removed. The security key opens nothing any more; you can add it again."));
  show (self);
}

static void
remove_token (BedKeysDesk *self, guint slot)
{
  self->slot = slot;
  bed_dialog_confirm (parent (self), _("Remove this security key?"),
                      _("It opens the record no more. To add it again you need the key itself and "
                        "its PIN."),
                      _("Remove"), TRUE, remove_token_answered, G_OBJECT (self));
}

/* --- A new key for everything ---------------------------------------------------------------- */

static void
rekey_progress (double fraction, gpointer data)
{
  BedKeysDesk *self = data;

  if (self->page != NULL)
    bed_keys_page_set_rekey (self->page, fraction);
}

static void
rekeyed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedKeysDesk) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) key = bed_session_rekey_finish (BED_SESSION (source), result, &error);

  g_clear_object (&self->rekeying);
  if (self->page != NULL)
    bed_keys_page_set_rekey (self->page, -1);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell (self, _("Stopped: the record is encrypted as it was, and its keys stay."));
  else if (key == NULL)
    tell (self, bed_error_text (error));
  else
    present_key (self, key,
                 _("Recovery key (opens the records when the password is forgotten)"));
  show (self);
}

/* The record is closed for it. */
static gboolean
refused (BedKeysDesk *self)
{
  g_autofree char *why = self->gate (self->gate_data);

  if (why != NULL)
    bed_dialog_tell (parent (self), _("Nothing was encrypted anew"), why);
  return why != NULL;
}

static void
rekey_answered (GObject *object, const char *typed)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);

  if (refused (self) || self->rekeying != NULL)
    return;
  self->rekeying = g_cancellable_new ();
  rekey_progress (0, self);
  bed_session_rekey_async (self->session, typed, rekey_progress, self, self->rekeying, rekeyed,
                           g_object_ref (self));
}

/* --- The head on paper ----------------------------------------------------------------------- */

static void
head_printed (GObject *object, const GError *error)
{
  if (error != NULL)
    tell (BED_KEYS_DESK (object), _("It could not be printed. Write it down instead."));
}

static void
print_head (AdwMessageDialog *dialog, const char *response, BedKeysDesk *self)
{
  const char *code = g_object_get_data (G_OBJECT (dialog), "code");
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = g_date_time_format (now, "%c");
  /* Translators: a printed page. The first %s is a time, the second one is letters and digits. */
  g_autofree char *text = g_strdup_printf (
      _("The record’s head\n\n%s\n\n%s\n\nBedside compares it with the record later, in the "
        "preferences under Keys: so an older copy that was put back is found, and an audit trail "
        "that was cut short. It says nothing of what the record holds."),
      when, code);

  bed_print_text (parent (self), text, head_printed, G_OBJECT (self));
}

static void
show_head (BedKeysDesk *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = bed_vault_dup_head_code (vault (self), &error);
  GtkWidget *dialog, *label;

  if (code == NULL)
    {
      tell (self, bed_error_text (error));
      return;
    }
  dialog = adw_message_dialog_new (
      parent (self), _("The record’s head"),
      _("Write it down with today’s date. Compared later, it shows whether an older copy was put "
        "back. It says nothing of what the record holds."));
  label = gtk_label_new (code);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "code");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), label);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "print", _("Print…"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_object_set_data_full (G_OBJECT (dialog), "code", g_strdup (code), g_free);
  g_signal_connect_object (dialog, "response::print", G_CALLBACK (print_head), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
head_typed (GObject *object, const char *typed)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);
  g_autoptr (GError) error = NULL;
  BedVaultFreshness fresh = bed_vault_check_head_code (vault (self), typed, &error);

  if (fresh == BED_VAULT_FRESH_UNKNOWN)
    tell (self, bed_error_text (error));
  else
    tell (self, fresh == BED_VAULT_FRESH_ROLLED_BACK
                    ? _("The record is older than this head.")
                    : _("The record goes on from this head: nothing was put back."));
  show (self);
}

/* --- Emergency ------------------------------------------------------------------------------- */

static void
emergency_answered (GObject *object, const char *answer)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) key
      = self->store != NULL ? bed_emergency_access_make_key (self->store, &error) : NULL;

  if (key != NULL)
    present_key (self, key, _("Emergency key (opens the records when the clinician cannot come)"));
  else if (error != NULL)
    tell (self, bed_error_text (error));
  show (self);
}

static void
remove_emergency_answered (GObject *object, const char *answer)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  if (!bed_emergency_access_remove_key (self->store, &error))
    tell (self, bed_error_text (error));
  else
    tell (self, _("Removed. You can make a new one at any time."));
  show (self);
}

static void
accept_answered (GObject *object, const char *answer)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);

  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_accept_rollback (self->store, &error))
    tell (self, bed_error_text (error));
  show (self);
}

static void
asked (BedKeysDesk *self, int what)
{
  if (what == BED_KEYS_STOP_REKEY)
    g_cancellable_cancel (self->rekeying);
  if (self->store == NULL)
    return;
  switch ((BedKeysAsk) what)
    {
    case BED_KEYS_ADD_TOKEN:
      bed_dialog_ask_secret (parent (self), _("Add a security key"),
                             _("Plug it in. It needs a PIN of its own, which is asked for at each "
                               "unlock."),
                             _("PIN of the security key"), _("Add"), pin_typed, G_OBJECT (self));
      break;
    case BED_KEYS_REKEY:
      if (refused (self))
        break;
      bed_dialog_ask_secret (
          parent (self), _("Encrypt the record anew?"),
          _("The record is closed while it is written again; your password stays. The recovery key, "
            "security keys and the emergency key open nothing any more; you get a new recovery key. "
            "Backups keep their old keys."),
          _("Password"), _("Encrypt anew"), rekey_answered, G_OBJECT (self));
      break;
    case BED_KEYS_ACCEPT:
      bed_rollback_ask (parent (self), accept_answered, G_OBJECT (self));
      break;
    case BED_KEYS_SHOW_HEAD:
      show_head (self);
      break;
    case BED_KEYS_CHECK_HEAD:
      bed_dialog_ask_text (parent (self), _("Compare with a written head"),
                           _("Dashes, spaces and case do not matter."), _("Head, as written down"),
                           NULL, _("Compare"), TRUE, 80, FALSE, head_typed, G_OBJECT (self));
      break;
    case BED_KEYS_MAKE_EMERGENCY:
      bed_dialog_confirm (parent (self), _("Make an emergency key?"),
                          _("It is shown once, to be printed and sealed. An earlier one opens "
                            "nothing any more."),
                          _("Make"), FALSE, emergency_answered, G_OBJECT (self));
      break;
    case BED_KEYS_REMOVE_EMERGENCY:
      bed_dialog_confirm (parent (self), _("Remove the emergency key?"),
                          _("What is sealed in the envelope opens nothing any more: without you "
                            "nobody can open the records in an emergency. This cannot be taken "
                            "back; you can make a new key, which has to be printed and sealed."),
                          _("Remove"), TRUE, remove_emergency_answered, G_OBJECT (self));
      break;
    case BED_KEYS_STOP_REKEY:
    default:
      break;
    }
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_keys_desk_set_gate (BedKeysDesk *self, BedCloseGate gate, gpointer data)
{
  self->gate = gate;
  self->gate_data = data;
}

void
bed_keys_desk_open (BedKeysDesk *self, AdwPreferencesWindow *window)
{
  if (self->store == NULL)
    return;
  g_set_weak_pointer (&self->window, window);
  g_set_weak_pointer (&self->page, bed_keys_page_new ());
  g_signal_connect_object (self->page, "ask", G_CALLBACK (asked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "device", G_CALLBACK (device), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "remove-token", G_CALLBACK (remove_token), self,
                           G_CONNECT_SWAPPED);
  show (self);
  adw_preferences_window_present_subpage (window, GTK_WIDGET (self->page));
}

void
bed_keys_desk_set_store (BedKeysDesk *self, BedRecordStore *store)
{
  g_set_object (&self->store, store);
}

static void
bed_keys_desk_dispose (GObject *object)
{
  BedKeysDesk *self = BED_KEYS_DESK (object);

  g_clear_weak_pointer (&self->page);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->rekeying);
  g_clear_object (&self->store);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_keys_desk_parent_class)->dispose (object);
}

static void
bed_keys_desk_class_init (BedKeysDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_keys_desk_dispose;
}

static void
bed_keys_desk_init (BedKeysDesk *self)
{
}

BedKeysDesk *
bed_keys_desk_new (BedSession *session, BedClock *clock)
{
  BedKeysDesk *self = g_object_new (BED_TYPE_KEYS_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  g_signal_connect_object (vault (self), "notify::freshness", G_CALLBACK (show), self,
                           G_CONNECT_SWAPPED);
  return self;
}
