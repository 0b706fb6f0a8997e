/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define MIB ((guint64) 1024 * 1024)
#define FLOOR_PASSES 3
#define MAX_PASSES 12
#define TARGET_US (700 * 1000)
#define PROBE_MEMORY (64 * MIB)

static guint64
machine_memory (void)
{
  return (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
}

BedVaultCost
bed_vault_cost_floor (void)
{
  guint64 memory = machine_memory ();
  BedVaultCost cost = { .memory_bytes = 256 * MIB, .passes = FLOOR_PASSES };

  if (memory < 1024 * MIB)
    cost.memory_bytes = MAX (memory / 4, 64 * MIB);
  return cost;
}

/* How long one pass over 64 MiB takes; 0 when there is no room even for that. */
static gint64
probe_us (void)
{
  guint8 key[32];
  guint8 salt[crypto_pwhash_SALTBYTES] = { 0 };
  gint64 started = g_get_monotonic_time ();

  if (crypto_pwhash (key, sizeof key, "probe", 5, salt, 1, PROBE_MEMORY,
                     crypto_pwhash_ALG_ARGON2ID13)
      != 0)
    return 0;
  return MAX (g_get_monotonic_time () - started, 1);
}

BedVaultCost
bed_vault_cost_for_machine (void)
{
  BedVaultCost cost = bed_vault_cost_floor ();
  gint64 probe = probe_us ();
  gint64 pass_us;

  if (probe == 0)
    return cost;
  /* Memory is what a guesser's machine is short of: it comes before passes. */
  pass_us = probe * (gint64) (cost.memory_bytes / PROBE_MEMORY);
  while (cost.memory_bytes < 1024 * MIB && machine_memory () >= 32 * cost.memory_bytes * 2
         && 2 * pass_us * FLOOR_PASSES <= TARGET_US)
    {
      cost.memory_bytes *= 2;
      pass_us *= 2;
    }
  cost.passes = (guint32) CLAMP (TARGET_US / MAX (pass_us, 1), FLOOR_PASSES, MAX_PASSES);
  return cost;
}
