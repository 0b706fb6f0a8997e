/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-facts-box.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-time-text.h"

struct _BedFactsBox
{
  AdwBin parent_instance;
  GtkExpander *expander;
  GtkGrid *grid;
  BedEncounter *encounter; /* owned */
  char *clinician;
  char *signed_name;       /* (nullable): the patient's; so on */
  char *signed_for, *now;  /* in full, where they differ */
  gint64 now_us;
  int row;
};

G_DEFINE_FINAL_TYPE (BedFactsBox, bed_facts_box, ADW_TYPE_BIN)

static GtkWidget *
new_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "small");
  gtk_widget_add_css_class (label, css);
  return label;
}

static void
add (BedFactsBox *self, const char *title, const char *text)
{
  GtkWidget *value;

  if (text == NULL || *text == '\0')
    return;
  value = new_label (text, "numeric");
  gtk_widget_set_hexpand (value, TRUE);
  gtk_grid_attach (self->grid, new_label (title, "dim-label"), 0, self->row, 1, 1);
  gtk_grid_attach (self->grid, value, 1, self->row++, 1, 1);
}

static char *
dup_times (BedFactsBox *self)
{
  gint64 started = bed_encounter_get_started_us (self->encounter);
  gint64 ended = bed_encounter_get_ended_us (self->encounter);
  g_autofree char *day = bed_time_text_day (started, self->now_us);
  g_autofree char *from = bed_time_text_when (started, started);
  g_autofree char *to = ended > 0 ? bed_time_text_when (ended, ended) : NULL;
  g_autofree char *length = bed_time_text_length ((ended - started) / G_USEC_PER_SEC);

  if (to == NULL)
    /* Translators: a day and a time */
    return g_strdup_printf (_("%s, %s, not ended"), day, from);
  /* Translators: a day, two times, a length of time */
  return g_strdup_printf (_("%s, %s to %s (%s)"), day, from, to, length);
}

static char *
dup_people (BedFactsBox *self)
{
  const char *live = bed_encounter_get_patient_name (self->encounter);
  const char *patient = self->signed_name != NULL ? self->signed_name : live;
  const char *typed = bed_encounter_get_typed_name (self->encounter);
  g_autoptr (GString) text = g_string_new (patient);

  if (*typed != '\0' && !g_str_equal (typed, patient))
    /* Translators: the name that the patient typed when they arrived */
    g_string_append_printf (text, _(" (came as “%s”)"), typed);
  if (self->clinician != NULL && *self->clinician != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", self->clinician);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_encryption (BedFactsBox *self)
{
  static const char *const verdicts[] = {
    [BED_VERIFICATION_NOT_CHECKED] = N_("From person to person; the words were not compared"),
    [BED_VERIFICATION_MATCHED] = N_("From person to person; the words were compared and matched"),
    [BED_VERIFICATION_DIFFERED] = N_("The words were compared and differed"),
  };

  if (*bed_encounter_get_cipher (self->encounter) == '\0')
    return g_strdup (_("Never connected"));
  return g_strdup (_(verdicts[bed_encounter_get_verification (self->encounter)]));
}

static char *
dup_consent (BedFactsBox *self)
{
  const BedPatientConsent *consent = bed_encounter_get_consent (self->encounter);
  g_autofree char *when = NULL;

  if (consent == NULL)
    return g_strdup (_("None on record"));
  when = bed_time_text_when (bed_patient_consent_get_real_us (consent), bed_encounter_get_started_us (self->encounter));
  if (!bed_patient_consent_get_text_known (consent))
    /* Translators: the version of the consent's text, and a time */
    return g_strdup_printf (_("Text %s agreed to, %s; it was not known as one of the clinic’s"),
                            bed_patient_consent_get_text_version (consent), when);
  /* Translators: the version of the consent's text, and a time */
  return g_strdup_printf (_("Text %s agreed to, %s"), bed_patient_consent_get_text_version (consent), when);
}

static void
show (BedFactsBox *self)
{
  g_autofree char *times = NULL, *people = NULL, *encryption = NULL, *consent = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  self->row = 0;
  gtk_widget_set_visible (GTK_WIDGET (self), self->encounter != NULL);
  if (self->encounter == NULL)
    return;
  times = dup_times (self);
  people = dup_people (self);
  encryption = dup_encryption (self);
  consent = dup_consent (self);
  add (self, _("When"), times);
  add (self, _("Took part"), people);
  add (self, _("Patient, as signed"), self->signed_for);
  add (self, _("In the record now"), self->now);
  add (self, _("Place"), bed_encounter_get_location (self->encounter));
  add (self, _("Encryption"), encryption);
  add (self, _("Consent"), consent);
}

static void
forget_signed (BedFactsBox *self)
{
  g_clear_pointer (&self->signed_name, g_free);
  g_clear_pointer (&self->signed_for, g_free);
  g_clear_pointer (&self->now, g_free);
}

static void
bed_facts_box_dispose (GObject *object)
{
  BedFactsBox *self = BED_FACTS_BOX (object);

  if (self->encounter != NULL)
    g_signal_handlers_disconnect_by_func (self->encounter, show, self);
  g_clear_object (&self->encounter);
  g_clear_pointer (&self->clinician, g_free);
  forget_signed (self);
  G_OBJECT_CLASS (bed_facts_box_parent_class)->dispose (object);
}

static void
bed_facts_box_class_init (BedFactsBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_facts_box_dispose;
}

static void
bed_facts_box_init (BedFactsBox *self)
{
  self->expander = GTK_EXPANDER (gtk_expander_new (_("Filled in by Bedside")));
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 12);
  gtk_grid_set_row_spacing (self->grid, 4);
  gtk_widget_set_margin_top (GTK_WIDGET (self->grid), 8);
  gtk_widget_add_css_class (GTK_WIDGET (self->expander), "note-box");
  gtk_expander_set_child (self->expander, GTK_WIDGET (self->grid));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->expander));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

BedFactsBox *
bed_facts_box_new (void)
{
  return g_object_new (BED_TYPE_FACTS_BOX, NULL);
}

void
bed_facts_box_set (BedFactsBox *self, BedEncounter *encounter, const char *clinician,
                    gint64 now_us)
{
  if (self->encounter != NULL)
    g_signal_handlers_disconnect_by_func (self->encounter, show, self);
  g_set_object (&self->encounter, encounter);
  g_free (self->clinician);
  self->clinician = g_strdup (clinician);
  self->now_us = now_us;
  if (encounter != NULL)
    g_signal_connect_swapped (encounter, "notify", G_CALLBACK (show), self);
  show (self);
}

static char *
dup_person (const BedNoteFacts *facts)
{
  g_auto (GStrv) numbers = g_strsplit (facts->patient_identifiers, "\n", -1);
  g_autoptr (GString) text = g_string_new (facts->patient_name);

  if (*facts->patient_birth_date != '\0')
    g_string_append_printf (text, ", %s", facts->patient_birth_date);
  for (guint i = 0; numbers[i] != NULL; i++)
    {
      const char *bar = strchr (numbers[i], '|'); /* "system|value" */
      const char *value = bar != NULL ? bar + 1 : numbers[i];

      if (*value != '\0')
        g_string_append_printf (text, ", %s", value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
bed_facts_box_set_signed (BedFactsBox *self, const BedNoteFacts *then, const BedNoteFacts *now)
{
  forget_signed (self);
  if (then != NULL)
    self->signed_name = g_strdup (then->patient_name);
  if (then == NULL && now != NULL && *now->patient_uuid != '\0')
    self->signed_for = g_strdup (_("assigned after the signature, not signed"));
  if (then != NULL && now != NULL && !bed_note_facts_same_patient (then, now))
    {
      self->signed_for = dup_person (then);
      self->now = dup_person (now);
    }
  show (self);
}

void
bed_facts_box_set_open (BedFactsBox *self, gboolean open)
{
  gtk_expander_set_expanded (self->expander, open);
}
