/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-db.h"
#include "bed-store.h"

struct _BedDbStore
{
  GObject parent;
  BedDb *db;
  BedDb *relay;
  char *folder;
};

void bed_db_store_fill_accounts (BedStoreInterface *iface);
void bed_db_store_fill_sessions (BedStoreInterface *iface);
void bed_db_store_fill_anchors (BedStoreInterface *iface);
void bed_db_store_fill_rooms (BedStoreInterface *iface);
void bed_db_store_fill_relay (BedStoreInterface *iface);
void bed_db_store_fill_probe (BedStoreInterface *iface);

BedDb *bed_db_store_open_relay (const char *folder, const BedSecret *key, GError **error);
/* Copies a blob column of exactly `length` bytes; zeroes otherwise. */
void bed_db_store_get_bytes (BedDbStatement *row, int column, void *out, gsize length);
BedSecret *bed_db_store_get_secret (BedDbStatement *row, int column);
#define STORE_DB(store) (BED_DB_STORE (store)->db)
#define BYTES(data) (data), sizeof (data)
