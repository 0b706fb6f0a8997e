/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Triggers that refuse, in the database itself, what the record must never do. */
extern const char bed_record_schema_guards[];

G_END_DECLS
