/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit-memory.h"

#include <string.h>

#define N 200

typedef struct
{
  Memory memory;
  BedClock *clock;
  BedAuditLog *log;
  BedAuditHead head;
} Log;

static void
set_up (Log *l, gconstpointer data)
{
  memory_init (&l->memory);
  l->clock = bed_manual_clock_new (0, 1000);
  l->log = bed_audit_log_new (l->clock, &memory_sink, &l->memory);
  g_assert_true (bed_audit_log_set_actor (l->log, "dr-1", NULL));
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *subject = g_strdup_printf ("note-%u", i % 7);
      bed_manual_clock_advance (BED_MANUAL_CLOCK (l->clock), 1);
      g_assert_true (bed_audit_log_append (l->log, i % 2 ? BED_AUDIT_NOTE_CHANGED : BED_AUDIT_NOTE_OPENED, subject, NULL));
    }
  g_assert_true (bed_audit_log_get_head (l->log, &l->head, NULL));
}

static void
tear_down (Log *l, gconstpointer data)
{
  g_clear_object (&l->log);
  g_clear_object (&l->clock);
  memory_clear (&l->memory);
}

static BedAuditVerdict
verify (Log *l, const BedAuditHead *anchor, guint64 *position)
{
  BedAuditVerdict verdict;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_audit_log_verify (l->log, anchor, &verdict, position, &error));
  g_assert_no_error (error);
  return verdict;
}

static BedAuditEntry *
entry (Log *l, guint i)
{
  return &g_array_index (l->memory.entries, BedAuditEntry, i);
}

static void
test_intact (Log *l, gconstpointer data)
{
  guint64 position;

  g_assert_cmpuint (l->head.sequence, ==, N);
  g_assert_cmpint (verify (l, NULL, &position), ==, BED_AUDIT_INTACT);
  g_assert_cmpint (verify (l, &l->head, &position), ==, BED_AUDIT_INTACT);
  g_assert_true (bed_audit_log_append (l->log, BED_AUDIT_LOCKED, NULL, NULL));
  g_assert_cmpint (verify (l, &l->head, &position), ==, BED_AUDIT_INTACT);
}

/* Every bit of what an entry holds, at every position. */
static void
test_change (Log *l, gconstpointer data)
{
  guint64 position;

  for (guint i = 0; i < N; i++)
    {
      BedAuditEntry kept = *entry (l, i);

#define FOUND(statement, verdict)                                     \
  G_STMT_START                                                        \
  {                                                                   \
    statement;                                                        \
    g_assert_cmpint (verify (l, NULL, &position), ==, verdict);       \
    g_assert_cmpuint (position, ==, i + 1);                           \
    *entry (l, i) = kept;                                             \
  }                                                                   \
  G_STMT_END
      FOUND (entry (l, i)->event = BED_AUDIT_EXPORTED, BED_AUDIT_ALTERED);
      FOUND (entry (l, i)->actor = "dr-2", BED_AUDIT_ALTERED);
      FOUND (entry (l, i)->actor = "dr-1note", BED_AUDIT_ALTERED);
      FOUND (entry (l, i)->subject = "note-9", BED_AUDIT_ALTERED);
      FOUND (entry (l, i)->subject = "a name with spaces", BED_AUDIT_ALTERED);
      FOUND (entry (l, i)->sequence += N, BED_AUDIT_UNLINKED);
      for (guint bit = 0; bit < 64; bit++)
        FOUND (entry (l, i)->real_us ^= (gint64) (G_GUINT64_CONSTANT (1) << bit), BED_AUDIT_ALTERED);
      for (guint bit = 0; bit < 256; bit += 5)
        {
          FOUND (entry (l, i)->hash[bit / 8] ^= (guint8) (1 << bit % 8), BED_AUDIT_ALTERED);
          FOUND (entry (l, i)->previous[bit / 8] ^= (guint8) (1 << bit % 8), BED_AUDIT_UNLINKED);
        }
    }
}

static void
test_delete_and_reorder (Log *l, gconstpointer data)
{
  guint64 position;

  for (guint i = 0; i + 1 < N; i++)
    {
      BedAuditEntry kept = *entry (l, i);

      g_array_remove_index (l->memory.entries, i);
      g_assert_cmpint (verify (l, NULL, &position), ==, BED_AUDIT_UNLINKED);
      g_assert_cmpuint (position, ==, i + 1);
      g_array_insert_val (l->memory.entries, i + 1, kept); /* after its successor */
      g_assert_cmpint (verify (l, NULL, &position), ==, BED_AUDIT_UNLINKED);
      g_assert_cmpuint (position, ==, i + 1);
      g_array_remove_index (l->memory.entries, i + 1);
      g_array_insert_val (l->memory.entries, i, kept);
      g_array_insert_val (l->memory.entries, i, kept); /* twice */
      g_assert_cmpint (verify (l, NULL, &position), ==, BED_AUDIT_UNLINKED);
      g_array_remove_index (l->memory.entries, i);
    }
  g_assert_cmpint (verify (l, &l->head, &position), ==, BED_AUDIT_INTACT);
}

/* A shorter chain is whole in itself; the head kept elsewhere tells, as it does of a chain made anew. */
static void
test_truncate (Log *l, gconstpointer data)
{
  guint64 position;

  for (guint length = N - 1; length > 0; length--)
    {
      g_array_set_size (l->memory.entries, length);
      g_assert_cmpint (verify (l, NULL, &position), ==, BED_AUDIT_INTACT);
      g_assert_cmpint (verify (l, &l->head, &position), ==, BED_AUDIT_TRUNCATED);
      g_assert_cmpuint (position, ==, length + 1);
    }
  g_array_set_size (l->memory.entries, 0);
  for (guint i = 0; i < N; i++)
    g_assert_true (bed_audit_log_append (l->log, BED_AUDIT_UNLOCKED, NULL, NULL));
  g_assert_cmpint (verify (l, &l->head, &position), ==, BED_AUDIT_REPLACED);
  g_assert_cmpuint (position, ==, N);
}

static void
test_refusals (Log *l, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *long_id = g_strnfill (BED_AUDIT_ID_MAX + 1, 'x');

  g_assert_false (bed_audit_log_append (l->log, BED_AUDIT_SEARCHED, "Eva Abel", &error));
  g_assert_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_audit_log_append (l->log, BED_AUDIT_SEARCHED, long_id, &error));
  g_assert_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_audit_log_set_actor (l->log, "Dr. Who", &error));
  g_assert_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_INVALID);
  g_clear_error (&error);
  l->memory.broken = TRUE;
  g_assert_false (bed_audit_log_append (l->log, BED_AUDIT_SEARCHED, NULL, &error));
  g_assert_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_SINK);
}

static void
test_pack (void)
{
  g_autoptr (GBytes) record = bed_audit_event_pack (-5, BED_AUDIT_UNLOCK_FAILED, "dr-1");
  gsize length;
  const guint8 *data = g_bytes_get_data (record, &length);
  g_autofree char *subject = NULL;
  BedAuditEvent event;
  gint64 real_us;

  g_assert_true (bed_audit_event_unpack (record, &real_us, &event, &subject));
  g_assert_cmpint (real_us, ==, -5);
  g_assert_cmpint (event, ==, BED_AUDIT_UNLOCK_FAILED);
  g_assert_cmpstr (subject, ==, "dr-1");
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GBytes) part = g_bytes_new (data, cut);
      char *none = NULL;
      g_assert_false (bed_audit_event_unpack (part, &real_us, &event, &none));
      g_assert_null (none);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Log, NULL, set_up, function, tear_down)
  ADD ("/audit/intact", test_intact);
  ADD ("/audit/tamper/change", test_change);
  ADD ("/audit/tamper/delete-and-reorder", test_delete_and_reorder);
  ADD ("/audit/tamper/truncate", test_truncate);
  ADD ("/audit/refusals", test_refusals);
  g_test_add_func ("/audit/pack", test_pack);
  return g_test_run ();
}
