/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A desktop's camera portal on a session bus of its own, and in a thread of its own: it is asked for the remote
 * synchronously. For tests only. */
typedef struct _BedTestPortal BedTestPortal;

/* says_yes: what the person of this desktop answers. The remote is that of XDG_RUNTIME_DIR. */
BedTestPortal *bed_test_portal_start (gboolean says_yes);
/* How often it was asked for the camera. */
guint bed_test_portal_get_asked (BedTestPortal *self);
void bed_test_portal_stop (BedTestPortal *self);

G_END_DECLS
