/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-acts-private.h"
#include "bed-record-trail.h"

/* Kept in the record until a person goes on: 0 or none when nothing is known. */
#define VALUE_UNTIL "rollback-until-us"
#define VALUE_RESTORED "rollback-restored"
#define VALUE_PENDING "rollback-pending"
/* A session that restored is short: its restoring is among the trail's last entries. */
#define LOOK_BACK 32

typedef struct
{
  BedRollback found;
  gint64 before_session_us; /* of the entry before the last unlock */
} End;

static gboolean
look_at (const BedAuditEntry *entry, gpointer user_data)
{
  End *end = user_data;

  if (entry->event == BED_AUDIT_UNLOCKED)
    {
      end->before_session_us = end->found.until_us;
      end->found.restored = FALSE;
    }
  end->found.restored |= entry->event == BED_AUDIT_RESTORED;
  end->found.until_us = entry->real_us;
  return TRUE;
}

void
bed_record_find_end (BedRecordStore *self)
{
  BedAuditHead head;
  End end = { 0 };

  if (!bed_audit_log_get_head (self->audit, &head, NULL)
      || !bed_audit_log_each (self->audit, head.sequence > LOOK_BACK ? head.sequence - LOOK_BACK : 1,
                              look_at, &end, NULL))
    return;
  self->found = end.found;
  if (end.found.restored)
    self->found.until_us = end.before_session_us;
}

static gboolean
read_pending (BedRecordStore *self, BedRollback *rollback)
{
  gint64 pending = 0, restored = 0;

  if (!bed_record_get_number (self->db, VALUE_PENDING, &pending, NULL)
      || !bed_record_get_number (self->db, VALUE_UNTIL, &rollback->until_us, NULL)
      || !bed_record_get_number (self->db, VALUE_RESTORED, &restored, NULL))
    return FALSE;
  rollback->restored = restored != 0;
  return pending != 0;
}

static gboolean
write_pending (BedRecordStore *self, const BedRollback *rollback, gboolean pending, GError **error)
{
  return bed_record_set_number (self->db, VALUE_PENDING, pending, error)
         && bed_record_set_number (self->db, VALUE_UNTIL, rollback->until_us, error)
         && bed_record_set_number (self->db, VALUE_RESTORED, rollback->restored, error);
}

static gboolean
write_with (BedRecordStore *self, BedAuditEvent event, const BedRollback *rollback,
            gboolean pending, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = write_pending (self, rollback, pending, &inner)
       && bed_audit_log_append (self->audit, event, NULL, &inner);
  return bed_record_end (self, ok, inner, error);
}

/* What was found first stays: later sessions end later. */
gboolean
bed_record_note_rollback (BedRecordStore *self, GError **error)
{
  BedRollback rollback;

  if (!read_pending (self, &rollback))
    rollback = self->found;
  return write_with (self, BED_AUDIT_ROLLBACK_SUSPECTED, &rollback, TRUE, error);
}

gboolean
bed_record_store_get_rollback (BedRecordStore *self, BedRollback *rollback)
{
  if (self->db == NULL)
    return FALSE;
  if (read_pending (self, rollback))
    return TRUE;
  *rollback = self->found;
  return bed_vault_get_freshness (self->vault) == BED_VAULT_FRESH_ROLLED_BACK;
}

gboolean
bed_record_store_accept_rollback (BedRecordStore *self, GError **error)
{
  const BedRollback none = { 0 };

  if (!bed_record_require_open (self, error)
      || !write_with (self, BED_AUDIT_ROLLBACK_ACCEPTED, &none, FALSE, error))
    return FALSE;
  self->rollback_noted = FALSE;
  bed_vault_accept_state (self->vault);
  return TRUE;
}
