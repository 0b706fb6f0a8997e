/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-consent.h"

G_BEGIN_DECLS

/* Camera, microphone and speaker before a call, for both people. Everything is off to begin with. Main thread.
 * Signals: "camera" (gboolean on), "microphone" (gboolean on): the person's own act; "test-speaker" ();
 * "choose" (const char *kind, const char *id), kind "camera", "microphone" or "speaker"; "start" (); "back" (). */
#define BED_TYPE_CHECK_PAGE (bed_check_page_get_type ())
G_DECLARE_FINAL_TYPE (BedCheckPage, bed_check_page, BED, CHECK_PAGE, AdwBin)

/* One device to choose from; borrowed strings. */
typedef struct
{
  const char *id, *name;
} BedDeviceChoice;

BedCheckPage *bed_check_page_new (void);
/* text: who waits and what starting does; button: what the primary button says. */
void bed_check_page_set_words (BedCheckPage *self, const char *text, const char *button);
/* FALSE: there is nobody to begin with. A reset makes it TRUE. */
void bed_check_page_set_can_start (BedCheckPage *self, gboolean can_start);
/* Offers to go on without a camera as a choice of its own. */
void bed_check_page_set_guest (BedCheckPage *self, gboolean guest);
void bed_check_page_set_paintable (BedCheckPage *self, GdkPaintable *paintable);
/* Whether the preview shows a picture now. */
void bed_check_page_set_has_picture (BedCheckPage *self, gboolean has_picture);
/* Sets the switches without telling: e.g. when a device went away. */
void bed_check_page_set_on (BedCheckPage *self, gboolean camera, gboolean microphone);
gboolean bed_check_page_get_camera (BedCheckPage *self);
gboolean bed_check_page_get_microphone (BedCheckPage *self);
/* 0 to 1, as the ear hears it. */
void bed_check_page_set_level (BedCheckPage *self, double level);
/* kind as in "choose". n: at least 1. chosen: id or NULL. */
void bed_check_page_set_choices (BedCheckPage *self, const char *kind, const BedDeviceChoice *choices, guint n,
                                 const char *chosen);
/* Nothing to choose from, and why. possible: it can be turned on all the same. */
void bed_check_page_set_none (BedCheckPage *self, const char *kind, const char *text, gboolean possible);
/* What is wrong and what to do; NULL hides it. */
void bed_check_page_set_problem (BedCheckPage *self, const char *text);
/* The test sound plays. */
void bed_check_page_set_testing (BedCheckPage *self, gboolean testing);
/* Both off, nothing shown. */
void bed_check_page_reset (BedCheckPage *self);

G_END_DECLS
