/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-vault.h"

G_BEGIN_DECLS

/* In memory, for tests only. */

/* A keyring that can be taken away and emptied. */
#define FAKE_TYPE_KEYRING (fake_keyring_get_type ())
G_DECLARE_FINAL_TYPE (FakeKeyring, fake_keyring, FAKE, KEYRING, GObject)
struct _FakeKeyring
{
  GObject parent;
  GHashTable *values; /* owned: name to BedSecret */
  gboolean gone;
  guint gets, puts;
};
FakeKeyring *fake_keyring_new (void);

/* A security key in software: HMAC-SHA-256 with a key for each credential, as in CTAP. */
#define FAKE_TYPE_TOKEN (fake_token_get_type ())
G_DECLARE_FINAL_TYPE (FakeToken, fake_token, FAKE, TOKEN, GObject)
struct _FakeToken
{
  GObject parent;
  GHashTable *credentials; /* owned: GBytes to BedSecret */
  const char *pin;
  guint touches;
};
FakeToken *fake_token_new (const char *pin);

/* An anchor that can be taken away. */
#define FAKE_TYPE_ANCHOR (fake_anchor_get_type ())
G_DECLARE_FINAL_TYPE (FakeAnchor, fake_anchor, FAKE, ANCHOR, GObject)
struct _FakeAnchor
{
  GObject parent;
  GBytes *value; /* owned, nullable */
  gboolean gone;
  guint delay_ms; /* of a put */
  guint gets, puts;
};
FakeAnchor *fake_anchor_new (void);

G_END_DECLS
