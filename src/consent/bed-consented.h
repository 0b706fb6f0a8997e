/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-consent.h"

G_BEGIN_DECLS

/* What exists only by a person's grant: a camera or a microphone that runs. A source without this
 * interface is no device (a file, a test picture) and needs nobody's consent. Main thread. */
#define BED_TYPE_CONSENTED (bed_consented_get_type ())
G_DECLARE_INTERFACE (BedConsented, bed_consented, BED, CONSENTED, GObject)
struct _BedConsentedInterface
{
  GTypeInterface parent;
  BedConsentGrant *(*get_grant) (BedConsented *self);
};

/* Lends. */
BedConsentGrant *bed_consented_get_grant (BedConsented *self);
/* Whether a source may leave this machine: no device, or one whose grant is valid, for this kind of
 * device and for a call. A grant for a preview is none. source: (nullable): nothing may always. */
gboolean bed_consented_may_be_sent (gpointer source, BedDeviceKind device);

G_END_DECLS
