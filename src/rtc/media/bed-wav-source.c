/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-reader-private.h"

#include <string.h>

#define MAX_CHUNKS 64 /* looked at before the samples */

#define BED_TYPE_WAV_SOURCE (bed_wav_source_get_type ())
G_DECLARE_FINAL_TYPE (BedWavSource, bed_wav_source, BED, WAV_SOURCE, GObject)

struct _BedWavSource
{
  GObject parent_instance;
  BedFileReader reader;
  long first_sample; /* offset in the file */
  guint32 n_samples;
  guint32 position;
};

static guint32
little_endian (const guint8 *bytes, guint size)
{
  guint32 value = 0;

  for (guint i = 0; i < size; i++)
    value |= (guint32) bytes[i] << 8 * i;
  return value;
}

static gboolean
next_block (gint64 due_us, gpointer user_data)
{
  BedWavSource *self = user_data;
  guint8 bytes[2 * BED_AUDIO_BLOCK];
  gint16 block[BED_AUDIO_BLOCK];

  if (self->position + BED_AUDIO_BLOCK > self->n_samples)
    {
      self->position = 0;
      if (fseek (self->reader.file, self->first_sample, SEEK_SET) != 0)
        return G_SOURCE_REMOVE;
    }
  if (fread (bytes, 2, BED_AUDIO_BLOCK, self->reader.file) != BED_AUDIO_BLOCK)
    return G_SOURCE_REMOVE;
  self->position += BED_AUDIO_BLOCK;
  for (guint i = 0; i < BED_AUDIO_BLOCK; i++)
    block[i] = little_endian (bytes + 2 * i, 2);
  bed_sink_list_push_audio (self->reader.sinks, block, BED_AUDIO_BLOCK, due_us);
  return G_SOURCE_CONTINUE;
}

static void
add_sink (BedAudioSource *source, BedAudioSink *sink)
{
  bed_sink_list_add (BED_WAV_SOURCE (source)->reader.sinks, sink);
}

static void
remove_sink (BedAudioSource *source, BedAudioSink *sink)
{
  bed_sink_list_remove (BED_WAV_SOURCE (source)->reader.sinks, sink);
}

static void
source_iface_init (BedAudioSourceInterface *iface)
{
  iface->add_sink = add_sink;
  iface->remove_sink = remove_sink;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedWavSource, bed_wav_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SOURCE, source_iface_init))

static void
bed_wav_source_dispose (GObject *object)
{
  BedWavSource *self = BED_WAV_SOURCE (object);

  bed_file_reader_stop (&self->reader);
  G_OBJECT_CLASS (bed_wav_source_parent_class)->dispose (object);
}

static void
bed_wav_source_finalize (GObject *object)
{
  BedWavSource *self = BED_WAV_SOURCE (object);

  bed_file_reader_clear (&self->reader);
  G_OBJECT_CLASS (bed_wav_source_parent_class)->finalize (object);
}

static void
bed_wav_source_class_init (BedWavSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_wav_source_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_wav_source_finalize;
}

static void
bed_wav_source_init (BedWavSource *self)
{
  bed_file_reader_init (&self->reader);
}

static gboolean
format_is_ours (FILE *file, guint32 length)
{
  guint8 format[16];

  return length >= sizeof format && fread (format, 1, sizeof format, file) == sizeof format
         && little_endian (format, 2) == 1 && little_endian (format + 2, 2) == 1
         && little_endian (format + 4, 4) == BED_AUDIO_RATE && little_endian (format + 14, 2) == 16
         && fseek (file, length - sizeof format + (length & 1), SEEK_CUR) == 0;
}

/* Samples that the file really has, whatever the chunk says (a recorder may have died). */
static gboolean
measure_samples (BedWavSource *self, guint32 length)
{
  long end;

  self->first_sample = ftell (self->reader.file);
  if (self->first_sample < 0 || fseek (self->reader.file, 0, SEEK_END) != 0
      || (end = ftell (self->reader.file)) < 0 || fseek (self->reader.file, self->first_sample, SEEK_SET) != 0)
    return FALSE;
  self->n_samples = MIN ((gint64) length, end - self->first_sample) / 2;
  return self->n_samples >= BED_AUDIO_BLOCK;
}

static gboolean
read_header (BedWavSource *self)
{
  guint8 bytes[12];
  gboolean format_seen = FALSE;

  if (fread (bytes, 1, 12, self->reader.file) != 12 || memcmp (bytes, "RIFF", 4) != 0
      || memcmp (bytes + 8, "WAVE", 4) != 0)
    return FALSE;
  for (guint i = 0; i < MAX_CHUNKS && fread (bytes, 1, 8, self->reader.file) == 8; i++)
    {
      guint32 length = little_endian (bytes + 4, 4);

      if (memcmp (bytes, "data", 4) == 0)
        return format_seen && measure_samples (self, length);
      if (memcmp (bytes, "fmt ", 4) == 0)
        {
          if (length > 4096 || !format_is_ours (self->reader.file, length))
            return FALSE;
          format_seen = TRUE;
        }
      else if (fseek (self->reader.file, (long) length + (length & 1), SEEK_CUR) != 0)
        return FALSE;
    }
  return FALSE;
}

BedAudioSource *
bed_wav_source_new (const char *path, GError **error)
{
  g_autoptr (BedWavSource) self = g_object_new (BED_TYPE_WAV_SOURCE, NULL);

  if (!bed_file_reader_open (&self->reader, path, error))
    return NULL;
  if (!read_header (self))
    {
      g_set_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_FORMAT,
                   "not a wav file with 16 bit, 48,000 Hz, mono");
      return NULL;
    }
  bed_file_reader_run (&self->reader, "wav", BED_AUDIO_RATE / BED_AUDIO_BLOCK, 1, next_block, self);
  return BED_AUDIO_SOURCE (g_steal_pointer (&self));
}
