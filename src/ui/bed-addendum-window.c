/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-addendum-window.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

#define PAUSE_MS 700

struct _BedAddendumWindow
{
  AdwWindow parent_instance;
  GtkEditable *reason;
  AdwBin *place;
  BedNoteField *field;
  GtkToggleButton *corrections;
  GtkBox *sections;
  GtkLabel *meaning, *error;
  GtkWidget *sign;
  GPtrArray *fields; /* owned: of the sections, lent by the box */
  GPtrArray *before; /* owned: what the sections say until now */
  char *clinician;   /* owned */
  guint pause;
};

enum
{
  KEEP,
  SIGN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedAddendumWindow, bed_addendum_window, ADW_TYPE_WINDOW)

static gboolean
keep_now (gpointer data)
{
  BedAddendumWindow *self = data;

  self->pause = 0;
  g_signal_emit (self, signals[KEEP], 0);
  return G_SOURCE_REMOVE;
}

static void
show_meaning (BedAddendumWindow *self, gboolean corrects)
{
  g_autofree char *meaning = NULL;

  if (corrects)
    /* Translators: %s is a name */
    meaning = g_strdup_printf (
        _("It is signed as %s and stands below the note for good; the note reads as corrected from "
          "then on, and what it said before stays to be compared."),
        self->clinician);
  else
    /* Translators: %s is a name */
    meaning = g_strdup_printf (
        _("It is signed as %s and stands below the note for good; the note stays as it is."),
        self->clinician);
  gtk_label_set_label (self->meaning, meaning);
}

static void
typed (BedAddendumWindow *self)
{
  g_autofree char *reason = bed_ui_dup_line (self->reason);
  g_autofree char *text = bed_note_field_dup_text (self->field);
  g_auto (GStrv) sections = bed_addendum_window_dup_corrections (self);

  show_meaning (self, sections != NULL);
  gtk_widget_set_sensitive (self->sign, *reason != '\0'
                                            && (*g_strstrip (text) != '\0' || sections != NULL));
  if (self->pause == 0)
    self->pause = g_timeout_add (PAUSE_MS, keep_now, self);
}

static void
sign_clicked (BedAddendumWindow *self)
{
  g_autofree char *reason = bed_ui_dup_line (self->reason);
  g_autofree char *text = bed_note_field_dup_text (self->field);

  g_signal_emit (self, signals[SIGN], 0, reason, text);
}

static gboolean
close_request (BedAddendumWindow *self)
{
  if (self->pause != 0)
    {
      g_source_remove (self->pause);
      keep_now (self);
    }
  return GDK_EVENT_PROPAGATE;
}

static void
bed_addendum_window_dispose (GObject *object)
{
  g_clear_handle_id (&BED_ADDENDUM_WINDOW (object)->pause, g_source_remove);
  G_OBJECT_CLASS (bed_addendum_window_parent_class)->dispose (object);
}

static void
bed_addendum_window_finalize (GObject *object)
{
  BedAddendumWindow *self = BED_ADDENDUM_WINDOW (object);

  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->before);
  g_free (self->clinician);
  G_OBJECT_CLASS (bed_addendum_window_parent_class)->finalize (object);
}

static void
bed_addendum_window_class_init (BedAddendumWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_addendum_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_addendum_window_finalize;
  signals[KEEP]
      = g_signal_new ("keep", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGN] = g_signal_new ("sign", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-addendum-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedAddendumWindow, child)
  BIND (reason);
  BIND (place);
  BIND (corrections);
  BIND (sections);
  BIND (meaning);
  BIND (error);
  BIND (sign);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, typed);
  gtk_widget_class_bind_template_callback (widget_class, sign_clicked);
  gtk_widget_class_bind_template_callback (widget_class, close_request);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bed_addendum_window_init (BedAddendumWindow *self)
{
  self->fields = g_ptr_array_new ();
  self->before = g_ptr_array_new_with_free_func (g_free);
  self->field = bed_note_field_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_bin_set_child (self->place, GTK_WIDGET (self->field));
  bed_note_field_set_title (self->field, _("Addendum"), _("What is to be added, in full"));
  bed_note_field_fill (self->field);
  g_signal_connect_object (self->field, "changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
}

BedAddendumWindow *
bed_addendum_window_new (GtkWindow *parent, const char *clinician)
{
  BedAddendumWindow *self
      = g_object_new (BED_TYPE_ADDENDUM_WINDOW, "transient-for", parent, NULL);

  self->clinician = g_strdup (clinician);
  show_meaning (self, FALSE);
  return self;
}

BedNoteField *
bed_addendum_window_add_section (BedAddendumWindow *self, const char *heading, const char *text)
{
  BedNoteField *field = bed_note_field_new ();

  bed_note_field_set_title (field, heading, NULL);
  bed_note_field_load (field, text);
  g_ptr_array_add (self->fields, field);
  g_ptr_array_add (self->before, g_strdup (text));
  g_signal_connect_object (field, "changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->sections, GTK_WIDGET (field));
  gtk_widget_set_visible (GTK_WIDGET (self->corrections), TRUE);
  return field;
}

void
bed_addendum_window_load (BedAddendumWindow *self, const char *reason, const char *text,
                          const char *const *sections)
{
  gtk_editable_set_text (self->reason, reason);
  bed_note_field_load (self->field, text);
  for (guint i = 0; sections != NULL && sections[i] != NULL && i < self->fields->len; i++)
    bed_note_field_load (g_ptr_array_index (self->fields, i), sections[i]);
  gtk_toggle_button_set_active (self->corrections, sections != NULL);
  typed (self);
}

GStrv
bed_addendum_window_dup_sections (BedAddendumWindow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean differ = FALSE;

  for (guint i = 0; i < self->fields->len; i++)
    {
      g_autofree char *text = bed_note_field_dup_text (g_ptr_array_index (self->fields, i));

      differ |= !g_str_equal (text, g_ptr_array_index (self->before, i));
      g_strv_builder_add (builder, text);
    }
  return differ ? g_strv_builder_end (builder) : NULL;
}

GStrv
bed_addendum_window_dup_corrections (BedAddendumWindow *self)
{
  return gtk_toggle_button_get_active (self->corrections) ? bed_addendum_window_dup_sections (self)
                                                          : NULL;
}

const char *
bed_addendum_window_get_reason (BedAddendumWindow *self)
{
  return gtk_editable_get_text (self->reason);
}

char *
bed_addendum_window_dup_text (BedAddendumWindow *self)
{
  return bed_note_field_dup_text (self->field);
}

BedNoteField *
bed_addendum_window_get_field (BedAddendumWindow *self)
{
  return self->field;
}

void
bed_addendum_window_set_error (BedAddendumWindow *self, const char *text)
{
  bed_ui_set_error (self->error, text, GTK_WIDGET (self->sign));
}
