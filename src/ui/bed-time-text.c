/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-time-text.h"

#include <glib/gi18n.h>

static GDateTime *
local_time (gint64 at_us)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_local (at_us / G_USEC_PER_SEC);

  return seconds != NULL ? g_steal_pointer (&seconds) : g_date_time_new_from_unix_local (0);
}

/* Whole calendar days from b to a. */
static int
days_between (GDateTime *a, GDateTime *b)
{
  GDate day_a, day_b;

  g_date_clear (&day_a, 1);
  g_date_clear (&day_b, 1);
  g_date_set_dmy (&day_a, g_date_time_get_day_of_month (a), g_date_time_get_month (a), g_date_time_get_year (a));
  g_date_set_dmy (&day_b, g_date_time_get_day_of_month (b), g_date_time_get_month (b), g_date_time_get_year (b));
  return g_date_days_between (&day_b, &day_a);
}

char *
bed_time_text_clock (gint64 seconds)
{
  int s = MAX (seconds, 0) % 60, m = MAX (seconds, 0) / 60 % 60, h = MAX (seconds, 0) / 3600;

  return h > 0 ? g_strdup_printf ("%d:%02d:%02d", h, m, s) : g_strdup_printf ("%02d:%02d", m, s);
}

char *
bed_time_text_waiting (gint64 since_us, gint64 now_us)
{
  gint64 minutes = (now_us - since_us) / G_USEC_PER_SEC / 60;

  if (minutes < 1)
    return g_strdup (_("Just came"));
  if (minutes < 120)
    /* Translators: in the waiting room, abbreviated */
    return g_strdup_printf (ngettext ("Waiting %d min", "Waiting %d min", minutes), (int) minutes);
  return g_strdup_printf (ngettext ("Waiting %d hour", "Waiting %d hours", minutes / 60), (int) (minutes / 60));
}

char *
bed_time_text_saved (gint64 saved_us, gint64 now_us)
{
  gint64 seconds = (now_us - saved_us) / G_USEC_PER_SEC;

  if (seconds < 2)
    return g_strdup (_("Saved just now"));
  if (seconds < 60)
    return g_strdup_printf (ngettext ("Saved %d s ago", "Saved %d s ago", seconds), (int) seconds);
  if (seconds < 3600)
    return g_strdup_printf (ngettext ("Saved %d min ago", "Saved %d min ago", seconds / 60), (int) (seconds / 60));
  g_autofree char *when = bed_time_text_when_inside (saved_us, now_us);
  /* Translators: %s is a time such as 10:30 */
  return g_strdup_printf (_("Saved %s"), when);
}

char *
bed_time_text_length (gint64 seconds)
{
  int minutes = (int) ((MAX (seconds, 0) + 30) / 60), hours = minutes / 60;
  g_autofree char *h = NULL, *m = NULL;

  if (seconds < 60)
    return g_strdup (_("under a minute"));
  if (hours == 0)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", minutes), minutes);
  h = g_strdup_printf (ngettext ("%d hour", "%d hours", hours), hours);
  if (minutes % 60 == 0)
    return g_steal_pointer (&h);
  m = g_strdup_printf (ngettext ("%d minute", "%d minutes", minutes % 60), minutes % 60);
  return g_strdup_printf ("%s %s", h, m);
}

static char *
when_text (gint64 at_us, gint64 now_us, gboolean inside)
{
  g_autoptr (GDateTime) at = local_time (at_us);
  g_autoptr (GDateTime) now = local_time (now_us);
  int days = days_between (at, now);

  if (days == 0)
    return g_date_time_format (at, "%H:%M");
  if (days == 1)
    return g_date_time_format (at, inside ? C_ ("within a sentence", "tomorrow, %H:%M") : _("Tomorrow, %H:%M"));
  if (days == -1)
    return g_date_time_format (at, inside ? C_ ("within a sentence", "yesterday, %H:%M") : _("Yesterday, %H:%M"));
  if (g_date_time_get_year (at) == g_date_time_get_year (now))
    /* Translators: a day and time, strftime */
    return g_date_time_format (at, _("%-d %b, %H:%M"));
  /* Translators: a day with its year, and time, strftime */
  return g_date_time_format (at, _("%-d %b %Y, %H:%M"));
}

char *
bed_time_text_when (gint64 at_us, gint64 now_us)
{
  return when_text (at_us, now_us, FALSE);
}

char *
bed_time_text_when_inside (gint64 at_us, gint64 now_us)
{
  return when_text (at_us, now_us, TRUE);
}

char *
bed_time_text_date (gint64 at_us)
{
  g_autoptr (GDateTime) at = local_time (at_us);

  /* Translators: a day and time, strftime */
  return g_date_time_format (at, _("%-d %b, %H:%M"));
}

char *
bed_time_text_day (gint64 at_us, gint64 now_us)
{
  g_autoptr (GDateTime) at = local_time (at_us);
  g_autoptr (GDateTime) now = local_time (now_us);
  int days = days_between (at, now);

  if (days == 0)
    return g_strdup (_("Today"));
  if (days == -1)
    return g_strdup (_("Yesterday"));
  if (g_date_time_get_year (at) == g_date_time_get_year (now))
    /* Translators: a date of this year, strftime */
    return g_date_time_format (at, _("%A %-d %B"));
  /* Translators: a date with its year, strftime */
  return g_date_time_format (at, _("%-d %B %Y"));
}
