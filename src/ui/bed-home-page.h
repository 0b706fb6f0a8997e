/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-notes-page.h"
#include "bed-patients-page.h"
#include "bed-today-page.h"

G_BEGIN_DECLS

typedef enum { BED_HOME_TODAY, BED_HOME_PATIENTS, BED_HOME_NOTES } BedHomeSection;

/* The clinician's home: sections at the start side, their content beside it; folds by itself. Main thread. */
#define BED_TYPE_HOME_PAGE (bed_home_page_get_type ())
G_DECLARE_FINAL_TYPE (BedHomePage, bed_home_page, BED, HOME_PAGE, AdwBin)

BedHomePage *bed_home_page_new (void);
BedTodayPage *bed_home_page_get_today (BedHomePage *self);
BedPatientsPage *bed_home_page_get_patients (BedHomePage *self);
BedNotesPage *bed_home_page_get_notes (BedHomePage *self);
void bed_home_page_set_person (BedHomePage *self, const char *name, const char *state);
void bed_home_page_set_menu (BedHomePage *self, GMenuModel *menu);
/* Today's date below the title. */
void bed_home_page_set_date (BedHomePage *self, const char *date);
void bed_home_page_set_n_waiting (BedHomePage *self, guint n);
/* A strip above every section, for what must not pass unseen: NULL hides it. */
void bed_home_page_set_warning (BedHomePage *self, const char *text);
void bed_home_page_show_section (BedHomePage *self, BedHomeSection section);
/* Puts the focus into the search of the section that has one; from Today it goes to Patients. */
void bed_home_page_search (BedHomePage *self);

G_END_DECLS
