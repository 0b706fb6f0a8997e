/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "bed-clock.h"

G_BEGIN_DECLS

/* Consent of the person at this machine to the use of a device. A capture source can only be
 * constructed from a BedConsentGrant; a grant only comes from bed_consent_desk_grant (), which the
 * screen calls from the person's own act. Main thread.
 */
typedef enum { BED_DEVICE_CAMERA, BED_DEVICE_MICROPHONE } BedDeviceKind;
typedef enum { BED_CONSENT_SCOPE_PREVIEW, BED_CONSENT_SCOPE_CALL } BedConsentScope;

/* Each grant and withdrawal is told to the ledger, with its time. */
typedef struct
{
  gint64 real_us;
  BedDeviceKind device;
  BedConsentScope scope;
  gboolean granted;         /* FALSE: withdrawn */
  const char *text_version; /* of the words the person saw, e.g. "device-1" */
} BedConsentEvent;
/* All of an event, to wait in the vault's sealed spool while the record is locked. encounter: its
 * row in the record, 0 for none. Returns: (transfer full) */
GBytes *bed_consent_event_pack (const BedConsentEvent *event, gint64 encounter);
/* FALSE: another kind of record. text_version: (transfer full): what event's points to. */
gboolean bed_consent_event_unpack (GBytes *record, BedConsentEvent *event, gint64 *encounter,
                                   char **text_version);

typedef void (*BedConsentLedger) (const BedConsentEvent *event, gpointer user_data);

#define BED_TYPE_CONSENT_GRANT (bed_consent_grant_get_type ())
G_DECLARE_FINAL_TYPE (BedConsentGrant, bed_consent_grant, BED, CONSENT_GRANT, GObject)
/* Signal "withdrawn" (): once; capture must be gone within 100 ms. Dropping the last reference
 * withdraws. */
BedDeviceKind bed_consent_grant_get_device (BedConsentGrant *self);
BedConsentScope bed_consent_grant_get_scope (BedConsentGrant *self);
gboolean bed_consent_grant_is_valid (BedConsentGrant *self);
void bed_consent_grant_withdraw (BedConsentGrant *self);

/* The desk that gives grants; one for each call or preview page. */
#define BED_TYPE_CONSENT_DESK (bed_consent_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedConsentDesk, bed_consent_desk, BED, CONSENT_DESK, GObject)
/* The ledger is called synchronously, until the desk is gone; disposing the desk withdraws what
 * lives. Returns: (transfer full)
 */
BedConsentDesk *bed_consent_desk_new (BedClock *clock, BedConsentLedger ledger, gpointer user_data);
/* The person said yes. At most one grant lives for each device and scope: asked again for the same
 * words, the living grant is given out again and nothing new is written; for other words the old
 * one is withdrawn first. Returns: (transfer full)
 */
BedConsentGrant *bed_consent_desk_grant (BedConsentDesk *self,
                                         BedDeviceKind device,
                                         BedConsentScope scope,
                                         const char *text_version);
/* The living grant, or NULL. Returns: (transfer none) (nullable) */
BedConsentGrant *bed_consent_desk_get_grant (BedConsentDesk *self,
                                             BedDeviceKind device,
                                             BedConsentScope scope);
/* Withdraws every living grant; later grants are possible. */
void bed_consent_desk_withdraw_all (BedConsentDesk *self);

G_END_DECLS
