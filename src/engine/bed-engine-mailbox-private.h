/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-engine.h"

G_BEGIN_DECLS

/* What the media engine tells the app: messages from any thread, handed out in order on the main
 * thread, and thrown away once the engine is disposed. Reference counted.
 */
typedef enum
{
  BED_ENGINE_TELL_LOCAL_DESCRIPTION,
  BED_ENGINE_TELL_CANDIDATE,
  BED_ENGINE_TELL_END_OF_CANDIDATES,
  BED_ENGINE_TELL_STATE,
  BED_ENGINE_TELL_CHANNEL,
  BED_ENGINE_TELL_MESSAGE,
  BED_ENGINE_TELL_DATA,
  BED_ENGINE_TELL_TEXT_SENT,
  BED_ENGINE_TELL_DATA_SENT,
  BED_ENGINE_TELL_FIRST_FRAME,
  BED_ENGINE_TELL_ERROR,
} BedEngineTellKind;

typedef struct
{
  BedEngineTellKind kind;
  int number; /* type, index, state, open or sent */
  char *text; /* owned (nullable) */
  char *mid; /* owned (nullable) */
  GError *error; /* owned (nullable) */
  GBytes *bytes; /* owned (nullable) */
} BedEngineTell;

#define BED_ENGINE_MAILBOX_MAX                                                                     \
  4096 /* messages waiting; beyond, texts of the peer are dropped and counted */

#define BED_ENGINE_MAILBOX_MAX_DATA 256 /* the same for binary ones */

typedef struct _BedEngineMailbox BedEngineMailbox;
/* Main thread; tell is borrowed by func. */
typedef void (*BedEngineTellFunc) (const BedEngineTell *tell, gpointer user_data);

/* For the calling thread's main context. */
BedEngineMailbox *bed_engine_mailbox_new (BedEngineTellFunc func, gpointer user_data);
BedEngineMailbox *bed_engine_mailbox_ref (BedEngineMailbox *self);
void bed_engine_mailbox_unref (BedEngineMailbox *self);
/* Any thread. Copies text and mid, takes error. */
void bed_engine_mailbox_tell (BedEngineMailbox *self, BedEngineTellKind kind, int number,
                              const char *text, const char *mid, GError *error);
/* Any thread. A binary message of the peer. */
void bed_engine_mailbox_tell_data (BedEngineMailbox *self, GBytes *bytes);
/* Main thread: func is not called any more. */
void bed_engine_mailbox_close (BedEngineMailbox *self);

G_END_DECLS
