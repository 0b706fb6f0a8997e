/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-speller.h"

#include <enchant.h>
#include <string.h>

#define SUGGESTIONS_MAX 8
#define RANGES_MAX 1000
#define WORD_MAX 100 /* bytes: what is longer is no word */

struct _BedSpeller
{
  GObject parent;

  /* owned */
  EnchantBroker *broker;
  EnchantDict *dict;
  char *language;
};

G_DEFINE_FINAL_TYPE (BedSpeller, bed_speller, G_TYPE_OBJECT)

static void
bed_speller_finalize (GObject *object)
{
  BedSpeller *self = BED_SPELLER (object);

  if (self->dict != NULL)
    enchant_broker_free_dict (self->broker, self->dict);
  enchant_broker_free (self->broker);
  g_free (self->language);
  G_OBJECT_CLASS (bed_speller_parent_class)->finalize (object);
}

static void
bed_speller_class_init (BedSpellerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_speller_finalize;
}

static void
bed_speller_init (BedSpeller *self)
{
  self->broker = enchant_broker_init ();
}

/* --- Languages -------------------------------------------------------------------------------- */

static void
add_tag (const char *tag, const char *name, const char *description, const char *file, void *data)
{
  char *language = g_strdelimit (g_strdup (tag), "_", '-');

  if (g_ptr_array_find_with_equal_func (data, language, g_str_equal, NULL))
    g_free (language);
  else
    g_ptr_array_add (data, language);
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GStrv
list_languages (EnchantBroker *broker)
{
  GPtrArray *list = g_ptr_array_new ();

  enchant_broker_list_dicts (broker, add_tag, list);
  g_ptr_array_sort (list, compare_text);
  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (list, FALSE);
}

GStrv
bed_speller_list_languages (void)
{
  EnchantBroker *broker = enchant_broker_init ();
  GStrv list = list_languages (broker);

  enchant_broker_free (broker);
  return list;
}

/* "de-AT" exactly, or any of "de" for "de"; a region that is not there takes another of its
 * language. (transfer full) (nullable) */
static char *
choose_language (EnchantBroker *broker, const char *wanted)
{
  g_auto (GStrv) list = list_languages (broker);
  gsize length = strcspn (wanted, "-_");
  char *found = NULL;

  for (guint i = 0; list[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (list[i], wanted) == 0)
        {
          g_free (found);
          return g_strdup (list[i]);
        }
      if (found == NULL && strcspn (list[i], "-") == length
          && g_ascii_strncasecmp (list[i], wanted, length) == 0)
        found = g_strdup (list[i]);
    }
  return found;
}

BedSpeller *
bed_speller_new (const char *language)
{
  g_autoptr (BedSpeller) self = g_object_new (BED_TYPE_SPELLER, NULL);
  g_autofree char *plain = g_strdelimit (g_strdup (language), "_", '-');
  g_autofree char *tag = NULL;

  self->language = choose_language (self->broker, plain);
  if (self->language == NULL)
    return NULL;
  tag = g_strdelimit (g_strdup (self->language), "-", '_');
  self->dict = enchant_broker_request_dict (self->broker, tag);
  return self->dict != NULL ? g_steal_pointer (&self) : NULL;
}

const char *
bed_speller_get_language (BedSpeller *self)
{
  return self->language;
}

/* --- Words ------------------------------------------------------------------------------------ */

static gboolean
is_checked (const char *word, gsize length)
{
  if (length == 0 || length > WORD_MAX || !g_utf8_validate (word, (gssize) length, NULL))
    return FALSE;
  for (const char *c = word; c < word + length; c = g_utf8_next_char (c))
    if (g_unichar_isdigit (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

static gboolean
is_known (BedSpeller *self, const char *word, gsize length)
{
  return !is_checked (word, length)
         || enchant_dict_check (self->dict, word, (gssize) length) <= 0;
}

gboolean
bed_speller_check (BedSpeller *self, const char *word)
{
  return is_known (self, word, strlen (word));
}

GStrv
bed_speller_suggest (BedSpeller *self, const char *word)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gsize n = 0;
  char **found = NULL;

  if (is_checked (word, strlen (word)))
    found = enchant_dict_suggest (self->dict, word, (gssize) strlen (word), &n);
  for (gsize i = 0; i < MIN (n, SUGGESTIONS_MAX); i++)
    g_strv_builder_add (builder, found[i]);
  if (found != NULL)
    enchant_dict_free_string_list (self->dict, found);
  return g_strv_builder_end (builder);
}

/* To the session: enchant_dict_add () would write the word to a file. */
void
bed_speller_add (BedSpeller *self, const char *word)
{
  if (is_checked (word, strlen (word)))
    enchant_dict_add_to_session (self->dict, word, (gssize) strlen (word));
}

/* An apostrophe belongs to the word when it stands between letters. */
static gboolean
is_inside (const char *c)
{
  gunichar u = g_utf8_get_char (c);

  if (u == '\'' || u == 0x2019)
    return g_unichar_isalpha (g_utf8_get_char (g_utf8_next_char (c)));
  return g_unichar_isalnum (u) || g_unichar_ismark (u);
}

GArray *
bed_speller_check_text (BedSpeller *self, const char *text)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (BedTextRange));
  const char *c = text;

  while (*c != '\0' && ranges->len < RANGES_MAX)
    {
      const char *start = c;

      if (!g_unichar_isalnum (g_utf8_get_char (c)))
        {
          c = g_utf8_next_char (c);
          continue;
        }
      while (*c != '\0' && is_inside (c))
        c = g_utf8_next_char (c);
      if (!is_known (self, start, (gsize) (c - start)))
        {
          BedTextRange range = { (guint) (start - text), (guint) (c - text) };
          g_array_append_val (ranges, range);
        }
    }
  return ranges;
}
