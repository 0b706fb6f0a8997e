/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-handover-text.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

static const char *const texts[BED_N_WORDS] = {
  [BED_WORD_TITLE] = N_("Clinical note"),
  [BED_WORD_PATIENT] = N_("Patient"),
  [BED_WORD_BIRTH_DATE] = N_("Born"),
  [BED_WORD_IDENTIFIER] = N_("Identifier"),
  [BED_WORD_TELEPHONE] = N_("Telephone"),
  [BED_WORD_NOW] = N_("In the record now"),
  [BED_WORD_ASSIGNED_LATER] = N_("assigned after the signature, not signed"),
  [BED_WORD_CLINICIAN] = N_("Clinician"),
  [BED_WORD_CONSULTATION] = N_("Video consultation"),
  [BED_WORD_STARTED] = N_("Started"),
  [BED_WORD_ENDED] = N_("Ended"),
  [BED_WORD_DURATION] = N_("Length"),
  [BED_WORD_MINUTES] = N_("{n} min"),
  [BED_WORD_PARTICIPANTS] = N_("Took part"),
  [BED_WORD_PLACE] = N_("Patient’s place"),
  [BED_WORD_ENCRYPTION] = N_("Encryption"),
  [BED_WORD_MATCHED] = N_("End to end; the words were compared and matched"),
  [BED_WORD_NOT_CHECKED] = N_("End to end; the words were not compared"),
  [BED_WORD_DIFFERED] = N_("The words were compared and differed"),
  [BED_WORD_PATH] = N_("Path"),
  [BED_WORD_DIRECT] = N_("Direct"),
  [BED_WORD_RELAYED] = N_("Through the clinic’s relay"),
  [BED_WORD_CONSENT] = N_("Consent"),
  [BED_WORD_CONSENT_GIVEN] = N_("Given on {time}, text {version} ({language})"),
  [BED_WORD_CONSENT_UNKNOWN] = N_("the text was not known as one of the clinic’s"),
  [BED_WORD_CAMERA] = N_("camera"),
  [BED_WORD_MICROPHONE] = N_("microphone"),
  [BED_WORD_SUBJECTIVE] = N_("Subjective"),
  [BED_WORD_OBJECTIVE] = N_("Objective"),
  [BED_WORD_ASSESSMENT] = N_("Assessment"),
  [BED_WORD_PLAN] = N_("Plan"),
  [BED_WORD_EMPTY] = N_("Nothing was written."),
  [BED_WORD_DRAFT] = N_("Draft – not signed"),
  [BED_WORD_DRAFT_MARK] = N_("DRAFT"),
  [BED_WORD_SIGNATURE] = N_("Signature"),
  [BED_WORD_SIGNED_BY] = N_("Signed by {name}"),
  [BED_WORD_SIGNED_ON] = N_("on {time}"),
  [BED_WORD_KEY] = N_("Key"),
  [BED_WORD_VERIFIED] = N_("The signature was checked and fits this text."),
  [BED_WORD_NOT_VERIFIED] = N_("The signature does not fit this text."),
  [BED_WORD_AMENDED] = N_("Amended after signing"),
  [BED_WORD_ADDENDUM] = N_("Addendum {n}"),
  [BED_WORD_REASON] = N_("Reason"),
  [BED_WORD_VERSIONS] = N_("Versions"),
  [BED_WORD_VERSION] = N_("Version {n}"),
  [BED_WORD_ATTACHMENTS] = N_("Attachments"),
  [BED_WORD_ADDED_LATER] = N_("added after the signature, not signed"),
  [BED_WORD_CHAT] = N_("Chat kept with this note"),
  [BED_WORD_PAGE] = N_("Page {page} of {pages}"),
  [BED_WORD_MADE_ON] = N_("Made on {time}"),
  /* Translators: dates on paper, in the form of g_date_time_format (). */
  [BED_WORD_DATE_FORMAT] = N_("%-d %B %Y"),
  [BED_WORD_DATE_TIME_FORMAT] = N_("%-d %B %Y, %H:%M %Z"),
  [BED_WORD_TIME_FORMAT] = N_("%H:%M"),
};

void
bed_handover_text_fill (BedHandoverWords *words, GTimeZone *zone)
{
  for (guint i = 0; i < BED_N_WORDS; i++)
    words->words[i] = _(texts[i]);
  /* Translators: the code of the language you translate to, as in "de" or "pt-BR". */
  words->language = C_("language code", "en");
  words->right_to_left = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;
  words->zone = zone;
}
