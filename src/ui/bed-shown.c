/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-shown.h"

struct _BedShown
{
  GObject parent_instance;
  GtkWidget *widget; /* weak */
  GObject *subject;  /* owned */
};

enum { SHOWN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedShown, bed_shown, G_TYPE_OBJECT)

static void
tell (BedShown *self)
{
  if (self->subject != NULL)
    g_signal_emit (self, signals[SHOWN], 0, self->subject);
}

static void
bed_shown_dispose (GObject *object)
{
  BedShown *self = BED_SHOWN (object);

  g_clear_weak_pointer (&self->widget);
  g_clear_object (&self->subject);
  G_OBJECT_CLASS (bed_shown_parent_class)->dispose (object);
}

static void
bed_shown_class_init (BedShownClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_shown_dispose;
  signals[SHOWN] = g_signal_new ("shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
}

static void
bed_shown_init (BedShown *self)
{
}

BedShown *
bed_shown_new (GtkWidget *widget)
{
  BedShown *self = g_object_new (BED_TYPE_SHOWN, NULL);

  g_set_weak_pointer (&self->widget, widget);
  g_signal_connect_object (widget, "map", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
  return self;
}

void
bed_shown_set_subject (BedShown *self, gpointer subject)
{
  if (g_set_object (&self->subject, subject) && self->widget != NULL
      && gtk_widget_get_mapped (self->widget))
    tell (self);
}
