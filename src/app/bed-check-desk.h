/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-consent-book.h"
#include "bed-media-settings.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* The check of camera, microphone and loudspeaker before a call, on whichever page it is. Main
 * thread. Signals: "start" (): the person's act; "back" (). */
#define BED_TYPE_CHECK_DESK (bed_check_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedCheckDesk, bed_check_desk, BED, CHECK_DESK, GObject)

BedCheckDesk *bed_check_desk_new (BedMediaSettings *media, BedWindow *window,
                                  BedConsentBook *consent);
/* Connects a check page with a preview; both switches off. */
void bed_check_desk_open (BedCheckDesk *self, BedCheckPage *page);
/* Ends the preview. */
void bed_check_desk_close (BedCheckDesk *self);
/* The person's act: takes what the switches say, for one call. */
void bed_check_desk_take_choice (BedCheckDesk *self);
void bed_check_desk_forget_choice (BedCheckDesk *self);
gboolean bed_check_desk_has_choice (BedCheckDesk *self);
gboolean bed_check_desk_get_camera (BedCheckDesk *self);
gboolean bed_check_desk_get_microphone (BedCheckDesk *self);

G_END_DECLS
