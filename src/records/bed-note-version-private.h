/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-version.h"

G_BEGIN_DECLS

/* What a signature is over, as a value: docs/record.md has the bytes. Strings are never NULL. */
typedef struct
{
  char *note_uuid;
  guint64 number;
  guint8 previous[BED_NOTE_HASH_LENGTH]; /* of the version before; zero for the first */
  char *author;
  char *author_name;
  gint64 signed_us;
  char *reason;
  char *text;
  gboolean corrects;
  gint64 created_us;
  gint64 updated_us;
  char *template_id;
  guint n_sections;
  char *headings[BED_NOTE_SECTIONS_MAX];
  char *sections[BED_NOTE_SECTIONS_MAX];
  BedNoteFacts *facts;
  GPtrArray *attachments; /* of BedNoteSignedAttachment */
} BedNoteContent;

BedNoteContent *bed_note_content_new (void);
void bed_note_content_free (BedNoteContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedNoteContent, bed_note_content_free)
/* The canonical form. (transfer full) */
GBytes *bed_note_content_write (const BedNoteContent *self);
/* (transfer full) (nullable): NULL for bytes that are no canonical form. */
BedNoteContent *bed_note_content_read (GBytes *bytes);

BedNoteSignedAttachment *bed_note_signed_attachment_new (const char *uuid, const char *name,
                                                         const char *media_type, guint64 size,
                                                         const guint8 *hash);
void bed_note_signed_attachment_free (BedNoteSignedAttachment *self);
BedNoteDeviceConsent *bed_note_device_consent_new (gint64 real_us, guint device, guint scope,
                                                   gboolean granted, const char *text_version);
void bed_note_device_consent_free (BedNoteDeviceConsent *self);
/* Whether what the machine knows now is what was signed. Consents may have been added since; a
 * patient may have been assigned, and renamed. */
gboolean bed_note_facts_agree (const BedNoteFacts *then, const BedNoteFacts *now);

/* NULL when the bytes are no canonical form, or signature or key have another length. (transfer
 * full) */
BedNoteVersion *bed_note_version_new (GBytes *signed_bytes, GBytes *signature, GBytes *key);
const BedNoteContent *bed_note_version_get_content (BedNoteVersion *self);
/* SHA-256 over the signed bytes and the signature: what the next version names. */
void bed_note_version_hash (BedNoteVersion *self, guint8 hash[BED_NOTE_HASH_LENGTH]);

G_END_DECLS
