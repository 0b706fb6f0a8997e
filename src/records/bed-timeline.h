/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-attachment.h"
#include "bed-note-version.h"
#include "bed-record-store.h"

G_BEGIN_DECLS

#define BED_TYPE_TIMELINE_KIND (bed_timeline_kind_get_type ())
GType bed_timeline_kind_get_type (void);
typedef enum
{
  BED_TIMELINE_ENCOUNTER,
  BED_TIMELINE_NOTE,
  BED_TIMELINE_ADDENDUM,
  BED_TIMELINE_CHAT,            /* one kept message */
  BED_TIMELINE_CONSENT,         /* the patient's, before the consultation */
  BED_TIMELINE_DEVICE_CONSENT,  /* camera or microphone given or taken back */
  BED_TIMELINE_ATTACHMENT,
  BED_TIMELINE_HOLD_LIFTED,     /* a legal hold that is over; of no encounter */
} BedTimelineKind;

/* One line of a patient's timeline. Immutable. Read only: "kind", "real-us" (µs since 1970 UTC),
 * "encounter-id", and by its kind "object" (BedEncounter, BedNote, BedAttachment), "text" (a chat
 * message; an addendum's or a hold's reason; a consent's text version), "author" (an addendum's, by
 * name; the account that placed a hold), "since-us" (when a hold was placed), "number" (an
 * addendum's version; a device consent's BedDeviceKind), "flag" (a message from the patient; a
 * device consent granted). Main thread.
 */
#define BED_TYPE_TIMELINE_ENTRY (bed_timeline_entry_get_type ())
G_DECLARE_FINAL_TYPE (BedTimelineEntry, bed_timeline_entry, BED, TIMELINE_ENTRY, GObject)
BedTimelineKind bed_timeline_entry_get_kind (BedTimelineEntry *self);
gint64 bed_timeline_entry_get_real_us (BedTimelineEntry *self);
gint64 bed_timeline_entry_get_encounter_id (BedTimelineEntry *self);
/* Returns: (transfer none) (nullable): the encounter, note (of an addendum too) or attachment */
GObject *bed_timeline_entry_get_object (BedTimelineEntry *self);
const char *bed_timeline_entry_get_text (BedTimelineEntry *self);
const char *bed_timeline_entry_get_author (BedTimelineEntry *self);
gint64 bed_timeline_entry_get_since_us (BedTimelineEntry *self);
guint bed_timeline_entry_get_number (BedTimelineEntry *self);
gboolean bed_timeline_entry_get_flag (BedTimelineEntry *self);

/* Everything of a patient, newest first; follows the record by itself. Entries are made when they
 * are asked for. Returns: (transfer full): of BedTimelineEntry */
GListModel *bed_record_store_list_timeline (BedRecordStore *self, gint64 patient_id);

G_END_DECLS
