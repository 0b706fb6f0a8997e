/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-store-private.h"

#define ROOM_COLUMNS "id, owner, state, created, expires, token_hash"

static BedRoomRecord *
read_room (BedDbStatement *row)
{
  BedRoomRecord *room = g_new0 (BedRoomRecord, 1);
  gint64 state = bed_db_statement_get_int64 (row, 2);

  bed_db_store_get_bytes (row, 0, BYTES (room->id));
  room->owner = bed_db_statement_get_int64 (row, 1);
  room->state
      = state >= 0 && state < BED_ROOM_N_STATES ? (BedRoomState)state : BED_ROOM_STATE_REVOKED;
  room->created = bed_db_statement_get_int64 (row, 3);
  room->expires = bed_db_statement_get_int64 (row, 4);
  bed_db_store_get_bytes (row, 5, BYTES (room->token_hash));
  return room;
}

static gboolean
add_room (BedStore *store, const BedRoomRecord *room, gboolean *added, GError **error)
{
  gsize length;
  const void *card = g_bytes_get_data (room->card, &length);

  if (!bed_db_run (STORE_DB (store), error,
                   "INSERT OR IGNORE INTO room VALUES (?, ?, ?, ?, ?, ?, ?)", "biiiibb",
                   BYTES (room->id), room->owner, (gint64)room->state, room->created, room->expires,
                   BYTES (room->token_hash), card, length))
    return FALSE;
  *added = bed_db_get_changes (STORE_DB (store)) == 1;
  return TRUE;
}

static BedRoomRecord *
get_room (BedStore *store, const guint8 *id, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      STORE_DB (store), error, "SELECT " ROOM_COLUMNS ", card FROM room WHERE id = ?", "b", id,
      (gsize)BED_ROOM_LENGTH);
  BedRoomRecord *room;

  if (!row || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return NULL;
  room = read_room (row);
  room->card = bed_db_statement_dup_blob (row, 6);
  return room;
}

static GPtrArray *
collect_rooms (BedDbStatement *row, GError **error)
{
  g_autoptr (BedDbStatement) owned = row;
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)bed_room_record_free);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_ptr_array_add (list, read_room (row));
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

static GPtrArray *
list_rooms (BedStore *store, gint64 owner, GError **error)
{
  return collect_rooms (bed_db_query (STORE_DB (store), error,
                                      "SELECT " ROOM_COLUMNS
                                      " FROM room WHERE owner = ? ORDER BY created",
                                      "i", owner),
                        error);
}

static GPtrArray *
list_due_rooms (BedStore *store, gint64 now, GError **error)
{
  return collect_rooms (
      bed_db_query (STORE_DB (store), error,
                    "SELECT " ROOM_COLUMNS " FROM room WHERE state < 4 AND expires <= ?", "i", now),
      error);
}

static gboolean
set_room_state (BedStore *store, const guint8 *id, BedRoomState state, GError **error)
{
  return bed_db_run (STORE_DB (store), error, "UPDATE room SET state = ? WHERE id = ?", "ib",
                     (gint64)state, id, (gsize)BED_ROOM_LENGTH);
}

static gboolean
put_seat (BedStore *store, const BedSeatRecord *seat, GError **error)
{
  return bed_db_run (STORE_DB (store), error, "INSERT OR REPLACE INTO seat VALUES (?, ?, ?, ?, ?)",
                     "bbiii", BYTES (seat->room), BYTES (seat->peer), seat->since, seat->last_seen,
                     (gint64)seat->admitted);
}

static gboolean
delete_seat (BedStore *store, const guint8 *room, const guint8 *peer, GError **error)
{
  return bed_db_run (STORE_DB (store), error, "DELETE FROM seat WHERE room = ? AND peer = ?", "bb",
                     room, (gsize)BED_ROOM_LENGTH, peer, (gsize)BED_PEER_LENGTH);
}

static GArray *
list_seats (BedStore *store, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (BedSeatRecord));
  g_autoptr (BedDbStatement) row
      = bed_db_query (STORE_DB (store), error,
                      "SELECT room, peer, since, last_seen, admitted FROM seat ORDER BY since", "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      BedSeatRecord seat;
      bed_db_store_get_bytes (row, 0, BYTES (seat.room));
      bed_db_store_get_bytes (row, 1, BYTES (seat.peer));
      seat.since = bed_db_statement_get_int64 (row, 2);
      seat.last_seen = bed_db_statement_get_int64 (row, 3);
      seat.admitted = bed_db_statement_get_int64 (row, 4) != 0;
      g_array_append_val (list, seat);
    }
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

void
bed_db_store_fill_rooms (BedStoreInterface *iface)
{
  iface->add_room = add_room;
  iface->get_room = get_room;
  iface->list_rooms = list_rooms;
  iface->set_room_state = set_room_state;
  iface->list_due_rooms = list_due_rooms;
  iface->put_seat = put_seat;
  iface->delete_seat = delete_seat;
  iface->list_seats = list_seats;
}
