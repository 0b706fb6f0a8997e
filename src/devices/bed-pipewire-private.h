/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <pipewire/pipewire.h>

G_BEGIN_DECLS

/* One connection to a PipeWire server with a thread of its own. Reference counted, so that streams
 * keep it alive. Everything on `core` needs the lock. */
typedef struct
{
  gatomicrefcount ref_count;
  struct pw_thread_loop *loop;
  struct pw_context *context;
  struct pw_core *core;
} BedPipewire;

/* fd: (transfer full) a portal's remote, or -1 for the session's server.
 * Returns: (transfer full) (nullable): NULL with BED_DEVICES_ERROR_NO_SERVER. */
BedPipewire *bed_pipewire_connect (int fd, GError **error);
BedPipewire *bed_pipewire_ref (BedPipewire *self);
/* Not with the lock held, and not on its thread. */
void bed_pipewire_unref (BedPipewire *self);
void bed_pipewire_lock (BedPipewire *self);
void bed_pipewire_unlock (BedPipewire *self);

/* Ends a stream and its listener; nothing of it runs any more when this returns. Main thread,
 * without the lock. */
void bed_pipewire_close_stream (BedPipewire *self, struct pw_stream *stream,
                                struct spa_hook *listener);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedPipewire, bed_pipewire_unref)

G_END_DECLS
