/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-schema-private.h"
#include "bed-records-private.h"

/* The full-text indexes are no part of it: see bed-record-index.c. Times are µs since 1970 UTC. What is deleted keeps its row (deleted_us) until retention removes
 * it (retain_until_us). Numbers of states are those of the public enums. */
static const char schema_1[] =
    "CREATE TABLE patient (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " sort_name TEXT NOT NULL, birth_date TEXT NOT NULL, telephone TEXT NOT NULL, language TEXT NOT NULL,"
    " identifiers TEXT NOT NULL, created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL,"
    " deleted_us INTEGER, retain_until_us INTEGER);"
    "CREATE INDEX patient_by_name ON patient (sort_name, id);"

    "CREATE TABLE encounter (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,"
    " patient_id INTEGER REFERENCES patient, typed_name TEXT NOT NULL, callback TEXT NOT NULL,"
    " location TEXT NOT NULL, state INTEGER NOT NULL, planned_us INTEGER NOT NULL DEFAULT 0,"
    " started_us INTEGER NOT NULL, ended_us INTEGER NOT NULL DEFAULT 0, author TEXT NOT NULL,"
    " consent_version TEXT, consent_hash BLOB, consent_language TEXT, consent_us INTEGER,"
    " consent_camera INTEGER, consent_microphone INTEGER, cipher TEXT NOT NULL DEFAULT '',"
    " path TEXT NOT NULL DEFAULT '', verification INTEGER NOT NULL DEFAULT 0,"
    " deleted_us INTEGER, retain_until_us INTEGER);"
    "CREATE INDEX encounter_by_start ON encounter (started_us, id);"
    "CREATE INDEX encounter_by_patient ON encounter (patient_id, started_us, id);"
    "CREATE INDEX encounter_running ON encounter (started_us) WHERE state = 1;"

    "CREATE TABLE note (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,"
    " encounter_id INTEGER NOT NULL REFERENCES encounter, template_id TEXT NOT NULL, state INTEGER NOT NULL,"
    " author TEXT NOT NULL, subjective TEXT NOT NULL DEFAULT '', objective TEXT NOT NULL DEFAULT '',"
    " assessment TEXT NOT NULL DEFAULT '', plan TEXT NOT NULL DEFAULT '', created_us INTEGER NOT NULL,"
    " updated_us INTEGER NOT NULL, indexed INTEGER NOT NULL DEFAULT 0, signed_us INTEGER, signature BLOB,"
    " signer_key BLOB, deleted_us INTEGER, retain_until_us INTEGER);"
    "CREATE INDEX note_by_encounter ON note (encounter_id, id);"
    "CREATE INDEX note_unindexed ON note (id) WHERE indexed = 0;"
    "CREATE TABLE note_version (id INTEGER PRIMARY KEY, note_id INTEGER NOT NULL REFERENCES note,"
    " number INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, real_us INTEGER NOT NULL,"
    " subjective TEXT NOT NULL, objective TEXT NOT NULL, assessment TEXT NOT NULL, plan TEXT NOT NULL,"
    " signature BLOB, signer_key BLOB, UNIQUE (note_id, number));"

    "CREATE TABLE chat (id INTEGER PRIMARY KEY, encounter_id INTEGER NOT NULL REFERENCES encounter,"
    " real_us INTEGER NOT NULL, from_patient INTEGER NOT NULL, text TEXT NOT NULL);"
    "CREATE INDEX chat_by_encounter ON chat (encounter_id, real_us, id);"
    "CREATE TABLE appointment (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,"
    " patient_id INTEGER REFERENCES patient, encounter_id INTEGER REFERENCES encounter,"
    " starts_us INTEGER NOT NULL, ends_us INTEGER NOT NULL, state INTEGER NOT NULL, label TEXT NOT NULL,"
    " created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL, deleted_us INTEGER);"
    "CREATE INDEX appointment_by_start ON appointment (starts_us);"
    "CREATE TABLE consent_event (id INTEGER PRIMARY KEY, encounter_id INTEGER REFERENCES encounter,"
    " real_us INTEGER NOT NULL, device INTEGER NOT NULL, scope INTEGER NOT NULL, granted INTEGER NOT NULL,"
    " text_version TEXT NOT NULL);"
    "CREATE INDEX consent_event_by_encounter ON consent_event (encounter_id, id);"

    "CREATE TABLE audit (sequence INTEGER PRIMARY KEY, real_us INTEGER NOT NULL, event INTEGER NOT NULL,"
    " actor TEXT NOT NULL, subject TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL);"
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE (ABORT, 'append only'); END;";

/* The invitation that an encounter came of: what a crash cut off is found by it. */
static const char schema_2[] = "ALTER TABLE encounter ADD COLUMN room TEXT NOT NULL DEFAULT '';";

/* What the record keeps of itself: records of acts (each bound to the audit trail by its hash), how
 * long what is kept, whom it may not lose, and small values. */
static const char schema_3[] =
    "CREATE TABLE statement (hash BLOB PRIMARY KEY, kind TEXT NOT NULL, real_us INTEGER NOT NULL,"
    " actor TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX statement_by_time ON statement (real_us);"
    "CREATE TRIGGER statement_no_update BEFORE UPDATE ON statement"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TABLE retention (kind INTEGER PRIMARY KEY, years INTEGER NOT NULL,"
    " minor_until INTEGER NOT NULL);"
    "CREATE TABLE patient_hold (patient_id INTEGER PRIMARY KEY REFERENCES patient,"
    " since_us INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL);"
    "CREATE TABLE emergency_use (sequence INTEGER PRIMARY KEY, opened_us INTEGER NOT NULL,"
    " who TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '', seen INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE record_value (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX audit_by_subject ON audit (subject);";

/* Sections, signed versions, attachments, templates; lists that know how long they are; a patient
 * who is deleted or recovered takes encounters and notes along. */
static const char schema_4[] =
    "DROP TABLE IF EXISTS note_index; DROP TABLE IF EXISTS patient_index; DROP TABLE note_version;"
    "ALTER TABLE note ADD COLUMN section_5 TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE note ADD COLUMN section_6 TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE note ADD COLUMN section_7 TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE note ADD COLUMN section_8 TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE note ADD COLUMN headings TEXT NOT NULL"
    " DEFAULT 'subjective\nobjective\nassessment\nplan';"
    "ALTER TABLE note ADD COLUMN index_id INTEGER;"
    "UPDATE note SET indexed = 0;"
    "CREATE UNIQUE INDEX note_by_index ON note (index_id);"

    "CREATE TABLE note_version (id INTEGER PRIMARY KEY, note_id INTEGER NOT NULL REFERENCES note,"
    " number INTEGER NOT NULL, content BLOB NOT NULL, signature BLOB NOT NULL,"
    " signer_key BLOB NOT NULL, signed_us INTEGER NOT NULL, UNIQUE (note_id, number));"

    "CREATE TABLE attachment (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,"
    " encounter_id INTEGER NOT NULL REFERENCES encounter, name TEXT NOT NULL,"
    " media_type TEXT NOT NULL, size INTEGER NOT NULL, hash BLOB NOT NULL,"
    " from_patient INTEGER NOT NULL, real_us INTEGER NOT NULL, kept_us INTEGER NOT NULL,"
    " author TEXT NOT NULL, signed INTEGER NOT NULL DEFAULT 0, deleted_us INTEGER);"
    "CREATE INDEX attachment_by_encounter ON attachment (encounter_id, real_us, id);"
    "CREATE TABLE attachment_content (attachment_id INTEGER PRIMARY KEY"
    " REFERENCES attachment ON DELETE CASCADE, content BLOB NOT NULL);"

    "CREATE TABLE template (id TEXT PRIMARY KEY, name TEXT NOT NULL, position INTEGER NOT NULL,"
    " updated_us INTEGER NOT NULL, deleted_us INTEGER) WITHOUT ROWID;"
    "CREATE TABLE template_section (template_id TEXT NOT NULL REFERENCES template,"
    " number INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (template_id, number)) WITHOUT ROWID;"
    "CREATE TABLE snippet (id INTEGER PRIMARY KEY, abbreviation TEXT NOT NULL, text TEXT NOT NULL,"
    " updated_us INTEGER NOT NULL, deleted_us INTEGER);"
    "CREATE UNIQUE INDEX snippet_by_abbreviation ON snippet (abbreviation)"
    " WHERE deleted_us IS NULL;"
    "CREATE TABLE own_word (language TEXT NOT NULL, word TEXT NOT NULL,"
    " PRIMARY KEY (language, word)) WITHOUT ROWID;"

    /* What was erased for good: which id, when, by whom, by which rule. Kinds are those of tally. */
    "CREATE TABLE erasure (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, uuid TEXT NOT NULL,"
    " rule TEXT NOT NULL, author TEXT NOT NULL, real_us INTEGER NOT NULL);"
    "CREATE INDEX erasure_by_uuid ON erasure (uuid);"

    "DROP INDEX patient_by_name; DROP INDEX encounter_by_start;"
    "CREATE INDEX patient_shown ON patient (sort_name, id) WHERE deleted_us IS NULL;"
    "CREATE INDEX encounter_shown ON encounter (started_us, id) WHERE deleted_us IS NULL;"
    "CREATE INDEX note_shown ON note (id) WHERE deleted_us IS NULL;"

    /* How many rows are shown: 0 patients, 1 encounters, 2 notes. */
    "CREATE TABLE tally (kind INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
    "INSERT INTO tally SELECT 0, count (*) FROM patient WHERE deleted_us IS NULL;"
    "INSERT INTO tally SELECT 1, count (*) FROM encounter WHERE deleted_us IS NULL;"
    "INSERT INTO tally SELECT 2, count (*) FROM note WHERE deleted_us IS NULL;"
#define TALLY(table, kind)                                                                         \
  "CREATE TRIGGER " table "_tally_insert AFTER INSERT ON " table " WHEN NEW.deleted_us IS NULL"    \
  " BEGIN UPDATE tally SET n = n + 1 WHERE kind = " kind "; END;"                                  \
  "CREATE TRIGGER " table "_tally_delete AFTER DELETE ON " table " WHEN OLD.deleted_us IS NULL"    \
  " BEGIN UPDATE tally SET n = n - 1 WHERE kind = " kind "; END;"                                  \
  "CREATE TRIGGER " table "_tally_hide AFTER UPDATE OF deleted_us ON " table                       \
  " WHEN (OLD.deleted_us IS NULL) <> (NEW.deleted_us IS NULL)"                                     \
  " BEGIN UPDATE tally SET n = n + (NEW.deleted_us IS NULL) - (OLD.deleted_us IS NULL)"            \
  " WHERE kind = " kind "; END;"
    TALLY ("patient", "0") TALLY ("encounter", "1") TALLY ("note", "2")
#undef TALLY

    /* The index of notes: which engine it was made by (0: none yet), how far its ids run ahead of
     * the time they stand for, and ids of notes that are gone. */
    "CREATE TABLE search_state (engine INTEGER NOT NULL, drift INTEGER NOT NULL);"
    "INSERT INTO search_state VALUES (0, 0);"
    "CREATE TABLE search_gone (index_id INTEGER PRIMARY KEY);"
    "CREATE TRIGGER note_gone AFTER DELETE ON note WHEN OLD.index_id IS NOT NULL"
    " BEGIN INSERT OR IGNORE INTO search_gone VALUES (OLD.index_id); END;"
    "CREATE TRIGGER note_hidden AFTER UPDATE OF deleted_us ON note"
    " BEGIN UPDATE note SET indexed = 0 WHERE id = NEW.id; END;"

    "CREATE TRIGGER patient_hidden AFTER UPDATE OF deleted_us ON patient"
    " BEGIN UPDATE encounter SET deleted_us = NEW.deleted_us WHERE patient_id = NEW.id"
    " AND deleted_us IS OLD.deleted_us; END;"
    "CREATE TRIGGER encounter_hidden AFTER UPDATE OF deleted_us ON encounter"
    " BEGIN UPDATE note SET deleted_us = NEW.deleted_us WHERE encounter_id = NEW.id"
    " AND deleted_us IS OLD.deleted_us; END;";

/* When the call of an encounter was last there: the end of one that is cut off. */
static const char schema_6[]
    = "ALTER TABLE encounter ADD COLUMN last_seen_us INTEGER NOT NULL DEFAULT 0;";

/* Holds that were lifted, with their reasons; no words beside those of the vault's own settings. */
static const char schema_7[]
    = "CREATE TABLE patient_hold_lifted (id INTEGER PRIMARY KEY,"
      " patient_id INTEGER NOT NULL REFERENCES patient, since_us INTEGER NOT NULL,"
      " author TEXT NOT NULL, reason TEXT NOT NULL, until_us INTEGER NOT NULL,"
      " lifted_by TEXT NOT NULL);"
      "CREATE INDEX patient_hold_lifted_by_patient ON patient_hold_lifted (patient_id);"
      "DROP TABLE own_word;";

/* Steps are only ever added at the end. */
static const BedDbMigration migrations[] = {
  { schema_1, NULL },
  { schema_2, NULL },
  { schema_3, NULL },
  { schema_4, NULL },
  { bed_record_schema_guards, NULL },
  { schema_6, NULL },
  { schema_7, NULL },
};

gboolean
bed_record_schema_update (BedDb *db, GError **error)
{
  return bed_db_migrate (db, migrations, G_N_ELEMENTS (migrations), error);
}

/* --- The audit trail's table ------------------------------------------------------------------ */

static gboolean
audit_append (gpointer sink, const BedAuditEntry *entry, GError **error)
{
  return bed_db_run (sink, error, "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", "iiittbb",
                     (gint64) entry->sequence, entry->real_us, (gint64) entry->event, entry->actor,
                     entry->subject, entry->previous, sizeof entry->previous, entry->hash,
                     sizeof entry->hash);
}

static void
read_hash (BedDbStatement *row, int column, guint8 out[BED_AUDIT_HASH_LENGTH])
{
  gsize length;
  const guint8 *data = bed_db_statement_get_blob (row, column, &length);

  memset (out, 0, BED_AUDIT_HASH_LENGTH);
  if (length == BED_AUDIT_HASH_LENGTH)
    memcpy (out, data, length);
}

static gboolean
audit_each (gpointer sink, guint64 first, BedAuditEach callback, gpointer user_data, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (sink, error,
                      "SELECT sequence, real_us, event, actor, subject, previous, hash FROM audit"
                      " WHERE sequence >= ? ORDER BY sequence", "i",
                      first > 0 ? (gint64) first : G_MININT64);
  BedDbStep step;

  if (row == NULL)
    return FALSE;
  while ((step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      gint64 event = bed_db_statement_get_int64 (row, 2);
      BedAuditEntry entry = {
        .sequence = (guint64) bed_db_statement_get_int64 (row, 0),
        .real_us = bed_db_statement_get_int64 (row, 1),
        .event = event >= 0 && event <= G_MAXINT32 ? (BedAuditEvent) event : 0,
        .actor = bed_db_statement_get_text (row, 3),
        .subject = bed_db_statement_get_text (row, 4),
      };

      read_hash (row, 5, entry.previous);
      read_hash (row, 6, entry.hash);
      if (!callback (&entry, user_data))
        return TRUE;
    }
  return step == BED_DB_STEP_DONE;
}

static gboolean
audit_head (gpointer sink, guint64 *sequence, guint8 *hash, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (sink, error,
                          "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", "");
  BedDbStep step;

  *sequence = 0;
  memset (hash, 0, BED_AUDIT_HASH_LENGTH);
  if (row == NULL)
    return FALSE;
  step = bed_db_statement_step (row, error);
  if (step == BED_DB_STEP_ROW)
    {
      *sequence = (guint64) bed_db_statement_get_int64 (row, 0);
      read_hash (row, 1, hash);
    }
  return step != BED_DB_STEP_ERROR;
}

const BedAuditSink bed_record_audit_sink = { audit_append, audit_each, audit_head };
