/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-private.h"

#include "bed-log.h"

/* The spool takes it whether the record is open or not, and the record takes it from there. */
void
bed_session_note (BedSession *self, BedAuditEvent event)
{
  g_autoptr (GBytes) record
      = bed_audit_event_pack (bed_clock_get_real_us (self->clock), event, NULL);
  g_autoptr (GError) error = NULL;

  if (!bed_vault_spool_append (self->vault, record, &error))
    g_warning ("%s could not be noted: " BED_ERROR_FORMAT,
               bed_audit_event_get_name (event), BED_ERROR_CODE (error));
}

static void
on_act (BedVault *vault, int act, BedSession *self)
{
  static const BedAuditEvent events[] = {
    [BED_VAULT_ACT_UNCOVERED] = BED_AUDIT_UNLOCKED,
    [BED_VAULT_ACT_UNLOCK_FAILED] = BED_AUDIT_UNLOCK_FAILED,
    [BED_VAULT_ACT_PASSPHRASE_CHANGED] = BED_AUDIT_PASSPHRASE_CHANGED,
    [BED_VAULT_ACT_RECOVERY_RENEWED] = BED_AUDIT_RECOVERY_RENEWED,
    [BED_VAULT_ACT_SLOT_ADDED] = BED_AUDIT_SLOT_ADDED,
    [BED_VAULT_ACT_SLOT_REMOVED] = BED_AUDIT_SLOT_REMOVED,
    [BED_VAULT_ACT_REKEYED] = BED_AUDIT_REKEYED,
  };

  g_return_if_fail (act >= 0 && act < (int) G_N_ELEMENTS (events));
  bed_session_note (self, events[act]);
}

void
bed_session_watch_vault (BedSession *self)
{
  g_signal_connect_object (self->vault, "act", G_CALLBACK (on_act), self, 0);
}
