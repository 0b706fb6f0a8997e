/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-calendar.h"

#include "bed-export-file.h"
#include "bed-handover.h"

#include <libical/ical.h>
#include <string.h>

/* The longest that is an appointment and no mistake. */
#define LENGTH_MAX_S (24 * 60 * 60)
/* 9999-12-31: an iCalendar year has four digits. */
#define TIME_MAX_S G_GINT64_CONSTANT (253402214400)

/* One line without control characters: whatever else a value may hold is the library's to escape.
 * A parameter cannot hold a quotation mark (RFC 5545 section 3.1). */
static char *
one_line (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (out, g_unichar_iscntrl (c) ? ' ' : c == '"' ? '\'' : c);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static icaltimetype
utc (gint64 seconds)
{
  return icaltime_from_timet_with_zone ((time_t) seconds, 0, icaltimezone_get_utc_timezone ());
}

static void
add_organizer (icalcomponent *component, const char *clinic)
{
  g_autofree char *name = one_line (clinic != NULL ? clinic : "");
  /* The address that calendars read as "none": an answer by mail would reach nobody. */
  icalproperty *organizer = icalproperty_new_organizer ("invalid:nomail");

  if (name[0] != '\0')
    icalproperty_add_parameter (organizer, icalparameter_new_cn (name));
  icalcomponent_add_property (component, organizer);
}

static void
add_conference (icalcomponent *component, const char *link)
{
  icalproperty *conference = icalproperty_new_conference (link);
  icalparameter *feature = icalparameter_new_from_string ("FEATURE=VIDEO");
  icalparameter *value = icalparameter_new_value (ICAL_VALUE_URI);

  icalproperty_add_parameter (conference, value);
  if (feature != NULL)
    icalproperty_add_parameter (conference, feature);
  icalcomponent_add_property (component, conference);
  icalcomponent_add_property (component, icalproperty_new_url (link));
}

static void
add_alarm (icalcomponent *component, guint minutes, const char *summary)
{
  icalcomponent *alarm = icalcomponent_new_valarm ();
  struct icaltriggertype trigger = { .duration = icaldurationtype_from_int (-60 * (int) minutes) };

  icalcomponent_add_property (alarm, icalproperty_new_action (ICAL_ACTION_DISPLAY));
  icalcomponent_add_property (alarm, icalproperty_new_trigger (trigger));
  icalcomponent_add_property (alarm, icalproperty_new_description (summary));
  icalcomponent_add_component (component, alarm);
}

static icalcomponent *
make_event (const BedCalendarEvent *event, gint64 now_us)
{
  icalcomponent *component = icalcomponent_new_vevent ();
  g_autofree char *uid = bed_handover_derive_uuid ("calendar", event->room);
  g_autofree char *summary = one_line (event->summary);

  icalcomponent_add_property (component, icalproperty_new_uid (uid));
  icalcomponent_add_property (component, icalproperty_new_dtstamp (utc (now_us / G_USEC_PER_SEC)));
  icalcomponent_add_property (component, icalproperty_new_dtstart (utc (event->starts_s)));
  icalcomponent_add_property (component, icalproperty_new_dtend (utc (event->ends_s)));
  icalcomponent_add_property (component, icalproperty_new_sequence ((int) event->sequence));
  icalcomponent_add_property (
      component, icalproperty_new_status (event->cancelled ? ICAL_STATUS_CANCELLED
                                                           : ICAL_STATUS_CONFIRMED));
  icalcomponent_add_property (component, icalproperty_new_summary (summary));
  icalcomponent_add_property (component, icalproperty_new_class (ICAL_CLASS_CONFIDENTIAL));
  add_organizer (component, event->clinic);
  if (event->link != NULL && !event->cancelled)
    add_conference (component, event->link);
  if (event->alarm_minutes > 0 && !event->cancelled)
    add_alarm (component, event->alarm_minutes, summary);
  return component;
}

/* What goes into a URI as it is must be one. */
static gboolean
link_is_plain (const char *link)
{
  if (!g_str_has_prefix (link, "https://"))
    return FALSE;
  for (const char *at = link; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at) || strchr ("\"<>\\^`{|}", *at) != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
event_is_valid (const BedCalendarEvent *event)
{
  return event->starts_s > 0 && event->ends_s > event->starts_s && event->ends_s < TIME_MAX_S
         && event->ends_s - event->starts_s <= LENGTH_MAX_S && event->sequence <= G_MAXINT
         && event->alarm_minutes <= 7 * 24 * 60
         && (event->link == NULL || link_is_plain (event->link));
}

char *
bed_calendar_new (const BedCalendarEvent *event, gint64 now_us, GError **error)
{
  icalcomponent *calendar;
  char *text;
  char *copy;

  if (!event_is_valid (event))
    {
      g_set_error_literal (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_INVALID, "No appointment");
      return NULL;
    }
  calendar = icalcomponent_new_vcalendar ();
  icalcomponent_add_property (calendar, icalproperty_new_version ("2.0"));
  icalcomponent_add_property (calendar, icalproperty_new_prodid ("-//Bedside//Bedside//EN"));
  icalcomponent_add_property (
      calendar,
      icalproperty_new_method (event->cancelled ? ICAL_METHOD_CANCEL : ICAL_METHOD_PUBLISH));
  icalcomponent_add_component (calendar, make_event (event, now_us));
  text = icalcomponent_as_ical_string_r (calendar);
  copy = g_strdup (text);
  icalmemory_free_buffer (text);
  icalcomponent_free (calendar);
  return copy;
}
