/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover.h"

G_BEGIN_DECLS

/* A note as a FHIR R4 document (application/fhir+json): a Bundle of type document with Composition,
 * Patient, Practitioner, Organization, Encounter of class VR, Consent, Provenance with the Ed25519
 * signature, and DocumentReference and Binary for what is attached. The same value gives the same
 * bytes. Any thread. Returns: (transfer full) */
char *bed_fhir_bundle_new (const BedHandover *note, const BedHandoverWords *words);

/* The same note as one DocumentReference that carries its content (US Core clinical notes, IHE MHD
 * ITI-105): the PDF (nullable) and the document bundle. Returns: (transfer full) */
char *bed_fhir_document_reference_new (const BedHandover *note, const BedHandoverWords *words,
                                       GBytes *pdf);

G_END_DECLS
