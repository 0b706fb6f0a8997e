/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-engine.h"
#include "bed-test-media.h"

G_BEGIN_DECLS

/* What the test peer sends and what it does with what comes. Main thread. */
#define BED_PEER_TONE 440.0 /* Hz */

typedef struct
{
  const char *video, *audio; /* (nullable): files to send */
  const char *record_video, *record_audio; /* (nullable): files to write */
} BedPeerMediaConfig;

typedef struct _BedPeerMedia BedPeerMedia;

/* Returns: (transfer full) (nullable) */
BedPeerMedia *bed_peer_media_new (const BedPeerMediaConfig *config, GError **error);
void bed_peer_media_attach (BedPeerMedia *self, BedEngine *engine);
void bed_peer_media_get_stats (BedPeerMedia *self, BedTestVideoStats *video, BedTestAudioStats *audio);
/* Closes the recordings. Returns: FALSE when anything was not written */
gboolean bed_peer_media_finish (BedPeerMedia *self, GError **error);
void bed_peer_media_free (BedPeerMedia *self);

G_END_DECLS
