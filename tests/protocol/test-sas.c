/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-sas.h"
#include "bed-vectors.h"

static const guint8 patient_id[16] = { 1 };
static const guint8 clinician_id[16] = { 2 };
static const guint8 patient_print[32] = { 3 };
static const guint8 clinician_print[32] = { 4 };

static BedSas *
sas_new (BedRole role)
{
  return bed_sas_new (role, patient_id, clinician_id, patient_print, clinician_print);
}

static gboolean
run (BedSas *patient, BedSas *clinician)
{
  guint8 commit[32], nonce[32], reveal[32];

  return bed_sas_get_commit (clinician, commit) && bed_sas_take_commit (patient, commit, nonce) &&
         bed_sas_take_nonce (clinician, nonce, reveal) && bed_sas_take_reveal (patient, reveal);
}

static void
test_vector (void)
{
  g_autoptr (JsonObject) vectors = bed_vectors_load ();
  JsonObject *expected = json_object_get_object_member (vectors, "sas");
  JsonObject *session = json_object_get_object_member (vectors, "session");
  guint8 ids[2][16], prints[2][32], nonces[2][32], commit[32], got[32], nonce[32], words[4];
  g_autoptr (BedSas) patient = NULL;
  g_autoptr (BedSas) clinician = NULL;

  bed_vector_bytes (json_object_get_object_member (session, "patient"), "id", ids[0], 16);
  bed_vector_bytes (json_object_get_object_member (session, "clinician"), "id", ids[1], 16);
  bed_vector_bytes (expected, "patient_fingerprint", prints[0], 32);
  bed_vector_bytes (expected, "clinician_fingerprint", prints[1], 32);
  bed_vector_bytes (expected, "patient_nonce", nonces[0], 32);
  bed_vector_bytes (expected, "clinician_nonce", nonces[1], 32);
  bed_vector_bytes (expected, "commit", commit, 32);
  patient = bed_sas_new_with_nonce (BED_ROLE_PATIENT, ids[0], ids[1], prints[0], prints[1], nonces[0]);
  clinician = bed_sas_new_with_nonce (BED_ROLE_CLINICIAN, ids[0], ids[1], prints[0], prints[1], nonces[1]);
  g_assert_true (bed_sas_get_commit (clinician, got));
  g_assert_cmpmem (got, 32, commit, 32);
  g_assert_true (bed_sas_take_commit (patient, commit, nonce));
  g_assert_true (bed_sas_take_nonce (clinician, nonce, got));
  g_assert_true (bed_sas_take_reveal (patient, got));
  g_assert_true (bed_sas_get_words (clinician, words));
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (words[i], ==, json_array_get_int_element (json_object_get_array_member (expected, "words"), i));
  g_assert_true (bed_sas_get_words (patient, got));
  g_assert_cmpmem (got, 4, words, 4);
}

/* A server between the two shows each another fingerprint: the words differ. */
static void
test_swapped_fingerprint (void)
{
  static const guint8 evil[32] = { 9 };
  guint same = 0;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (BedSas) clinician = bed_sas_new (BED_ROLE_CLINICIAN, patient_id, clinician_id, evil, clinician_print);
      g_autoptr (BedSas) patient = bed_sas_new (BED_ROLE_PATIENT, patient_id, clinician_id, patient_print, evil);
      guint8 a[4], b[4];

      /* Carried unchanged, the commitment already fails at the patient. */
      g_assert_false (run (patient, clinician));
      g_assert_cmpint (bed_sas_get_state (patient), ==, BED_SAS_FAILED);
      g_assert_false (bed_sas_get_words (patient, b));
      same += bed_sas_get_words (clinician, a) && bed_sas_get_words (patient, b) && memcmp (a, b, 4) == 0;
    }
  g_assert_cmpuint (same, ==, 0);
}

static void
test_agree (void)
{
  guint8 seen[256] = { 0 };
  guint distinct = 0;

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (BedSas) patient = sas_new (BED_ROLE_PATIENT);
      g_autoptr (BedSas) clinician = sas_new (BED_ROLE_CLINICIAN);
      guint8 a[4], b[4];

      g_assert_true (run (patient, clinician));
      g_assert_true (bed_sas_get_words (patient, a) && bed_sas_get_words (clinician, b));
      g_assert_cmpmem (a, 4, b, 4);
      for (guint j = 0; j < 4; j++)
        seen[a[j]] = 1;
    }
  for (guint i = 0; i < 256; i++)
    distinct += seen[i];
  g_assert_cmpuint (distinct, >, 240);
}

static gboolean
apply (BedSas *sas, guint act)
{
  guint8 bytes[32] = { 7 }, out[32];

  switch (act)
    {
    case 0:
      return bed_sas_get_commit (sas, out);
    case 1:
      return bed_sas_take_commit (sas, bytes, out);
    case 2:
      return bed_sas_take_nonce (sas, bytes, out);
    default:
      return bed_sas_take_reveal (sas, bytes);
    }
}

/* Every sequence of four acts: only the right ones get through, and a failure is for good. */
static void
test_every_order (void)
{
  for (guint role = 0; role < 2; role++)
    for (guint order = 0; order < 256; order++)
      {
        g_autoptr (BedSas) sas = sas_new (role);
        gboolean failed = FALSE;
        guint8 words[4];

        for (guint step = 0; step < 4; step++)
          {
            guint act = (order >> (2 * step)) & 3;
            BedSasState before = bed_sas_get_state (sas);
            gboolean allowed = (role == BED_ROLE_CLINICIAN && ((before == BED_SAS_NEW && act == 0) ||
                                                               (before == BED_SAS_COMMITTED && act == 2))) ||
                               (role == BED_ROLE_PATIENT && before == BED_SAS_NEW && act == 1);
            g_assert_cmpint (apply (sas, act), ==, allowed);
            failed |= !allowed;
          }
        g_assert_true (failed);
        g_assert_cmpint (bed_sas_get_state (sas), ==, BED_SAS_FAILED);
        g_assert_false (bed_sas_get_words (sas, words));
      }
}

static void
test_lists (void)
{
  static const char *const names[] = { "en.txt", "de.txt" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "data", "sas", names[i], NULL);
      g_autofree char *text = NULL;
      gsize length;
      g_auto (GStrv) list = NULL;

      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      list = bed_sas_list_parse (text, length);
      g_assert_nonnull (list);
      for (guint j = 0; j < 256; j++)
        g_assert_cmpint (g_utf8_strlen (list[j], -1), <=, 10);
      g_assert_null (bed_sas_list_parse (text, length - 8));
    }
  g_assert_null (bed_sas_list_parse ("", 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/sas/vector", test_vector);
  g_test_add_func ("/protocol/sas/agree", test_agree);
  g_test_add_func ("/protocol/sas/swapped-fingerprint", test_swapped_fingerprint);
  g_test_add_func ("/protocol/sas/every-order", test_every_order);
  g_test_add_func ("/protocol/sas/lists", test_lists);
  return g_test_run ();
}
