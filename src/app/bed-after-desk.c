/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-after-desk.h"

#include <glib/gi18n.h>

#include "bed-call-screen.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedAfterDesk
{
  GObject parent_instance;
  BedClock *clock;         /* owned */
  BedWindow *window;       /* owned */
  BedRecordsDesk *records; /* owned */
  BedRecordStore *store;   /* owned while open */
  BedCall *call;           /* owned: the last one */
  BedNote *note;           /* owned: of that call */
};

enum { AGAIN, DONE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedAfterDesk, bed_after_desk, G_TYPE_OBJECT)

static const char *
end_title (BedCallEnd end)
{
  switch (end)
    {
    case BED_CALL_END_THERE:
      return _("The patient hung up");
    case BED_CALL_END_LEFT:
      return _("The patient left");
    case BED_CALL_END_FAILED:
      return _("The connection was lost");
    case BED_CALL_END_FINGERPRINT:
    case BED_CALL_END_TAMPERED:
    case BED_CALL_END_REFUSED:
      return _("The call was ended for your safety");
    case BED_CALL_END_NONE:
    case BED_CALL_END_HERE:
    default:
      return _("The call is over");
    }
}

static const char *
end_text (BedCallEnd end)
{
  switch (end)
    {
    case BED_CALL_END_FAILED:
      return _("The link stays good: the patient can come back to the waiting room. Or call by "
               "telephone.");
    case BED_CALL_END_FINGERPRINT:
      return _(
          "Somebody may be in between. Nothing was sent to them. Call the patient by telephone.");
    case BED_CALL_END_TAMPERED:
      return _("A message was altered on its way. Call the patient by telephone.");
    case BED_CALL_END_REFUSED:
      return _("The other side asked for a connection that is not safe. It was refused. Call the "
               "patient by telephone.");
    default:
      return NULL;
    }
}

static char *
dup_privacy (BedAfterDesk *self)
{
  if (bed_call_get_connected_at (self->call) == 0)
    return g_strdup (_("Never connected, nothing was sent"));
  switch (bed_call_get_verification (self->call))
    {
    case BED_VERIFICATION_MATCHED:
      return g_strdup (_("Encrypted from person to person, words compared"));
    case BED_VERIFICATION_DIFFERED:
      return g_strdup (_("The words differed: somebody may have been in between"));
    case BED_VERIFICATION_NOT_CHECKED:
    default:
      return g_strdup (_("Encrypted from person to person, words not compared"));
    }
}

static BedEncounter *
dup_encounter (BedAfterDesk *self)
{
  gint64 id = self->call != NULL ? bed_call_get_encounter_id (self->call) : 0;

  return id != 0 && self->store != NULL ? bed_record_store_get_encounter (self->store, id, NULL)
                                        : NULL;
}

static void
show_facts (BedAfterDesk *self)
{
  g_autoptr (BedEncounter) encounter = dup_encounter (self);
  gint64 from = bed_call_get_connected_at (self->call), now = bed_clock_get_real_us (self->clock);
  gint64 to = encounter != NULL && bed_encounter_get_ended_us (encounter) > 0
                  ? bed_encounter_get_ended_us (encounter)
                  : now;
  g_autofree char *length = bed_time_text_length (from != 0 ? (to - from) / G_USEC_PER_SEC : 0);
  g_autofree char *privacy = dup_privacy (self);
  gboolean known = encounter != NULL && bed_encounter_get_patient_id (encounter) != 0;

  bed_after_page_set_facts (bed_window_get_after (self->window), length, privacy,
                            self->note == NULL               ? _("None")
                            : bed_note_is_empty (self->note) ? _("Empty so far")
                                                             : _("Draft, saved"),
                            known ? bed_encounter_get_patient_name (encounter) : "",
                            known && bed_record_store_is_signed (self->store, encounter));
}

void
bed_after_desk_begin (BedAfterDesk *self, BedCall *call)
{
  BedCallPanel *panel = bed_call_page_get_panel (bed_window_get_call (self->window));
  gint64 encounter = bed_call_get_encounter_id (call);

  g_set_object (&self->call, call);
  g_clear_object (&self->note);
  if (encounter != 0)
    self->note = bed_records_desk_open_note (self->records, encounter);
  if (self->note != NULL)
    bed_note_editor_set_note (bed_call_panel_get_editor (panel), self->note, self->clock);
}

static void
warn_unrecorded (BedAfterDesk *self)
{
  g_autofree char *when = NULL, *text = NULL;

  if (bed_call_get_record_error (self->call) == NULL)
    return;
  when = bed_call_screen_dup_when (self->call, self->clock);
  /* Translators: %s is a day and time such as 14 Mar, 10:30 */
  text = g_strdup_printf (_("Not all of the consultation of %s was recorded. Write down elsewhere "
                            "what the record lacks."),
                          when);
  bed_window_warn_as (self->window, BED_GRAVITY_GRAVE, text);
}

void
bed_after_desk_show (BedAfterDesk *self, BedCallEnd end)
{
  gboolean bad = end == BED_CALL_END_FINGERPRINT || end == BED_CALL_END_TAMPERED
                 || end == BED_CALL_END_REFUSED;

  if (self->call == NULL || self->store == NULL)
    return;
  bed_after_page_set_words (bed_window_get_after (self->window), end_title (end), end_text (end),
                            bad);
  if (bad && bed_window_get_locked (self->window)) /* the page goes with the lock */
    bed_window_warn_as (self->window, BED_GRAVITY_GRAVE, end_text (end));
  show_facts (self);
  bed_window_show_page (self->window, BED_PAGE_AFTER);
  bed_ui_announce (GTK_WIDGET (bed_window_get_after (self->window)), end_title (end));
  warn_unrecorded (self);
}

static void
write_note (BedAfterDesk *self)
{
  if (self->note != NULL)
    bed_records_desk_show_note (self->records, self->note);
}

static void
again (BedAfterDesk *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static void
done (BedAfterDesk *self)
{
  g_signal_emit (self, signals[DONE], 0);
}

static void
assign (BedAfterDesk *self)
{
  g_autoptr (BedEncounter) encounter = dup_encounter (self);

  if (encounter != NULL)
    bed_records_desk_assign (self->records, encounter);
}

static void
assigned (BedAfterDesk *self)
{
  if (self->call != NULL)
    show_facts (self);
}

void
bed_after_desk_set_store (BedAfterDesk *self, BedRecordStore *store)
{
  if (store == NULL)
    {
      g_clear_object (&self->call);
      g_clear_object (&self->note);
    }
  g_set_object (&self->store, store);
}

static void
bed_after_desk_dispose (GObject *object)
{
  BedAfterDesk *self = BED_AFTER_DESK (object);

  g_clear_object (&self->call);
  g_clear_object (&self->note);
  g_clear_object (&self->store);
  g_clear_object (&self->records);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_after_desk_parent_class)->dispose (object);
}

static void
bed_after_desk_class_init (BedAfterDeskClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_after_desk_dispose;
  signals[AGAIN]
      = g_signal_new ("again", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DONE]
      = g_signal_new ("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_after_desk_init (BedAfterDesk *self)
{
}

static void
listen (BedAfterDesk *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

BedAfterDesk *
bed_after_desk_new (BedClock *clock, BedWindow *window, BedRecordsDesk *records)
{
  BedAfterDesk *self = g_object_new (BED_TYPE_AFTER_DESK, NULL);
  BedAfterPage *page = bed_window_get_after (window);

  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->records = g_object_ref (records);
  listen (self, page, "write", G_CALLBACK (write_note));
  listen (self, page, "again", G_CALLBACK (again));
  listen (self, page, "done", G_CALLBACK (done));
  listen (self, page, "assign", G_CALLBACK (assign));
  listen (self, records, "assigned", G_CALLBACK (assigned));
  return self;
}
