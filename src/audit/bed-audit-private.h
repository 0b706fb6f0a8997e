/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audit.h"
#include "bed-byte-writer.h"

G_BEGIN_DECLS

struct _BedAuditLog
{
  GObject parent;

  /* owned */
  BedClock *clock;
  char *actor;

  /* borrowed; vtable is NULL once closed */
  const BedAuditSink *vtable;
  gpointer sink;
};

gboolean bed_audit_is_id (const char *text, gsize length);
void bed_audit_write_id (BedByteWriter *writer, const char *id);
/* The sink's error in this room's words; takes `inner`. Always FALSE. */
gboolean bed_audit_fail_sink (GError *inner, GError **error);
gboolean bed_audit_log_require_open (BedAuditLog *self, GError **error);

/* --- A pass over the whole chain, in pieces from the main loop -------------------------------- */

/* Sees every entry in order; FALSE ends the pass, with `error` when that is a failure. */
typedef gboolean (*BedAuditPassEntry) (const BedAuditEntry *entry, gpointer user_data,
                                       GError **error);
typedef struct
{
  BedAuditPassEntry entry;
  gpointer data;
  BedAuditProgress progress; /* nullable */
  gpointer progress_data;
} BedAuditPass;
/* `task` (its source: the log) returns TRUE at the end or when `entry` has seen enough. */
void bed_audit_pass_run (BedAuditLog *self, GTask *task_taken, const BedAuditPass *pass);

G_END_DECLS
