/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-call-panel.h"

G_BEGIN_DECLS

typedef enum
{
  BED_CALL_LOOK_CONNECTING,
  BED_CALL_LOOK_CONNECTED,
  BED_CALL_LOOK_SILENT, /* connected, but nothing arrives */
  BED_CALL_LOOK_RECONNECTING,
} BedCallLook;
/* What the lock says. */
typedef enum
{
  BED_CALL_LOCK_CONNECTING,   /* nothing is sent yet */
  BED_CALL_LOCK_NOT_VERIFIED, /* encrypted, the words were not compared */
  BED_CALL_LOCK_RENEWED,      /* encrypted anew: the words were compared before, not since */
  BED_CALL_LOCK_VERIFIED,
  BED_CALL_LOCK_DIFFER,
  BED_CALL_LOCK_LOST, /* nothing is sent */
} BedCallLock;
typedef enum { BED_CALL_SIGNAL_UNKNOWN, BED_CALL_SIGNAL_GOOD, BED_CALL_SIGNAL_FAIR, BED_CALL_SIGNAL_POOR } BedCallSignal;

/* The call: the other person fills the window; a passive view. Main thread.
 * Signals: "microphone" (), "camera" (): the person wants it the other way; "hang-up" (), "keep-waiting" (),
 * "words" (gboolean match), "talk" (gboolean down): held to talk while muted, "chat-seen" ().  "panel" is a BedCallPanel with signals of its own. */
#define BED_TYPE_CALL_PAGE (bed_call_page_get_type ())
G_DECLARE_FINAL_TYPE (BedCallPage, bed_call_page, BED, CALL_PAGE, AdwBin)

BedCallPage *bed_call_page_new (void);
BedCallPanel *bed_call_page_get_panel (BedCallPage *self);
/* guest: no note, and the other one is the clinician. callback, location: "" when there are none. */
void bed_call_page_set_peer (BedCallPage *self, const char *name, const char *callback, const char *location, gboolean guest);
/* The number for a lost connection; "" for none. */
void bed_call_page_set_fallback_number (BedCallPage *self, const char *number);
void bed_call_page_set_look (BedCallPage *self, BedCallLook look);
/* Seconds since it connected, and since it was lost. */
void bed_call_page_set_clock (BedCallPage *self, gint64 seconds, gint64 lost_seconds);
void bed_call_page_set_lock (BedCallPage *self, BedCallLock lock);
/* The four words; NULL while they are not known. */
void bed_call_page_set_words (BedCallPage *self, const char *const words[4]);
void bed_call_page_set_details (BedCallPage *self, const char *text);
/* reason: a sentence; "": there is none to give */
void bed_call_page_set_quality (BedCallPage *self, BedCallSignal quality, const char *reason);
void bed_call_page_set_paintables (BedCallPage *self, GdkPaintable *remote, GdkPaintable *own);
/* What the other side sends. */
void bed_call_page_set_remote_media (BedCallPage *self, gboolean camera, gboolean microphone);
/* What this side sends; has_…: whether there is such a device. */
void bed_call_page_set_own_media (BedCallPage *self, gboolean camera, gboolean microphone, gboolean has_camera,
                                  gboolean has_microphone);
/* What of the call the record does not take; NULL: nothing. */
void bed_call_page_set_unrecorded (BedCallPage *self, const char *text);
void bed_call_page_set_unread (BedCallPage *self, guint n);
/* How much of the bottom the controls need as the page is now, in pixels. */
int bed_call_page_measure_controls (BedCallPage *self);
gboolean bed_call_page_shows_chat (BedCallPage *self);
/* Opens the panel at this page; the same again closes it. */
void bed_call_page_toggle_panel (BedCallPage *self, BedCallPanelPage page);
void bed_call_page_close_panel (BedCallPage *self);

G_END_DECLS
