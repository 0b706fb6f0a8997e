/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-activation-page.h"
#include "bed-after-page.h"
#include "bed-call-page.h"
#include "bed-check-page.h"
#include "bed-code-page.h"
#include "bed-guest-page.h"
#include "bed-home-page.h"
#include "bed-message-bar.h"
#include "bed-unlock-page.h"
#include "bed-welcome-page.h"

G_BEGIN_DECLS

typedef enum
{
  BED_PAGE_WELCOME,
  BED_PAGE_ACTIVATION,
  BED_PAGE_CODE,
  BED_PAGE_HOME,
  BED_PAGE_CHECK,
  BED_PAGE_CALL,
  BED_PAGE_AFTER,
  BED_PAGE_GUEST,
} BedPage;

/* The one window: a page at a time, and the unlock page that covers them all. Its title never names anybody.
 * Main thread. */
#define BED_TYPE_WINDOW (bed_window_get_type ())
G_DECLARE_FINAL_TYPE (BedWindow, bed_window, BED, WINDOW, AdwApplicationWindow)

BedWindow *bed_window_new (GtkApplication *application);
void bed_window_show_page (BedWindow *self, BedPage page);
BedPage bed_window_get_page (BedWindow *self);
/* Covered: nothing but the unlock page can be seen or reached. */
void bed_window_set_locked (BedWindow *self, gboolean locked);
gboolean bed_window_get_locked (BedWindow *self);
/* Said in passing, for some seconds. Plain text; button: (nullable) */
void bed_window_toast (BedWindow *self, const char *text);
AdwToast *bed_window_toast_with_button (BedWindow *self, const char *text, const char *button);
/* What must not pass unseen: stays until the person closes it or it is withdrawn; of ordinary
 * gravity. Plain text that names nobody: a lock takes it along. */
void bed_window_warn (BedWindow *self, const char *text);
void bed_window_warn_as (BedWindow *self, BedGravity gravity, const char *text);
/* Says what bed_error_text has for it, as gravely as it is. */
void bed_window_warn_error (BedWindow *self, const GError *error);
/* What holds for this call only, and goes with bed_window_end_call. */
void bed_window_warn_in_call (BedWindow *self, BedGravity gravity, const char *text);
void bed_window_end_call (BedWindow *self);
/* Withdraws a warning that does not hold any more. Returns: whether it still stood. */
gboolean bed_window_unwarn (BedWindow *self, const char *text);
/* Returns: (transfer full): those of this gravity that nobody closed, the newest last. */
GStrv bed_window_dup_warnings (BedWindow *self, BedGravity gravity);

BedWelcomePage *bed_window_get_welcome (BedWindow *self);
BedActivationPage *bed_window_get_activation (BedWindow *self);
BedUnlockPage *bed_window_get_unlock (BedWindow *self);
BedCodePage *bed_window_get_code (BedWindow *self);
BedHomePage *bed_window_get_home (BedWindow *self);
BedCheckPage *bed_window_get_check (BedWindow *self);
BedCallPage *bed_window_get_call (BedWindow *self);
BedAfterPage *bed_window_get_after (BedWindow *self);
BedGuestPage *bed_window_get_guest (BedWindow *self);

G_END_DECLS
