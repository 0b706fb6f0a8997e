/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"
#include "bed-soak.h"

G_BEGIN_DECLS

/* Where an act happens: a copy of its ground, in a folder of its own. */
typedef struct
{
  char *dir;     /* owned: every call under it may fail */
  char *profile; /* owned: the record's folder */
  BedClock *clock;       /* owned */
  BedVault *vault;       /* owned, nullable */
  BedRecordStore *store; /* owned, nullable */
  char *chosen;          /* owned, nullable: the folder that a person chose before the act */
  gint64 noted;          /* how often the trail names the act's event before it */
} FaultPlace;

typedef struct _FaultAct FaultAct;

/* What acts of one kind stand on. */
typedef struct
{
  /* Once: fills the new folder. */
  void (*make) (const char *dir);
  /* Before the act, when nothing fails yet. */
  void (*open) (FaultPlace *place, const FaultAct *act);
  /* Afterwards, opened anew: what was there is there. `done`: so is what the act did. Asserts. */
  void (*check) (FaultPlace *place, const FaultAct *act, gboolean done);
} FaultGround;

struct _FaultAct
{
  const char *name;
  const FaultGround *ground;
  gboolean closed; /* the vault is locked at its beginning */
  gboolean again;  /* what failed can be done when there is room again, with nothing lost between */
  /* TRUE: the act says that it was done. */
  gboolean (*run) (FaultPlace *place, GError **error);
  /* (nullable): at what it leaves beside the record, before that is checked. Asserts. */
  void (*look) (FaultPlace *place, gboolean done);
  BedAuditEvent event; /* that is in the trail once it was done; 0: none */
  guint changes; /* what it may change, in its ground's own terms */
};

/* Each ended by one without a name. */
extern const FaultAct fault_vault_acts[], fault_record_acts[], fault_people_acts[],
    fault_changes_acts[], fault_keeping_acts[];
extern const FaultGround fault_record_ground;

/* What acts on the ground of a record may change. */
enum
{
  FAULT_DRAFT = 1,      /* the text of the draft */
  FAULT_SIGNED = 2,     /* the draft is signed */
  FAULT_ADDENDUM = 4,   /* to the signed note */
  FAULT_ATTACHMENT = 8, /* to its encounter */
  FAULT_RESTORED = 16,  /* the record of the backup stands there */
  FAULT_ERASED = 32,    /* who was deleted */
  FAULT_TAKEN_BACK = 1 << 6, /* the same one */
  FAULT_DELETED = 1 << 7,    /* who was going to be */
  FAULT_HELD = 1 << 8,       /* the same one */
  FAULT_PATIENT = 1 << 9,    /* a new one */
  FAULT_ASSIGNED = 1 << 10,  /* the encounter of a stranger; of that the next two */
  FAULT_CHAT = 1 << 11,
  FAULT_CONSENT = 1 << 12,
  FAULT_RULE = 1 << 13,
  FAULT_TEMPLATE = 1 << 14,
  FAULT_SNIPPET = 1 << 15,
  FAULT_EMERGENCY = 1 << 16, /* there is a key for it */
  /* Of faults-changes.c. */
  FAULT_RELEASED = 1 << 17, /* who was held */
  FAULT_TEMPLATE_CHANGED = 1 << 18,
  FAULT_TEMPLATE_MOVED = 1 << 19,
  FAULT_TEMPLATE_GONE = 1 << 20,
  FAULT_TEMPLATE_BACK = 1 << 21, /* the one that was gone */
  FAULT_SNIPPET_CHANGED = 1 << 22,
  FAULT_SNIPPET_GONE = 1 << 23,
  FAULT_SNIPPET_BACK = 1 << 24,
  FAULT_WORD = 1 << 25,
};
#define FAULT_AUTHOR "Dr Amara Okafor"
#define FAULT_PATIENT_ID 1 /* of the notes */
#define FAULT_SIGNED_NOTE 1
#define FAULT_DRAFT_NOTE 2
#define FAULT_STRANGERS_ENCOUNTER 3
#define FAULT_DELETED_PATIENT 2
#define FAULT_DELETED_NAME "Deleted"
#define FAULT_LATER "Came Later" /* than the backup */
#define FAULT_GOING_PATIENT 3
#define FAULT_GOING "Going"
#define FAULT_BESIDE "beside.txt" /* a file in the profile that is not the vault's */
#define FAULT_FILE "%PDF-1.4 a letter"
#define FAULT_FILE_ID 1 /* of the draft's encounter */

void fault_place_close (FaultPlace *place);
/* The record in the place's profile. Asserts. */
void fault_open_store (FaultPlace *place);
/* Whether it is there; it must be when it may change and was done, and must not be when not. */
void fault_expect (gboolean there, const FaultAct *act, guint change, gboolean done);
/* What the acts of faults-changes.c change, into a new record. Asserts. */
void fault_add_changeable (FaultPlace *place);
/* They are looked up on the unlocked vault of a copy. Asserts. */
void fault_find_changeable (FaultPlace *place);
void fault_check_changes (FaultPlace *place, const FaultAct *act, gboolean done);
/* What the acts of faults-people.c may change, on the open record. Asserts. */
void fault_check_people (FaultPlace *place, const FaultAct *act, gboolean done);

G_END_DECLS
