/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"
#include "bed-settings.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Time-limited credentials for a TURN server that shares a secret with us (the "REST API" that
 * coturn calls use-auth-secret): username = expiry:random, password = base64 of HMAC-SHA1(secret,
 * username). */
typedef struct _BedTurn BedTurn;

/* Reads the secret's file. Returns: (transfer full) (nullable) */
BedTurn *bed_turn_new (const BedSettings *settings, GError **error);
void bed_turn_free (BedTurn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedTurn, bed_turn_free)

/* turns: is for a patient's browser only: the app's library does not speak it, and one side of a
 * call on the relay is enough. `now` in seconds since 1970. Returns: (transfer full): the
 * protocol's ice_servers */
JsonArray *bed_turn_get_ice_servers (BedTurn *self, gboolean patient, gint64 now);
guint bed_turn_get_ttl (BedTurn *self);
/* A fresh pair for `expiry`. Both (transfer full). */
void bed_turn_make_credential (BedTurn *self, gint64 expiry, char **username, char **password);

G_END_DECLS
