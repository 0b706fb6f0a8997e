/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-text.h"

#include "bed-handover-facts-private.h"

#include <string.h>

#define COLUMNS_MIN 40
#define TAB_CELLS 4

typedef struct
{
  GString *out;
  guint columns;
} Writer;

/* --- Wrapping --------------------------------------------------------------------------------- */

static guint
cells (gunichar c)
{
  if (c == '\t')
    return TAB_CELLS;
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/* The end of the line that begins at `text`: at the last space that fits, or inside a word that is
 * longer than a line. */
static const char *
line_end (const char *text, guint columns)
{
  const char *space = NULL;
  guint used = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      used += cells (c);
      if (used > columns && at > text)
        return c == ' ' ? at : space != NULL && space > text ? space : at;
      if (c == ' ')
        space = at;
    }
  return text + strlen (text);
}

static void
write_line (Writer *self, const char *text, guint indent)
{
  const char *at = text;

  do
    {
      const char *end = line_end (at, self->columns - indent);

      g_string_append_printf (self->out, "%*s%.*s\n", end > at ? (int) indent : 0, "",
                              (int) (end - at), at);
      for (at = end; *at == ' '; at++)
        ;
    }
  while (*at != '\0');
}

static void
write_text (Writer *self, const char *text, guint indent)
{
  g_autofree char *clean = bed_handover_printable (text);
  g_auto (GStrv) lines = g_strsplit (clean, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    write_line (self, g_strchomp (lines[i]), indent);
}

static void
write_heading (Writer *self, const char *text, char rule)
{
  guint width = 0;

  write_text (self, text, 0);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    width += cells (g_utf8_get_char (at));
  for (guint i = 0; i < MIN (width, self->columns); i++)
    g_string_append_c (self->out, rule);
  g_string_append_c (self->out, '\n');
}

static void
write_facts (Writer *self, GPtrArray *facts)
{
  for (guint i = 0; i < facts->len; i++)
    {
      const BedHandoverFact *fact = g_ptr_array_index (facts, i);
      g_autofree char *line = g_strdup_printf ("%s: %s", fact->label, fact->value);

      write_text (self, line, 0);
    }
}

static void
blank (Writer *self)
{
  g_string_append_c (self->out, '\n');
}

/* --- The note --------------------------------------------------------------------------------- */

static void
write_head (Writer *self, const BedHandover *note, const BedHandoverWords *words)
{
  g_autofree char *clinic
      = g_strconcat (note->author.clinic, note->author.clinic_telephone[0] != '\0' ? " · " : "",
                     note->author.clinic_telephone, NULL);
  g_autoptr (GPtrArray) patient = bed_handover_patient_facts (note, words);
  g_autoptr (GPtrArray) facts = bed_handover_encounter_facts (note, words);

  if (clinic[0] != '\0')
    write_text (self, clinic, 0);
  write_heading (self, words->words[BED_WORD_TITLE], '=');
  if (!bed_handover_is_signed (note))
    write_text (self, words->words[BED_WORD_DRAFT], 0);
  else if (note->state == BED_NOTE_AMENDED)
    write_text (self, words->words[BED_WORD_AMENDED], 0);
  blank (self);
  write_heading (self, note->patient.name, '-');
  write_facts (self, patient);
  blank (self);
  write_heading (self, words->words[BED_WORD_CONSULTATION], '-');
  write_facts (self, facts);
}

static void
write_sections (Writer *self, const BedHandover *note, const BedHandoverWords *words)
{
  gboolean any = FALSE;

  for (guint i = 0; i < note->sections->len; i++)
    {
      const BedHandoverSection *section = g_ptr_array_index (note->sections, i);

      if (bed_handover_is_blank (section->text))
        continue;
      any = TRUE;
      blank (self);
      write_heading (self, section->heading, '-');
      write_text (self, section->text, 0);
    }
  if (any)
    return;
  blank (self);
  write_text (self, words->words[BED_WORD_EMPTY], 0);
}

static void
write_signature (Writer *self, const BedHandoverSignature *signature, const BedHandoverWords *words)
{
  g_autofree char *line = bed_handover_signed_line (signature, words);
  g_autofree char *fingerprint = bed_handover_fingerprint (signature);
  g_autofree char *key = g_strdup_printf ("%s: %s", words->words[BED_WORD_KEY], fingerprint);

  write_text (self, line, 0);
  write_text (self, key, 0);
  write_text (self, words->words[signature->verified ? BED_WORD_VERIFIED : BED_WORD_NOT_VERIFIED],
              0);
}

static void
write_addendum (Writer *self, const BedHandoverAddendum *addendum, guint number,
                const BedHandoverWords *words)
{
  g_autofree char *n = g_strdup_printf ("%u", number);
  g_autofree char *time = bed_handover_time (words, BED_WORD_DATE_TIME_FORMAT, addendum->real_us);
  g_autofree char *heading = bed_handover_word (words, BED_WORD_ADDENDUM, "n", n, NULL);
  g_autofree char *line = g_strdup_printf ("%s, %s", addendum->author, time);
  g_autofree char *reason = g_strdup_printf ("%s: %s", words->words[BED_WORD_REASON],
                                             addendum->reason);

  blank (self);
  write_heading (self, heading, '-');
  write_text (self, line, 0);
  if (addendum->reason[0] != '\0')
    write_text (self, reason, 0);
  blank (self);
  write_text (self, addendum->text, 0);
  if (addendum->signature == NULL)
    return;
  blank (self);
  write_signature (self, addendum->signature, words);
}

static void
write_versions (Writer *self, const BedHandover *note, const BedHandoverWords *words)
{
  if (note->versions->len == 0)
    return;
  blank (self);
  write_heading (self, words->words[BED_WORD_VERSIONS], '-');
  for (guint i = 0; i < note->versions->len; i++)
    {
      const BedHandoverVersion *version = g_ptr_array_index (note->versions, i);
      g_autofree char *n = g_strdup_printf ("%u", version->number);
      g_autofree char *name = bed_handover_word (words, BED_WORD_VERSION, "n", n, NULL);
      g_autofree char *time
          = bed_handover_time (words, BED_WORD_DATE_TIME_FORMAT, version->real_us);
      g_autofree char *line
          = g_strdup_printf ("%s: %s, %s%s%s", name, time, version->author,
                             version->reason[0] != '\0' ? ", " : "", version->reason);

      write_text (self, line, 0);
    }
}

static void
write_belongings (Writer *self, const BedHandover *note, const BedHandoverWords *words)
{
  if (note->attachments->len > 0)
    {
      blank (self);
      write_heading (self, words->words[BED_WORD_ATTACHMENTS], '-');
    }
  for (guint i = 0; i < note->attachments->len; i++)
    {
      const BedHandoverAttachment *attachment = g_ptr_array_index (note->attachments, i);
      g_autofree char *line = bed_handover_attachment_line (attachment, words);

      write_text (self, line, 0);
    }
  if (note->chat->len > 0)
    {
      blank (self);
      write_heading (self, words->words[BED_WORD_CHAT], '-');
    }
  for (guint i = 0; i < note->chat->len; i++)
    {
      const BedHandoverMessage *message = g_ptr_array_index (note->chat, i);
      g_autofree char *time = bed_handover_time (words, BED_WORD_TIME_FORMAT, message->real_us);
      g_autofree char *line = g_strdup_printf (
          "%s %s: %s", time, message->from_patient ? note->patient.name : note->author.name,
          message->text);

      write_text (self, line, 0);
    }
}

char *
bed_note_text_new (const BedHandover *note, const BedHandoverWords *words, guint columns)
{
  Writer self = { .out = g_string_new (NULL), .columns = MAX (columns, COLUMNS_MIN) };
  g_autofree char *time = bed_handover_time (words, BED_WORD_DATE_TIME_FORMAT, note->made_us);
  g_autofree char *made = bed_handover_word (words, BED_WORD_MADE_ON, "time", time, NULL);

  write_head (&self, note, words);
  write_sections (&self, note, words);
  if (note->signature != NULL)
    {
      blank (&self);
      write_heading (&self, words->words[BED_WORD_SIGNATURE], '-');
      write_signature (&self, note->signature, words);
    }
  for (guint i = 0; i < note->addenda->len; i++)
    write_addendum (&self, g_ptr_array_index (note->addenda, i), i + 1, words);
  write_versions (&self, note, words);
  write_belongings (&self, note, words);
  blank (&self);
  write_text (&self, made, 0);
  return g_string_free (self.out, FALSE);
}
