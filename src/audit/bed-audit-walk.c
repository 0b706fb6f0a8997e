/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-private.h"

#include <sodium.h>
#include <string.h>

#define CANONICAL_MAX (BED_AUDIT_HASH_LENGTH + 8 + 8 + 4 + 2 * (2 + BED_AUDIT_ID_MAX))

void
bed_audit_write_id (BedByteWriter *writer, const char *id)
{
  bed_byte_writer_u16 (writer, (guint16) strlen (id));
  bed_byte_writer_bytes (writer, id, strlen (id));
}

static gboolean
holds_id (const char *text)
{
  return text != NULL && bed_audit_is_id (text, strlen (text));
}

/* SHA-256 over the previous hash and every field, each of known length. */
gboolean
bed_audit_entry_hash (const BedAuditEntry *entry, guint8 hash[BED_AUDIT_HASH_LENGTH])
{
  guint8 bytes[CANONICAL_MAX];
  BedByteWriter writer;

  if (!holds_id (entry->actor) || !holds_id (entry->subject))
    return FALSE;
  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_byte_writer_bytes (&writer, entry->previous, BED_AUDIT_HASH_LENGTH);
  bed_byte_writer_u64 (&writer, entry->sequence);
  bed_byte_writer_u64 (&writer, (guint64) entry->real_us);
  bed_byte_writer_u32 (&writer, (guint32) entry->event);
  bed_audit_write_id (&writer, entry->actor);
  bed_audit_write_id (&writer, entry->subject);
  crypto_hash_sha256 (hash, bytes, bed_byte_writer_get_length (&writer));
  return TRUE;
}

void
bed_audit_walk_init (BedAuditWalk *self, const BedAuditHead *anchor)
{
  memset (self, 0, sizeof *self);
  self->anchor = anchor;
  self->expected = 1;
  self->verdict = BED_AUDIT_INTACT;
}

static gboolean
stop (BedAuditWalk *self, BedAuditVerdict verdict)
{
  self->verdict = verdict;
  self->position = self->expected;
  return FALSE;
}

gboolean
bed_audit_walk_entry (BedAuditWalk *self, const BedAuditEntry *entry)
{
  guint8 hash[BED_AUDIT_HASH_LENGTH];

  if (self->verdict != BED_AUDIT_INTACT)
    return FALSE;
  if (entry->sequence != self->expected
      || memcmp (entry->previous, self->previous, sizeof self->previous) != 0)
    return stop (self, BED_AUDIT_UNLINKED);
  if (!bed_audit_entry_hash (entry, hash) || memcmp (hash, entry->hash, sizeof hash) != 0)
    return stop (self, BED_AUDIT_ALTERED);
  if (self->anchor != NULL && self->anchor->sequence == entry->sequence
      && memcmp (self->anchor->hash, hash, sizeof hash) != 0)
    return stop (self, BED_AUDIT_REPLACED);
  memcpy (self->previous, hash, sizeof hash);
  self->expected++;
  return TRUE;
}

BedAuditVerdict
bed_audit_walk_end (BedAuditWalk *self, guint64 *position)
{
  if (self->verdict == BED_AUDIT_INTACT && self->anchor != NULL
      && self->anchor->sequence >= self->expected)
    stop (self, BED_AUDIT_TRUNCATED);
  if (position != NULL)
    *position = self->position;
  return self->verdict;
}
