/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The program's own read, write, sync and so on, in front of the C library's: the product's and
 * SQLite's calls on files under one folder pass here. */
typedef enum
{
  SOAK_READ,     /* of a file, of a folder's names, or whether one is there */
  SOAK_OPEN,     /* creates when there is no such file */
  SOAK_WRITE,
  SOAK_TRUNCATE,
  SOAK_SYNC,     /* a file or a folder */
  SOAK_RENAME,
  SOAK_EXCHANGE, /* of two names */
  SOAK_LINK,     /* a name for an open file that has none; `path` is where it can be read */
  SOAK_FOLDER,   /* a new one */
  SOAK_UNLINK,   /* a file or an empty folder */
} SoakCallKind;

typedef struct
{
  SoakCallKind kind;
  int fd;           /* -1 for open, rename and unlink before they are done */
  const char *path, *to;
  gint64 offset;    /* after a write: where it went */
  const void *data;
  gsize length;     /* after a write: what was written; after a truncation: what is left */
} SoakCall;

/* Any thread; one at a time. before: 0: go on; an errno: fail so; -1: write half the length. */
typedef struct
{
  int (*before) (const SoakCall *call);
  void (*after) (const SoakCall *call);
} SoakHooks;

/* Before anything under `folder` is opened. */
void soak_watch (const char *folder);
/* Calls under that folder go through `hooks` until NULL is set. */
void soak_hook (const SoakHooks *hooks);

G_END_DECLS
