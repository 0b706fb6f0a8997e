/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-page-flow-private.h"

#include <cairo-pdf.h>
#include <math.h>

/* A paragraph leaves at least so many lines on a page, and takes at least so many to the next. */
#define LINES_TOGETHER 2
/* What is longer may be left by what follows: it would take half a page with it. */
#define LINES_KEPT 6
#define FRAME_PADDING 10.0
#define FRAME_RADIUS 5.0

typedef struct
{
  double top, bottom; /* in the block */
} Line;

typedef struct
{
  BedFlowBlock block;
  GArray *lines; /* of Line */
} Block;

/* A run of a block's lines on one page. */
typedef struct
{
  guint block, first, count, page;
  double y;
} Piece;

struct _BedPageFlow
{
  BedFlowArea area;
  GPtrArray *blocks;
  GArray *pieces;

  /* while breaking */
  guint page;
  double y;
  gboolean at_top;
};

static void
block_free (gpointer data)
{
  Block *block = data;

  g_object_unref (block->block.layout);
  g_clear_object (&block->block.label);
  g_array_unref (block->lines);
  g_free (block);
}

BedPageFlow *
bed_page_flow_new (const BedFlowArea *area)
{
  BedPageFlow *self = g_new0 (BedPageFlow, 1);

  self->area = *area;
  self->blocks = g_ptr_array_new_with_free_func (block_free);
  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  return self;
}

void
bed_page_flow_free (BedPageFlow *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->blocks);
  g_array_unref (self->pieces);
  g_free (self);
}

static double
inset (const BedFlowBlock *block)
{
  return block->frame != NULL ? FRAME_PADDING : 0;
}

void
bed_page_flow_add (BedPageFlow *self, const BedFlowBlock *block)
{
  Block *own = g_new0 (Block, 1);
  const double width = self->area.right - self->area.left - 2 * inset (block) - block->label_width;
  PangoLayoutIter *iter;

  own->block = *block;
  own->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  pango_layout_set_width (block->layout, pango_units_from_double (MAX (width, 1)));
  pango_layout_set_wrap (block->layout, PANGO_WRAP_WORD_CHAR);
  iter = pango_layout_get_iter (block->layout);
  do
    {
      int y0, y1;
      Line line;

      pango_layout_iter_get_line_yrange (iter, &y0, &y1);
      line.top = pango_units_to_double (y0);
      line.bottom = pango_units_to_double (y1);
      g_array_append_val (own->lines, line);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  g_ptr_array_add (self->blocks, own);
}

/* --- Breaking --------------------------------------------------------------------------------- */

static double
height_of (const Block *block, guint first, guint count)
{
  const Line *lines = (const Line *) block->lines->data;

  return lines[first + count - 1].bottom - lines[first].top;
}

/* The frame's padding above its first block and below its last. */
static double
space_before (BedPageFlow *self, guint index)
{
  const Block *block = g_ptr_array_index (self->blocks, index);
  const Block *previous = index > 0 ? g_ptr_array_index (self->blocks, index - 1) : NULL;
  const BedFlowFrame *above = previous != NULL ? previous->block.frame : NULL;
  double space = block->block.before;

  if (above != block->block.frame)
    space += (above != NULL ? FRAME_PADDING : 0) + (block->block.frame != NULL ? FRAME_PADDING : 0);
  return space;
}

/* What must stand together where a block begins: enough of its lines, and what it may not leave. */
static double
height_together (BedPageFlow *self, guint index)
{
  double height = 0;

  for (; index < self->blocks->len; index++)
    {
      const Block *block = g_ptr_array_index (self->blocks, index);
      const guint n = block->lines->len;

      if (!block->block.keep_with_next || n > LINES_KEPT || index + 1 == self->blocks->len)
        return height
               + height_of (block, 0, n < 2 * LINES_TOGETHER ? n : LINES_TOGETHER)
               + inset (&block->block);
      height += height_of (block, 0, n) + space_before (self, index + 1);
    }
  return height;
}

static void
next_page (BedPageFlow *self)
{
  self->page++;
  self->y = self->area.top;
  self->at_top = TRUE;
}

/* How many of the lines from `first` on go here; at least one, so that there is an end. */
static guint
lines_here (BedPageFlow *self, const Block *block, guint first)
{
  const guint left = block->lines->len - first;
  const double room = self->area.bottom - self->y - inset (&block->block);
  guint fit = 0;

  while (fit < left && height_of (block, first, fit + 1) <= room)
    fit++;
  if (fit == left)
    return fit;
  if (left - fit < LINES_TOGETHER && fit > LINES_TOGETHER)
    fit = left - LINES_TOGETHER;
  return MAX (fit, 1);
}

static void
place (BedPageFlow *self, guint index)
{
  const Block *block = g_ptr_array_index (self->blocks, index);
  guint first = 0;

  if (!self->at_top
      && self->y + space_before (self, index) + height_together (self, index) > self->area.bottom)
    next_page (self);
  self->y += self->at_top ? inset (&block->block) : space_before (self, index);
  while (first < block->lines->len)
    {
      Piece piece = { index, first, lines_here (self, block, first), self->page, self->y };

      g_array_append_val (self->pieces, piece);
      self->y += height_of (block, piece.first, piece.count);
      self->at_top = FALSE;
      first += piece.count;
      if (first < block->lines->len)
        {
          next_page (self);
          self->y += inset (&block->block);
        }
    }
}

guint
bed_page_flow_break (BedPageFlow *self)
{
  g_array_set_size (self->pieces, 0);
  self->page = 0;
  self->y = self->area.first_top;
  self->at_top = TRUE;
  for (guint i = 0; i < self->blocks->len; i++)
    place (self, i);
  return self->page + 1;
}

guint
bed_page_flow_count_lines (BedPageFlow *self, guint block, guint page)
{
  guint count = 0;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);

      if (piece->block == block && piece->page == page)
        count += piece->count;
    }
  return count;
}

/* --- Drawing ---------------------------------------------------------------------------------- */

static void
set_ink (cairo_t *cr, const BedInk *ink)
{
  cairo_set_source_rgb (cr, ink->red, ink->green, ink->blue);
}

static void
rounded (cairo_t *cr, double x, double y, double width, double height)
{
  const double r = FRAME_RADIUS;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -G_PI_2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, G_PI_2);
  cairo_arc (cr, x + r, y + height - r, r, G_PI_2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
draw_frame (BedPageFlow *self, cairo_t *cr, const BedFlowFrame *frame, double top, double bottom)
{
  cairo_save (cr);
  rounded (cr, self->area.left, top - FRAME_PADDING, self->area.right - self->area.left,
           bottom - top + 2 * FRAME_PADDING);
  set_ink (cr, &frame->fill);
  cairo_fill_preserve (cr);
  set_ink (cr, &frame->edge);
  cairo_set_line_width (cr, 0.8);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static const Block *
block_of (BedPageFlow *self, const Piece *piece)
{
  return g_ptr_array_index (self->blocks, piece->block);
}

static double
piece_bottom (BedPageFlow *self, const Piece *piece)
{
  return piece->y + height_of (block_of (self, piece), piece->first, piece->count);
}

static void
draw_frames (BedPageFlow *self, guint page, cairo_t *cr)
{
  const BedFlowFrame *frame = NULL;
  double top = 0, bottom = 0;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);
      const BedFlowFrame *here = block_of (self, piece)->block.frame;

      if (piece->page != page)
        continue;
      if (here != frame && frame != NULL)
        draw_frame (self, cr, frame, top, bottom);
      if (here != frame)
        top = piece->y;
      frame = here;
      bottom = piece_bottom (self, piece);
    }
  if (frame != NULL)
    draw_frame (self, cr, frame, top, bottom);
}

static void
draw_lines (PangoLayout *layout, cairo_t *cr, double x, double y, guint first, guint count)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  int start = 0;

  for (guint i = 0; i < first + count; i++)
    {
      PangoRectangle logical;
      int y0, y1;

      pango_layout_iter_get_line_yrange (iter, &y0, &y1);
      if (i == first)
        start = y0;
      if (i >= first)
        {
          pango_layout_iter_get_line_extents (iter, NULL, &logical);
          cairo_move_to (cr, x + pango_units_to_double (logical.x),
                         y + pango_units_to_double (pango_layout_iter_get_baseline (iter) - start));
          pango_cairo_show_layout_line (cr, pango_layout_iter_get_line_readonly (iter));
        }
      if (!pango_layout_iter_next_line (iter))
        break;
    }
  pango_layout_iter_free (iter);
}

static void
draw_label (BedPageFlow *self, const Block *block, cairo_t *cr, double y)
{
  const double edge = inset (&block->block);
  const double x = self->area.right_to_left
                       ? self->area.right - edge
                             - pango_units_to_double (pango_layout_get_width (block->block.label))
                       : self->area.left + edge;

  set_ink (cr, &block->block.label_ink);
  draw_lines (block->block.label, cr, x, y, 0,
              pango_layout_get_line_count (block->block.label));
}

static void
draw_piece (BedPageFlow *self, const Piece *piece, cairo_t *cr)
{
  const Block *block = block_of (self, piece);
  const double indent = self->area.right_to_left ? 0 : block->block.label_width;

  cairo_tag_begin (cr, block->block.tag, NULL);
  if (block->block.label != NULL && piece->first == 0)
    draw_label (self, block, cr, piece->y);
  set_ink (cr, &block->block.ink);
  draw_lines (block->block.layout, cr, self->area.left + inset (&block->block) + indent, piece->y,
              piece->first, piece->count);
  cairo_tag_end (cr, block->block.tag);
}

static void
add_outline (const Piece *piece, const char *title, cairo_t *cr)
{
  g_autofree char *target
      = g_strdup_printf ("page=%u pos=[0 %d]", piece->page + 1, (int) floor (piece->y));

  cairo_pdf_surface_add_outline (cairo_get_target (cr), CAIRO_PDF_OUTLINE_ROOT, title, target, 0);
}

void
bed_page_flow_draw (BedPageFlow *self, guint page, cairo_t *cr)
{
  draw_frames (self, page, cr);
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);
      const Block *block = block_of (self, piece);

      if (piece->page != page)
        continue;
      if (block->block.outline != NULL && piece->first == 0)
        add_outline (piece, block->block.outline, cr);
      draw_piece (self, piece, cr);
    }
}
