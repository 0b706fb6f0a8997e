/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-facts-box.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"
#include "bed-ui.h"

#include <string.h>

/* What a person reads in it, one a line. */
static void
add_texts (GtkWidget *widget, GString *text)
{
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (text, "%s\n", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_texts (child, text);
}

static char *
dup_texts (BedFactsBox *box)
{
  GString *text = g_string_new (NULL);

  add_texts (GTK_WIDGET (box), text);
  return g_string_free (text, FALSE);
}

static void
expect (BedFactsBox *box, const char *there, const char *not_there)
{
  g_autofree char *text = dup_texts (box);

  g_assert_nonnull (strstr (text, there));
  if (not_there != NULL)
    g_assert_null (strstr (text, not_there));
}

/* Who it was signed for stays in it; what the record says since is told beside. */
static void
test_signed (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Ruth Abel", "1948-03-09");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "text");
  g_autoptr (GListModel) versions = NULL;
  g_autoptr (BedNoteFacts) same = NULL, now = NULL;
  const BedNoteFacts *then;
  BedFactsBox *box = g_object_ref_sink (bed_facts_box_new ());

  bed_facts_box_set_open (box, TRUE);
  bed_facts_box_set (box, encounter, "Dr Okafor", 0);
  expect (box, "Ruth Abel", "as signed");
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr Okafor", NULL));
  versions = bed_record_store_list_versions (r->store, bed_note_get_id (note), NULL);
  then = bed_note_version_list_get_patient (versions);
  same = bed_record_store_get_facts (r->store, bed_encounter_get_id (encounter), NULL);
  bed_facts_box_set_signed (box, then, same);
  expect (box, "Ruth Abel", "as signed");
  bed_patient_set_name (patient, "Otto Abel");
  g_assert_true (bed_record_store_save_patient (r->store, patient, NULL));
  expect (box, "Ruth Abel", "Otto Abel");
  now = bed_record_store_get_facts (r->store, bed_encounter_get_id (encounter), NULL);
  bed_facts_box_set_signed (box, then, now);
  expect (box, "Patient, as signed\nRuth Abel, 1948-03-09\n"
               "In the record now\nOtto Abel, 1948-03-09\n", NULL);
  bed_facts_box_set_signed (box, NULL, now);
  expect (box, "assigned after the signature, not signed", "Ruth Abel");
  bed_facts_box_set_signed (box, NULL, NULL);
  expect (box, "Otto Abel", "as signed");
  g_object_unref (box);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  bed_ui_init ();
  g_test_add ("/ui/facts-box/signed", Record, NULL, record_set_up, test_signed, record_tear_down);
  return g_test_run ();
}
