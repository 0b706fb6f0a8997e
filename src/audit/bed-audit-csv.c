/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-export-private.h"
#include "bed-audit-private.h"

#include <string.h>

/* No field holds a comma, a quote or the end of a line, so none is quoted. The exact time stands
 * beside the one for people: it is what the hash covers. */
#define HEADER "sequence,time,time_us,event,event_number,actor,subject,previous,hash"
#define LINE_END "\r\n"
#define COLUMNS 9
#define LONGEST_LINE 512

static void
append_hex (GString *out, const guint8 hash[BED_AUDIT_HASH_LENGTH])
{
  for (guint i = 0; i < BED_AUDIT_HASH_LENGTH; i++)
    g_string_append_printf (out, "%02x", hash[i]);
}

static void
csv_begin (GString *out, const BedAuditWriting *writing)
{
  g_string_append (out, HEADER LINE_END);
}

static void
csv_entry (GString *out, const BedAuditWriting *writing, const BedAuditEntry *entry, gboolean first)
{
  g_autofree char *time = bed_audit_format_time (entry->real_us);
  const char *name = bed_audit_event_get_name (entry->event);

  g_string_append_printf (out, "%" G_GUINT64_FORMAT ",%s,%" G_GINT64_FORMAT ",%s,%u,%s,%s,",
                          entry->sequence, time, entry->real_us, name != NULL ? name : "unknown",
                          (guint) entry->event, entry->actor, entry->subject);
  append_hex (out, entry->previous);
  g_string_append_c (out, ',');
  append_hex (out, entry->hash);
  g_string_append (out, LINE_END);
}

static void
csv_end (GString *out)
{
}

const BedAuditWriter bed_audit_csv_writer = { csv_begin, csv_entry, csv_end };

/* --- Reading one ------------------------------------------------------------------------------ */

static gboolean
fail_format (GError **error)
{
  g_set_error_literal (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_FORMAT,
                       "This is no exported trail");
  return FALSE;
}

static gboolean
parse_hash (const char *text, guint8 hash[BED_AUDIT_HASH_LENGTH])
{
  if (strlen (text) != 2 * BED_AUDIT_HASH_LENGTH)
    return FALSE;
  for (guint i = 0; i < BED_AUDIT_HASH_LENGTH; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);
      if (high < 0 || low < 0)
        return FALSE;
      hash[i] = (guint8) (high << 4 | low);
    }
  return TRUE;
}

/* What people read must be what the hash covers. */
static gboolean
words_fit (const BedAuditEntry *entry, char *const *columns)
{
  g_autofree char *time = bed_audit_format_time (entry->real_us);
  const char *name = bed_audit_event_get_name (entry->event);

  return strcmp (columns[1], time) == 0
         && strcmp (columns[3], name != NULL ? name : "unknown") == 0;
}

/* words: (out): whether the columns for people agree with the rest. */
static gboolean
parse_line (char *const *columns, BedAuditEntry *entry, gboolean *words)
{
  guint64 event;

  if (g_strv_length ((GStrv) columns) != COLUMNS
      || !g_ascii_string_to_unsigned (columns[0], 10, 0, G_MAXUINT64, &entry->sequence, NULL)
      || !g_ascii_string_to_signed (columns[2], 10, G_MININT64, G_MAXINT64, &entry->real_us, NULL)
      || !g_ascii_string_to_unsigned (columns[4], 10, 0, G_MAXINT32, &event, NULL)
      || !parse_hash (columns[7], entry->previous) || !parse_hash (columns[8], entry->hash))
    return FALSE;
  entry->event = (BedAuditEvent) event;
  entry->actor = columns[5];
  entry->subject = columns[6];
  *words = words_fit (entry, columns);
  return TRUE;
}

static gboolean
take_line (const char *line, gsize length, BedAuditWalk *walk, BedAuditHead *head, GError **error)
{
  g_autofree char *text = g_strndup (line, length);
  g_auto (GStrv) columns = g_strsplit (text, ",", COLUMNS + 1);
  BedAuditEntry entry;
  gboolean words;

  if (strlen (text) != length || !parse_line (columns, &entry, &words))
    return fail_format (error);
  if (!words)
    entry.hash[0] ^= 1; /* no hash fits what it says */
  if (bed_audit_walk_entry (walk, &entry) && head != NULL)
    {
      head->sequence = entry.sequence;
      memcpy (head->hash, entry.hash, sizeof head->hash);
    }
  return TRUE;
}

gboolean
bed_audit_csv_verify (const char *text,
                      gsize length,
                      const BedAuditHead *anchor,
                      BedAuditVerdict *verdict,
                      guint64 *position,
                      BedAuditHead *head,
                      GError **error)
{
  const char *end = text + length;
  const gsize header = strlen (HEADER LINE_END);
  BedAuditWalk walk;

  if (head != NULL)
    memset (head, 0, sizeof *head);
  if (length < header || memcmp (text, HEADER LINE_END, header) != 0)
    return fail_format (error);
  bed_audit_walk_init (&walk, anchor);
  for (text += header; text < end;)
    {
      const char *stop = memchr (text, '\r', MIN ((gsize) (end - text), LONGEST_LINE));

      if (stop == NULL || end - stop < 2 || stop[1] != '\n')
        return fail_format (error);
      if (!take_line (text, (gsize) (stop - text), &walk, head, error))
        return FALSE;
      text = stop + 2;
    }
  *verdict = bed_audit_walk_end (&walk, position);
  return TRUE;
}
