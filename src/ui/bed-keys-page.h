/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  BED_KEYS_ADD_TOKEN,
  BED_KEYS_REKEY,
  BED_KEYS_STOP_REKEY,
  BED_KEYS_ACCEPT,
  BED_KEYS_SHOW_HEAD,
  BED_KEYS_CHECK_HEAD,
  BED_KEYS_MAKE_EMERGENCY,
  BED_KEYS_REMOVE_EMERGENCY,
} BedKeysAsk;

/* What opens the record besides the password, a new key for everything, and whether the record is
 * the newest. Main thread. Signals: "ask" (int BedKeysAsk); "device" (gboolean on);
 * "remove-token" (uint slot). */
#define BED_TYPE_KEYS_PAGE (bed_keys_page_get_type ())
G_DECLARE_FINAL_TYPE (BedKeysPage, bed_keys_page, BED, KEYS_PAGE, AdwBin)

BedKeysPage *bed_keys_page_new (void);
/* possible: whether this machine has a keyring. */
void bed_keys_page_set_device (BedKeysPage *self, gboolean on, gboolean possible);
/* possible: whether this build can use security keys. slots: their numbers. */
void bed_keys_page_set_tokens (BedKeysPage *self, const guint *slots, guint n, gboolean possible);
/* 0 to 1; below 0: it does not run. */
void bed_keys_page_set_rekey (BedKeysPage *self, double fraction);
/* In a sentence; old: it was rolled back. */
void bed_keys_page_set_freshness (BedKeysPage *self, const char *title, const char *text,
                                  gboolean old);
/* What others compare the signature with: the fingerprint as it is printed, the thumbprint in one
 * piece. Both NULL: there is no key. */
void bed_keys_page_set_signing_key (BedKeysPage *self, const char *fingerprint,
                                    const char *thumbprint);
void bed_keys_page_set_emergency (BedKeysPage *self, gboolean there);

G_END_DECLS
