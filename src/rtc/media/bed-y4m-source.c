/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-reader-private.h"

#include <string.h>

G_DEFINE_QUARK (bed-file-media-error-quark, bed_file_media_error)

#define MAX_LINE 256

#define BED_TYPE_Y4M_SOURCE (bed_y4m_source_get_type ())
G_DECLARE_FINAL_TYPE (BedY4mSource, bed_y4m_source, BED, Y4M_SOURCE, GObject)

struct _BedY4mSource
{
  GObject parent_instance;
  BedFileReader reader;
  guint8 *pixels; /* one packed frame */
  gsize length;
  guint width, height;
  guint rate_numerator, rate_denominator;
  long first_frame; /* offset in the file */
};

static gboolean
read_picture (BedY4mSource *self)
{
  char line[MAX_LINE];

  return fgets (line, sizeof line, self->reader.file) != NULL && g_str_has_prefix (line, "FRAME")
         && strchr (line, '\n') != NULL
         && fread (self->pixels, 1, self->length, self->reader.file) == self->length;
}

static gboolean
next_picture (gint64 due_us, gpointer user_data)
{
  BedY4mSource *self = user_data;
  g_autoptr (BedVideoFrame) frame = NULL;

  if (!read_picture (self)
      && (fseek (self->reader.file, self->first_frame, SEEK_SET) != 0 || !read_picture (self)))
    return G_SOURCE_REMOVE;
  frame = bed_video_frame_new_from_pixels (BED_PIXEL_I420, self->pixels, self->length, 0,
                                           self->width, self->height, due_us);
  bed_sink_list_push_video (self->reader.sinks, frame);
  return G_SOURCE_CONTINUE;
}

static void
add_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_sink_list_add (BED_Y4M_SOURCE (source)->reader.sinks, sink);
}

static void
remove_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_sink_list_remove (BED_Y4M_SOURCE (source)->reader.sinks, sink);
}

static void
source_iface_init (BedVideoSourceInterface *iface)
{
  iface->add_sink = add_sink;
  iface->remove_sink = remove_sink;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedY4mSource, bed_y4m_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SOURCE, source_iface_init))

static void
bed_y4m_source_dispose (GObject *object)
{
  BedY4mSource *self = BED_Y4M_SOURCE (object);

  bed_file_reader_stop (&self->reader);
  G_OBJECT_CLASS (bed_y4m_source_parent_class)->dispose (object);
}

static void
bed_y4m_source_finalize (GObject *object)
{
  BedY4mSource *self = BED_Y4M_SOURCE (object);

  g_free (self->pixels);
  bed_file_reader_clear (&self->reader);
  G_OBJECT_CLASS (bed_y4m_source_parent_class)->finalize (object);
}

static void
bed_y4m_source_class_init (BedY4mSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_y4m_source_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_y4m_source_finalize;
}

static void
bed_y4m_source_init (BedY4mSource *self)
{
  bed_file_reader_init (&self->reader);
}

/* Returns: FALSE for a parameter that we cannot read. */
static gboolean
take_parameter (BedY4mSource *self, const char *word)
{
  if (word[0] == 'W')
    self->width = g_ascii_strtoull (word + 1, NULL, 10);
  else if (word[0] == 'H')
    self->height = g_ascii_strtoull (word + 1, NULL, 10);
  else if (word[0] == 'F')
    return sscanf (word + 1, "%u:%u", &self->rate_numerator, &self->rate_denominator) == 2;
  else if (word[0] == 'C')
    return g_str_has_prefix (word, "C420")
           && strstr (word, "p1") == NULL; /* p10, p12 … : more than 8 bits */
  return TRUE;
}

static gboolean
read_header (BedY4mSource *self)
{
  char line[MAX_LINE];
  g_auto (GStrv) words = NULL;

  if (fgets (line, sizeof line, self->reader.file) == NULL || strchr (line, '\n') == NULL)
    return FALSE;
  words = g_strsplit (g_strchomp (line), " ", 0);
  if (g_strcmp0 (words[0], "YUV4MPEG2") != 0)
    return FALSE;
  self->rate_numerator = 30;
  self->rate_denominator = 1;
  for (guint i = 1; words[i] != NULL; i++)
    if (!take_parameter (self, words[i]))
      return FALSE;
  if (self->width < 2 || self->height < 2 || self->width > BED_VIDEO_FRAME_MAX_WIDTH
      || self->height > BED_VIDEO_FRAME_MAX_HEIGHT || self->rate_denominator == 0
      || self->rate_numerator < self->rate_denominator
      || self->rate_numerator / self->rate_denominator > 240)
    return FALSE;
  self->length = (gsize) self->width * self->height
                 + 2 * (gsize) ((self->width + 1) / 2) * ((self->height + 1) / 2);
  self->first_frame = ftell (self->reader.file);
  return self->first_frame > 0;
}

BedVideoSource *
bed_y4m_source_new (const char *path, GError **error)
{
  g_autoptr (BedY4mSource) self = g_object_new (BED_TYPE_Y4M_SOURCE, NULL);

  if (!bed_file_reader_open (&self->reader, path, error))
    return NULL;
  if (!read_header (self))
    {
      g_set_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_FORMAT,
                   "not a y4m file of the kind 4:2:0");
      return NULL;
    }
  self->pixels = g_malloc (self->length);
  bed_file_reader_run (&self->reader, "y4m", self->rate_numerator, self->rate_denominator,
                       next_picture, self);
  return BED_VIDEO_SOURCE (g_steal_pointer (&self));
}
