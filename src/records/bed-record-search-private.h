/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-records-private.h"

G_BEGIN_DECLS

/* NULL without an error: not there. (transfer full) */
BedPatient *bed_record_read_patient (BedRecordStore *self, gint64 id, GError **error);
BedEncounter *bed_record_read_encounter (BedRecordStore *self, gint64 id, GError **error);
BedNote *bed_record_read_note (BedRecordStore *self, gint64 id, GError **error);
void bed_record_reload_encounter (BedRecordStore *self, BedEncounter *encounter);

G_END_DECLS
