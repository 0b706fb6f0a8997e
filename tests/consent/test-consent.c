/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-consent.h"
#include "bed-consented.h"
#include "bed-patient-consent.h"

#include <string.h>

typedef struct
{
  BedClock *clock;
  BedConsentDesk *desk;
  GString *ledger;
  guint withdrawn;
} Desk;

static void
write_down (const BedConsentEvent *event, gpointer user_data)
{
  Desk *d = user_data;

  g_string_append_printf (d->ledger, "%c%d%d@%" G_GINT64_FORMAT "/%s ", event->granted ? '+' : '-', event->device,
                          event->scope, event->real_us, event->text_version);
}

static void
count_withdrawn (BedConsentGrant *grant, Desk *d)
{
  g_assert_false (bed_consent_grant_is_valid (grant));
  bed_consent_grant_withdraw (grant); /* again, from inside: nothing */
  d->withdrawn++;
}

static void
set_up (Desk *d, gconstpointer data)
{
  d->clock = bed_manual_clock_new (0, 1000);
  d->ledger = g_string_new (NULL);
  d->desk = bed_consent_desk_new (d->clock, write_down, d);
}

static void
tear_down (Desk *d, gconstpointer data)
{
  g_clear_object (&d->desk);
  g_clear_object (&d->clock);
  g_string_free (d->ledger, TRUE);
}

static void
test_life (Desk *d, gconstpointer data)
{
  g_autoptr (BedConsentGrant) grant
      = bed_consent_desk_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (BedConsentGrant) same
      = bed_consent_desk_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");

  g_signal_connect (grant, "withdrawn", G_CALLBACK (count_withdrawn), d);
  g_assert_true (grant == same);
  g_assert_cmpint (bed_consent_grant_get_device (grant), ==, BED_DEVICE_CAMERA);
  g_assert_cmpint (bed_consent_grant_get_scope (grant), ==, BED_CONSENT_SCOPE_CALL);
  g_assert_null (bed_consent_desk_get_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_PREVIEW));
  bed_manual_clock_advance (BED_MANUAL_CLOCK (d->clock), 5);
  bed_consent_grant_withdraw (grant);
  bed_consent_grant_withdraw (grant);
  g_assert_cmpuint (d->withdrawn, ==, 1);
  g_assert_cmpstr (d->ledger->str, ==, "+01@1000/device-1 -01@1005/device-1 ");
}

static void
test_last_reference (Desk *d, gconstpointer data)
{
  BedConsentGrant *grant = bed_consent_desk_grant (d->desk, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_PREVIEW, "v");

  g_object_unref (grant);
  g_assert_null (bed_consent_desk_get_grant (d->desk, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_PREVIEW));
  g_assert_cmpstr (d->ledger->str, ==, "+10@1000/v -10@1000/v ");
}

static void
test_other_words (Desk *d, gconstpointer data)
{
  g_autoptr (BedConsentGrant) old = bed_consent_desk_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "1");
  g_autoptr (BedConsentGrant) new = bed_consent_desk_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "2");

  g_assert_false (bed_consent_grant_is_valid (old));
  g_assert_true (bed_consent_grant_is_valid (new));
  g_assert_cmpstr (d->ledger->str, ==, "+01@1000/1 -01@1000/1 +01@1000/2 ");
}

static void
test_desk_goes (Desk *d, gconstpointer data)
{
  g_autoptr (BedConsentGrant) grant = bed_consent_desk_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "1");

  g_signal_connect (grant, "withdrawn", G_CALLBACK (count_withdrawn), d);
  g_clear_object (&d->desk);
  g_assert_false (bed_consent_grant_is_valid (grant));
  g_assert_cmpuint (d->withdrawn, ==, 1);
  g_assert_cmpstr (d->ledger->str, ==, "+01@1000/1 -01@1000/1 ");
}

/* --- The model: every sequence of acts ---------------------------------------------------------- */

/* Acts 0-3 grant, 4-7 withdraw the (device, scope) of the number's lower bits, 8 withdraws all. */
#define ACTS 9
#define DEPTH 6

static void
act_on (BedConsentDesk *desk, BedConsentGrant **held, guint act)
{
  guint pair = act & 3;

  if (act < 4)
    {
      BedConsentGrant *grant = bed_consent_desk_grant (desk, pair >> 1, pair & 1, "1");
      g_assert_true (held[pair] == NULL || !bed_consent_grant_is_valid (held[pair]) || held[pair] == grant);
      g_clear_object (&held[pair]);
      held[pair] = grant;
    }
  else if (act < 8 && held[pair] != NULL)
    bed_consent_grant_withdraw (held[pair]);
  else if (act == 8)
    bed_consent_desk_withdraw_all (desk);
}

/* Returns: the ledger entries that the act must write. */
static guint
act_on_model (gboolean model[4], guint act)
{
  guint pair = act & 3;
  guint written = 0;

  if (act < 8)
    {
      written = model[pair] != (act < 4);
      model[pair] = act < 4;
      return written;
    }
  for (guint i = 0; i < 4; i++)
    {
      written += model[i];
      model[i] = FALSE;
    }
  return written;
}

typedef struct
{
  gint64 granted[2][2];
  guint entries;
} Book;

static void
keep_book (const BedConsentEvent *event, gpointer user_data)
{
  Book *book = user_data;

  book->granted[event->device][event->scope] += event->granted ? 1 : -1;
  g_assert_cmpint (book->granted[event->device][event->scope], >=, 0);
  g_assert_cmpint (book->granted[event->device][event->scope], <=, 1);
  book->entries++;
}

static void
run_sequence (BedClock *clock, guint sequence)
{
  Book book = { 0 };
  BedConsentDesk *desk = bed_consent_desk_new (clock, keep_book, &book);
  BedConsentGrant *held[4] = { NULL };
  gboolean model[4] = { FALSE };
  guint entries = 0;

  for (guint step = 0; step < DEPTH; step++, sequence /= ACTS)
    {
      act_on (desk, held, sequence % ACTS);
      entries += act_on_model (model, sequence % ACTS);
      for (guint i = 0; i < 4; i++)
        {
          g_assert_cmpint (held[i] != NULL && bed_consent_grant_is_valid (held[i]), ==, model[i]);
          g_assert_cmpint (bed_consent_desk_get_grant (desk, i >> 1, i & 1) != NULL, ==, model[i]);
          g_assert_cmpint (book.granted[i >> 1][i & 1], ==, model[i]);
        }
      g_assert_cmpuint (book.entries, ==, entries);
    }
  for (guint i = 0; i < 4; i++)
    g_clear_object (&held[i]);
  g_assert_cmpuint (book.entries % 2, ==, 0);
  g_object_unref (desk);
}

static void
test_model (void)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, 1);
  guint sequences = 1;

  for (guint i = 0; i < DEPTH; i++)
    sequences *= ACTS;
  for (guint sequence = 0; sequence < sequences; sequence++)
    run_sequence (clock, sequence);
}

static void
test_patient_consent (void)
{
  guint8 hash[32] = { 1, 2, 3 };
  g_autofree char *long_version = g_strnfill (65, 'v');
  g_autoptr (BedPatientConsent) consent = bed_patient_consent_new ("v1", hash, 32, "de-CH", 5, TRUE, FALSE);
  g_autoptr (BedPatientConsent) copy = bed_patient_consent_copy (consent);

  g_assert_true (bed_patient_consent_equal (consent, copy));
  g_assert_cmpmem (bed_patient_consent_get_text_hash (copy), 32, hash, 32);
  g_assert_true (bed_patient_consent_get_camera (copy));
  g_assert_false (bed_patient_consent_get_microphone (copy));
  g_assert_null (bed_patient_consent_new ("", hash, 32, "de", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new (NULL, hash, 32, "de", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new (long_version, hash, 32, "de", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new ("\xff", hash, 32, "de", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new ("v", hash, 31, "de", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new ("v", NULL, 32, "de", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new ("v", hash, 32, "d<e", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new ("v", hash, 32, "", 5, TRUE, TRUE));
  g_assert_null (bed_patient_consent_new ("v", hash, 32, "de", 0, TRUE, TRUE));
}

/* A device that was opened with a grant. */
#define TYPE_DEVICE (device_get_type ())
G_DECLARE_FINAL_TYPE (Device, device, TEST, DEVICE, GObject)
struct _Device
{
  GObject parent;
  BedConsentGrant *grant;
};

static BedConsentGrant *
device_get_grant (BedConsented *consented)
{
  return TEST_DEVICE (consented)->grant;
}

static void
device_consented_init (BedConsentedInterface *iface)
{
  iface->get_grant = device_get_grant;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Device, device, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CONSENTED, device_consented_init))

static void
device_finalize (GObject *object)
{
  g_clear_object (&TEST_DEVICE (object)->grant);
  G_OBJECT_CLASS (device_parent_class)->finalize (object);
}

static void
device_class_init (DeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = device_finalize;
}

static void
device_init (Device *self)
{
}

static void
test_may_be_sent (Desk *d, gconstpointer data)
{
  g_autoptr (Device) camera = g_object_new (TYPE_DEVICE, NULL);
  g_autoptr (GObject) file = g_object_new (G_TYPE_OBJECT, NULL);

  g_assert_true (bed_consented_may_be_sent (NULL, BED_DEVICE_CAMERA));
  g_assert_true (bed_consented_may_be_sent (file, BED_DEVICE_CAMERA));
  g_assert_false (bed_consented_may_be_sent (camera, BED_DEVICE_CAMERA)); /* no grant */
  camera->grant = bed_consent_desk_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_PREVIEW, "device-1");
  g_assert_false (bed_consented_may_be_sent (camera, BED_DEVICE_CAMERA));
  g_clear_object (&camera->grant);
  camera->grant = bed_consent_desk_grant (d->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_assert_true (bed_consented_may_be_sent (camera, BED_DEVICE_CAMERA));
  g_assert_false (bed_consented_may_be_sent (camera, BED_DEVICE_MICROPHONE));
  bed_consent_grant_withdraw (camera->grant);
  g_assert_false (bed_consented_may_be_sent (camera, BED_DEVICE_CAMERA));
}

static void
test_pack (Desk *d, gconstpointer data)
{
  const BedConsentEvent event = { 1234567, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, TRUE, "device-1" };
  g_autoptr (GBytes) record = bed_consent_event_pack (&event, 42);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (record, &size);
  g_autofree char *version = NULL;
  BedConsentEvent read;
  gint64 encounter;

  g_assert_true (bed_consent_event_unpack (record, &read, &encounter, &version));
  g_assert_cmpint (read.real_us, ==, event.real_us);
  g_assert_cmpint (encounter, ==, 42);
  g_assert_true (read.device == event.device && read.scope == event.scope && read.granted);
  g_assert_cmpstr (read.text_version, ==, "device-1");
  for (gsize length = 0; length < size; length++)
    {
      g_autoptr (GBytes) cut = g_bytes_new (bytes, length);
      g_autofree char *none = NULL;

      g_assert_false (bed_consent_event_unpack (cut, &read, &encounter, &none));
    }
  for (gsize at = 0; at < size; at++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) altered = NULL;
      g_autofree char *none = NULL;

      copy[at] = 0xFF;
      altered = g_bytes_new (copy, size);
      if (at < 2 || at >= 18)
        g_assert_false (bed_consent_event_unpack (altered, &read, &encounter, &none));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Desk, NULL, set_up, function, tear_down)
  ADD ("/consent/desk/life", test_life);
  ADD ("/consent/desk/last-reference", test_last_reference);
  ADD ("/consent/desk/other-words", test_other_words);
  ADD ("/consent/desk/goes-first", test_desk_goes);
  ADD ("/consent/consented/may-be-sent", test_may_be_sent);
  ADD ("/consent/event/pack", test_pack);
  g_test_add_func ("/consent/desk/every-sequence", test_model);
  g_test_add_func ("/consent/patient", test_patient_consent);
  return g_test_run ();
}
