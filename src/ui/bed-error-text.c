/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-error-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "bed-engine.h"
#include "bed-export-file.h"
#include "bed-protocol.h"
#include "bed-record-store.h"
#include "bed-session.h"

static const char *const session_texts[] = {
  [BED_SESSION_ERROR_STATE] = N_("This is not possible now. Close the window and open it again."),
  [BED_SESSION_ERROR_BUSY]
  = N_("Something else is still being done. Wait a moment and try again."),
  [BED_SESSION_ERROR_LINK]
  = N_("This is not an activation link. Copy the whole link, from https to its last letter."),
  [BED_SESSION_ERROR_WEAK_PASSWORD]
  = N_("This password is too easy to guess. Add another word or two."),
  [BED_SESSION_ERROR_PASSWORD] = N_("This password cannot be used. Choose another one."),
  [BED_SESSION_ERROR_WRONG_PASSWORD] = N_("That was not right. Try again."),
  [BED_SESSION_ERROR_WRONG_CODE]
  = N_("This code was not right, or was used already. Wait for the next one and type it."),
  [BED_SESSION_ERROR_PARAMETERS]
  = N_("The clinic’s server asks for a weaker protection than before, so nothing was sent to it. "
       "Tell the clinic’s administrator."),
  [BED_SESSION_ERROR_OFFLINE]
  = N_("There is no connection to the clinic now. Records and notes work; try this again later."),
  [BED_SESSION_ERROR_INVALID]
  = N_("A date or time is outside of what is allowed. Check it and try again."),
  [BED_SESSION_ERROR_NO_CONSENT]
  = N_("The clinic has not written yet what patients agree to, so nobody could join. Ask the "
       "clinic’s administrator."),
  [BED_SESSION_ERROR_WRONG_EITHER]
  = N_("The password or the code was not right, or the code was used already. Wait for the next "
       "code, then try again."),
  [BED_SESSION_ERROR_LINK_OVER] = N_("This activation link was used already or has expired. Ask "
                                     "the clinic’s administrator for a new one."),
};

static const char *const vault_texts[] = {
  [BED_VAULT_ERROR_WRONG_SECRET] = N_("That was not right. Try again."),
  [BED_VAULT_ERROR_TYPO]
  = N_("There is a typing mistake in the recovery key. Compare it with the paper."),
  [BED_VAULT_ERROR_DAMAGED] = N_("The records on this computer are damaged. Do not delete "
                                 "anything; restore a copy or ask for help."),
  [BED_VAULT_ERROR_NEWER]
  = N_("The records were written by a newer Bedside. Update the app to open them."),
  [BED_VAULT_ERROR_FULL] = N_("The disk is full. Nothing is lost; make room and try again."),
  [BED_VAULT_ERROR_IN_USE]
  = N_("The records are open in another window or for another person. Close that one first."),
  [BED_VAULT_ERROR_MISSING]
  = N_("There are no records on this computer. Activate it with a link from your clinic."),
  [BED_VAULT_ERROR_EXISTS] = N_("This computer is set up already. Unlock it with your password."),
  [BED_VAULT_ERROR_LOCKED] = N_("The records are locked. Unlock them first."),
  [BED_VAULT_ERROR_LAST_SLOT]
  = N_("The last way to open the records cannot be removed. Add another one first."),
  [BED_VAULT_ERROR_NO_SLOT] = N_("No more keys can be added. Remove one first."),
  [BED_VAULT_ERROR_MEMORY]
  = N_("This computer has too little free memory now. Close other programs and try again."),
  [BED_VAULT_ERROR_IO] = N_("The disk cannot be read or written. Check it, then try again."),
  [BED_VAULT_ERROR_DEVICE] = N_("The password alone does not open it here, and this computer’s "
                                "keyring does not give its part. Use the recovery key."),
  [BED_VAULT_ERROR_NO_RECOVERY]
  = N_("There has to be a printed recovery key first. Make one in the preferences."),
  [BED_VAULT_ERROR_TOKEN] = N_("The security key did not answer, or was not touched in time. Try "
                               "again, and touch it when it blinks."),
  [BED_VAULT_ERROR_TOKEN_MISSING]
  = N_("No security key that opens this record is plugged in. Plug it in and try again."),
  [BED_VAULT_ERROR_TOKEN_PIN] = N_("The security key did not take this PIN. Try again; after "
                                   "several wrong ones it locks itself."),
  [BED_VAULT_ERROR_ANCHOR]
  = N_("What is kept outside the record’s folder cannot be reached now. Try again later."),
};

static const char *const signalling_texts[] = {
  [BED_SIGNALLING_ERROR_BAD_REQUEST]
  = N_("The clinic’s server did not understand this app. Update the app, or tell the clinic."),
  [BED_SIGNALLING_ERROR_UNAUTHORIZED] = N_("That was not right. Try again."),
  [BED_SIGNALLING_ERROR_FORBIDDEN]
  = N_("Your account may not do this. Ask the clinic’s administrator."),
  [BED_SIGNALLING_ERROR_NOT_FOUND]
  = N_("The clinic does not know this link. Copy the whole link again, or ask for a new one."),
  [BED_SIGNALLING_ERROR_CONFLICT]
  = N_("Somebody else was faster, or it was done already. Look at the list again."),
  [BED_SIGNALLING_ERROR_EXPIRED] = N_("This link has expired. Ask for a new one."),
  [BED_SIGNALLING_ERROR_REVOKED] = N_("This link was taken back. Ask for a new one."),
  [BED_SIGNALLING_ERROR_USED] = N_("This link was used already. Ask for a new one."),
  [BED_SIGNALLING_ERROR_TOO_LARGE] = N_("This is too long to be sent. Make it shorter."),
  [BED_SIGNALLING_ERROR_RATE_LIMITED] = N_("Too many attempts. Wait a minute, then try again."),
  [BED_SIGNALLING_ERROR_UNAVAILABLE]
  = N_("The clinic’s server is busy or being looked after. Try again in a few minutes."),
  [BED_SIGNALLING_ERROR_NETWORK] = N_("The clinic cannot be reached. Check your network and try "
                                      "again; records and notes work without it."),
  [BED_SIGNALLING_ERROR_UNTRUSTED] = N_("This is not your clinic’s server, or somebody is in "
                                        "between. Nothing was sent. Call the clinic."),
  [BED_SIGNALLING_ERROR_PROTOCOL]
  = N_("The clinic’s server answered something unexpected. Update the app, or tell the clinic."),
  [BED_SIGNALLING_ERROR_SIGNED_OUT]
  = N_("Your session with the clinic has ended. Sign in again with your second factor."),
};

static const char *const protocol_texts[] = {
  [BED_PROTOCOL_ERROR_BAD_REQUEST]
  = N_("This link is not complete or was altered. Copy the whole link again."),
  [BED_PROTOCOL_ERROR_UNAUTHORIZED] = N_("That was not right. Try again."),
  [BED_PROTOCOL_ERROR_FORBIDDEN]
  = N_("Your account may not do this. Ask the clinic’s administrator."),
  [BED_PROTOCOL_ERROR_NOT_FOUND]
  = N_("The clinic does not know this link. Copy the whole link again, or ask for a new one."),
  [BED_PROTOCOL_ERROR_CONFLICT]
  = N_("Somebody else was faster, or it was done already. Look at the list again."),
  [BED_PROTOCOL_ERROR_EXPIRED] = N_("This link has expired. Ask for a new one."),
  [BED_PROTOCOL_ERROR_REVOKED] = N_("This link was taken back. Ask for a new one."),
  [BED_PROTOCOL_ERROR_USED] = N_("This link was used already. Ask for a new one."),
  [BED_PROTOCOL_ERROR_TOO_LARGE] = N_("This is too long to be sent. Make it shorter."),
  [BED_PROTOCOL_ERROR_RATE_LIMITED] = N_("Too many attempts. Wait a minute, then try again."),
  [BED_PROTOCOL_ERROR_UNAVAILABLE]
  = N_("The clinic’s server is busy or being looked after. Try again in a few minutes."),
};

static const char *const record_texts[] = {
  [BED_RECORD_ERROR_FULL]
  = N_("The disk is full. What you typed is still here; make room and save again."),
  [BED_RECORD_ERROR_DAMAGED] = N_(
      "A part of the records is damaged. Do not delete anything; restore a copy or ask for help."),
  [BED_RECORD_ERROR_NEWER]
  = N_("The records were written by a newer Bedside. Update the app to open them."),
  [BED_RECORD_ERROR_LOCKED] = N_("The records are locked. Unlock them, then try again."),
  [BED_RECORD_ERROR_NOT_FOUND] = N_("This entry is no longer there. Look at the list again."),
  [BED_RECORD_ERROR_INVALID]
  = N_("A name is missing, or the date is not a date. Correct it and save again."),
  [BED_RECORD_ERROR_NOT_DRAFT]
  = N_("This note is signed and does not change any more. Write an addendum."),
  [BED_RECORD_ERROR_IO]
  = N_("The disk cannot be written. What you typed is still here; check the disk and save again."),
  [BED_RECORD_ERROR_EXISTS]
  = N_("There is a record here already. Confirm that it is set aside, then try again."),
  [BED_RECORD_ERROR_OLDER]
  = N_("This backup is older than the record here. Choose a newer one, or confirm again."),
  [BED_RECORD_ERROR_HELD] = N_("This patient is under legal hold: nothing of theirs is deleted or "
                               "erased. Lift the hold on the patient’s page first."),
  [BED_RECORD_ERROR_BUSY]
  = N_("It is erased from the record. The file was in use all the time; what is left in its unused "
       "places goes after the next unlock."),
  [BED_RECORD_ERROR_SIGNED]
  = N_("This belongs to a signed note and stays as it is. Write an addendum."),
  [BED_RECORD_ERROR_NOT_SIGNED] = N_("This note is not signed yet. Change the note itself."),
  [BED_RECORD_ERROR_RUNNING] = N_("The consultation is still going on. End it, then sign."),
  [BED_RECORD_ERROR_TOO_LARGE] = N_("This is too large to be kept. Choose something smaller."),
  [BED_RECORD_ERROR_EMPTY] = N_("There is nothing to sign yet. Write it, then sign."),
  [BED_RECORD_ERROR_NOT_DUE]
  = N_("This has to be kept longer by your own rules, so it stays. Look at Keep and erase again."),
};

static const char *const export_texts[] = {
  [BED_EXPORT_ERROR_FULL] = N_("The disk is full. Nothing was written; make room and try again."),
  [BED_EXPORT_ERROR_DENIED] = N_("This place may not be read or written. Choose another one."),
  [BED_EXPORT_ERROR_NOT_FOUND] = N_("There is no such file or folder."),
  [BED_EXPORT_ERROR_IO] = N_("The disk cannot be read or written. Check it, then try again."),
  [BED_EXPORT_ERROR_RENDER] = N_("The pages could not be made. Try again, or export as text."),
  [BED_EXPORT_ERROR_MEMORY]
  = N_("This computer has too little free memory now. Close other programs and try again."),
  [BED_EXPORT_ERROR_WRONG_PASSPHRASE] = N_("This passphrase does not open the file."),
  [BED_EXPORT_ERROR_DAMAGED]
  = N_("The file was changed or is not complete. Nothing of it was kept; ask for it again."),
  [BED_EXPORT_ERROR_NEWER] = N_("This is no export, or one of a newer Bedside."),
  [BED_EXPORT_ERROR_INVALID] = N_("This cannot be exported. Check what you typed."),
};

static const char *const audit_texts[] = {
  [BED_AUDIT_ERROR_SINK]
  = N_("The trail of what was done cannot be written. Check the disk, then try again."),
  [BED_AUDIT_ERROR_INVALID]
  = N_("This cannot be noted in the trail of what was done. Tell the clinic’s administrator."),
  [BED_AUDIT_ERROR_CLOSED] = N_("The records are locked. Unlock them, then try again."),
  [BED_AUDIT_ERROR_FORMAT] = N_("This file is no exported trail. Choose another file."),
};

static const char *const engine_texts[] = {
  [BED_ENGINE_ERROR_DESCRIPTION] = N_(
      "The other side asked for a connection that is not safe. It was refused; call by telephone."),
  [BED_ENGINE_ERROR_FINGERPRINT] = N_("Somebody may be in between. The call was ended before "
                                      "anything was sent; call by telephone."),
  [BED_ENGINE_ERROR_TRANSPORT]
  = N_("No way could be found between the two of you. Try another network, or call by telephone."),
  [BED_ENGINE_ERROR_CODEC]
  = N_("Sound or picture cannot be processed on this computer. Hang up and call again."),
  [BED_ENGINE_ERROR_STATE] = N_("The call is in another state already. Hang up and call again."),
  [BED_ENGINE_ERROR_CONSENT] = N_("Camera or microphone were not switched on for this call, so "
                                  "nothing of them is sent. Switch them on in the call."),
};

static const char *
file_text (int code)
{
  switch (code)
    {
    case G_IO_ERROR_NO_SPACE:
      return N_("The disk is full. Choose another place, or make room.");
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
      return N_("This folder cannot be written. Choose another place.");
    case G_IO_ERROR_NOT_FOUND:
      return N_("This folder is no longer there. Choose another place.");
    case G_IO_ERROR_EXISTS:
      return N_("There is something of this name already. Choose another name.");
    case G_IO_ERROR_TIMED_OUT:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_CONNECTION_REFUSED:
      return signalling_texts[BED_SIGNALLING_ERROR_NETWORK];
    default:
      return NULL;
    }
}

static const char *
look_up (GQuark domain, int code)
{
#define PICK(quark, table) \
  if (domain == (quark)) \
    return code >= 0 && (gsize) code < G_N_ELEMENTS (table) ? table[code] : NULL
  PICK (BED_SESSION_ERROR, session_texts);
  PICK (BED_VAULT_ERROR, vault_texts);
  PICK (BED_SIGNALLING_ERROR, signalling_texts);
  PICK (BED_PROTOCOL_ERROR, protocol_texts);
  PICK (BED_RECORD_ERROR, record_texts);
  PICK (BED_EXPORT_ERROR, export_texts);
  PICK (BED_AUDIT_ERROR, audit_texts);
  PICK (BED_ENGINE_ERROR, engine_texts);
#undef PICK
  return domain == G_IO_ERROR ? file_text (code) : NULL;
}

gboolean
bed_error_text_is_known (GQuark domain, int code)
{
  return look_up (domain, code) != NULL;
}

const char *
bed_error_text (const GError *error)
{
  const char *text = error != NULL ? look_up (error->domain, error->code) : NULL;

  return text != NULL ? _(text)
                      : _("Something went wrong that this app has no words for. Try again; if it "
                          "stays, ask your clinic’s administrator.");
}

const char *
bed_error_text_untyped (const GError *error)
{
  if (error->domain == BED_RECORD_ERROR && error->code == BED_RECORD_ERROR_IO)
    return _(vault_texts[BED_VAULT_ERROR_IO]);
  if (error->domain == BED_RECORD_ERROR && error->code == BED_RECORD_ERROR_FULL)
    return _(vault_texts[BED_VAULT_ERROR_FULL]);
  return bed_error_text (error);
}

gboolean
bed_error_is_grave (const GError *error)
{
  static const int record[]
      = { BED_RECORD_ERROR_FULL, BED_RECORD_ERROR_IO, BED_RECORD_ERROR_DAMAGED };
  static const int vault[] = { BED_VAULT_ERROR_FULL, BED_VAULT_ERROR_IO, BED_VAULT_ERROR_DAMAGED };

  for (guint i = 0; i < G_N_ELEMENTS (record); i++)
    if (g_error_matches (error, BED_RECORD_ERROR, record[i])
        || g_error_matches (error, BED_VAULT_ERROR, vault[i]))
      return TRUE;
  return FALSE;
}
