/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Somebody in the waiting room. Main thread. Properties (notify): "name", "label", "since" (µs
 * real), "ready" (has typed name and consent), "camera", "microphone", "speaker", "second-device",
 * "online", "returning", "passcode", "text-known". */
#define BED_TYPE_ARRIVAL (bed_arrival_get_type ())
G_DECLARE_FINAL_TYPE (BedArrival, bed_arrival, BED, ARRIVAL, GObject)

/* As typed by the patient: plain text, cleaned of control and bidirectional characters. "" until
 * known. */
const char *bed_arrival_get_name (BedArrival *self);
/* The clinician's own label of the invitation, or "". */
const char *bed_arrival_get_label (BedArrival *self);
const char *bed_arrival_get_callback (BedArrival *self);
const char *bed_arrival_get_location (BedArrival *self);
gint64 bed_arrival_get_since (BedArrival *self);
typedef enum
{
  BED_PASSCODE_NONE,    /* not asked for */
  BED_PASSCODE_MISSING, /* asked for, nothing came yet */
  BED_PASSCODE_WRONG,
  BED_PASSCODE_SPENT,   /* wrong too often: only a new link helps */
  BED_PASSCODE_RIGHT,
} BedPasscode;
BedPasscode bed_arrival_get_passcode (BedArrival *self);
/* Tries that are left; of use while it is wrong. */
guint bed_arrival_get_passcode_left (BedArrival *self);
/* Nothing more is needed of this person. */
gboolean bed_arrival_get_admissible (BedArrival *self);
gboolean bed_arrival_get_ready (BedArrival *self);
gboolean bed_arrival_get_camera (BedArrival *self);
gboolean bed_arrival_get_microphone (BedArrival *self);
gboolean bed_arrival_get_speaker (BedArrival *self);
/* The link was opened in another browser while the first is there. */
gboolean bed_arrival_get_second_device (BedArrival *self);
gboolean bed_arrival_get_online (BedArrival *self);
/* Was let in before and is still there: the app came back after a crash, or the page was loaded
 * again. */
gboolean bed_arrival_get_returning (BedArrival *self);
const char *bed_arrival_get_room (BedArrival *self);
/* FALSE: what they agreed to are no words that are known as the clinic's. */
gboolean bed_arrival_get_text_known (BedArrival *self);

G_END_DECLS
