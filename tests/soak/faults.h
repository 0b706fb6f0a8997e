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
extern const FaultAct fault_vault_acts[], fault_record_acts[], fault_keeping_acts[];
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
};
#define FAULT_AUTHOR "Dr Amara Okafor"
#define FAULT_SIGNED_NOTE 1
#define FAULT_DRAFT_NOTE 2

void fault_place_close (FaultPlace *place);

G_END_DECLS
