/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  BED_UNLOCK_PASSWORD,
  BED_UNLOCK_RECOVERY,
  BED_UNLOCK_TOKEN, /* the secret is the security key's PIN */
} BedUnlockWay;

/* What goes on behind the page. */
typedef enum
{
  BED_UNLOCK_BEHIND_NOTHING,
  BED_UNLOCK_BEHIND_CALL_HEARD, /* a call that the person's sound is sent to */
  BED_UNLOCK_BEHIND_CALL,
  BED_UNLOCK_BEHIND_VISIT, /* a guest's, who waits or has not joined */
} BedUnlockBehind;

/* The one page that a locked window shows. Main thread.
 * Signals: "unlock" (const char *secret, int BedUnlockWay), "cancel" () of the waiting for the
 * security key, "restore" (), "hang-up" (). */
#define BED_TYPE_UNLOCK_PAGE (bed_unlock_page_get_type ())
G_DECLARE_FINAL_TYPE (BedUnlockPage, bed_unlock_page, BED, UNLOCK_PAGE, AdwBin)

BedUnlockPage *bed_unlock_page_new (void);
void bed_unlock_page_set_person (BedUnlockPage *self, const char *name, const char *clinic);
void bed_unlock_page_set_menu (BedUnlockPage *self, GMenuModel *menu);
/* It says what goes on and what is sent of the person, and offers to hang up. */
void bed_unlock_page_set_behind (BedUnlockPage *self, BedUnlockBehind behind);
/* What was written cannot be saved yet, and is kept behind the cover: it says so. */
void bed_unlock_page_set_unsaved (BedUnlockPage *self, gboolean unsaved);
/* What is said of a link that was opened; NULL: nothing. Until bed_unlock_page_reset (). */
void bed_unlock_page_set_link (BedUnlockPage *self, const char *text);
/* Lends; (nullable) */
const char *bed_unlock_page_get_link (BedUnlockPage *self);
/* How it is with the waiting room; NULL: nothing. somebody: it asks for an act. */
void bed_unlock_page_set_waiting (BedUnlockPage *self, const char *text, gboolean somebody);
/* Whether a security key opens it. */
void bed_unlock_page_set_token (BedUnlockPage *self, gboolean there);
/* Offers to restore a backup: what is here cannot be opened. */
void bed_unlock_page_set_restore (BedUnlockPage *self, gboolean possible);
void bed_unlock_page_set_busy (BedUnlockPage *self, gboolean busy);
/* Shakes and says so, keeps nothing of what was typed. NULL clears. */
void bed_unlock_page_set_error (BedUnlockPage *self, const char *text);
/* Empties the fields and puts the focus into the password. */
void bed_unlock_page_reset (BedUnlockPage *self);

G_END_DECLS
