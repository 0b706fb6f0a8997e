/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"
#include "bed-vault-fixture.h"

G_BEGIN_DECLS

/* An open record in a directory of its own. For tests only. */
typedef struct
{
  Fixture base;
  BedRecordStore *store;
  guint64 seen; /* the trail's length when it was last looked at */
} Record;

void record_set_up (Record *r, gconstpointer data);
void record_tear_down (Record *r, gconstpointer data);
BedRecordStore *record_open (Record *r);
/* Lets go of the store, locks, unlocks and opens again. */
void record_reopen (Record *r);
BedPatient *record_add_patient (Record *r, const char *name, const char *birth_date);
/* Started at the clock's time, a second ago. typed_name: of who was not chosen from the list. */
BedEncounter *record_start_encounter (Record *r, gint64 patient_id, const char *typed_name);
/* The same, and ended. */
BedEncounter *record_add_encounter (Record *r, gint64 patient_id);
BedNote *record_add_note (Record *r, gint64 encounter_id, const char *text);
/* Nothing is written by itself after it, until the next change. */
void record_wait_indexed (Record *r);
void record_advance_days (Record *r, guint days);

/* The events since the last call, "name" or "name subject", one a line; asserts them. */
void record_expect (Record *r, const char *lines);
void record_forget_events (Record *r);
/* Integrity of the database and the trail. */
void record_assert_whole (Record *r);

/* For asynchronous calls: keeps the result in the GAsyncResult * that user_data points to. */
void record_keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *record_wait (GAsyncResult **result);

G_END_DECLS
