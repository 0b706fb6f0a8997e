/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-text-diff.h"

#include <string.h>

/* A longest common subsequence over a table of this many cells at most (2 bytes each). */
#define CELLS_MAX (4 * 1024 * 1024)

typedef struct
{
  gsize start;
  gsize length;
  guint hash;
} Token;

typedef struct
{
  const char *old_text;
  const char *new_text;
  GArray *segments;
} Diff;

static guint
hash_bytes (const char *bytes, gsize length)
{
  guint hash = 5381;

  for (gsize i = 0; i < length; i++)
    hash = hash * 33 + (guchar) bytes[i];
  return hash;
}

/* Runs of white space and of anything else; or lines with their ends. */
static GArray *
split (const char *text, gboolean lines)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  gsize at = 0;

  while (text[at] != '\0')
    {
      gsize end = at;
      Token token;

      if (lines)
        {
          end += strcspn (text + end, "\n");
          end += text[end] == '\n';
        }
      else
        {
          gboolean space = g_ascii_isspace (text[at]);

          while (text[end] != '\0' && g_ascii_isspace (text[end]) == space)
            end++;
        }
      token = (Token) { at, end - at, hash_bytes (text + at, end - at) };
      g_array_append_val (tokens, token);
      at = end;
    }
  return tokens;
}

static gboolean
same (const Diff *diff, const Token *a, const Token *b)
{
  return a->hash == b->hash && a->length == b->length
         && memcmp (diff->old_text + a->start, diff->new_text + b->start, a->length) == 0;
}

static void
add (Diff *diff, BedDiffKind kind, gsize start, gsize length, gsize other)
{
  BedDiffSegment *last
      = diff->segments->len > 0
            ? &g_array_index (diff->segments, BedDiffSegment, diff->segments->len - 1)
            : NULL;
  BedDiffSegment segment = { kind, start, length, other };

  if (length == 0)
    return;
  if (last != NULL && last->kind == kind && last->start + last->length == start
      && (kind != BED_DIFF_SAME || last->other + last->length == other))
    last->length += length;
  else
    g_array_append_val (diff->segments, segment);
}

/* Tells one token of either text. */
static void
add_token (Diff *diff, BedDiffKind kind, const Token *token, gsize other)
{
  add (diff, kind, token->start, token->length, other);
}

static void
replace_all (Diff *diff, const Token *a, guint n, const Token *b, guint m)
{
  for (guint i = 0; i < n; i++)
    add_token (diff, BED_DIFF_REMOVED, &a[i], 0);
  for (guint j = 0; j < m; j++)
    add_token (diff, BED_DIFF_ADDED, &b[j], 0);
}

/* lengths[i][j]: how much is common to a from i on and b from j on. */
static guint16 *
common_lengths (const Diff *diff, const Token *a, guint n, const Token *b, guint m)
{
  guint16 *lengths = g_new0 (guint16, (gsize) (n + 1) * (m + 1));

  for (guint i = n; i-- > 0;)
    for (guint j = m; j-- > 0;)
      {
        gsize at = (gsize) i * (m + 1) + j;

        if (same (diff, &a[i], &b[j]))
          lengths[at] = (guint16) MIN (lengths[at + m + 2] + 1, G_MAXUINT16);
        else
          lengths[at] = MAX (lengths[at + m + 1], lengths[at + 1]);
      }
  return lengths;
}

static void
walk (Diff *diff, const Token *a, guint n, const Token *b, guint m)
{
  g_autofree guint16 *lengths = common_lengths (diff, a, n, b, m);
  guint i = 0;
  guint j = 0;

  while (i < n && j < m)
    {
      gsize at = (gsize) i * (m + 1) + j;

      if (same (diff, &a[i], &b[j]))
        {
          add_token (diff, BED_DIFF_SAME, &a[i++], b[j].start);
          j++;
        }
      else if (lengths[at + m + 1] >= lengths[at + 1])
        add_token (diff, BED_DIFF_REMOVED, &a[i++], 0);
      else
        add_token (diff, BED_DIFF_ADDED, &b[j++], 0);
    }
  replace_all (diff, a + i, n - i, b + j, m - j);
}

/* What is equal at both ends costs nothing; the middle is compared where it is small enough. */
static gboolean
compare (Diff *diff, const GArray *old_tokens, const GArray *new_tokens, gboolean whole)
{
  const Token *a = (const Token *) (void *) old_tokens->data;
  const Token *b = (const Token *) (void *) new_tokens->data;
  guint n = old_tokens->len, m = new_tokens->len;
  guint head = 0, tail = 0;
  gboolean fits;

  while (head < MIN (n, m) && same (diff, &a[head], &b[head]))
    head++;
  while (tail < MIN (n, m) - head && same (diff, &a[n - 1 - tail], &b[m - 1 - tail]))
    tail++;
  fits = (gsize) (n - head - tail + 1) * (m - head - tail + 1) <= CELLS_MAX;
  if (!fits && !whole)
    return FALSE;
  for (guint i = 0; i < head; i++)
    add_token (diff, BED_DIFF_SAME, &a[i], b[i].start);
  if (fits)
    walk (diff, a + head, n - head - tail, b + head, m - head - tail);
  else
    replace_all (diff, a + head, n - head - tail, b + head, m - head - tail);
  for (guint i = tail; i > 0; i--)
    add_token (diff, BED_DIFF_SAME, &a[n - i], b[m - i].start);
  return TRUE;
}

GArray *
bed_text_diff (const char *old_text, const char *new_text)
{
  Diff diff = { old_text, new_text, g_array_new (FALSE, FALSE, sizeof (BedDiffSegment)) };

  for (gboolean lines = FALSE; lines <= TRUE; lines++)
    {
      g_autoptr (GArray) old_tokens = split (old_text, lines);
      g_autoptr (GArray) new_tokens = split (new_text, lines);

      if (compare (&diff, old_tokens, new_tokens, lines))
        break;
    }
  return diff.segments;
}
