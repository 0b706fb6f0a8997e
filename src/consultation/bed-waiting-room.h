/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-arrival.h"
#include "bed-call.h"
#include "bed-clock.h"
#include "bed-invite.h"
#include "bed-record-store.h"
#include "bed-signalling-client.h"

G_BEGIN_DECLS

/* What the waiting room asks of the session and of the app. */
typedef struct
{
  /* (transfer full) (nullable): the keys of one of this clinician's invitations. */
  BedInvite *(*dup_invite) (const char *room, gpointer user_data);
  /* (transfer full): the clinician's own label; "" when there is none. */
  char *(*dup_label) (const char *room, gpointer user_data);
  /* Row of the patient in the record, 0 for none. */
  gint64 (*get_patient) (const char *room, gpointer user_data);
  /* (transfer full): an engine for a new call with these servers. */
  BedEngine *(*new_engine) (const BedEngineConfig *config, gpointer user_data);
  /* (nullable): how a guest's client trusts its server, before its first use. */
  void (*prepare_client) (BedSignallingClient *client, gpointer user_data);
  /* (nullable): whether this invitation asks for a passcode that was told by telephone. */
  gboolean (*asks_passcode) (const char *room, gpointer user_data);
  /* One try. left: how many wrong ones are still let pass; at 0 nothing is right any more. */
  gboolean (*try_passcode) (const char *room, const char *code, guint *left, gpointer user_data);
  /* Whether a call from this invitation goes by the relay alone, so that the other side learns no
   * address of this one. Asked at each Admit. */
  gboolean (*relay_only) (const char *room, gpointer user_data);
  /* (nullable): whether the clinic has or had these words: hash: 32 bytes, SHA-256 of the text. */
  gboolean (*knows_text) (const char *version, const char *language, const guint8 *hash,
                          gpointer user_data);
} BedWaitingRoomHost;

/* The clinician's waiting room: arrivals, and the call that comes of one. Main thread.
 * Signals: "arrived" (BedArrival *arrival): somebody is ready to be let in;
 *          "tampered" (BedArrival *arrival): a sealed message was altered or replayed on the way.
 * Properties: "call" (nullable), "arrivals". */
#define BED_TYPE_WAITING_ROOM (bed_waiting_room_get_type ())
G_DECLARE_FINAL_TYPE (BedWaitingRoom, bed_waiting_room, BED, WAITING_ROOM, GObject)

/* store: (nullable): without it encounters are not recorded (tests). */
BedWaitingRoom *
bed_waiting_room_new (BedSignallingClient *client, BedRecordStore *store, BedClock *clock,
                      const BedWaitingRoomHost *host, gpointer user_data);
/* Returns: (transfer none): a GListModel of BedArrival, the longest waiting first. */
GListModel *bed_waiting_room_get_arrivals (BedWaitingRoom *self);
/* Who is in the seat of an arrival now: somebody who was away for a moment comes back as a new one,
 * also in the room of another client. The acts below find them likewise, so that an arrival may be
 * held while a question is on the screen. Returns: (transfer none) (nullable): nobody */
BedArrival *bed_waiting_room_find (BedWaitingRoom *self, BedArrival *arrival);
/* The clinician's act. Only one call at a time, and nobody whose passcode is asked for and not
 * right. Returns: (transfer none) (nullable) */
BedCall *bed_waiting_room_admit (BedWaitingRoom *self, BedArrival *arrival);
/* reason: "" for none. FALSE: they are not connected now, or have no session yet: declined all the
 * same, and the reason is not known to reach them. */
gboolean bed_waiting_room_decline (BedWaitingRoom *self, BedArrival *arrival, const char *reason);
/* FALSE: they are not connected now, and nothing was sent. */
gboolean bed_waiting_room_message (BedWaitingRoom *self, BedArrival *arrival, const char *text);

G_END_DECLS
