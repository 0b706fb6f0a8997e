/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-engine.h"
#include "bed-error-text.h"
#include "bed-export-file.h"
#include "bed-protocol.h"
#include "bed-record-store.h"
#include "bed-session.h"

typedef struct
{
  GQuark (*domain) (void);
  int first, last;
} Domain;

static const Domain domains[] = {
  { bed_session_error_quark, BED_SESSION_ERROR_STATE, BED_SESSION_ERROR_LINK_OVER },
  { bed_vault_error_quark, BED_VAULT_ERROR_WRONG_SECRET, BED_VAULT_ERROR_ANCHOR },
  { bed_signalling_error_quark, BED_SIGNALLING_ERROR_BAD_REQUEST, BED_SIGNALLING_ERROR_SIGNED_OUT },
  { bed_protocol_error_quark, BED_PROTOCOL_ERROR_BAD_REQUEST, BED_PROTOCOL_ERROR_UNAVAILABLE },
  { bed_record_error_quark, BED_RECORD_ERROR_FULL, BED_RECORD_ERROR_NOT_DUE },
  { bed_export_error_quark, BED_EXPORT_ERROR_FULL, BED_EXPORT_ERROR_INVALID },
  { bed_audit_error_quark, BED_AUDIT_ERROR_SINK, BED_AUDIT_ERROR_FORMAT },
  { bed_engine_error_quark, BED_ENGINE_ERROR_DESCRIPTION, BED_ENGINE_ERROR_CONSENT },
};

static void
expect_sentence (GQuark domain, int code)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "internal canary");
  const char *text = bed_error_text (error);

  g_test_message ("%s %d: %s", g_quark_to_string (domain), code, text);
  g_assert_true (bed_error_text_is_known (domain, code));
  g_assert_cmpuint (g_utf8_strlen (text, -1), >, 20);
  g_assert_null (strstr (text, "canary"));
  g_assert_true (g_str_has_suffix (text, "."));
}

static void
test_every_code (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    for (int code = domains[i].first; code <= domains[i].last; code++)
      expect_sentence (domains[i].domain (), code);
}

/* What a folder that somebody chose, or a network, can answer. */
static void
test_files (void)
{
  static const GIOErrorEnum codes[]
      = { G_IO_ERROR_NO_SPACE,         G_IO_ERROR_PERMISSION_DENIED, G_IO_ERROR_READ_ONLY,
          G_IO_ERROR_NOT_FOUND,        G_IO_ERROR_EXISTS,            G_IO_ERROR_TIMED_OUT,
          G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_HOST_UNREACHABLE,
          G_IO_ERROR_CONNECTION_REFUSED };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    expect_sentence (G_IO_ERROR, (int) codes[i]);
}

/* Who builds these words must not be able to tell which part was wrong. */
static void
test_wrong_secret_says_no_more (void)
{
  g_autoptr (GError) vault = g_error_new_literal (BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET, "");
  g_autoptr (GError) session = g_error_new_literal (BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_PASSWORD, "");
  g_autoptr (GError) server = g_error_new_literal (BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNAUTHORIZED, "");

  g_assert_cmpstr (bed_error_text (vault), ==, bed_error_text (session));
  g_assert_cmpstr (bed_error_text (vault), ==, bed_error_text (server));
}

/* Nothing was typed where something was only read. */
static void
test_unread (void)
{
  for (int code = BED_RECORD_ERROR_FULL; code <= BED_RECORD_ERROR_TOO_LARGE; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (BED_RECORD_ERROR, code, "internal canary");
      const char *text = bed_error_text_untyped (error);

      g_assert_null (strstr (text, "typed"));
      g_assert_null (strstr (text, "canary"));
      g_assert_true (g_str_has_suffix (text, "."));
    }
}

static void
test_unknown (void)
{
  g_autoptr (GError) foreign = g_error_new_literal (g_quark_from_static_string ("elsewhere"), 7, "secret words");
  g_autoptr (GError) beyond = g_error_new_literal (BED_VAULT_ERROR, 9999, "");
  g_autoptr (GError) below = g_error_new_literal (BED_VAULT_ERROR, -1, "");

  g_assert_false (bed_error_text_is_known (foreign->domain, 7));
  g_assert_false (bed_error_text_is_known (BED_VAULT_ERROR, 9999));
  g_assert_null (strstr (bed_error_text (foreign), "secret"));
  g_assert_cmpstr (bed_error_text (foreign), ==, bed_error_text (beyond));
  g_assert_cmpstr (bed_error_text (foreign), ==, bed_error_text (below));
  g_assert_cmpstr (bed_error_text (foreign), ==, bed_error_text (NULL));
}

static void
test_disk_full (void)
{
  g_autoptr (GError) error = g_error_new_literal (BED_RECORD_ERROR, BED_RECORD_ERROR_FULL, "");

  g_assert_nonnull (strstr (bed_error_text (error), "still here"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/error-text/every-code", test_every_code);
  g_test_add_func ("/ui/error-text/files", test_files);
  g_test_add_func ("/ui/error-text/wrong-secret-says-no-more", test_wrong_secret_says_no_more);
  g_test_add_func ("/ui/error-text/unread", test_unread);
  g_test_add_func ("/ui/error-text/unknown", test_unknown);
  g_test_add_func ("/ui/error-text/disk-full", test_disk_full);
  return g_test_run ();
}
