/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An appointment for a calendar (RFC 5545, with RFC 5546's methods and RFC 7986's CONFERENCE).
 * Nothing in it names the patient; times are UTC.
 */
typedef struct
{
  const char *room;    /* of the invitation: its hash is the stable UID, it is not in the file */
  gint64 starts_s;     /* seconds since 1970 UTC */
  gint64 ends_s;       /* after the start */
  guint sequence;      /* 0, and one more with each change that is handed out */
  gboolean cancelled;  /* METHOD:CANCEL and STATUS:CANCELLED */
  const char *summary; /* "Video consultation" */
  const char *clinic;  /* (nullable) */
  const char *link;    /* (nullable): only when the person chose so: its reader may join */
  guint alarm_minutes; /* before the start; 0: none */
} BedCalendarEvent;

/* now_us: real time, for DTSTAMP. Returns: (transfer full) (nullable): BED_EXPORT_ERROR_INVALID when
 * the times are none or a link is not https. Main thread. */
char *bed_calendar_new (const BedCalendarEvent *event, gint64 now_us, GError **error);

G_END_DECLS
