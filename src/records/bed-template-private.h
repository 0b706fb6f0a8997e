/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-template.h"

G_BEGIN_DECLS

gboolean bed_heading_is_valid (const char *heading);
/* From 0; NULL after the last. (transfer full) */
BedTemplate *bed_template_new_built_in (guint number);
void bed_template_set_id (BedTemplate *self, const char *id);
/* One for each line. (transfer full) */
char *bed_template_join_headings (BedTemplate *self);

G_END_DECLS
