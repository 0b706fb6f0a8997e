/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts and binary messages between two engines, up to their limits and over them. */
#include <string.h>

#include "engine-sides.h"

static void
on_text_sent (BedEngine *engine, gboolean sent, guint counts[2])
{
  counts[sent]++;
}

static void
on_text_received (BedEngine *engine, const char *text, guint *count)
{
  ++*count;
}

/* More than the channel holds at once: of each text it is told whether it went. */
static void
test_text_full (void)
{
  Side a, b;
  g_autofree char *longest = g_strnfill (8000, 'x');
  guint counts[2] = { 0, 0 }, received = 0;
  const guint n = 2000;

  call (&a, &b);
  WAIT_FOR (a.channel_open && b.channel_open);
  g_signal_connect (a.engine, "text-sent", G_CALLBACK (on_text_sent), counts);
  g_signal_connect (b.engine, "message", G_CALLBACK (on_text_received), &received);
  for (guint i = 0; i < n; i++)
    g_assert_true (bed_engine_send_text (a.engine, longest));
  WAIT_FOR (counts[FALSE] + counts[TRUE] == n);
  g_assert_cmpuint (counts[FALSE], >, 0);
  WAIT_FOR (received == counts[TRUE]);
  g_assert_true (bed_engine_send_text (a.engine, "there is room again"));
  WAIT_FOR (received == counts[TRUE] && counts[FALSE] + counts[TRUE] == n + 1);
  g_assert_cmpstr (b.text, ==, "there is room again");
  g_signal_handlers_disconnect_by_data (a.engine, counts);
  g_signal_handlers_disconnect_by_data (b.engine, &received);
  side_stop (&a);
  side_stop (&b);
}

static void
on_data_received (BedEngine *engine, GBytes *bytes, guint *count)
{
  g_assert_cmpuint (((const guint8 *) g_bytes_get_data (bytes, NULL))[0], ==, *count % 256);
  ++*count;
}

/* A binary message waits until there is room: all of them go, in their order. */
static void
test_data_full (void)
{
  Side a, b;
  g_autofree char *longest = g_strnfill (8000, 'x');
  guint texts[2] = { 0, 0 }, counts[2] = { 0, 0 }, received = 0;
  const guint n = 2000, n_data = 20;

  call (&a, &b);
  WAIT_FOR (a.channel_open && b.channel_open);
  g_signal_connect (a.engine, "text-sent", G_CALLBACK (on_text_sent), texts);
  g_signal_connect (a.engine, "data-sent", G_CALLBACK (on_text_sent), counts);
  g_signal_connect (b.engine, "data", G_CALLBACK (on_data_received), &received);
  for (guint i = 0; i < n; i++)
    g_assert_true (bed_engine_send_text (a.engine, longest));
  for (guint i = 0; i < n_data; i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (16384), 16384);

      ((guint8 *) g_bytes_get_data (bytes, NULL))[0] = (guint8) i;
      g_assert_true (bed_engine_send_data (a.engine, bytes));
    }
  WAIT_FOR (counts[FALSE] + counts[TRUE] == n_data && received == counts[TRUE]);
  g_assert_cmpuint (texts[FALSE], >, 0);
  g_assert_cmpuint (counts[FALSE], ==, 0);
  g_signal_handlers_disconnect_by_data (a.engine, texts);
  g_signal_handlers_disconnect_by_data (a.engine, counts);
  g_signal_handlers_disconnect_by_data (b.engine, &received);
  side_stop (&a);
  side_stop (&b);
}

static void
test_text_limit (void)
{
  Side a, b;
  g_autofree char *longest = g_strnfill (8000, 'x');
  g_autofree char *longer = g_strnfill (8001, 'x');
  g_autoptr (GBytes) most = g_bytes_new_take (g_malloc0 (16384), 16384);
  g_autoptr (GBytes) more = g_bytes_new_take (g_malloc0 (16385), 16385);

  call (&a, &b);
  WAIT_FOR (a.channel_open && b.channel_open);
  g_assert_false (bed_engine_send_text (a.engine, longer));
  g_assert_true (bed_engine_send_text (a.engine, longest));
  WAIT_FOR (b.text != NULL && strlen (b.text) == 8000);
  g_assert_false (bed_engine_send_data (a.engine, more));
  g_assert_true (bed_engine_send_data (a.engine, most));
  WAIT_FOR (b.data != NULL && g_bytes_equal (b.data, most));
  side_stop (&a);
  side_stop (&b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/local/text-limit", test_text_limit);
  g_test_add_func ("/engine/local/text-full", test_text_full);
  g_test_add_func ("/engine/local/data-full", test_data_full);
  return g_test_run ();
}
