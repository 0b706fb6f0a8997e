/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-room-state.h"
#include "bed-secret.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define BED_HASH_LENGTH 32
#define BED_ROOM_LENGTH 16
#define BED_PEER_LENGTH 12
#define BED_SALT_LENGTH 16
#define BED_HOP_LENGTH 16

/* What the server keeps. Values only: no rule lives here. Tokens, codes and addresses arrive as
 * hashes. */

typedef struct
{
  gint64 id;
  char *login;
  char *display_name;
  gboolean active;   /* has a password and a second factor */
  gboolean disabled;
  guint8 salt[BED_SALT_LENGTH]; /* of the client's own Argon2id */
  gint64 ops;
  gint64 mem;
  char *verifier; /* the server's Argon2id of the client's, nullable */
  BedSecret *otp_secret; /* nullable */
} BedAccount;
void bed_account_free (BedAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedAccount, bed_account_free)

/* An activation link that was not used up. `keeps_password`: only the second factor is new. */
typedef struct
{
  gint64 account;
  gboolean keeps_password;
  gint64 expires;
  guint8 salt[BED_SALT_LENGTH];
  char *verifier;        /* nullable until the password step */
  BedSecret *otp_secret; /* nullable */
  guint8 ticket_hash[BED_HASH_LENGTH];
} BedActivation;
void bed_activation_free (BedActivation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedActivation, bed_activation_free)

typedef struct
{
  gint64 id;
  gint64 account;
  gint64 created;
  gint64 last_used;
  guint8 family_hash[BED_HASH_LENGTH];
  guint8 access_hash[BED_HASH_LENGTH];
  gint64 access_expires;
  guint8 old_access_hash[BED_HASH_LENGTH];
  gint64 old_access_expires;
  guint8 refresh_hash[BED_HASH_LENGTH];
  guint8 old_refresh_hash[BED_HASH_LENGTH];
  gint64 refresh_expires;
} BedServerSession;

typedef struct
{
  guint8 id[BED_ROOM_LENGTH];
  gint64 owner;
  BedRoomState state;
  gint64 created;
  gint64 expires;
  guint8 token_hash[BED_HASH_LENGTH];
  GBytes *card;
} BedRoomRecord;
void bed_room_record_free (BedRoomRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedRoomRecord, bed_room_record_free)

typedef struct
{
  guint8 room[BED_ROOM_LENGTH];
  guint8 peer[BED_PEER_LENGTH];
  gint64 since;
  gint64 last_seen;
  gboolean admitted;
} BedSeatRecord;

/* One end of the reliable hop, and what waits there. `owner` names an account or a seat. */
typedef struct
{
  GBytes *owner;
  guint8 hop[BED_HOP_LENGTH];
  gint64 last_in;  /* -1: whatever comes first */
  gint64 last_out;
} BedHopRecord;

typedef struct
{
  GBytes *owner;
  guint8 room[BED_ROOM_LENGTH];
  guint8 peer[BED_PEER_LENGTH];
  gint64 n;
  char *data;
} BedParcelRecord;

/* What a client's Argon2id costs: passes, and memory in bytes. */
typedef struct
{
  gint64 ops;
  gint64 mem;
} BedKdfCost;

typedef void (*BedStoreHopFunc) (const BedHopRecord *hop, gpointer data);
typedef void (*BedStoreParcelFunc) (const BedParcelRecord *parcel, gpointer data);

/* Thread: one. Lookups give NULL without an error when there is no such thing; the booleans are
 * FALSE with an error when the store failed. Lists are arrays of owned values. */
#define BED_TYPE_STORE (bed_store_get_type ())
G_DECLARE_INTERFACE (BedStore, bed_store, BED, STORE, GObject)

struct _BedStoreInterface
{
  GTypeInterface parent;

  /* A random value of this installation; made once. */
  gboolean (*get_pepper) (BedStore *self, guint8 pepper[BED_HASH_LENGTH], GError **error);

  BedAccount *(*find_account) (BedStore *self, const char *login, GError **error);
  BedAccount *(*get_account) (BedStore *self, gint64 id, GError **error);
  GPtrArray *(*list_accounts) (BedStore *self, GError **error);
  /* Of BedKdfCost, each once, of the accounts that can log in. */
  GArray *(*list_costs) (BedStore *self, GError **error);
  gboolean (*add_account) (BedStore *self, const char *login, const char *name, gint64 *id,
                           GError **error);
  /* Disabling ends the account's sessions. */
  gboolean (*set_disabled) (BedStore *self, gint64 id, gboolean disabled, GError **error);
  gboolean (*set_password) (BedStore *self, const BedAccount *account, gint64 keep_session,
                            GError **error);

  gboolean (*put_activation) (BedStore *self, const guint8 *code_hash,
                              const BedActivation *activation, GError **error);
  BedActivation *(*find_activation) (BedStore *self, const guint8 *code_hash, gint64 now,
                                     GError **error);
  gboolean (*update_activation) (BedStore *self, const guint8 *code_hash,
                                 const BedActivation *activation, GError **error);
  /* In one: the account gets what the activation holds, its sessions, old recovery codes and
   * activations go, and `step` counts as used. `*done` is FALSE when somebody else was first. */
  gboolean (*finish_activation) (BedStore *self, const guint8 *code_hash,
                                 const BedActivation *activation, gint64 ops, gint64 mem,
                                 gint64 step, GPtrArray *recovery_hashes, gboolean *done,
                                 GError **error);
  /* `*first` is TRUE for exactly one caller for each step, and for none after a later step. */
  gboolean (*use_step) (BedStore *self, gint64 account, gint64 step, gboolean *first,
                        GError **error);
  gboolean (*use_recovery) (BedStore *self, gint64 account, const guint8 *hash, gboolean *found,
                            GError **error);

  gboolean (*add_session) (BedStore *self, BedServerSession *session, GError **error);
  gboolean (*find_session_by_access) (BedStore *self, const guint8 *hash, gint64 now,
                                      BedServerSession *session, gboolean *found, GError **error);
  gboolean (*find_session_by_family) (BedStore *self, const guint8 *hash, gint64 now,
                                      BedServerSession *session, gboolean *found, GError **error);
  gboolean (*update_session) (BedStore *self, const BedServerSession *session, GError **error);
  gboolean (*delete_session) (BedStore *self, gint64 account, gint64 id, gboolean *found,
                              GError **error);
  GArray *(*list_sessions) (BedStore *self, gint64 account, gint64 now, GError **error);

  /* What an account keeps for a vault. NULL without an error: nothing yet. */
  GBytes *(*get_anchor) (BedStore *self, gint64 account, const guint8 *vault, GError **error);
  /* Of more vaults than `most` the one that was written longest ago goes. */
  gboolean (*put_anchor) (BedStore *self, gint64 account, const guint8 *vault, GBytes *value,
                          gint64 now, guint most, GError **error);

  gboolean (*prove_address) (BedStore *self, gint64 account, const guint8 *hash, gint64 now,
                             GError **error);
  gboolean (*is_proven) (BedStore *self, gint64 account, const guint8 *hash, gint64 since,
                         gboolean *proven, GError **error);

  gboolean (*add_room) (BedStore *self, const BedRoomRecord *room, gboolean *added, GError **error);
  BedRoomRecord *(*get_room) (BedStore *self, const guint8 *id, GError **error);
  GPtrArray *(*list_rooms) (BedStore *self, gint64 owner, GError **error);
  gboolean (*set_room_state) (BedStore *self, const guint8 *id, BedRoomState state, GError **error);
  /* Rooms that are not over and whose time is. */
  GPtrArray *(*list_due_rooms) (BedStore *self, gint64 now, GError **error);

  gboolean (*put_seat) (BedStore *self, const BedSeatRecord *seat, GError **error);
  gboolean (*delete_seat) (BedStore *self, const guint8 *room, const guint8 *peer, GError **error);
  GArray *(*list_seats) (BedStore *self, GError **error);

  /* The relay's queue: survives the process, not necessarily the machine. */
  gboolean (*begin_relay) (BedStore *self, GError **error);
  gboolean (*end_relay) (BedStore *self, gboolean keep, GError **error);
  gboolean (*put_hop) (BedStore *self, const BedHopRecord *hop, GError **error);
  gboolean (*delete_hop) (BedStore *self, GBytes *owner, GError **error);
  gboolean (*put_parcel) (BedStore *self, const BedParcelRecord *parcel, GError **error);
  gboolean (*delete_parcels) (BedStore *self, GBytes *owner, gint64 up_to, GError **error);
  gboolean (*delete_parcel) (BedStore *self, GBytes *owner, gint64 n, GError **error);
  gboolean (*load_relay) (BedStore *self, BedStoreHopFunc hop, BedStoreParcelFunc parcel,
                          gpointer data, GError **error);

  /* Takes out what is over: sessions, activations, rooms 30 days after their end. */
  gboolean (*purge) (BedStore *self, gint64 now, GError **error);

  /* Writes what means nothing, and asks for a little room on the disk. */
  gboolean (*probe) (BedStore *self, GError **error);
  /* The last write did not succeed. Does not touch the disk. */
  gboolean (*is_failing) (BedStore *self);
};

#define bed_store_call(store, method, ...) \
  (BED_STORE_GET_IFACE (store)->method (store, __VA_ARGS__))

/* The store in one directory, encrypted with `key` (32 bytes). Returns: (transfer full)
 * (nullable) */
#define BED_TYPE_DB_STORE (bed_db_store_get_type ())
G_DECLARE_FINAL_TYPE (BedDbStore, bed_db_store, BED, DB_STORE, GObject)
BedStore *bed_db_store_open (const char *folder, const BedSecret *key, GError **error);
/* From now on waits this long for another process, and not again until something was written. */
void bed_db_store_limit_waiting (BedDbStore *self, guint ms);
gboolean bed_db_store_backup (BedDbStore *self, const char *path, const BedSecret *key,
                              GError **error);
/* The path of the database inside the state directory. Returns: (transfer full) */
char *bed_db_store_path (const char *folder);

G_END_DECLS
