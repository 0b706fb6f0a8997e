/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-device-text.h"
#include "bed-devices-error.h"

#include <string.h>

/* Each kind of device has words of its own for everything that can go wrong with it. */
static void
test_every_code (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint kind = 0; kind < BED_N_MEDIA_DEVICE_KINDS; kind++)
    for (int code = 0; code < BED_DEVICES_ERROR_FAILED; code++)
      {
        g_autoptr (GError) error = g_error_new_literal (BED_DEVICES_ERROR, code, "internal canary");
        const char *text = bed_device_text ((BedMediaDeviceKind) kind, error);

        g_test_message ("%u %d: %s", kind, code, text);
        g_assert_cmpuint (g_utf8_strlen (text, -1), >, 20);
        g_assert_null (strstr (text, "canary"));
        g_assert_true (g_str_has_suffix (text, "."));
        g_hash_table_add (seen, (gpointer) text);
      }
  g_assert_cmpuint (g_hash_table_size (seen), ==,
                    BED_N_MEDIA_DEVICE_KINDS * BED_DEVICES_ERROR_FAILED);
}

static void
test_unknown (void)
{
  g_autoptr (GError) beyond
      = g_error_new_literal (BED_DEVICES_ERROR, BED_DEVICES_ERROR_FAILED + 1, "internal canary");
  g_autoptr (GError) foreign
      = g_error_new_literal (g_quark_from_static_string ("elsewhere"), 0, "internal canary");
  g_autoptr (GError) failed
      = g_error_new_literal (BED_DEVICES_ERROR, BED_DEVICES_ERROR_FAILED, "internal canary");

  for (guint kind = 0; kind < BED_N_MEDIA_DEVICE_KINDS; kind++)
    {
      const char *text = bed_device_text ((BedMediaDeviceKind) kind, failed);

      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_cmpstr (bed_device_text ((BedMediaDeviceKind) kind, beyond), ==, text);
      g_assert_cmpstr (bed_device_text ((BedMediaDeviceKind) kind, foreign), ==, text);
      g_assert_cmpstr (bed_device_text ((BedMediaDeviceKind) kind, NULL), ==, text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/device-text/every-code", test_every_code);
  g_test_add_func ("/app/device-text/unknown", test_unknown);
  return g_test_run ();
}
