/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-emergency-desk.h"

#include "bed-emergency-dialog.h"
#include "bed-error-text.h"

struct _BedEmergencyDesk
{
  GObject parent_instance;
  BedClock *clock;       /* owned */
  BedWindow *window;     /* owned */
  BedRecordStore *store; /* owned while something is asked or told */
  BedEmergencyUse *use;  /* owned: the one that is told */
};

enum { DECLARED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedEmergencyDesk, bed_emergency_desk, G_TYPE_OBJECT)

static void
tell (BedEmergencyDesk *self, const GError *error)
{
  bed_window_warn_error (self->window, error);
}

static void
present (BedEmergencyDesk *self, BedEmergencyDialog *dialog, GCallback answered)
{
  g_signal_connect_object (dialog, "response", answered, self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Who uses it ----------------------------------------------------------------------------- */

static gboolean
lock (gpointer window)
{
  GtkApplication *application = gtk_window_get_application (window);

  if (application != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (application), "lock", NULL);
  return G_SOURCE_REMOVE;
}

static void ask (BedEmergencyDesk *self, BedRecordStore *store, const char *who, const char *why,
                 const char *problem);

static void
question_answered (BedEmergencyDialog *dialog, const char *response, BedEmergencyDesk *self)
{
  g_autoptr (BedRecordStore) store = g_steal_pointer (&self->store);
  g_autofree char *who = bed_emergency_dialog_dup_who (dialog);
  g_autofree char *why = bed_emergency_dialog_dup_why (dialog);
  g_autoptr (GError) error = NULL;

  if (store == NULL)
    return;
  if (!g_str_equal (response, "yes"))
    /* Not within the dialog's own answer: a lock takes the dialogs away. */
    g_idle_add_full (G_PRIORITY_DEFAULT, lock, g_object_ref (self->window), g_object_unref);
  else if (bed_emergency_access_declare (store, who, why, &error))
    g_signal_emit (self, signals[DECLARED], 0, store);
  else
    ask (self, store, who, why, bed_error_text (error));
}

static void
ask (BedEmergencyDesk *self, BedRecordStore *store, const char *who, const char *why,
     const char *problem)
{
  BedEmergencyDialog *dialog = bed_emergency_dialog_new_question (GTK_WINDOW (self->window));

  g_set_object (&self->store, store);
  bed_emergency_dialog_fill (dialog, who, why, problem);
  present (self, dialog, G_CALLBACK (question_answered));
}

void
bed_emergency_desk_ask (BedEmergencyDesk *self, BedRecordStore *store)
{
  ask (self, store, "", "", NULL);
}

/* --- Who is told ----------------------------------------------------------------------------- */

static void
use_answered (BedEmergencyDialog *dialog, const char *response, BedEmergencyDesk *self)
{
  g_autoptr (BedRecordStore) store = g_steal_pointer (&self->store);
  g_autoptr (BedEmergencyUse) use = g_steal_pointer (&self->use);
  g_autoptr (GError) error = NULL;

  if (store == NULL || !g_str_equal (response, "yes"))
    return;
  if (bed_emergency_access_confirm (store, use, &error))
    bed_emergency_desk_review (self, store);
  else
    tell (self, error);
}

void
bed_emergency_desk_review (BedEmergencyDesk *self, BedRecordStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) unseen = bed_emergency_access_list_unseen (store, &error);

  if (unseen == NULL)
    tell (self, error);
  if (unseen == NULL || g_list_model_get_n_items (unseen) == 0)
    return;
  g_set_object (&self->store, store);
  g_clear_object (&self->use);
  self->use = g_list_model_get_item (unseen, 0);
  present (self,
           bed_emergency_dialog_new_use (
               GTK_WINDOW (self->window), bed_emergency_use_get_opened_us (self->use),
               bed_emergency_use_get_who (self->use), bed_emergency_use_get_why (self->use),
               bed_clock_get_real_us (self->clock)),
           G_CALLBACK (use_answered));
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_emergency_desk_close (BedEmergencyDesk *self)
{
  g_clear_object (&self->store);
  g_clear_object (&self->use);
}

static void
bed_emergency_desk_dispose (GObject *object)
{
  BedEmergencyDesk *self = BED_EMERGENCY_DESK (object);

  bed_emergency_desk_close (self);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_emergency_desk_parent_class)->dispose (object);
}

static void
bed_emergency_desk_class_init (BedEmergencyDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_emergency_desk_dispose;
  signals[DECLARED] = g_signal_new ("declared", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, BED_TYPE_RECORD_STORE);
}

static void
bed_emergency_desk_init (BedEmergencyDesk *self)
{
}

BedEmergencyDesk *
bed_emergency_desk_new (BedClock *clock, BedWindow *window)
{
  BedEmergencyDesk *self = g_object_new (BED_TYPE_EMERGENCY_DESK, NULL);

  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  return self;
}
