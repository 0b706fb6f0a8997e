/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-vault.h"

G_BEGIN_DECLS

/* A vault in a directory of its own, and the asynchronous calls made to wait. For tests only. */
#define PASSPHRASE "correct horse battery staple"
#define MARKER "Zqxjkv-marker-7731"

typedef struct
{
  char *directory;
  BedClock *clock;
  BedVault *vault; /* created and unlocked */
  char *recovery;
} Fixture;

extern const BedVaultCost cheap;

void fixture_set_up (Fixture *f, gconstpointer data);
void fixture_tear_down (Fixture *f, gconstpointer data);
BedVault *fixture_open (Fixture *f);
BedSecret *fixture_try_create (BedVault *vault, const char *passphrase, GError **error);
gboolean fixture_try_unlock (BedVault *vault, const char *passphrase, GError **error);
gboolean fixture_try_recovery (BedVault *vault, const char *typed, GError **error);
void fixture_unlock (BedVault *vault, const char *passphrase);
void fixture_change_passphrase (BedVault *vault, const char *passphrase);
int fixture_add_passphrase (BedVault *vault, const char *passphrase, GError **error);
/* The new recovery key. */
BedSecret *fixture_rekey (BedVault *vault, const char *passphrase, GError **error);
gboolean fixture_set_device (BedVault *vault, const char *passphrase, gboolean on, GError **error);
gboolean fixture_sync_anchors (BedVault *vault, GError **error);
void fixture_keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *fixture_wait (GAsyncResult **result);
char *fixture_copy (BedVault *vault, const char *folder, GError **error);
void fixture_set_text (BedVault *vault, const char *name, const char *value);
void fixture_assert_text (BedVault *vault, const char *name, const char *value);
/* How many files under the directory hold the text. */
guint fixture_scan (const char *directory, const char *text);
void fixture_remove (const char *directory);

G_END_DECLS
