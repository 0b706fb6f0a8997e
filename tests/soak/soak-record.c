/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soak-record.h"

void
soak_record_open (SoakRecord *self, const char *dir)
{
  g_autoptr (GError) error = NULL;

  self->clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  self->vault = soak_open_vault (dir);
  self->store = bed_record_store_open (self->vault, self->clock, "dr-1", &error);
  g_assert_no_error (error);
}

void
soak_record_close (SoakRecord *self)
{
  bed_vault_lock (self->vault);
  g_clear_object (&self->store);
  g_clear_object (&self->vault);
  g_clear_object (&self->clock);
}

void
soak_record_assert_trail (SoakRecord *self)
{
  BedAuditVerdict verdict;
  guint64 position;
  g_autoptr (GError) error = NULL;

  soak_assert_whole (self->vault);
  bed_audit_log_verify (bed_record_store_get_audit (self->store), NULL, &verdict, &position,
                        &error);
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, BED_AUDIT_INTACT);
}
