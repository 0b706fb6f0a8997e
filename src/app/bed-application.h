/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-restart.h"

G_BEGIN_DECLS

/* Builds and connects everything; reads the environment and the command line. Main thread. */
#define BED_TYPE_APPLICATION (bed_application_get_type ())
G_DECLARE_FINAL_TYPE (BedApplication, bed_application, BED, APPLICATION, AdwApplication)

/* before: borrowed as long as the application, which empties it: what a lock handed over; empty at
 * other starts. */
BedApplication *bed_application_new (BedRestart *before);
/* After it ran: TRUE when it ended for a lock and has to begin anew with this. */
gboolean bed_application_take_handover (BedApplication *self, BedRestart *after);

G_END_DECLS
