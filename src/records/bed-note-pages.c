/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-pages.h"

#include "bed-handover-facts-private.h"
#include "bed-page-flow-private.h"

#include <pango/pangocairo.h>
#include <string.h>

/* Points. */
#define SIDE 57.0
#define TOP 45.0
#define RUNNING_TOP 70.0
#define FOOT 62.0
#define LABEL_WIDTH 118.0

#define PARAGRAPH_MAX 4096 /* bytes */

#define SANS "Noto Sans, Adwaita Sans, Cantarell, sans-serif"
#define MONO "Noto Sans Mono, Adwaita Mono, DejaVu Sans Mono, monospace"
#define NAME_FONT SANS " Bold 14"
#define BRAND_FONT SANS " Bold 15"
#define HEADING_FONT SANS " Bold 12"
#define STRONG_FONT SANS " Bold 10"
#define BODY_FONT SANS " 10"
#define FACT_FONT SANS " 9"
#define KEY_FONT MONO " 9"
#define SMALL_FONT SANS " 7.5"
#define MARK_FONT SANS " Bold 96"

static const BedInk black = { 0.10, 0.10, 0.12 };
static const BedInk grey = { 0.36, 0.38, 0.40 };
static const BedInk teal = { 0.00, 0.41, 0.42 };
static const BedInk amber = { 0.55, 0.29, 0.00 };
static const BedInk red = { 0.65, 0.07, 0.07 };
static const BedInk pale = { 0.95, 0.93, 0.89 };
static const BedInk hair = { 0.78, 0.80, 0.81 };
static const BedFlowFrame patient_frame = { { 0.955, 0.965, 0.967 }, { 0.86, 0.88, 0.885 } };
static const BedFlowFrame draft_frame = { { 1.00, 0.965, 0.89 }, { 0.80, 0.53, 0.13 } };
static const BedFlowFrame signed_frame = { { 0.945, 0.975, 0.975 }, { 0.00, 0.41, 0.42 } };
static const BedFlowFrame broken_frame = { { 1.00, 0.95, 0.945 }, { 0.65, 0.07, 0.07 } };

struct _BedNotePages
{
  const BedHandover *note;       /* lent */
  const BedHandoverWords *words; /* lent */
  double width, height;
  cairo_t *cr;           /* lent while something is measured or drawn */
  PangoContext *context; /* owned */
  BedPageFlow *flow;     /* owned */
  GPtrArray *headings;   /* owned: texts that the outline keeps */
  guint n;
};

/* --- Text ------------------------------------------------------------------------------------- */

static PangoLayout *
layout_new (BedNotePages *self, const char *font, const char *text)
{
  PangoLayout *layout = pango_layout_new (self->context);
  PangoFontDescription *description = pango_font_description_from_string (font);
  PangoAttrList *attributes = pango_attr_list_new ();
  g_autofree char *plain = bed_handover_printable (text);

  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_line_spacing (layout, 1.12f);
  /* A hyphen that nobody wrote would change an identifier. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_text (layout, plain, -1);
  if (self->words->right_to_left)
    pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  return layout;
}

/* To one side whatever the text's own direction: Pango turns round what runs against the page. */
static void
align (BedNotePages *self, PangoLayout *layout, gboolean right)
{
  PangoLayoutLine *line = pango_layout_get_line_readonly (layout, 0);
  const PangoDirection direction = pango_layout_line_get_resolved_direction (line);
  const gboolean against = direction == (self->words->right_to_left ? PANGO_DIRECTION_LTR
                                                                    : PANGO_DIRECTION_RTL);

  pango_layout_set_alignment (layout, right != against ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
}

static void
add_block (BedNotePages *self, const char *font, const BedInk *ink, double before, gboolean keep,
           const BedFlowFrame *frame, const char *text)
{
  BedFlowBlock block = {
    .layout = layout_new (self, font, text),
    .before = before,
    .ink = *ink,
    .keep_with_next = keep,
    .frame = frame,
    .tag = "P",
  };

  bed_page_flow_add (self->flow, &block);
}

/* name: lent for the flow's life: it is in the outline too. */
static void
add_heading (BedNotePages *self, const char *name)
{
  BedFlowBlock block = {
    .layout = layout_new (self, HEADING_FONT, name),
    .before = 15,
    .ink = teal,
    .keep_with_next = TRUE,
    .tag = "H2",
    .outline = name,
  };

  bed_page_flow_add (self->flow, &block);
}

static void
add_fact (BedNotePages *self, const char *label, const char *value, double before,
          const BedFlowFrame *frame)
{
  BedFlowBlock block = {
    .layout = layout_new (self, FACT_FONT, value),
    .label = layout_new (self, FACT_FONT, label),
    .label_width = LABEL_WIDTH,
    .before = before,
    .ink = black,
    .label_ink = grey,
    .frame = frame,
    .tag = "P",
  };

  pango_layout_set_width (block.label, pango_units_from_double (LABEL_WIDTH - 8));
  align (self, block.label, self->words->right_to_left);
  align (self, block.layout, self->words->right_to_left);
  bed_page_flow_add (self->flow, &block);
}

/* Where a paragraph that is longer than any that people write is cut: after a space, or anywhere.
 * Breaking one of a hundred thousand letters into lines would take minutes. */
static gsize
cut_length (const char *text)
{
  gsize length = strnlen (text, PARAGRAPH_MAX + 1);
  const char *end;

  if (length <= PARAGRAPH_MAX)
    return length;
  for (end = text + PARAGRAPH_MAX; end > text + PARAGRAPH_MAX / 2; end--)
    if (*end == ' ' || *end == '\n')
      return end - text;
  end = text + PARAGRAPH_MAX;
  while (end > text && ((guchar) *end & 0xc0) == 0x80)
    end--;
  return end - text;
}

static void
add_paragraph (BedNotePages *self, const char *text, double before, gboolean keep)
{
  while (*text != '\0')
    {
      gsize length = cut_length (text);
      g_autofree char *part = g_strndup (text, length);

      text += length;
      text += strspn (text, " \n");
      add_block (self, BODY_FONT, &black, before, keep && *text == '\0', NULL, part);
      before = 0;
    }
}

/* Paragraphs apart where a line was left empty. keep: its end stays with what follows. */
static void
add_text (BedNotePages *self, const char *text, gboolean keep)
{
  g_autofree char *body = g_strchomp (g_strdup (text));
  g_auto (GStrv) lines = g_strsplit (body, "\n", -1);
  g_autoptr (GString) paragraph = g_string_new (NULL);
  double before = 4;

  for (guint i = 0;; i++)
    {
      g_autofree char *line = lines[i] != NULL ? g_strchomp (g_strdup (lines[i])) : NULL;
      const gboolean last = line == NULL || lines[i + 1] == NULL;

      if (line != NULL && line[0] != '\0')
        {
          g_string_append_printf (paragraph, "%s%s", paragraph->len > 0 ? "\n" : "", line);
          continue;
        }
      if (paragraph->len > 0)
        {
          add_paragraph (self, paragraph->str, before, keep && last);
          before = 6;
        }
      g_string_truncate (paragraph, 0);
      if (line == NULL)
        break;
    }
}

/* --- The note's parts ------------------------------------------------------------------------- */

static void
add_state (BedNotePages *self)
{
  const BedHandoverWords *words = self->words;

  if (!bed_handover_is_signed (self->note))
    add_block (self, STRONG_FONT, &amber, 0, FALSE, &draft_frame, words->words[BED_WORD_DRAFT]);
  else if (self->note->state == BED_NOTE_AMENDED)
    add_block (self, STRONG_FONT, &teal, 0, FALSE, &signed_frame, words->words[BED_WORD_AMENDED]);
}

static void
add_patient (BedNotePages *self)
{
  g_autoptr (GPtrArray) facts = bed_handover_patient_facts (self->note, self->words);
  const gboolean state_above = self->note->state != BED_NOTE_SIGNED;

  add_block (self, SMALL_FONT, &grey, state_above ? 6 : 0, TRUE, &patient_frame,
             self->words->words[BED_WORD_PATIENT]);
  add_block (self, NAME_FONT, &black, 0, facts->len > 0, &patient_frame, self->note->patient.name);
  for (guint i = 0; i < facts->len; i++)
    {
      const BedHandoverFact *fact = g_ptr_array_index (facts, i);

      add_fact (self, fact->label, fact->value, 2, &patient_frame);
    }
}

static void
add_consultation (BedNotePages *self)
{
  g_autoptr (GPtrArray) facts = bed_handover_encounter_facts (self->note, self->words);

  add_heading (self, self->words->words[BED_WORD_CONSULTATION]);
  if (self->note->author.name[0] != '\0')
    add_fact (self, self->words->words[BED_WORD_CLINICIAN], self->note->author.name, 4, NULL);
  for (guint i = 0; i < facts->len; i++)
    {
      const BedHandoverFact *fact = g_ptr_array_index (facts, i);

      add_fact (self, fact->label, fact->value, 3, NULL);
    }
}

static void
add_sections (BedNotePages *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->note->sections->len; i++)
    {
      const BedHandoverSection *section = g_ptr_array_index (self->note->sections, i);

      if (bed_handover_is_blank (section->text))
        continue;
      any = TRUE;
      add_heading (self, section->heading);
      add_text (self, section->text, self->note->signature != NULL);
    }
  if (!any)
    add_block (self, BODY_FONT, &grey, 15, FALSE, NULL, self->words->words[BED_WORD_EMPTY]);
}

static void
add_signature (BedNotePages *self, const BedHandoverSignature *signature)
{
  const BedFlowFrame *frame = signature->verified ? &signed_frame : &broken_frame;
  const BedInk *ink = signature->verified ? &teal : &red;
  const BedWord word = signature->verified ? BED_WORD_VERIFIED : BED_WORD_NOT_VERIFIED;
  g_autofree char *line = bed_handover_signed_line (signature, self->words);
  g_autofree char *fingerprint = bed_handover_fingerprint (signature);
  g_autofree char *key
      = g_strdup_printf ("%s: %s", self->words->words[BED_WORD_KEY], fingerprint);

  add_block (self, STRONG_FONT, &black, 16, TRUE, frame, line);
  add_block (self, KEY_FONT, &grey, 3, TRUE, frame, key);
  add_block (self, FACT_FONT, ink, 3, FALSE, frame, self->words->words[word]);
}

/* The outline keeps the heading's text until the pages are drawn. */
static void
add_addendum (BedNotePages *self, const BedHandoverAddendum *addendum, const char *heading)
{
  g_autofree char *time
      = bed_handover_time (self->words, BED_WORD_DATE_TIME_FORMAT, addendum->real_us);
  g_autofree char *line = g_strdup_printf ("%s, %s", addendum->author, time);
  g_autofree char *reason
      = g_strdup_printf ("%s: %s", self->words->words[BED_WORD_REASON], addendum->reason);

  add_heading (self, heading);
  add_block (self, FACT_FONT, &grey, 2, TRUE, NULL, line);
  if (addendum->reason[0] != '\0')
    add_block (self, FACT_FONT, &grey, 1, TRUE, NULL, reason);
  add_text (self, addendum->text, addendum->signature != NULL);
  if (addendum->signature != NULL)
    add_signature (self, addendum->signature);
}

static void
add_addenda (BedNotePages *self)
{
  for (guint i = 0; i < self->note->addenda->len; i++)
    {
      g_autofree char *n = g_strdup_printf ("%u", i + 1);
      char *heading = bed_handover_word (self->words, BED_WORD_ADDENDUM, "n", n, NULL);

      g_ptr_array_add (self->headings, heading);
      add_addendum (self, g_ptr_array_index (self->note->addenda, i), heading);
    }
}

static void
add_versions (BedNotePages *self)
{
  if (self->note->versions->len == 0)
    return;
  add_heading (self, self->words->words[BED_WORD_VERSIONS]);
  for (guint i = 0; i < self->note->versions->len; i++)
    {
      const BedHandoverVersion *version = g_ptr_array_index (self->note->versions, i);
      g_autofree char *n = g_strdup_printf ("%u", version->number);
      g_autofree char *name = bed_handover_word (self->words, BED_WORD_VERSION, "n", n, NULL);
      g_autofree char *time
          = bed_handover_time (self->words, BED_WORD_DATE_TIME_FORMAT, version->real_us);
      g_autofree char *line
          = g_strdup_printf ("%s, %s%s%s", time, version->author,
                             version->reason[0] != '\0' ? " – " : "", version->reason);

      add_fact (self, name, line, 3, NULL);
    }
}

static void
add_belongings (BedNotePages *self)
{
  if (self->note->attachments->len > 0)
    add_heading (self, self->words->words[BED_WORD_ATTACHMENTS]);
  for (guint i = 0; i < self->note->attachments->len; i++)
    {
      g_autofree char *line
          = bed_handover_attachment_line (g_ptr_array_index (self->note->attachments, i),
                                          self->words);

      add_block (self, FACT_FONT, &black, 3, FALSE, NULL, line);
    }
  if (self->note->chat->len > 0)
    add_heading (self, self->words->words[BED_WORD_CHAT]);
  for (guint i = 0; i < self->note->chat->len; i++)
    {
      const BedHandoverMessage *message = g_ptr_array_index (self->note->chat, i);
      g_autofree char *time
          = bed_handover_time (self->words, BED_WORD_TIME_FORMAT, message->real_us);
      g_autofree char *who = g_strdup_printf (
          "%s  %s", time,
          message->from_patient ? self->note->patient.name : self->note->author.name);

      add_fact (self, who, message->text, 4, NULL);
    }
}

static void
add_all (BedNotePages *self)
{
  add_state (self);
  add_patient (self);
  add_consultation (self);
  add_sections (self);
  if (self->note->signature != NULL)
    add_signature (self, self->note->signature);
  add_addenda (self);
  add_versions (self);
  add_belongings (self);
}

/* --- What stands around the text -------------------------------------------------------------- */

static void
ink (BedNotePages *self, const BedInk *colour)
{
  cairo_set_source_rgb (self->cr, colour->red, colour->green, colour->blue);
}

/* Draws at the start or at the end side, `share` of the width wide. Returns: the height. */
static double
draw_text (BedNotePages *self, const char *font, const BedInk *colour, const char *text, gboolean at_end,
           double share, double y)
{
  g_autoptr (PangoLayout) layout = layout_new (self, font, text);
  const double width = (self->width - 2 * SIDE) * share;
  const gboolean right = at_end != self->words->right_to_left;
  int height;

  pango_layout_set_width (layout, pango_units_from_double (width));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  align (self, layout, right);
  ink (self, colour);
  cairo_move_to (self->cr, right ? self->width - SIDE - width : SIDE, y);
  pango_cairo_show_layout (self->cr, layout);
  pango_layout_get_size (layout, NULL, &height);
  return text[0] != '\0' ? pango_units_to_double (height) : 0;
}

static void
draw_rule (BedNotePages *self, double y, const BedInk *colour, double width)
{
  ink (self, colour);
  cairo_set_line_width (self->cr, width);
  cairo_move_to (self->cr, SIDE, y);
  cairo_line_to (self->cr, self->width - SIDE, y);
  cairo_stroke (self->cr);
}

/* Returns: where the text may begin. Drawn onto the first page only, measured before it. */
static double
draw_letter_head (BedNotePages *self)
{
  const BedHandoverAuthor *author = &self->note->author;
  g_autofree char *date
      = bed_handover_time (self->words, BED_WORD_DATE_FORMAT,
                           self->note->encounter.started_us != 0 ? self->note->encounter.started_us
                                                                 : self->note->created_us);
  g_autofree char *telephone = bed_handover_isolate (self->words, author->clinic_telephone);
  const char *clinic = author->clinic[0] != '\0' ? author->clinic : author->name;
  double start = TOP, end = TOP;

  start += draw_text (self, BRAND_FONT, &teal, clinic, FALSE, 0.58, start);
  start += draw_text (self, FACT_FONT, &grey, telephone, FALSE, 0.58, start);
  end += draw_text (self, BRAND_FONT, &black, self->words->words[BED_WORD_TITLE], TRUE, 0.4, end);
  end += draw_text (self, FACT_FONT, &grey, date, TRUE, 0.4, end);
  draw_rule (self, MAX (start, end) + 8, &teal, 1.4);
  return MAX (start, end) + 22;
}

static void
draw_running_head (BedNotePages *self)
{
  draw_text (self, SMALL_FONT, &grey, self->note->author.clinic, FALSE, 0.6, TOP - 2);
  draw_text (self, SMALL_FONT, &grey, self->words->words[BED_WORD_TITLE], TRUE, 0.38, TOP - 2);
  draw_rule (self, TOP + 13, &hair, 0.6);
}

static void
draw_foot (BedNotePages *self, guint page, guint pages)
{
  g_autofree char *number = g_strdup_printf ("%u", page + 1);
  g_autofree char *count = g_strdup_printf ("%u", pages);
  g_autofree char *place
      = bed_handover_word (self->words, BED_WORD_PAGE, "page", number, "pages", count, NULL);
  g_autofree char *who = bed_handover_patient_line (self->note, self->words);
  g_autofree char *time
      = bed_handover_time (self->words, BED_WORD_DATE_TIME_FORMAT, self->note->made_us);
  g_autofree char *made = bed_handover_word (self->words, BED_WORD_MADE_ON, "time", time, NULL);
  const double y = self->height - FOOT + 14;
  double below;

  draw_rule (self, y - 6, &hair, 0.6);
  draw_text (self, SMALL_FONT, &black, place, TRUE, 0.25, y);
  below = y + draw_text (self, SMALL_FONT, &black, who, FALSE, 0.73, y);
  if (bed_handover_is_signed (self->note))
    draw_text (self, SMALL_FONT, &grey, made, FALSE, 0.73, below);
  else
    draw_text (self, SMALL_FONT, &amber, self->words->words[BED_WORD_DRAFT], FALSE, 0.73, below);
}

static void
draw_mark (BedNotePages *self)
{
  g_autoptr (PangoLayout) layout
      = layout_new (self, MARK_FONT, self->words->words[BED_WORD_DRAFT_MARK]);
  int width, height;

  pango_layout_get_size (layout, &width, &height);
  cairo_save (self->cr);
  ink (self, &pale);
  cairo_translate (self->cr, self->width / 2, self->height / 2);
  cairo_rotate (self->cr, self->words->right_to_left ? G_PI / 5 : -G_PI / 5);
  cairo_move_to (self->cr, -pango_units_to_double (width) / 2,
                 -pango_units_to_double (height) / 2);
  pango_cairo_show_layout (self->cr, layout);
  cairo_restore (self->cr);
}

/* --- The pages -------------------------------------------------------------------------------- */

/* The height of the letter head, from a drawing that goes nowhere. */
static double
measure_letter_head (BedNotePages *self)
{
  double top;

  cairo_push_group (self->cr);
  top = draw_letter_head (self);
  cairo_pattern_destroy (cairo_pop_group (self->cr));
  return top;
}

static PangoContext *
new_context (const BedHandoverWords *words, cairo_t *cr)
{
  PangoContext *context = pango_cairo_create_context (cr);

  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_language (context, pango_language_from_string (words->language));
  pango_context_set_base_dir (context, words->right_to_left ? PANGO_DIRECTION_WEAK_RTL
                                                            : PANGO_DIRECTION_WEAK_LTR);
  return context;
}

BedNotePages *
bed_note_pages_new (const BedHandover *note, const BedHandoverWords *words, BedPaper paper,
                    cairo_t *cr)
{
  BedNotePages *self = g_new0 (BedNotePages, 1);
  BedFlowArea area;

  self->note = note;
  self->words = words;
  self->headings = g_ptr_array_new_with_free_func (g_free);
  bed_paper_get_size (paper, &self->width, &self->height);
  self->context = new_context (words, cr);
  self->cr = cr;
  area = (BedFlowArea){
    .left = SIDE,
    .right = self->width - SIDE,
    .first_top = measure_letter_head (self),
    .top = RUNNING_TOP,
    .bottom = self->height - FOOT,
    .right_to_left = words->right_to_left,
  };
  self->flow = bed_page_flow_new (&area);
  add_all (self);
  self->n = bed_page_flow_break (self->flow);
  self->cr = NULL;
  return self;
}

guint
bed_note_pages_get_n (BedNotePages *self)
{
  return self->n;
}

void
bed_note_pages_draw (BedNotePages *self, guint page, cairo_t *cr)
{
  self->cr = cr;
  if (!bed_handover_is_signed (self->note))
    draw_mark (self);
  if (page == 0)
    draw_letter_head (self);
  else
    draw_running_head (self);
  bed_page_flow_draw (self->flow, page, cr);
  draw_foot (self, page, self->n);
  self->cr = NULL;
}

void
bed_note_pages_free (BedNotePages *self)
{
  if (self == NULL)
    return;
  bed_page_flow_free (self->flow);
  g_object_unref (self->context);
  g_ptr_array_unref (self->headings);
  g_free (self);
}

void
bed_paper_get_size (BedPaper paper, double *width, double *height)
{
  *width = paper == BED_PAPER_LETTER ? 612 : 595.276;
  *height = paper == BED_PAPER_LETTER ? 792 : 841.89;
}
