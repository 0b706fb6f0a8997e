/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ui.h"

static void
test_skipped (void)
{
  g_assert_cmpstr (bed_ui_skip_titles ("Dr Amara Okafor"), ==, "Amara Okafor");
  g_assert_cmpstr (bed_ui_skip_titles ("Prof. Dr. med. Ute Lang"), ==, "Ute Lang");
  g_assert_cmpstr (bed_ui_skip_titles ("FRAU Lang"), ==, "Lang");
}

static void
test_kept (void)
{
  g_assert_cmpstr (bed_ui_skip_titles (""), ==, "");
  g_assert_cmpstr (bed_ui_skip_titles ("Dr"), ==, "Dr");
  g_assert_cmpstr (bed_ui_skip_titles ("Dr "), ==, "Dr ");
  g_assert_cmpstr (bed_ui_skip_titles ("Drew Mister"), ==, "Drew Mister");
  g_assert_cmpstr (bed_ui_skip_titles ("J. Smith"), ==, "J. Smith");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/titles/skipped", test_skipped);
  g_test_add_func ("/ui/titles/kept", test_kept);
  return g_test_run ();
}
