/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault.h"

#include <sys/resource.h>

/* A limit of one byte is below what the kernel writes to a file, and is the one value at which it
 * starts no program either that would take the dump (core(5)); 0 stops files only.
 *
 * The process stays "dumpable" in the sense of prctl(2): desktop portals refuse callers whose
 * /proc/PID/root they cannot look at, and the camera and the choice of files come through them. */
void
bed_vault_forbid_core_dumps (void)
{
  const struct rlimit one = { 1, 1 };

  if (setrlimit (RLIMIT_CORE, &one) != 0)
    g_warning ("Core dumps could not be turned off");
}
