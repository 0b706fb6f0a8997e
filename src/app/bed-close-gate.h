/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the record may be closed now, for another one or a new key. Saves what was begun. Main
 * thread. Returns: (transfer full) (nullable): why not, and what to do */
typedef char *(*BedCloseGate) (gpointer data);

G_END_DECLS
