/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the first run to the day's work. */
#include "screens.h"

#include "bed-activation-page.h"
#include "bed-code-page.h"
#include "bed-home-page.h"
#include "bed-retention.h"
#include "bed-unlock-page.h"
#include "bed-welcome-page.h"

static GMenuModel *
new_menu (void)
{
  GMenu *items = g_menu_new ();

  g_menu_append (items, "Bedside", "app.preferences");
  return G_MENU_MODEL (items);
}

void
screens_first_run (Screens *self)
{
  g_autoptr (GMenuModel) items = new_menu ();
  static const char *const codes[] = { "k7m2q-x94tr", "p3w8n-c5jzd", "h6vfa-2rb9y", "m4gse-u7kqt", "z8xcp-3nwhd",
                                       "t5jba-9mvre", "d2qyk-f6gsu", "w7ntp-x4czh", "r9kvm-b3jaf", "e6suq-y8dgw", NULL };
  BedWelcomePage *welcome = bed_welcome_page_new ();
  BedActivationPage *page = bed_activation_page_new ();
  g_autoptr (BedQr) qr = bed_qr_new ("otpauth://totp/Northgate:okafor?secret=JBSWY3DPEHPK3PXP&issuer=Northgate");
  g_autoptr (GdkPaintable) picture = bed_ui_qr_paintable (qr);

  bed_welcome_page_set_menu (welcome, items);
  screens_show (self, welcome, "first-run");
  bed_welcome_page_ask_link (welcome, FALSE, "https://visit.northgate.example/activate#b2s");
  bed_welcome_page_set_error (welcome, dgettext (NULL, "This is not an activation link. Copy the whole link, from https to its last letter."));
  screens_settle (500);
  screens_save (self, GTK_WIDGET (welcome), "first-run-link");
  bed_activation_page_set_person (page, "Dr Amara Okafor", "Northgate Family Practice");
  screens_show (self, page, "activation-password");
  bed_activation_page_set_otp (page, picture, "JBSW Y3DP EHPK 3PXP");
  bed_activation_page_set_step (page, BED_ACTIVATION_STEP_FACTOR);
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "activation-factor");
  bed_activation_page_set_recovery (page, codes, "7K2MQ-X94TR-P3W8N-C5JZD-H6VFA-2RB9Y-M4GSE");
  bed_activation_page_set_step (page, BED_ACTIVATION_STEP_RECOVERY);
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "activation-recovery");
}

static gboolean
press_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    {
      g_signal_emit_by_name (widget, "clicked");
      return TRUE;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (press_button (child, label))
      return TRUE;
  return FALSE;
}

void
screens_unlock (Screens *self)
{
  BedUnlockPage *page = bed_unlock_page_new ();
  BedCodePage *code = bed_code_page_new ();

  bed_unlock_page_set_person (page, "Dr Amara Okafor", "Northgate Family Practice");
  screens_show (self, page, "unlock");
  bed_unlock_page_set_error (page, dgettext (NULL, "That was not right. Try again."));
  bed_unlock_page_set_behind (page, BED_UNLOCK_BEHIND_CALL_HEARD);
  screens_settle (700);
  screens_save (self, GTK_WIDGET (page), "unlock-wrong-in-call");
  bed_unlock_page_set_behind (page, BED_UNLOCK_BEHIND_NOTHING);
  bed_unlock_page_set_error (page, NULL);
  bed_unlock_page_set_unsaved (page, TRUE);
  bed_unlock_page_set_link (page, WORD ("Unlock first; then the link opens."));
  screens_settle (700);
  screens_save (self, GTK_WIDGET (page), "unlock-unsaved");
  bed_unlock_page_set_unsaved (page, FALSE);
  bed_unlock_page_set_link (page, NULL);
  bed_unlock_page_set_error (
      page, WORD ("The records on this computer are damaged. Do not delete anything; restore a copy "
                  "or ask for help."));
  bed_unlock_page_set_restore (page, TRUE);
  bed_unlock_page_set_token (page, TRUE);
  screens_settle (700);
  screens_save (self, GTK_WIDGET (page), "unlock-damaged");
  g_assert_true (press_button (GTK_WIDGET (page), WORD ("Use the security key")));
  bed_unlock_page_set_restore (page, FALSE);
  screens_settle (300);
  screens_save (self, GTK_WIDGET (page), "unlock-token");
  bed_unlock_page_set_busy (page, TRUE);
  screens_settle (300);
  screens_save (self, GTK_WIDGET (page), "unlock-touch");
  screens_show (self, code, "second-factor");
}

static void
show_warning (Screens *self, BedHomePage *page)
{
  g_autofree char *warning = g_strdup_printf (
      WORD ("A part of the record could not be read, so lists and searches may lack something. %s"),
      WORD ("A part of the records is damaged. Do not delete anything; restore a copy or ask for "
            "help."));

  bed_home_page_set_warning (page, warning);
  screens_settle (350);
  screens_save (self, GTK_WIDGET (page), "home-unread");
  bed_home_page_set_warning (page, NULL);
  screens_settle (350);
}

static void
show_failed_backup (Screens *self, BedHomePage *page)
{
  g_autofree char *text
      = g_strdup_printf (WORD ("The last backup failed. %s"),
                         WORD ("This folder is no longer there. Choose another place."));

  bed_today_page_set_notice (bed_home_page_get_today (page), text, WORD ("Backup…"), NULL);
  screens_settle (350);
  screens_save (self, GTK_WIDGET (page), "home-backup-failed");
}

void
screens_home (Screens *self)
{
  BedHomePage *page = bed_home_page_new ();
  g_autoptr (GMenuModel) items = new_menu ();
  g_autoptr (BedPatient) patient = NULL;
  g_autoptr (GListModel) patients = bed_record_store_list_patients (self->store);

  bed_home_page_set_person (page, "Dr Amara Okafor", dgettext (NULL, "Ready for patients"));
  bed_home_page_set_menu (page, items);
  bed_home_page_set_date (page, "14.3.");
  bed_today_page_set_models (bed_home_page_get_today (page), self->clock, NULL, NULL);
  screens_show_folding (self, page, "home-empty");
  bed_today_page_set_models (bed_home_page_get_today (page), self->clock, G_LIST_MODEL (self->arrivals), G_LIST_MODEL (self->invites));
  bed_home_page_set_n_waiting (page, 2);
  screens_settle (300);
  screens_save (self, GTK_WIDGET (page), "home-today");
  bed_today_page_set_banner (bed_home_page_get_today (page),
                             dgettext (NULL, "The clinic cannot be reached. Records and notes work; nobody can arrive."),
                             dgettext (NULL, "Try now"));
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "home-offline");
  bed_today_page_set_banner (bed_home_page_get_today (page), NULL, NULL);
  bed_today_page_set_notice (
      bed_home_page_get_today (page),
      WORD ("Bedside cannot tell whether an older copy of the record was put back: the mark that it "
            "is compared with is gone, and nothing is kept outside the record’s folder. Look whether "
            "your last notes are there, or compare with a head that you wrote down."),
      WORD ("Restore a backup…"), WORD ("Go on…"));
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "home-rolled-back");
  show_failed_backup (self, page);
  bed_today_page_set_notice (bed_home_page_get_today (page), NULL, NULL, NULL);
  show_warning (self, page);
  bed_patients_page_set_store (bed_home_page_get_patients (page), self->store, self->clock);
  bed_notes_page_set_store (bed_home_page_get_notes (page), self->store, self->clock);
  bed_home_page_show_section (page, BED_HOME_PATIENTS);
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "patients");
  patient = g_list_model_get_item (patients, 0);
  bed_patients_page_show_patient (bed_home_page_get_patients (page), patient);
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "patient");
  g_assert_true (bed_record_store_set_hold (self->store, bed_patient_get_id (patient), TRUE,
                                            "Letter of the district court, file 12 O 345/26", NULL));
  bed_patients_page_show_hold (bed_home_page_get_patients (page));
  screens_settle (200);
  screens_save (self, GTK_WIDGET (page), "patient-held");
  g_assert_true (bed_record_store_set_hold (self->store, bed_patient_get_id (patient), FALSE, NULL, NULL));
  bed_patients_page_show_hold (bed_home_page_get_patients (page));
  screens_settle (200);
  screens_save (self, GTK_WIDGET (page), "patient-hold-lifted");
  bed_home_page_show_section (page, BED_HOME_NOTES);
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "notes");
  bed_notes_page_show_note (bed_home_page_get_notes (page), self->note);
  screens_settle (500);
  screens_save (self, GTK_WIDGET (page), "note");
}
