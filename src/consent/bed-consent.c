/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-consent.h"

#define N_DEVICES 2
#define N_SCOPES 2

struct _BedConsentGrant
{
  GObject parent;

  BedConsentDesk *desk; /* borrowed; NULL once withdrawn */
  BedDeviceKind device;
  BedConsentScope scope;
  char *text_version;
};

struct _BedConsentDesk
{
  GObject parent;

  /* owned */
  BedClock *clock;

  /* borrowed */
  BedConsentGrant *grants[N_DEVICES][N_SCOPES];
  BedConsentLedger ledger;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (BedConsentGrant, bed_consent_grant, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (BedConsentDesk, bed_consent_desk, G_TYPE_OBJECT)

enum { SIGNAL_WITHDRAWN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
write_ledger (BedConsentDesk *desk, BedConsentGrant *grant, gboolean granted)
{
  BedConsentEvent event = {
    .real_us = bed_clock_get_real_us (desk->clock),
    .device = grant->device,
    .scope = grant->scope,
    .granted = granted,
    .text_version = grant->text_version,
  };

  if (desk->ledger != NULL)
    desk->ledger (&event, desk->user_data);
}

BedDeviceKind
bed_consent_grant_get_device (BedConsentGrant *self)
{
  return self->device;
}

BedConsentScope
bed_consent_grant_get_scope (BedConsentGrant *self)
{
  return self->scope;
}

gboolean
bed_consent_grant_is_valid (BedConsentGrant *self)
{
  return self->desk != NULL;
}

/* The state changes before anybody is told, so that a withdrawal from inside a handler is a no-op;
 * and the capture is stopped before the ledger is written. */
void
bed_consent_grant_withdraw (BedConsentGrant *self)
{
  g_autoptr (BedConsentDesk) desk = NULL;

  if (self->desk == NULL)
    return;
  desk = g_object_ref (self->desk);
  self->desk = NULL;
  desk->grants[self->device][self->scope] = NULL;
  g_signal_emit (self, signals[SIGNAL_WITHDRAWN], 0);
  write_ledger (desk, self, FALSE);
}

static void
bed_consent_grant_dispose (GObject *object)
{
  bed_consent_grant_withdraw (BED_CONSENT_GRANT (object));
  G_OBJECT_CLASS (bed_consent_grant_parent_class)->dispose (object);
}

static void
bed_consent_grant_finalize (GObject *object)
{
  g_free (BED_CONSENT_GRANT (object)->text_version);
  G_OBJECT_CLASS (bed_consent_grant_parent_class)->finalize (object);
}

static void
bed_consent_grant_class_init (BedConsentGrantClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_consent_grant_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_consent_grant_finalize;
  signals[SIGNAL_WITHDRAWN] = g_signal_new ("withdrawn", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_consent_grant_init (BedConsentGrant *self)
{
}

static void
bed_consent_desk_dispose (GObject *object)
{
  bed_consent_desk_withdraw_all (BED_CONSENT_DESK (object));
  G_OBJECT_CLASS (bed_consent_desk_parent_class)->dispose (object);
}

static void
bed_consent_desk_finalize (GObject *object)
{
  g_clear_object (&BED_CONSENT_DESK (object)->clock);
  G_OBJECT_CLASS (bed_consent_desk_parent_class)->finalize (object);
}

static void
bed_consent_desk_class_init (BedConsentDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_consent_desk_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_consent_desk_finalize;
}

static void
bed_consent_desk_init (BedConsentDesk *self)
{
}

BedConsentDesk *
bed_consent_desk_new (BedClock *clock, BedConsentLedger ledger, gpointer user_data)
{
  BedConsentDesk *self;

  g_return_val_if_fail (BED_IS_CLOCK (clock), NULL);
  self = g_object_new (BED_TYPE_CONSENT_DESK, NULL);
  self->clock = g_object_ref (clock);
  self->ledger = ledger;
  self->user_data = user_data;
  return self;
}

BedConsentGrant *
bed_consent_desk_get_grant (BedConsentDesk *self, BedDeviceKind device, BedConsentScope scope)
{
  g_return_val_if_fail ((guint) device < N_DEVICES && (guint) scope < N_SCOPES, NULL);
  return self->grants[device][scope];
}

BedConsentGrant *
bed_consent_desk_grant (BedConsentDesk *self,
                        BedDeviceKind device,
                        BedConsentScope scope,
                        const char *text_version)
{
  BedConsentGrant *grant;

  g_return_val_if_fail ((guint) device < N_DEVICES && (guint) scope < N_SCOPES, NULL);
  g_return_val_if_fail (text_version != NULL, NULL);
  grant = self->grants[device][scope];
  if (grant != NULL && g_str_equal (grant->text_version, text_version))
    return g_object_ref (grant);
  if (grant != NULL)
    bed_consent_grant_withdraw (grant);
  grant = g_object_new (BED_TYPE_CONSENT_GRANT, NULL);
  grant->desk = self;
  grant->device = device;
  grant->scope = scope;
  grant->text_version = g_strdup (text_version);
  self->grants[device][scope] = grant;
  write_ledger (self, grant, TRUE);
  return grant;
}

void
bed_consent_desk_withdraw_all (BedConsentDesk *self)
{
  for (guint device = 0; device < N_DEVICES; device++)
    for (guint scope = 0; scope < N_SCOPES; scope++)
      if (self->grants[device][scope] != NULL)
        bed_consent_grant_withdraw (self->grants[device][scope]);
}
