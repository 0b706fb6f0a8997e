/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <pulse/pulseaudio.h>

#include "bed-media-device.h"

G_BEGIN_DECLS

/* A connection to a PulseAudio server, which today is PipeWire under another name: what a sandbox
 * is given instead of PipeWire's own socket, which would show it every camera. It has a thread of
 * its own; everything on `context` needs the lock. Reference counted, so that streams keep it
 * alive.
 */
typedef struct
{
  gatomicrefcount ref_count;
  pa_threaded_mainloop *loop;
  pa_context *context;
} BedPulse;

/* Waits for the server at most 2 s. Returns: (transfer full) (nullable): NULL with
 * BED_DEVICES_ERROR_NO_SERVER. */
BedPulse *bed_pulse_connect (GError **error);
BedPulse *bed_pulse_ref (BedPulse *self);
/* Not with the lock held, and not on its thread. */
void bed_pulse_unref (BedPulse *self);
void bed_pulse_lock (BedPulse *self);
void bed_pulse_unlock (BedPulse *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedPulse, bed_pulse_unref)

/* Follows its sources and sinks, as the PipeWire registry does. Main thread.
 * Signals: "lost" (), "settled" (). */
#define BED_TYPE_PULSE_REGISTRY (bed_pulse_registry_get_type ())
G_DECLARE_FINAL_TYPE (BedPulseRegistry, bed_pulse_registry, BED, PULSE_REGISTRY, GObject)
BedPulseRegistry *bed_pulse_registry_new (BedPulse *pulse,
                                          GListStore *lists[BED_N_MEDIA_DEVICE_KINDS]);
gboolean bed_pulse_registry_get_settled (BedPulseRegistry *self);

G_END_DECLS
