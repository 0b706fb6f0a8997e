/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit-memory.h"

#include <stdlib.h>
#include <string.h>

/* A chain of COUNT entries, and at every position every bit of every field changed, the entry taken
 * out, doubled, exchanged with its neighbour, another one put in, and the chain cut off. What stands
 * before a position is not touched, so each check goes on from the state of the walk there: it is a
 * plain value. Every so often the rest of the chain is made anew to fit, which only the head that is
 * kept elsewhere can tell. */
typedef struct
{
  Memory memory;
  BedAuditHead head;
  BedAuditWalk walk; /* over everything before the position */
  guint64 tried, missed;
} Soak;

static BedAuditEntry *
at (Soak *s, guint i)
{
  return &g_array_index (s->memory.entries, BedAuditEntry, i);
}

/* What a check of the whole chain says: these entries follow, then the rest of the chain. */
static gboolean
is_found (Soak *s, const BedAuditEntry *const *entries, guint n, guint rest)
{
  BedAuditWalk walk = s->walk;

  for (guint i = 0; i < n; i++)
    if (!bed_audit_walk_entry (&walk, entries[i]))
      return TRUE;
  for (guint i = rest; i < s->memory.entries->len; i++)
    if (!bed_audit_walk_entry (&walk, at (s, i)))
      return TRUE;
  return bed_audit_walk_end (&walk, NULL) != BED_AUDIT_INTACT;
}

static void
expect (Soak *s, guint position, const char *what, gboolean found)
{
  s->tried++;
  if (found)
    return;
  s->missed++;
  g_printerr ("%s at %u was not found\n", what, position + 1);
}

static void
change_bits (Soak *s, guint position, const char *what, gsize offset, gsize length)
{
  for (gsize bit = 0; bit < length * 8; bit++)
    {
      BedAuditEntry changed = *at (s, position);
      const BedAuditEntry *entries[] = { &changed };
      ((guint8 *) &changed)[offset + bit / 8] ^= (guint8) (1 << bit % 8);
      expect (s, position, what, is_found (s, entries, 1, position + 1));
    }
}

static void
change_text (Soak *s, guint position, const char *what, gsize offset)
{
  const char *kept = G_STRUCT_MEMBER (const char *, at (s, position), offset);
  gsize length = strlen (kept);

  for (gsize i = 0; i < length; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        char text[BED_AUDIT_ID_MAX + 2];
        BedAuditEntry changed = *at (s, position);
        const BedAuditEntry *entries[] = { &changed };
        memcpy (text, kept, length + 1);
        text[i] = (char) (text[i] ^ (1 << bit));
        G_STRUCT_MEMBER (const char *, &changed, offset) = text;
        expect (s, position, what, is_found (s, entries, 1, position + 1));
      }
}

static void
change_fields (Soak *s, guint i)
{
  change_bits (s, i, "sequence", G_STRUCT_OFFSET (BedAuditEntry, sequence), sizeof (guint64));
  change_bits (s, i, "time", G_STRUCT_OFFSET (BedAuditEntry, real_us), sizeof (gint64));
  change_bits (s, i, "event", G_STRUCT_OFFSET (BedAuditEntry, event), sizeof (BedAuditEvent));
  change_bits (s, i, "previous", G_STRUCT_OFFSET (BedAuditEntry, previous), BED_AUDIT_HASH_LENGTH);
  change_bits (s, i, "hash", G_STRUCT_OFFSET (BedAuditEntry, hash), BED_AUDIT_HASH_LENGTH);
  change_text (s, i, "actor", G_STRUCT_OFFSET (BedAuditEntry, actor));
  change_text (s, i, "subject", G_STRUCT_OFFSET (BedAuditEntry, subject));
}

/* One that fits in itself and follows from the one before. */
static BedAuditEntry
forge (const BedAuditEntry *like, const guint8 *previous)
{
  BedAuditEntry forged = *like;

  memcpy (forged.previous, previous, sizeof forged.previous);
  forged.subject = "forged";
  g_assert_true (bed_audit_entry_hash (&forged, forged.hash));
  return forged;
}

static void
change_order (Soak *s, guint i)
{
  BedAuditEntry forged = forge (at (s, i), s->walk.previous);
  const BedAuditEntry *one[] = { at (s, i), at (s, i) };
  const BedAuditEntry *put_in[] = { &forged, at (s, i) };

  expect (s, i, "deletion", is_found (s, NULL, 0, i + 1));
  expect (s, i, "doubling", is_found (s, one, 2, i + 1));
  expect (s, i, "insertion", is_found (s, put_in, 2, i + 1));
  expect (s, i, "replacement", is_found (s, put_in, 1, i + 1));
  expect (s, i, "truncation", is_found (s, NULL, 0, s->memory.entries->len));
  if (i + 1 < s->memory.entries->len)
    {
      const BedAuditEntry *swapped[] = { at (s, i + 1), at (s, i) };
      expect (s, i, "exchange", is_found (s, swapped, 2, i + 2));
    }
}

/* Everything after it made anew. */
static void
change_history (Soak *s, guint i)
{
  BedAuditWalk walk = s->walk;
  gboolean found = FALSE;

  for (guint j = i; j < s->memory.entries->len && !found; j++)
    {
      BedAuditEntry forged = forge (at (s, j), walk.previous);
      found = !bed_audit_walk_entry (&walk, &forged);
    }
  found = found || bed_audit_walk_end (&walk, NULL) != BED_AUDIT_INTACT;
  expect (s, i, "a new history", found && walk.verdict == BED_AUDIT_REPLACED);
}

static void
fill (Soak *s, guint count)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  g_autoptr (BedAuditLog) log = bed_audit_log_new (clock, &memory_sink, &s->memory);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *subject = g_strdup_printf ("note-%u", i % 7);
      g_assert_true (bed_audit_log_set_actor (log, i % 11 < 9 ? "dr-1" : "dr-2", NULL));
      bed_manual_clock_advance (BED_MANUAL_CLOCK (clock), 1);
      g_assert_true (bed_audit_log_append (
          log, i % 2 ? BED_AUDIT_NOTE_CHANGED : BED_AUDIT_NOTE_OPENED, subject, NULL));
    }
  g_assert_true (bed_audit_log_get_head (log, &s->head, NULL));
}

int
main (int argc, char **argv)
{
  guint count = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 10000;
  gint64 started = g_get_monotonic_time ();
  Soak s = { 0 };

  g_return_val_if_fail (count >= 1 && count <= 1000000, 2);
  memory_init (&s.memory);
  fill (&s, count);
  bed_audit_walk_init (&s.walk, &s.head);
  g_assert_false (is_found (&s, NULL, 0, 0));
  for (guint i = 0; i < count; i++)
    {
      change_fields (&s, i);
      change_order (&s, i);
      if (i % 100 == 0)
        change_history (&s, i);
      g_assert_true (bed_audit_walk_entry (&s.walk, at (&s, i)));
    }
  memory_clear (&s.memory);
  g_print ("%u positions, %" G_GUINT64_FORMAT " changes, %" G_GUINT64_FORMAT
           " not found, %.1f s\n", count, s.tried, s.missed,
           (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  return s.missed > 0;
}
