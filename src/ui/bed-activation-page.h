/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  BED_ACTIVATION_STEP_PASSWORD,
  BED_ACTIVATION_STEP_FACTOR,
  BED_ACTIVATION_STEP_RECOVERY,
} BedActivationStep;

/* First run at a clinic: password, second factor, what to keep. Main thread.
 * Signals: "password-typed" (const char *typed) asks for bed_activation_page_set_strength;
 * "password" (const char *typed), "code" (const char *digits), "save" (), "print" (), "done" (), "cancel" (). */
#define BED_TYPE_ACTIVATION_PAGE (bed_activation_page_get_type ())
G_DECLARE_FINAL_TYPE (BedActivationPage, bed_activation_page, BED, ACTIVATION_PAGE, AdwBin)

BedActivationPage *bed_activation_page_new (void);
void bed_activation_page_set_step (BedActivationPage *self, BedActivationStep step);
BedActivationStep bed_activation_page_get_step (BedActivationPage *self);
void bed_activation_page_set_person (BedActivationPage *self, const char *name, const char *clinic);
/* score: 0 to 4; from 3 on the password is taken. */
void bed_activation_page_set_strength (BedActivationPage *self, guint score);
void bed_activation_page_set_otp (BedActivationPage *self, GdkPaintable *qr, const char *secret);
/* codes: NULL-terminated; both are kept only in the labels, and wiped by bed_activation_page_forget. */
void bed_activation_page_set_recovery (BedActivationPage *self, const char *const *codes, const char *key);
/* What goes onto paper or into a file. Returns: (transfer full) */
char *bed_activation_page_dup_recovery_text (BedActivationPage *self);
void bed_activation_page_forget (BedActivationPage *self);
void bed_activation_page_set_busy (BedActivationPage *self, gboolean busy);
/* At the step that is shown; NULL clears. */
void bed_activation_page_set_error (BedActivationPage *self, const char *text);

G_END_DECLS
