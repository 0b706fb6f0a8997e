/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-chat-message.h"
#include "bed-encounter.h"
#include "bed-engine.h"

G_BEGIN_DECLS

/* One consultation between two people, from the clinician's Admit (or the offer that a guest gets)
 * to its end. The same object serves the clinician and the patient in the app. Main thread.
 *
 * Properties (all notify): "state", "remote-camera", "remote-microphone", "verification",
 * "words-ready", "quality", "secured", "chat-open", "chat-kept" (here or there), "encounter-id",
 * "record-error". Signals:
 * "first-frame" (), "ended" (BedCallEnd reason), "tampered" (): a sealed message was altered or
 * replayed on the way; the call goes on and begins a new session by itself; "chat-missed" (), once:
 * the chat is full, and what the other side writes is not taken any more; "problem" (GError *error),
 * once for each code of BED_ENGINE_ERROR: the call goes on, with less than the person thinks.
 */
#define BED_TYPE_CALL (bed_call_get_type ())
G_DECLARE_FINAL_TYPE (BedCall, bed_call, BED, CALL, GObject)

typedef enum
{
  BED_CALL_STATE_CONNECTING,   /* admitted, media path being found */
  BED_CALL_STATE_CONNECTED,    /* both can see and hear each other */
  BED_CALL_STATE_RECONNECTING, /* path lost; nothing is being sent */
  BED_CALL_STATE_ENDED,
} BedCallState;
#define BED_TYPE_CALL_STATE (bed_call_state_get_type ())
GType bed_call_state_get_type (void);

typedef enum
{
  BED_CALL_END_NONE,
  BED_CALL_END_HERE,        /* hung up at this machine */
  BED_CALL_END_THERE,       /* the other side hung up */
  BED_CALL_END_LEFT,        /* the other side closed the page */
  BED_CALL_END_FAILED,      /* no path could be found, or it stayed lost */
  BED_CALL_END_FINGERPRINT, /* the certificate was not the announced one: somebody is in between */
  BED_CALL_END_TAMPERED,    /* a sealed message was altered, replayed or lost */
  BED_CALL_END_REFUSED,     /* the other side asked for something unencrypted or malformed */
} BedCallEnd;

typedef enum
{
  BED_QUALITY_UNKNOWN,
  BED_QUALITY_GOOD,
  BED_QUALITY_FAIR,
  BED_QUALITY_POOR,
} BedQuality;

/* Why the quality is not good, for the hover and the screen reader. */
typedef enum
{
  BED_QUALITY_REASON_NONE,
  BED_QUALITY_REASON_LOSS,
  BED_QUALITY_REASON_DELAY,
  BED_QUALITY_REASON_BITRATE,
  BED_QUALITY_REASON_SILENCE, /* nothing at all arrives, though the path was not given up yet */
} BedQualityReason;

BedCallState bed_call_get_state (BedCall *self);
/* Lends the other person's name as typed or as in the card; plain text, never markup. */
const char *bed_call_get_peer_name (BedCall *self);
/* Lends what the patient typed; "" for the guest's side. */
const char *bed_call_get_callback (BedCall *self);
const char *bed_call_get_location (BedCall *self);
/* µs, real time; 0 when it never connected. */
gint64 bed_call_get_connected_at (BedCall *self);
/* Row in the record; 0 for a guest, and while it could not be recorded. */
gint64 bed_call_get_encounter_id (BedCall *self);
/* Why not all of the call is recorded, which is tried again every few seconds and at its end. NULL:
 * it is, or there is no open record. */
const GError *bed_call_get_record_error (BedCall *self);

/* Own media; NULL sends nothing. The other side is told what is on. Sources come from a consent
 * grant. */
void bed_call_set_video_source (BedCall *self, BedVideoSource *source);
void bed_call_set_audio_source (BedCall *self, BedAudioSource *source);
void bed_call_set_video_sink (BedCall *self, BedVideoSink *sink);
void bed_call_set_audio_sink (BedCall *self, BedAudioSink *sink);
gboolean bed_call_get_remote_camera (BedCall *self);
gboolean bed_call_get_remote_microphone (BedCall *self);

/* Media is encrypted with the announced certificate on both sides right now. */
gboolean bed_call_get_secured (BedCall *self);
BedVerification bed_call_get_verification (BedCall *self);
/* Four indices (0 to 255) into the list of words; FALSE while they are not known. */
gboolean bed_call_get_words (BedCall *self, guint8 out[4]);
/* What the person found when they read them to each other; told to the other side and recorded.
 * Once they differed for one of the two, this call sends no media, chat or file any more. */
void bed_call_set_words_match (BedCall *self, gboolean match);

BedQuality bed_call_get_quality (BedCall *self, BedQualityReason *reason);
void bed_call_get_stats (BedCall *self, BedEngineStats *stats);

/* Returns: (transfer none): a GListModel of BedChatMessage. */
GListModel *bed_call_get_chat (BedCall *self);
gboolean bed_call_get_chat_open (BedCall *self);
/* FALSE: the call is not connected, or the words differed; the text was not sent and is not in the list. */
gboolean bed_call_send_chat (BedCall *self, const char *text);
/* Nothing more can be written in this call. */
gboolean bed_call_chat_is_full (BedCall *self);
/* One that is "unsent"; it is then the last one of the list. FALSE as above. */
gboolean bed_call_send_again (BedCall *self, BedChatMessage *message);

/* A PNG, JPEG or PDF (by its content) of at most 10 MiB; it is in the chat then, and says itself how
 * it gets on. FALSE: the channel is not open, another one is on its way, or it is none of those. */
gboolean bed_call_send_file (BedCall *self, const char *name, const char *media_type,
                             GBytes *content);
/* One's own or the other side's, while it moves. */
void bed_call_stop_file (BedCall *self, BedChatFile *file);
/* There is an encounter; never for a guest. */
gboolean bed_call_can_keep_files (BedCall *self);
/* The clinician's choice: it becomes an attachment of the encounter. */
gboolean bed_call_keep_file (BedCall *self, BedChatFile *file, GError **error);

/* A copy outside, readable by its owner alone. Where there is a record, its trail says so first.
 * Errors of BED_RECORD_ERROR and BED_EXPORT_ERROR. */
gboolean bed_call_save_file (BedCall *self, BedChatFile *file, const char *path, GError **error);

/* The clinician's choice, for good: what was written and will be written is kept with the
 * encounter, and the other side is told. While the record is locked it waits in the vault's spool.
 * FALSE with an error when there is nowhere to keep it (a guest, a full disk). */
gboolean bed_call_keep_chat (BedCall *self, GError **error);
gboolean bed_call_get_chat_kept (BedCall *self);

/* The person's wish while it is reconnecting: looks for a path now and not at the next turn. */
void bed_call_try_again (BedCall *self);

/* Idempotent; no packet leaves after it returns. */
void bed_call_hang_up (BedCall *self);

G_END_DECLS
