/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-snippet.h"

G_BEGIN_DECLS

void bed_snippet_set_id (BedSnippet *self, gint64 id);

G_END_DECLS
