/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-protocol.h"

G_BEGIN_DECLS

#define BED_SAS_NONCE_BYTES 32
#define BED_SAS_WORDS 4

/* The short authentication string of section 4.2: one attempt for one DTLS association. Pure.
 *
 *   clinician: NEW --get_commit--> COMMITTED --take_nonce--> DONE (its nonce may be revealed)
 *   patient:   NEW --take_commit--> ANSWERED --take_reveal--> DONE
 *   anything else, or a reveal that does not fit the commitment --> FAILED, for good
 */
typedef enum
{
  BED_SAS_NEW,
  BED_SAS_COMMITTED,
  BED_SAS_ANSWERED,
  BED_SAS_DONE,
  BED_SAS_FAILED
} BedSasState;

typedef struct _BedSas BedSas;
/* Ids of the sealed session and the two fingerprints (32 bytes of SHA-256 each), copied.
 * Returns: (transfer full) */
BedSas *bed_sas_new (BedRole role, const guint8 patient_id[16], const guint8 clinician_id[16],
                     const guint8 patient_fingerprint[32], const guint8 clinician_fingerprint[32]);
/* The same with a nonce that is known: for test vectors. */
BedSas *bed_sas_new_with_nonce (BedRole role, const guint8 patient_id[16],
                                const guint8 clinician_id[16], const guint8 patient_fingerprint[32],
                                const guint8 clinician_fingerprint[32],
                                const guint8 nonce[BED_SAS_NONCE_BYTES]);
void bed_sas_free (BedSas *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSas, bed_sas_free)

BedSasState bed_sas_get_state (const BedSas *self);
/* Each returns FALSE, and the state is FAILED, when it does not come in turn or does not fit. */
gboolean bed_sas_get_commit (BedSas *self, guint8 commit[32]); /* clinician: send sas-commit */
gboolean bed_sas_take_commit (BedSas *self, const guint8 commit[32],
                              guint8 nonce[32]); /* patient: send sas-nonce */
gboolean bed_sas_take_nonce (BedSas *self, const guint8 nonce[32],
                             guint8 reveal[32]); /* clinician: send sas-reveal */
gboolean bed_sas_take_reveal (BedSas *self, const guint8 reveal[32]);           /* patient */
/* The four numbers that pick the words; FALSE unless DONE. */
gboolean bed_sas_get_words (const BedSas *self, guint8 words[BED_SAS_WORDS]);

/* Reads a list of data/sas: exactly 256 distinct lines. Returns: (transfer full) (nullable) */
char **bed_sas_list_parse (const char *text, gsize length);

G_END_DECLS
