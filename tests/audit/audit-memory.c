/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit-memory.h"

#include <string.h>

void
memory_init (Memory *memory)
{
  memory->entries = g_array_new (FALSE, FALSE, sizeof (BedAuditEntry));
  memory->texts = g_string_chunk_new (4096);
}

void
memory_clear (Memory *memory)
{
  g_array_unref (memory->entries);
  g_string_chunk_free (memory->texts);
}

static gboolean
refuse (Memory *memory, GError **error)
{
  if (memory->broken)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return !memory->broken;
}

static gboolean
memory_append (gpointer sink, const BedAuditEntry *entry, GError **error)
{
  Memory *memory = sink;
  BedAuditEntry copy = *entry;

  if (!refuse (memory, error))
    return FALSE;
  copy.actor = g_string_chunk_insert (memory->texts, entry->actor);
  copy.subject = g_string_chunk_insert (memory->texts, entry->subject);
  g_array_append_val (memory->entries, copy);
  return TRUE;
}

static gboolean
memory_each (gpointer sink, guint64 first, BedAuditEach callback, gpointer user_data,
             GError **error)
{
  Memory *memory = sink;

  if (!refuse (memory, error))
    return FALSE;
  for (guint i = 0; i < memory->entries->len; i++)
    {
      const BedAuditEntry *entry = &g_array_index (memory->entries, BedAuditEntry, i);
      if (entry->sequence >= first && !callback (entry, user_data))
        return TRUE;
    }
  return TRUE;
}

static gboolean
memory_head (gpointer sink, guint64 *sequence, guint8 *hash, GError **error)
{
  Memory *memory = sink;
  guint length = memory->entries->len;

  *sequence = length > 0 ? g_array_index (memory->entries, BedAuditEntry, length - 1).sequence : 0;
  if (length > 0)
    memcpy (hash, g_array_index (memory->entries, BedAuditEntry, length - 1).hash,
            BED_AUDIT_HASH_LENGTH);
  else
    memset (hash, 0, BED_AUDIT_HASH_LENGTH);
  return TRUE;
}

const BedAuditSink memory_sink = { memory_append, memory_each, memory_head };
