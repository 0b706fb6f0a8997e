/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-text.h"
#include "bed-template.h"

/* What a heading or an act has no words for would be shown by its id; that each language has the
 * words is what the check of the translations looks at. */
static void
test_headings (void)
{
  const char *const *ids = bed_heading_list_ids ();
  guint n = 0;

  for (; ids[n] != NULL; n++)
    {
      g_assert_cmpstr (bed_record_text_heading (ids[n]), !=, ids[n]);
      g_assert_cmpstr (bed_record_text_hint (ids[n]), !=, "");
    }
  g_assert_cmpuint (n, >=, 14);
  g_assert_cmpstr (bed_record_text_heading ("=Range of motion"), ==, "Range of motion");
  g_assert_cmpstr (bed_record_text_heading ("no-such-id"), ==, "no-such-id");
}

static void
test_events (void)
{
  const char *unknown = bed_record_text_event (100000);
  guint n = 0;

  for (guint i = 0; i < 1000; i++)
    if (bed_audit_event_get_name (i) != NULL)
      {
        g_assert_cmpstr (bed_record_text_event (i), !=, unknown);
        n++;
      }
  g_assert_cmpuint (n, >=, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/record-text/headings", test_headings);
  g_test_add_func ("/ui/record-text/events", test_events);
  return g_test_run ();
}
