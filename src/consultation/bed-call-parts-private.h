/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call-private.h"
#include "bed-attachment.h"
#include "bed-call-state-private.h"
#include "bed-file-transfers-private.h"
#include "bed-sas.h"

G_BEGIN_DECLS

/* The first try after a loss leaves the path a moment to come back by itself. */
#define BED_CALL_RESTART_FIRST_TICK 2
#define BED_CALL_RESTART_EVERY_TICKS 6

/* What the files of a call share: its life (bed-call.c), the descriptions and the path
 * (bed-call-negotiation.c), the words that the two people compare (bed-call-words.c). */
struct _BedCall
{
  GObject parent_instance;

  /* owned */
  BedSealedLink *link;
  BedSignallingClient *client;
  BedClock *clock;
  BedEngine *engine; /* (nullable) */
  BedRecordStore *store;
  BedEncounter *encounter;
  GListStore *chat;
  GQueue sending; /* owned messages (nullable), in the order in which the engine tells of them */
  BedFileTransfers *files;
  guint data_waiting; /* messages of files that the engine has not told of */
  BedSas *sas;
  BedVideoSource *video_source;
  BedAudioSource *audio_source;
  BedVideoSink *video_sink;
  BedAudioSink *audio_sink;
  char *peer_name, *callback, *location;
  guint tick;

  BedEngine *(*new_engine) (const BedEngineConfig *config, gpointer user_data);
  gpointer user_data;
  gboolean relay_only;
  gboolean (*record_arrival) (gpointer recorder, BedEncounter **encounter, GError **error);
  gpointer recorder; /* weak */

  BedCallState state;
  BedCallEnd end;
  gint64 connected_at;
  guint ticks_without_path, ticks_up;
  gboolean remote_camera, remote_microphone;
  gboolean chat_open, chat_kept, chat_missed;
  guint problems; /* bits of BedEngineError that were told */
  guint n_texts;
  guint n_kept; /* messages that are in the record */
  gboolean arrival_due, encryption_due, seen_due; /* to be recorded */
  GError *record_error; /* owned: why not all of it is */
  guint ticks_unrecorded;
  BedVerification verification;
  BedQuality quality;
  BedQualityReason quality_reason;

  gboolean held; /* a sealed session has begun that this call has not been negotiated in */
  /* of the present engine */
  gboolean was_up;        /* has been connected */
  gboolean described;     /* has the other side's description */
  gboolean offered;       /* host: one offer went out, so any other is a restart */
  gboolean offer_pending; /* host: the last offer is not answered yet */
  gint64 offered_us;      /* host: monotonic, when the last one was asked for */
};

enum
{
  BED_CALL_PROP_0,
  BED_CALL_PROP_STATE,
  BED_CALL_PROP_REMOTE_CAMERA,
  BED_CALL_PROP_REMOTE_MICROPHONE,
  BED_CALL_PROP_VERIFICATION,
  BED_CALL_PROP_WORDS_READY,
  BED_CALL_PROP_QUALITY,
  BED_CALL_PROP_SECURED,
  BED_CALL_PROP_CHAT_OPEN,
  BED_CALL_PROP_CHAT_KEPT,
  BED_CALL_PROP_ENCOUNTER_ID,
  BED_CALL_PROP_RECORD_ERROR,
  BED_CALL_N_PROPS
};

void bed_call_notify (BedCall *self, guint id);
gboolean bed_call_is_host (BedCall *self);
/* Seals a message of the present negotiation; nothing while the call is held. */
void bed_call_say (BedCall *self, const BedSealedMessage *message);
/* The words were found to differ, here or there: nothing of the two people goes out any more, in
 * this call and after another negotiation of it. */
gboolean bed_call_is_unsafe (BedCall *self);
/* Chat and files: the path stands, and nobody is known to be in between. */
gboolean bed_call_may_send (BedCall *self);
void bed_call_change_state (BedCall *self, BedCallEvent event);
void bed_call_apply_media (BedCall *self);
void bed_call_tell_media (BedCall *self);
void bed_call_end_and_tell (BedCall *self, BedCallEnd end, BedHangUpReason reason);
/* What is due, as far as there is a record. */
void bed_call_record (BedCall *self);
void bed_call_record_encryption (BedCall *self);
void bed_call_record_seen (BedCall *self);
void bed_call_set_verification (BedCall *self, BedVerification verification);
void bed_call_add_chat (BedCall *self, const char *text); /* the other side's */
/* Of the text that waits longest. */
void bed_call_take_text_sent (BedCall *self, gboolean sent);
void bed_call_emit_first_frame (BedCall *self);
/* What the engine says went wrong: ends the call, or is told. */
void bed_call_take_error (BedCall *self, const GError *error);
/* error: of BED_ENGINE_ERROR. */
void bed_call_tell_problem (BedCall *self, const GError *error);
/* Tells, once, that a text of the other side found no room. */
void bed_call_miss_chat (BedCall *self);
void bed_call_set_chat_open (BedCall *self, gboolean open);
/* What is to be kept and is not in the record yet. */
gboolean bed_call_store_chat (BedCall *self, GError **error);
void bed_call_tell_chat_kept (BedCall *self);
void bed_call_take_chat_kept (BedCall *self);

/* Files of the chat */
void bed_call_open_files (BedCall *self);
void bed_call_tick_files (BedCall *self);
void bed_call_take_data_sent (BedCall *self, gboolean sent);

/* Negotiation */
void bed_call_begin (BedCall *self);
void bed_call_drop_engine (BedCall *self);
/* Another try at the path, unless one is under way or cannot be told now. */
void bed_call_restart_path (BedCall *self);

/* Words */
void bed_call_begin_sas (BedCall *self);
void bed_call_take_sas (BedCall *self, const BedSealedMessage *message);
void bed_call_take_sas_result (BedCall *self, gboolean match);

G_END_DECLS
