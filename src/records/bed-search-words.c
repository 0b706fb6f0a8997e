/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-search-words-private.h"

#include <string.h>

#include "bed-record-store.h"

#define RANGES_MAX 1000
#define SNIPPET_BEFORE 40 /* bytes */
#define SNIPPET_LENGTH 160

/* Letters that Unicode does not take apart, though people type them without. */
static const char *
plain_letter (gunichar c)
{
  switch (c)
    {
    case 0xe6: /* ae */
      return "ae";
    case 0xf0: /* eth */
    case 0x111: /* d with stroke */
      return "d";
    case 0xf8: /* o with stroke */
      return "o";
    case 0xfe: /* thorn */
      return "th";
    case 0x127: /* h with stroke */
      return "h";
    case 0x131: /* i without dot */
      return "i";
    case 0x142: /* l with stroke */
      return "l";
    case 0x153: /* oe */
      return "oe";
    case 0x167: /* t with stroke */
      return "t";
    default:
      return NULL;
    }
}

char *
bed_search_fold (const char *text, gssize length)
{
  g_autofree char *lower = g_utf8_casefold (text, length);
  g_autofree char *apart = g_utf8_normalize (lower, -1, G_NORMALIZE_ALL);
  GString *out = g_string_new (NULL);

  for (const char *c = apart; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);
      const char *plain = plain_letter (u);

      if (plain != NULL)
        g_string_append (out, plain);
      else if (!g_unichar_ismark (u))
        g_string_append_unichar (out, u);
    }
  return g_string_free (out, FALSE);
}

static gboolean
is_plain_word_byte (char c)
{
  return g_ascii_islower (c) || g_ascii_isdigit (c);
}

/* Most words are plain already, and folding is what indexing spends its time on. */
static char *
fold_word (const char *start, gsize length)
{
  gsize i = 0;
  char *out;

  while (i < length && (is_plain_word_byte (start[i]) || g_ascii_isupper (start[i])))
    i++;
  if (i < length)
    {
      g_autofree char *folded = bed_search_fold (start, (gssize) length);
      g_autoptr (GString) letters = g_string_new (NULL);

      /* Taking apart may leave signs behind ("½" is "1⁄2"). */
      for (const char *c = folded; *c != '\0'; c = g_utf8_next_char (c))
        if (g_unichar_isalnum (g_utf8_get_char (c)))
          g_string_append_unichar (letters, g_utf8_get_char (c));
      return g_string_free (g_steal_pointer (&letters), FALSE);
    }
  out = g_strndup (start, length);
  for (i = 0; i < length; i++)
    out[i] = g_ascii_tolower (out[i]);
  return out;
}

static void
cut_word (char *word)
{
  if (strlen (word) > BED_SEARCH_TERM_BYTES)
    *g_utf8_find_prev_char (word, word + BED_SEARCH_TERM_BYTES + 1) = '\0';
}

void
bed_search_each_word (const char *text, BedSearchWord callback, gpointer user_data)
{
  const char *start = NULL;

  for (const char *c = text;; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);
      gboolean inside = u != 0 && (g_unichar_isalnum (u) || g_unichar_ismark (u));

      if (inside && start == NULL)
        start = c;
      if (!inside && start != NULL)
        {
          g_autofree char *word = fold_word (start, (gsize) (c - start));

          cut_word (word);
          if (*word != '\0')
            callback (word, (gsize) (start - text), (gsize) (c - text), user_data);
          start = NULL;
        }
      if (u == 0)
        return;
    }
}

static void
add_typed (const char *folded, gsize start, gsize end, gpointer user_data)
{
  GPtrArray *words = user_data;

  if (words->len < BED_SEARCH_TERMS_MAX
      && !g_ptr_array_find_with_equal_func (words, folded, g_str_equal, NULL))
    g_ptr_array_add (words, g_strdup (folded));
}

GStrv
bed_search_typed_words (const char *typed)
{
  g_autofree char *valid = g_utf8_make_valid (typed != NULL ? typed : "", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  bed_search_each_word (valid, add_typed, words);
  g_ptr_array_add (words, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

/* --- Where they stand ------------------------------------------------------------------------- */

typedef struct
{
  GStrv words;
  GArray *ranges;
  GArray *which; /* guint: the number of the word that a range is of */
} Highlight;

static void
match_word (const char *folded, gsize start, gsize end, gpointer user_data)
{
  Highlight *highlight = user_data;
  BedTextRange range = { (guint) start, (guint) end };

  for (guint i = 0; highlight->words[i] != NULL && highlight->ranges->len < RANGES_MAX; i++)
    if (g_str_has_prefix (folded, highlight->words[i]))
      {
        g_array_append_val (highlight->ranges, range);
        g_array_append_val (highlight->which, i);
        return;
      }
}

static void
highlight_text (Highlight *highlight, const char *typed, const char *text)
{
  highlight->words = bed_search_typed_words (typed);
  highlight->ranges = g_array_new (FALSE, FALSE, sizeof (BedTextRange));
  highlight->which = g_array_new (FALSE, FALSE, sizeof (guint));
  if (highlight->words[0] != NULL)
    bed_search_each_word (text, match_word, highlight);
}

static void
highlight_clear (Highlight *highlight)
{
  g_strfreev (highlight->words);
  g_array_unref (highlight->which);
  g_clear_pointer (&highlight->ranges, g_array_unref);
}

GArray *
bed_search_highlight (const char *typed, const char *text)
{
  Highlight highlight;
  GArray *ranges;

  highlight_text (&highlight, typed, text);
  ranges = g_steal_pointer (&highlight.ranges);
  highlight_clear (&highlight);
  return ranges;
}

/* How many different words of the search begin within a snippet's length from range `first`. */
static guint
count_words (const Highlight *highlight, guint first)
{
  guint start = g_array_index (highlight->ranges, BedTextRange, first).start;
  guint seen = 0;
  guint n = 0;

  for (guint i = first; i < highlight->ranges->len; i++)
    {
      guint bit = 1u << g_array_index (highlight->which, guint, i);

      if (g_array_index (highlight->ranges, BedTextRange, i).start
          > start + SNIPPET_LENGTH - SNIPPET_BEFORE)
        break;
      n += (seen & bit) == 0;
      seen |= bit;
    }
  return n;
}

static guint
best_start (const Highlight *highlight)
{
  guint best = 0;
  guint most = 0;

  for (guint i = 0; i < highlight->ranges->len; i++)
    {
      guint n = count_words (highlight, i);

      if (n > most)
        {
          most = n;
          best = g_array_index (highlight->ranges, BedTextRange, i).start;
        }
    }
  return best;
}

/* The next place at or after `at` where a word begins, or `limit`. */
static gsize
word_start (const char *text, gsize at, gsize limit)
{
  while (at < limit && !g_ascii_isspace (text[at - 1]))
    at++;
  return at;
}

static gsize
cut_end (const char *text, gsize start, gsize from)
{
  gsize end = start + SNIPPET_LENGTH;

  if (strlen (text + start) <= SNIPPET_LENGTH)
    return start + strlen (text + start);
  while (end > from && !g_ascii_isspace (text[end]))
    end--;
  if (end > from)
    return end;
  end = start + SNIPPET_LENGTH;
  while (((guchar) text[end] & 0xc0) == 0x80)
    end++;
  return end;
}

static char *
one_line (const char *text, gsize start, gsize end)
{
  GString *out = g_string_new (start > 0 ? "…" : "");

  for (gsize i = start; i < end; i++)
    g_string_append_c (out, g_ascii_iscntrl (text[i]) ? ' ' : text[i]);
  if (text[end] != '\0')
    g_string_append (out, "…");
  return g_string_free (out, FALSE);
}

char *
bed_search_snippet (const char *typed, const char *text, GArray **ranges)
{
  Highlight highlight;
  gsize first, start, end, moved;

  highlight_text (&highlight, typed, text);
  *ranges = g_array_new (FALSE, FALSE, sizeof (BedTextRange));
  first = best_start (&highlight);
  start = first > SNIPPET_BEFORE ? word_start (text, first - SNIPPET_BEFORE, first) : 0;
  end = cut_end (text, start, first);
  moved = start > 0 ? strlen ("…") : 0;
  for (guint i = 0; i < highlight.ranges->len; i++)
    {
      BedTextRange range = g_array_index (highlight.ranges, BedTextRange, i);

      if (range.start < start || range.end > end)
        continue;
      range.start = (guint) (range.start - start + moved);
      range.end = (guint) (range.end - start + moved);
      g_array_append_val (*ranges, range);
    }
  highlight_clear (&highlight);
  return one_line (text, start, end);
}
