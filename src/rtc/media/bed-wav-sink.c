/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-media.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define HEADER_LENGTH 44
#define MAX_BYTES (G_MAXUINT32 - HEADER_LENGTH)

#define BED_TYPE_WAV_SINK (bed_wav_sink_get_type ())
G_DECLARE_FINAL_TYPE (BedWavSink, bed_wav_sink, BED, WAV_SINK, GObject)

struct _BedWavSink
{
  GObject parent_instance;
  GMutex lock;
  /* under the lock */
  FILE *file; /* owned; NULL once closed */
  guint32 n_bytes;
  int write_errno;
};

static void
put (guint8 *at, guint32 value, guint size)
{
  for (guint i = 0; i < size; i++)
    at[i] = value >> 8 * i;
}

static gboolean
write_header (FILE *file, guint32 n_bytes)
{
  guint8 header[HEADER_LENGTH];

  memcpy (header, "RIFF....WAVEfmt ", 16);
  put (header + 4, n_bytes + HEADER_LENGTH - 8, 4);
  put (header + 16, 16, 4);
  put (header + 20, 1, 2);
  put (header + 22, 1, 2);
  put (header + 24, BED_AUDIO_RATE, 4);
  put (header + 28, BED_AUDIO_RATE * 2, 4);
  put (header + 32, 2, 2);
  put (header + 34, 16, 2);
  memcpy (header + 36, "data", 4);
  put (header + 40, n_bytes, 4);
  return fwrite (header, 1, sizeof header, file) == sizeof header;
}

static void
push (BedAudioSink *sink, const gint16 *samples, guint n_samples, gint64 timestamp_us)
{
  BedWavSink *self = BED_WAV_SINK (sink);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->file == NULL || self->write_errno != 0)
    return;
  if (n_samples > (MAX_BYTES - self->n_bytes) / 2)
    {
      self->write_errno = EFBIG;
      return;
    }
  for (guint i = 0; i < n_samples; i++)
    {
      guint8 bytes[2];

      put (bytes, (guint16) samples[i], 2);
      if (fwrite (bytes, 1, 2, self->file) != 2)
        {
          self->write_errno = errno;
          return;
        }
      self->n_bytes += 2;
    }
}

static void
sink_iface_init (BedAudioSinkInterface *iface)
{
  iface->push = push;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedWavSink, bed_wav_sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SINK, sink_iface_init))

static gboolean
finish (BedWavSink *self)
{
  gboolean ok = fseek (self->file, 0, SEEK_SET) == 0 && write_header (self->file, self->n_bytes);

  return fclose (g_steal_pointer (&self->file)) == 0 && ok;
}

static void
bed_wav_sink_finalize (GObject *object)
{
  BedWavSink *self = BED_WAV_SINK (object);

  if (self->file != NULL)
    finish (self);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (bed_wav_sink_parent_class)->finalize (object);
}

static void
bed_wav_sink_class_init (BedWavSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_wav_sink_finalize;
}

static void
bed_wav_sink_init (BedWavSink *self)
{
  g_mutex_init (&self->lock);
}

BedAudioSink *
bed_wav_sink_new (const char *path, GError **error)
{
  g_autoptr (BedWavSink) self = g_object_new (BED_TYPE_WAV_SINK, NULL);

  self->file = g_fopen (path, "wbe");
  if (self->file == NULL || !write_header (self->file, 0))
    {
      g_set_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_OPEN, "cannot open: %s",
                   g_strerror (errno));
      return NULL;
    }
  return BED_AUDIO_SINK (g_steal_pointer (&self));
}

gboolean
bed_wav_sink_close (BedAudioSink *sink, GError **error)
{
  BedWavSink *self = BED_WAV_SINK (sink);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->file != NULL && !finish (self) && self->write_errno == 0)
    self->write_errno = errno;
  if (self->write_errno != 0)
    g_set_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_WRITE, "cannot write: %s",
                 g_strerror (self->write_errno));
  return self->write_errno == 0;
}
