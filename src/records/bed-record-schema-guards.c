/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-schema-private.h"

/* What was signed stays as it is; a signed note and what belongs to it may only be deleted when the
 * record of its erasure was written first, in the same transaction: a row of `erasure` with the
 * note's uuid (for a note and its versions) and the encounter's (for consents and attachments).
 * deleted_us only hides, and is no content. */
const char bed_record_schema_guards[] =
    "CREATE TRIGGER note_signed_stays BEFORE UPDATE OF uuid, encounter_id, template_id, headings,"
    " author, subjective, objective, assessment, plan, section_5, section_6, section_7, section_8,"
    " created_us, updated_us, signed_us ON note WHEN OLD.state <> 0"
    " BEGIN SELECT RAISE (ABORT, 'signed'); END;"
    "CREATE TRIGGER note_state_forward BEFORE UPDATE OF state ON note WHEN NEW.state < OLD.state"
    " OR (NEW.state <> OLD.state AND (SELECT count (*) FROM note_version WHERE note_id = OLD.id)"
    " < NEW.state) BEGIN SELECT RAISE (ABORT, 'signed'); END;"
    "CREATE TRIGGER note_signed_delete BEFORE DELETE ON note WHEN OLD.state <> 0"
    " AND NOT EXISTS (SELECT 1 FROM erasure WHERE uuid = OLD.uuid)"
    " BEGIN SELECT RAISE (ABORT, 'signed'); END;"

    "CREATE TRIGGER version_appends BEFORE INSERT ON note_version WHEN NEW.number <>"
    " (SELECT coalesce (max (number), 0) + 1 FROM note_version WHERE note_id = NEW.note_id)"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TRIGGER version_stays BEFORE UPDATE ON note_version"
    " BEGIN SELECT RAISE (ABORT, 'signed'); END;"
    "CREATE TRIGGER version_delete BEFORE DELETE ON note_version WHEN NOT EXISTS (SELECT 1 FROM"
    " note n JOIN erasure e ON e.uuid = n.uuid WHERE n.id = OLD.note_id)"
    " BEGIN SELECT RAISE (ABORT, 'signed'); END;"

    "CREATE TRIGGER encounter_signed_stays BEFORE UPDATE OF uuid, typed_name, callback, location,"
    " state, started_us, ended_us, author, consent_version, consent_hash, consent_language,"
    " consent_us, consent_camera, consent_microphone, cipher, path, verification ON encounter"
    " WHEN EXISTS (SELECT 1 FROM note WHERE encounter_id = OLD.id AND state <> 0)"
    " BEGIN SELECT RAISE (ABORT, 'signed'); END;"
    "CREATE TRIGGER encounter_signed_patient BEFORE UPDATE OF patient_id ON encounter"
    " WHEN OLD.patient_id IS NOT NULL AND NEW.patient_id IS NOT OLD.patient_id"
    " AND EXISTS (SELECT 1 FROM note WHERE encounter_id = OLD.id AND state <> 0)"
    " BEGIN SELECT RAISE (ABORT, 'signed'); END;"

    "CREATE TRIGGER consent_event_stays BEFORE UPDATE ON consent_event"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TRIGGER consent_event_delete BEFORE DELETE ON consent_event"
    " WHEN EXISTS (SELECT 1 FROM note WHERE encounter_id = OLD.encounter_id AND state <> 0)"
    " AND NOT EXISTS (SELECT 1 FROM encounter n JOIN erasure e ON e.uuid = n.uuid"
    " WHERE n.id = OLD.encounter_id) BEGIN SELECT RAISE (ABORT, 'signed'); END;"

    "CREATE TRIGGER attachment_stays BEFORE UPDATE OF uuid, encounter_id, name, media_type, size,"
    " hash, from_patient, real_us, kept_us, author ON attachment"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TRIGGER attachment_signed_stays BEFORE UPDATE OF deleted_us, signed ON attachment"
    " WHEN OLD.signed <> 0 BEGIN SELECT RAISE (ABORT, 'signed'); END;"
    "CREATE TRIGGER attachment_signed_delete BEFORE DELETE ON attachment WHEN OLD.signed <> 0"
    " AND NOT EXISTS (SELECT 1 FROM encounter n JOIN erasure e ON e.uuid = n.uuid"
    " WHERE n.id = OLD.encounter_id) BEGIN SELECT RAISE (ABORT, 'signed'); END;"
    "CREATE TRIGGER attachment_content_stays BEFORE UPDATE ON attachment_content"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TRIGGER attachment_content_delete BEFORE DELETE ON attachment_content"
    " WHEN EXISTS (SELECT 1 FROM attachment a JOIN encounter n ON n.id = a.encounter_id"
    " WHERE a.id = OLD.attachment_id AND a.signed <> 0"
    " AND NOT EXISTS (SELECT 1 FROM erasure WHERE uuid = n.uuid))"
    " BEGIN SELECT RAISE (ABORT, 'signed'); END;"

    "CREATE TRIGGER erasure_stays BEFORE UPDATE ON erasure"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;"
    "CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure"
    " BEGIN SELECT RAISE (ABORT, 'append only'); END;";
