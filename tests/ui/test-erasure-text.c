/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-erasure-text.h"

static void
check (const char *statement, const char *what, const char *why)
{
  g_autofree char *gone = bed_erasure_text_what (statement);
  g_autofree char *rule = bed_erasure_text_why (statement);

  g_assert_cmpstr (gone, ==, what);
  g_assert_cmpstr (rule, ==, why);
}

static void
test_words (void)
{
  check ("rule: patient: 10 years, minors until 28\nlast-us: 5\npatient: a\nencounter: b\n"
         "encounter: c\nnote: d\n",
         "1 patient, 2 consultations, 1 note", "Kept for 10 years, of minors until they are 28");
  check ("rule: visit: 1 years\nlast-us: 5\nencounter: b\n", "1 consultation",
         "Kept for 1 year");
  check ("rule: chat: 3 years\nlast-us: 5\nencounter: b\nmessages: 12\n", "12 kept messages",
         "Kept for 3 years");
  check ("rule: deleted by a person\nlast-us: 5\npatient: a\n", "1 patient",
         "Deleted by a person");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/erasure-text/words", test_words);
  return g_test_run ();
}
