/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-calendar.h"
#include "bed-export-file.h"

#include <libical/ical.h>
#include <string.h>

static const BedCalendarEvent appointment = {
  .room = "AAECAwQFBgcICQoLDA0ODw",
  .starts_s = 1795167000,
  .ends_s = 1795168200,
  .summary = "Video consultation; bring, please",
  .clinic = "Praxis \"Am Müggelsee\", Ärztinnen\r\nATTENDEE:mailto:x@example.org und noch ein sehr langer Name",
};

/* RFC 5545 section 3.1: CRLF, at most 75 octets a line, folded between characters. */
static void
assert_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  g_assert_true (g_str_has_suffix (text, "END:VCALENDAR\r\n"));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 75);
      g_assert_null (strpbrk (lines[i], "\r\n"));
      g_assert_true (g_utf8_validate (lines[i], -1, NULL));
    }
}

static void
test_calendar (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = bed_calendar_new (&appointment, G_GINT64_CONSTANT (1795000000000000), &error);
  g_autofree char *again = bed_calendar_new (&appointment, G_GINT64_CONSTANT (1795000000000000), &error);
  icalcomponent *calendar = icalparser_parse_string (text);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, again);
  assert_lines (text);
  g_assert_cmpint (icalcomponent_count_errors (calendar), ==, 0);
  g_assert_cmpint (icalcomponent_get_method (calendar), ==, ICAL_METHOD_PUBLISH);
  g_assert_cmpstr (icalcomponent_get_summary (event), ==, appointment.summary);
  g_assert_cmpint (icalcomponent_get_sequence (event), ==, 0);
  g_assert_cmpint (icalcomponent_get_status (event), ==, ICAL_STATUS_CONFIRMED);
  g_assert_true (icaltime_is_utc (icalcomponent_get_dtstart (event)));
  g_assert_cmpint (icaltime_as_timet (icalcomponent_get_dtstart (event)), ==, appointment.starts_s);
  g_assert_cmpint (icaltime_as_timet (icalcomponent_get_dtend (event)), ==, appointment.ends_s);
  g_assert_true (g_uuid_string_is_valid (icalcomponent_get_uid (event)));
  g_assert_null (icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY));
  g_assert_null (strstr (text, appointment.room));
  g_assert_null (strstr (text, "CONFERENCE"));
  g_assert_nonnull (strstr (text, "CLASS:CONFIDENTIAL"));
  icalcomponent_free (calendar);
}

static void
test_calendar_changes (void)
{
  BedCalendarEvent event = appointment;
  g_autofree char *first = bed_calendar_new (&event, 1, NULL);
  g_autofree char *moved = NULL, *cancelled = NULL, *linked = NULL;
  g_auto (GStrv) parts = g_strsplit (first, "UID:", 2);
  g_autofree char *uid = g_strdup_printf ("UID:%.36s\r\n", parts[1]);

  event.sequence = 1;
  event.starts_s += 3600;
  event.ends_s += 3600;
  moved = bed_calendar_new (&event, 2, NULL);
  event.link = "https://clinic.example/j/room#secret";
  event.alarm_minutes = 10;
  linked = bed_calendar_new (&event, 2, NULL);
  event.sequence = 2;
  event.cancelled = TRUE;
  cancelled = bed_calendar_new (&event, 3, NULL);
  g_assert_true (strstr (moved, uid) && strstr (moved, "SEQUENCE:1\r\n"));
  g_assert_true (strstr (linked, "secret") && strstr (linked, "CONFERENCE;") && strstr (linked, "TRIGGER:-PT10M\r\n"));
  assert_lines (linked);
  g_assert_true (strstr (cancelled, uid) && strstr (cancelled, "METHOD:CANCEL\r\n"));
  g_assert_true (strstr (cancelled, "STATUS:CANCELLED\r\n") && strstr (cancelled, "SEQUENCE:2\r\n"));
  g_assert_null (strstr (cancelled, "secret"));
}

static void
test_calendar_invalid (void)
{
  BedCalendarEvent events[6];

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    events[i] = appointment;
  events[0].ends_s = events[0].starts_s;
  events[1].starts_s = 0;
  events[2].ends_s = G_MAXINT64;
  events[3].link = "http://clinic.example/";
  events[4].link = "https://clinic.example/\r\nATTENDEE:x";
  events[5].starts_s = G_MININT64;
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bed_calendar_new (&events[i], 1, &error));
      g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/records/calendar/event", test_calendar);
  g_test_add_func ("/records/calendar/changes", test_calendar_changes);
  g_test_add_func ("/records/calendar/invalid", test_calendar_invalid);
  return g_test_run ();
}
