/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-record-store.h"

G_BEGIN_DECLS

/* Small questions in front of a window. Main thread. `callback` is called at most once, only for a yes;
 * never after `object` is gone. */

/* What has to be read before going on; one button closes it. */
void bed_dialog_tell (GtkWindow *parent, const char *title, const char *text);
/* text is for the person; `yes` names the act; destructive ones are red. answer: NULL. */
typedef void (*BedAnswer) (GObject *object, const char *answer);
void bed_dialog_confirm (GtkWindow *parent, const char *title, const char *text, const char *yes, gboolean destructive,
                         BedAnswer callback, GObject *object);
/* Asks for a line of text, up to max characters; needed: an empty one is no answer.
 * typed: (nullable): what was typed before and could not be used. */
void bed_dialog_ask_text (GtkWindow *parent, const char *title, const char *text,
                          const char *placeholder, const char *typed, const char *yes,
                          gboolean needed, int max, gboolean destructive, BedAnswer callback,
                          GObject *object);
/* Likewise for a password or key, which is not shown; the answer is wiped after the callback. */
void bed_dialog_ask_secret (GtkWindow *parent, const char *title, const char *text,
                            const char *placeholder, const char *yes, BedAnswer callback,
                            GObject *object);
/* Name, birth date, telephone, language of a patient, old or new; saves it itself. saved: (nullable) */
typedef void (*BedPatientSaved) (GObject *object, BedPatient *patient);
void bed_dialog_edit_patient (GtkWindow *parent, BedRecordStore *store, BedPatient *patient, BedPatientSaved saved,
                              GObject *object);
/* Chooses a patient of the record, or makes a new one of this name. */
void bed_dialog_choose_patient (GtkWindow *parent, BedRecordStore *store, const char *typed_name,
                                BedPatientSaved chosen, GObject *object);
/* Chooses one that is in the record. */
void bed_dialog_choose_known_patient (GtkWindow *parent, BedRecordStore *store,
                                      BedPatientSaved chosen, GObject *object);

G_END_DECLS
