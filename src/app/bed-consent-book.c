/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-consent-book.h"

struct _BedConsentBook
{
  GObject parent_instance;
  BedSession *session;   /* owned */
  BedWindow *window;     /* owned */
  BedRecordStore *store; /* owned, nullable */
  BedConsentDesk *desk;  /* owned */
  BedCall *call;         /* owned, nullable */
  gboolean guest;
};

G_DEFINE_FINAL_TYPE (BedConsentBook, bed_consent_book, G_TYPE_OBJECT)

static gboolean
spool_event (BedConsentBook *self, gint64 encounter, const BedConsentEvent *event, GError **error)
{
  g_autoptr (GBytes) record = bed_consent_event_pack (event, encounter);

  return bed_vault_spool_append (bed_session_get_vault (self->session), record, error);
}

static void
ledger (const BedConsentEvent *event, gpointer data)
{
  BedConsentBook *self = data;
  g_autoptr (GError) error = NULL;
  gint64 encounter = self->call != NULL ? bed_call_get_encounter_id (self->call) : 0;
  gboolean kept = TRUE;

  if (self->guest || bed_session_get_state (self->session) == BED_SESSION_STATE_NO_PROFILE)
    return;
  if (self->store != NULL)
    kept = bed_record_store_add_consent_event (self->store, encounter, event, &error);
  if (self->store == NULL || !kept)
    {
      g_clear_error (&error);
      kept = spool_event (self, encounter, event, &error);
    }
  if (!kept)
    bed_window_warn_error (self->window, error);
}

BedConsentDesk *
bed_consent_book_get_desk (BedConsentBook *self)
{
  return self->desk;
}

void
bed_consent_book_set_store (BedConsentBook *self, BedRecordStore *store)
{
  g_set_object (&self->store, store);
}

void
bed_consent_book_set_call (BedConsentBook *self, BedCall *call, gboolean guest)
{
  g_set_object (&self->call, call);
  self->guest = call != NULL && guest;
}

static void
bed_consent_book_dispose (GObject *object)
{
  BedConsentBook *self = BED_CONSENT_BOOK (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->call);
  g_clear_object (&self->store);
  g_clear_object (&self->session);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_consent_book_parent_class)->dispose (object);
}

static void
bed_consent_book_class_init (BedConsentBookClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_consent_book_dispose;
}

static void
bed_consent_book_init (BedConsentBook *self)
{
}

BedConsentBook *
bed_consent_book_new (BedSession *session, BedClock *clock, BedWindow *window)
{
  BedConsentBook *self = g_object_new (BED_TYPE_CONSENT_BOOK, NULL);

  self->session = g_object_ref (session);
  self->window = g_object_ref (window);
  self->desk = bed_consent_desk_new (clock, ledger, self);
  return self;
}
