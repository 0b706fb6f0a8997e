/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-paper.h"

#include <glib/gi18n.h>

#include "bed-found-marks.h"
#include "bed-ui.h"

struct _BedNotePaper
{
  AdwBin parent_instance;
  GtkBox *sections, *addenda, *seal_box;
  GtkImage *seal;
  GtkLabel *signed_by, *signed_when;
  GPtrArray *prose; /* owned: the labels that show what was written, lent by the boxes */
  char *when, *found;
};

enum
{
  VERIFY,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedNotePaper, bed_note_paper, ADW_TYPE_BIN)

static void
verify_clicked (BedNotePaper *self)
{
  g_signal_emit (self, signals[VERIFY], 0);
}

static void
bed_note_paper_finalize (GObject *object)
{
  BedNotePaper *self = BED_NOTE_PAPER (object);

  g_ptr_array_unref (self->prose);
  g_free (self->when);
  g_free (self->found);
  G_OBJECT_CLASS (bed_note_paper_parent_class)->finalize (object);
}

static void
bed_note_paper_class_init (BedNotePaperClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_note_paper_finalize;
  signals[VERIFY] = g_signal_new ("verify", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-note-paper.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedNotePaper, child)
  BIND (sections);
  BIND (addenda);
  BIND (seal_box);
  BIND (seal);
  BIND (signed_by);
  BIND (signed_when);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, verify_clicked);
}

static void
bed_note_paper_init (BedNotePaper *self)
{
  self->prose = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
new_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  return label;
}

/* Words that may be read with the caret and copied. */
static GtkWidget *
new_prose (BedNotePaper *self, const char *text, const char *name)
{
  GtkWidget *label = new_label (text, "prose");

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  bed_found_marks_label (GTK_LABEL (label), self->found);
  g_ptr_array_add (self->prose, label);
  if (name != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    name, -1);
  return label;
}

static void
empty (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

void
bed_note_paper_clear (BedNotePaper *self)
{
  g_ptr_array_set_size (self->prose, 0);
  empty (self->sections);
  empty (self->addenda);
  gtk_label_set_label (self->signed_by, "");
  bed_note_paper_set_seal (self, BED_PAPER_UNCHECKED, NULL);
}

void
bed_note_paper_add_section (BedNotePaper *self, const char *heading, const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_box_append (GTK_BOX (box), new_label (heading, "soap-title"));
  gtk_box_append (GTK_BOX (box), *text != '\0' ? new_prose (self, text, heading)
                                               : new_label (_("Nothing was written."), "dim-label"));
  gtk_box_append (self->sections, box);
}

void
bed_note_paper_mark_corrected (BedNotePaper *self, guint addendum)
{
  GtkWidget *box = gtk_widget_get_last_child (GTK_WIDGET (self->sections));
  /* Translators: the addenda of a note are numbered */
  g_autofree char *text = g_strdup_printf (_("Corrected in addendum %u"), addendum);
  GtkWidget *mark = new_label (text, "small");

  gtk_widget_add_css_class (mark, "dim-label");
  gtk_box_append (GTK_BOX (box), mark);
}

void
bed_note_paper_set_signature (BedNotePaper *self, const char *who, const char *when)
{
  /* Translators: %s is a name */
  g_autofree char *text = g_strdup_printf (_("Signed by %s"), who);

  g_free (self->when);
  self->when = g_strdup (when);
  gtk_label_set_label (self->signed_by, text);
  bed_note_paper_set_seal (self, BED_PAPER_UNCHECKED, NULL);
}

void
bed_note_paper_set_seal (BedNotePaper *self, BedPaperSeal seal, const char *sentence)
{
  g_autofree char *text = sentence != NULL && self->when != NULL
                              ? g_strdup_printf ("%s. %s", self->when, sentence)
                              : g_strdup (self->when);

  gtk_label_set_label (self->signed_when, text != NULL ? text : "");
  gtk_image_set_from_icon_name (self->seal, seal == BED_PAPER_BROKEN ? "dialog-warning-symbolic"
                                                                     : "bedside-seal-symbolic");
  gtk_widget_remove_css_class (GTK_WIDGET (self->seal_box), "note-box");
  gtk_widget_remove_css_class (GTK_WIDGET (self->seal_box), "error-box");
  gtk_widget_add_css_class (GTK_WIDGET (self->seal_box),
                            seal == BED_PAPER_BROKEN ? "error-box" : "note-box");
}

static GtkWidget *
new_addendum_head (const char *title, const char *when)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = new_label (title, "heading"), *time = new_label (when, "small");

  gtk_widget_set_hexpand (name, TRUE);
  gtk_label_set_xalign (GTK_LABEL (time), 1);
  gtk_widget_add_css_class (time, "dim-label");
  gtk_widget_add_css_class (time, "numeric");
  gtk_box_append (GTK_BOX (head), name);
  gtk_box_append (GTK_BOX (head), time);
  return head;
}

static GtkWidget *
new_addendum_foot (const char *who)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *seal = gtk_image_new_from_icon_name ("bedside-seal-symbolic");
  /* Translators: %s is a name */
  g_autofree char *text = g_strdup_printf (_("Signed by %s"), who);

  gtk_widget_add_css_class (seal, "brand");
  gtk_box_append (GTK_BOX (foot), seal);
  gtk_box_append (GTK_BOX (foot), new_label (text, "small"));
  return foot;
}

void
bed_note_paper_add_addendum (BedNotePaper *self, guint number, const char *who, const char *when,
                             const char *reason, const char *text, gboolean corrects)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  /* Translators: the addenda of a note are numbered */
  g_autofree char *title = g_strdup_printf (_("Addendum %u"), number);
  /* Translators: why an addendum was written */
  g_autofree char *why = g_strdup_printf (_("Reason: %s"), reason);

  gtk_widget_add_css_class (box, "paper");
  gtk_box_append (GTK_BOX (box), new_addendum_head (title, when));
  gtk_box_append (GTK_BOX (box), new_label (why, "dim-label"));
  if (*text != '\0')
    {
      GtkWidget *words = new_prose (self, text, title);
      gtk_widget_add_css_class (words, "addendum");
      gtk_box_append (GTK_BOX (box), words);
    }
  if (corrects)
    gtk_box_append (GTK_BOX (box),
                    new_label (_("The sections above read as corrected here; “Compare versions” "
                                 "shows what they said before."), "small"));
  gtk_box_append (GTK_BOX (box), new_addendum_foot (who));
  gtk_box_append (self->addenda, box);
}

guint
bed_note_paper_show_found (BedNotePaper *self, const char *words)
{
  guint n = 0;

  g_free (self->found);
  self->found = g_strdup (words);
  for (guint i = 0; i < self->prose->len; i++)
    n += bed_found_marks_label (g_ptr_array_index (self->prose, i), words);
  return n;
}
