/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-consented.h"

G_DEFINE_INTERFACE (BedConsented, bed_consented, G_TYPE_OBJECT)

static void
bed_consented_default_init (BedConsentedInterface *iface)
{
}

BedConsentGrant *
bed_consented_get_grant (BedConsented *self)
{
  return BED_CONSENTED_GET_IFACE (self)->get_grant (self);
}

gboolean
bed_consented_may_be_sent (gpointer source, BedDeviceKind device)
{
  BedConsentGrant *grant;

  if (source == NULL || !BED_IS_CONSENTED (source))
    return TRUE;
  grant = bed_consented_get_grant (source);
  return grant != NULL && bed_consent_grant_is_valid (grant)
         && bed_consent_grant_get_device (grant) == device
         && bed_consent_grant_get_scope (grant) == BED_CONSENT_SCOPE_CALL;
}
