/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-records-private.h"

G_BEGIN_DECLS

/* A list of objects of the record that follows it: it holds ids and reads an object when it is
 * asked for. Main thread. Made by bed_record_list_new ().
 */
#define BED_TYPE_RECORD_LIST (bed_record_list_get_type ())
G_DECLARE_FINAL_TYPE (BedRecordList, bed_record_list, BED, RECORD_LIST, GObject)

BedRecordKind bed_record_list_get_kind (BedRecordList *self);
/* Asks the record again; tells what changed. */
void bed_record_list_refresh (BedRecordList *self);

G_END_DECLS
