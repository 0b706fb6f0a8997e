/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with patients and what belongs to them, on the ground of a record. */
#include "faults.h"

#include "bed-emergency-access.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-retention.h"

#define NEW "Newly Come"
#define MESSAGE "kept of the chat"
#define ABBREVIATION "bp"
#define OWN_TEMPLATE "Own"
#define HELD_FOR "a question of the court"

/* --- The acts ----------------------------------------------------------------------------------- */

static gint64
find_patient (BedRecordStore *store, const char *name)
{
  g_autoptr (GListModel) found = bed_record_store_find_patients (store, name);
  g_autoptr (BedPatient) patient = g_list_model_get_item (found, 0);

  return patient != NULL ? bed_patient_get_id (patient) : 0;
}

static gint64
find_deleted (BedRecordStore *store, const char *name)
{
  g_autoptr (GListModel) deleted = bed_record_store_list_deleted (store, NULL);

  for (guint i = 0; deleted != NULL && i < g_list_model_get_n_items (deleted); i++)
    {
      g_autoptr (BedRetentionItem) item = g_list_model_get_item (deleted, i);

      if (g_str_equal (bed_retention_item_get_name (item), name))
        return bed_retention_item_get_id (item);
    }
  return 0;
}

static gboolean
act_patient (FaultPlace *place, GError **error)
{
  g_autoptr (BedPatient) patient = bed_patient_new (NEW);

  return bed_record_store_save_patient (place->store, patient, error);
}

/* Ids are those of the ground: what a screen has before it already. */
static gboolean
act_delete (FaultPlace *place, GError **error)
{
  return bed_record_store_delete_patient (place->store, FAULT_GOING_PATIENT, error);
}

static gboolean
act_take_back (FaultPlace *place, GError **error)
{
  return bed_record_store_recover_patient (place->store, FAULT_DELETED_PATIENT, error);
}

static gboolean
act_hold (FaultPlace *place, GError **error)
{
  return bed_record_store_set_hold (place->store, FAULT_GOING_PATIENT, TRUE, HELD_FOR, error);
}

static gboolean
act_assign (FaultPlace *place, GError **error)
{
  g_autoptr (BedEncounter) encounter
      = bed_record_store_get_encounter (place->store, FAULT_STRANGERS_ENCOUNTER, error);

  return encounter != NULL
         && bed_record_store_assign_encounter (place->store, encounter, FAULT_GOING_PATIENT, error);
}

static gboolean
act_chat (FaultPlace *place, GError **error)
{
  return bed_record_store_keep_chat (place->store, FAULT_STRANGERS_ENCOUNTER, 5, TRUE, MESSAGE,
                                     error);
}

static gboolean
act_consent (FaultPlace *place, GError **error)
{
  const BedConsentEvent event = { 1, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, TRUE, "device-1" };

  return bed_record_store_add_consent_event (place->store, FAULT_STRANGERS_ENCOUNTER, &event,
                                             error);
}

static gboolean
act_rule (FaultPlace *place, GError **error)
{
  const BedRetentionRule rule = { .years = 30, .minor_until = 40 };

  return bed_record_store_set_retention (place->store, BED_RETENTION_PATIENT, &rule, error);
}

static gboolean
act_template (FaultPlace *place, GError **error)
{
  g_autoptr (BedTemplate) own = bed_template_new (OWN_TEMPLATE);

  bed_template_add_section (own, "plan", "");
  return bed_record_store_save_template (place->store, own, error);
}

static gboolean
act_snippet (FaultPlace *place, GError **error)
{
  g_autoptr (BedSnippet) snippet = bed_snippet_new (ABBREVIATION, "blood pressure");

  return bed_record_store_save_snippet (place->store, snippet, error);
}

static gboolean
act_emergency_key (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) key = bed_emergency_access_make_key (place->store, error);

  return key != NULL;
}

/* --- What is there afterwards ------------------------------------------------------------------- */

static void
count_message (gint64 real_us, gboolean from_patient, const char *text, gpointer user_data)
{
  g_assert_cmpstr (text, ==, MESSAGE);
  ++*(guint *) user_data;
}

static void
check_encounter (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (BedEncounter) encounter
      = bed_record_store_get_encounter (place->store, FAULT_STRANGERS_ENCOUNTER, NULL);
  g_autoptr (BedNoteFacts) facts
      = bed_record_store_get_facts (place->store, FAULT_STRANGERS_ENCOUNTER, NULL);
  gint64 patient = bed_encounter_get_patient_id (encounter);
  guint messages = 0;

  g_assert_true (patient == 0 || patient == FAULT_GOING_PATIENT);
  fault_expect (patient != 0, act, FAULT_ASSIGNED, done);
  g_assert_true (bed_record_store_each_chat (place->store, FAULT_STRANGERS_ENCOUNTER,
                                             count_message, &messages, NULL));
  g_assert_cmpuint (messages, <=, 1);
  fault_expect (messages == 1, act, FAULT_CHAT, done);
  g_assert_cmpuint (facts->device_consents->len, <=, 1);
  fault_expect (facts->device_consents->len == 1, act, FAULT_CONSENT, done);
}

static void
check_patients (FaultPlace *place, const FaultAct *act, gboolean done)
{
  gboolean there = find_patient (place->store, FAULT_GOING) == FAULT_GOING_PATIENT;
  gboolean deleted = find_deleted (place->store, FAULT_GOING) == FAULT_GOING_PATIENT;
  g_auto (BedHold) hold = { 0 };
  gboolean held = bed_record_store_get_hold (place->store, FAULT_GOING_PATIENT, &hold);

  g_assert_true (there != deleted);
  fault_expect (deleted, act, FAULT_DELETED, done);
  fault_expect (held, act, FAULT_HELD, done);
  if (held)
    g_assert_cmpstr (hold.reason, ==, HELD_FOR);
  fault_expect (find_patient (place->store, NEW) != 0, act, FAULT_PATIENT, done);
  fault_expect (find_patient (place->store, FAULT_DELETED_NAME) == FAULT_DELETED_PATIENT, act,
                FAULT_TAKEN_BACK, done);
}

static gboolean
has_template (BedRecordStore *store)
{
  g_autoptr (GListModel) list = bed_record_store_list_templates (store);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedTemplate) one = g_list_model_get_item (list, i);

      if (g_str_equal (bed_template_get_name (one), OWN_TEMPLATE))
        return TRUE;
    }
  return FALSE;
}

void
fault_check_people (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autofree char *snippet = bed_record_store_expand_snippet (place->store, ABBREVIATION);
  BedRetentionRule rule;

  check_encounter (place, act, done);
  check_patients (place, act, done);
  g_assert_true (bed_record_store_get_retention (place->store, BED_RETENTION_PATIENT, &rule, NULL));
  fault_expect (rule.years == 30 && rule.minor_until == 40, act, FAULT_RULE, done);
  fault_expect (has_template (place->store), act, FAULT_TEMPLATE, done);
  fault_expect (snippet != NULL, act, FAULT_SNIPPET, done);
  fault_expect (bed_emergency_access_has_key (place->store), act, FAULT_EMERGENCY, done);
}

#define ON &fault_record_ground
const FaultAct fault_people_acts[] = {
  { .name = "patient", ON, .again = TRUE, .run = act_patient, .changes = FAULT_PATIENT,
    .event = BED_AUDIT_PATIENT_CREATED },
  { .name = "delete", ON, .again = TRUE, .run = act_delete, .changes = FAULT_DELETED,
    .event = BED_AUDIT_PATIENT_DELETED },
  { .name = "take-back", ON, .again = TRUE, .run = act_take_back, .changes = FAULT_TAKEN_BACK,
    .event = BED_AUDIT_PATIENT_RECOVERED },
  { .name = "hold", ON, .again = TRUE, .run = act_hold, .changes = FAULT_HELD,
    .event = BED_AUDIT_PATIENT_HELD },
  { .name = "assign", ON, .again = TRUE, .run = act_assign, .changes = FAULT_ASSIGNED,
    .event = BED_AUDIT_ENCOUNTER_ASSIGNED },
  { .name = "chat", ON, .again = TRUE, .run = act_chat, .changes = FAULT_CHAT,
    .event = BED_AUDIT_CHAT_KEPT },
  { .name = "consent", ON, .again = TRUE, .run = act_consent, .changes = FAULT_CONSENT,
    .event = BED_AUDIT_CONSENT_GRANTED },
  { .name = "rule", ON, .again = TRUE, .run = act_rule, .changes = FAULT_RULE,
    .event = BED_AUDIT_RETENTION_CHANGED },
  { .name = "template", ON, .again = TRUE, .run = act_template, .changes = FAULT_TEMPLATE,
    .event = BED_AUDIT_TEMPLATE_SAVED },
  { .name = "snippet", ON, .again = TRUE, .run = act_snippet, .changes = FAULT_SNIPPET,
    .event = BED_AUDIT_SNIPPET_SAVED },
  { .name = "emergency-key", ON, .again = TRUE, .run = act_emergency_key,
    .changes = FAULT_EMERGENCY, .event = BED_AUDIT_EMERGENCY_KEY_MADE },
  { .name = NULL },
};
