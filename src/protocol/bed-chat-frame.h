/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BED_CHAT_FILE_MAX (10 * 1024 * 1024) /* bytes of one file */
#define BED_CHAT_FILE_NAME_MAX 200           /* bytes */
#define BED_CHAT_FILE_CHUNK 16000            /* bytes of the file in one message */
#define BED_CHAT_FILE_WINDOW (256 * 1024)    /* bytes sent that the other side has not confirmed */
#define BED_CHAT_FRAME_MAX 16384             /* bytes of one message */

/* The binary messages of the channel "chat", docs/protocol.md section 5.1. Pure; any thread. */
typedef enum
{
  BED_CHAT_FRAME_OFFER = 1, /* by the sender: number, size, type, name */
  BED_CHAT_FRAME_DATA = 2,  /* by the sender: number, offset, bytes */
  BED_CHAT_FRAME_HAVE = 3,  /* by the receiver: number, how many bytes; 0 begins, all of them ends */
  BED_CHAT_FRAME_STOP = 4,  /* by the sender: number */
  BED_CHAT_FRAME_NO = 5,    /* by the receiver: number, reason */
} BedChatFrameKind;

typedef enum
{
  BED_CHAT_FILE_PNG = 1,
  BED_CHAT_FILE_JPEG = 2,
  BED_CHAT_FILE_PDF = 3,
} BedChatFileType;

typedef enum
{
  BED_CHAT_NO_STOPPED = 1, /* the person does not want it */
  BED_CHAT_NO_BUSY = 2,    /* another one is on its way */
  BED_CHAT_NO_LIMIT = 3,   /* of this call */
  BED_CHAT_NO_CONTENT = 4, /* not what it was said to be */
} BedChatNo;

typedef struct
{
  BedChatFrameKind kind;
  guint32 number;       /* the sender counts its files from 1 */
  guint32 size;         /* OFFER: bytes */
  BedChatFileType type; /* OFFER */
  guint32 offset;       /* DATA; HAVE: bytes */
  BedChatNo reason;     /* NO */
  const guint8 *data;   /* DATA: its bytes; OFFER: the name, UTF-8 without controls; borrowed */
  gsize length;         /* of data */
} BedChatFrame;

/* FALSE: anything that is not exactly one frame within the limits above. */
gboolean bed_chat_frame_parse (const guint8 *bytes, gsize length, BedChatFrame *frame);
/* A frame that parse takes. Returns: (transfer full) */
GBytes *bed_chat_frame_build (const BedChatFrame *frame);

/* "image/png" and so on; NULL for none of the three. */
const char *bed_chat_file_type_to_media (BedChatFileType type);
/* 0 for none of the three. */
BedChatFileType bed_chat_file_type_from_media (const char *media_type);

G_END_DECLS
