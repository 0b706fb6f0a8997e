/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Blocks of text that flow over pages. No heading stays alone at a page's end, and no paragraph
 * leaves one line behind or sends one ahead. Lengths are points (1/72 inch). One thread.
 */
typedef struct _BedPageFlow BedPageFlow;

typedef struct
{
  double red, green, blue;
} BedInk;

/* A frame around the blocks that name it; blocks of one frame follow each other. */
typedef struct
{
  BedInk fill;
  BedInk edge;
} BedFlowFrame;

typedef struct
{
  PangoLayout *layout;       /* taken; its width is set by the flow */
  PangoLayout *label;        /* (nullable): taken; beside the first line, at the start side */
  double label_width;        /* the column of the label */
  double before;             /* space above, but not at a page's top */
  BedInk ink;
  BedInk label_ink;
  gboolean keep_with_next;
  const BedFlowFrame *frame; /* (nullable): borrowed */
  const char *tag;           /* of the PDF's structure: "H1", "H2", "P" */
  const char *outline;       /* (nullable): borrowed: an entry of the PDF's outline */
} BedFlowBlock;

typedef struct
{
  double left, right;      /* edges of the text */
  double first_top, top;   /* of the first page and of the others */
  double bottom;
  gboolean right_to_left;
} BedFlowArea;

BedPageFlow *bed_page_flow_new (const BedFlowArea *area);
void bed_page_flow_free (BedPageFlow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedPageFlow, bed_page_flow_free)
void bed_page_flow_add (BedPageFlow *self, const BedFlowBlock *block);
/* Places everything. Returns: the number of pages, 1 or more. */
guint bed_page_flow_break (BedPageFlow *self);
/* Frames and text of one page, from 0. The surface is a PDF's. */
void bed_page_flow_draw (BedPageFlow *self, guint page, cairo_t *cr);
/* For tests: how many lines of a block stand on a page. */
guint bed_page_flow_count_lines (BedPageFlow *self, guint block, guint page);

G_END_DECLS
