/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-restart-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"
#include "bed-doorbell.h"

#define VARIABLE "BEDSIDE_HANDOVER"
#define MAGIC 0x42454448 /* BEDH */
#define SIZE BED_RESTART_SIZE
#define SEALS (F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

/* --- Out ------------------------------------------------------------------------------------- */

static void
put (BedByteWriter *writer, const void *bytes, gsize length, gsize max)
{
  gsize written = length <= max ? length : 0;

  bed_byte_writer_u16 (writer, (guint16) written);
  if (written > 0)
    bed_byte_writer_bytes (writer, bytes, written);
}

static void
put_secret (BedByteWriter *writer, const BedSecret *secret, gsize max)
{
  put (writer, secret != NULL ? bed_secret_get_data (secret) : NULL,
       secret != NULL ? bed_secret_get_length (secret) : 0, max);
}

/* What is longer is cut, between two characters. */
static void
put_text (BedByteWriter *writer, const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length > BED_RESTART_TEXT_MAX)
    length = (gsize) (g_utf8_find_prev_char (text, text + BED_RESTART_TEXT_MAX + 1) - text);
  put (writer, text, length, BED_RESTART_TEXT_MAX);
}

/* Of too many the newest, which are shown before the others. */
static void
put_warnings (BedByteWriter *writer, GStrv warnings)
{
  guint n = warnings != NULL ? g_strv_length (warnings) : 0;
  guint first = n > BED_RESTART_WARNINGS_MAX ? n - BED_RESTART_WARNINGS_MAX : 0;

  bed_byte_writer_u8 (writer, (guint8) (n - first));
  for (guint i = first; i < n; i++)
    put_text (writer, warnings[i]);
}

BedSecret *
bed_restart_pack (const BedRestart *self)
{
  BedSecret *bytes = bed_secret_new_zero (SIZE);
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bed_secret_get_writable (bytes), SIZE);
  bed_byte_writer_u32 (&writer, MAGIC);
  bed_byte_writer_u16 (&writer, (guint16) CLAMP (self->width, 0, G_MAXUINT16));
  bed_byte_writer_u16 (&writer, (guint16) CLAMP (self->height, 0, G_MAXUINT16));
  bed_byte_writer_u8 (&writer, self->maximized);
  put_secret (&writer, self->doorbell, BED_DOORBELL_KEYS_MAX);
  put_secret (&writer, self->link, BED_RESTART_LINK_MAX);
  put_text (&writer, self->link_note);
  for (guint i = 0; i < BED_RESTART_N_WARNINGS; i++)
    put_warnings (&writer, self->warnings[i]);
  return bytes;
}

static int
write_out (const BedRestart *self)
{
  g_autoptr (BedSecret) bytes = bed_restart_pack (self);
  int fd = memfd_create ("bedside-handover", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    return -1;
  if (write (fd, bed_secret_get_data (bytes), SIZE) == SIZE && fcntl (fd, F_ADD_SEALS, SEALS) == 0)
    return fd;
  close (fd);
  return -1;
}

/* Libraries open descriptors, too: none but the three and this one goes along. */
static void
keep_only (int kept)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      int fd = atoi (name);

      if (fd > STDERR_FILENO && fd != kept)
        fcntl (fd, F_SETFD, FD_CLOEXEC);
    }
  if (kept >= 0)
    fcntl (kept, F_SETFD, 0);
}

void
bed_restart_begin (const BedRestart *self, const char *name)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);
  char *const arguments[] = { (char *) name, NULL };
  g_autofree char *number = NULL;
  int fd = write_out (self);

  /* Without it the lock is as good; only what would go along is lost. */
  if (fd >= 0)
    {
      number = g_strdup_printf ("%d", fd);
      g_setenv (VARIABLE, number, TRUE);
    }
  keep_only (fd);
  if (path != NULL)
    execv (path, arguments);
  execv ("/proc/self/exe", arguments); /* the file was replaced or removed meanwhile */
  g_critical ("The locked window cannot be started: %s", g_strerror (errno));
}

/* --- In -------------------------------------------------------------------------------------- */

static BedSecret *
get_secret (BedByteReader *reader, gsize max, gboolean *good)
{
  gsize length = bed_byte_reader_u16 (reader);
  const guint8 *bytes = bed_byte_reader_bytes (reader, length);

  *good = *good && bytes != NULL && length <= max;
  return *good && length > 0 ? bed_secret_new (bytes, length) : NULL;
}

static BedSecret *
get_link (BedByteReader *reader, gboolean *good)
{
  BedSecret *link = get_secret (reader, BED_RESTART_LINK_MAX, good);
  gsize length = link != NULL ? bed_secret_get_length (link) : 0;
  const char *text = link != NULL ? (const char *) bed_secret_get_data (link) : NULL;

  *good = *good && (link == NULL
                    || (text[length - 1] == '\0' && g_utf8_validate (text, (gssize) length - 1, NULL)));
  return link;
}

static char *
get_text (BedByteReader *reader, gboolean *good)
{
  gsize length = bed_byte_reader_u16 (reader);
  const char *text = (const char *) bed_byte_reader_bytes (reader, length);

  *good = *good && text != NULL && length <= BED_RESTART_TEXT_MAX
          && g_utf8_validate (text, (gssize) length, NULL);
  return *good && length > 0 ? g_strndup (text, length) : NULL;
}

static GStrv
get_warnings (BedByteReader *reader, gboolean *good)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = bed_byte_reader_u8 (reader);

  *good = *good && n <= BED_RESTART_WARNINGS_MAX;
  for (guint i = 0; *good && i < n; i++)
    {
      g_autofree char *text = get_text (reader, good);

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

gboolean
bed_restart_unpack (BedRestart *self, BedSecret *bytes)
{
  BedByteReader reader;
  gboolean good;

  bed_byte_reader_init (&reader, bed_secret_get_data (bytes), bed_secret_get_length (bytes));
  good = bed_byte_reader_u32 (&reader) == MAGIC;
  self->width = bed_byte_reader_u16 (&reader);
  self->height = bed_byte_reader_u16 (&reader);
  self->maximized = bed_byte_reader_u8 (&reader) != 0;
  self->doorbell = get_secret (&reader, BED_DOORBELL_KEYS_MAX, &good);
  self->link = get_link (&reader, &good);
  self->link_note = get_text (&reader, &good);
  for (guint i = 0; i < BED_RESTART_N_WARNINGS; i++)
    self->warnings[i] = get_warnings (&reader, &good);
  good = good && !bed_byte_reader_failed (&reader);
  if (!good)
    bed_restart_clear (self);
  return good;
}

/* Its size is sealed, so that it can be read and then wiped before it is let go. */
static BedSecret *
read_in (int fd)
{
  static const guint8 zeros[SIZE];
  g_autoptr (BedSecret) bytes = bed_secret_new_zero (SIZE);
  struct stat status;
  int seals = fcntl (fd, F_GET_SEALS);

  if (seals < 0 || (seals & SEALS) != SEALS || fstat (fd, &status) < 0 || status.st_size != SIZE
      || pread (fd, bed_secret_get_writable (bytes), SIZE, 0) != SIZE)
    return NULL;
  if (pwrite (fd, zeros, SIZE, 0) != SIZE)
    g_warning ("The handover is not wiped: %s", g_strerror (errno));
  return g_steal_pointer (&bytes);
}

gboolean
bed_restart_take (BedRestart *self)
{
  const char *text = g_getenv (VARIABLE);
  g_autoptr (BedSecret) bytes = NULL;
  guint64 fd;

  memset (self, 0, sizeof *self);
  if (text == NULL)
    return FALSE;
  if (g_ascii_string_to_unsigned (text, 10, STDERR_FILENO + 1, G_MAXINT, &fd, NULL))
    {
      bytes = read_in ((int) fd);
      if (bytes != NULL)
        close ((int) fd);
    }
  g_unsetenv (VARIABLE);
  return bytes != NULL && bed_restart_unpack (self, bytes);
}

void
bed_restart_clear (BedRestart *self)
{
  g_clear_pointer (&self->doorbell, bed_secret_unref);
  g_clear_pointer (&self->link, bed_secret_unref);
  g_clear_pointer (&self->link_note, g_free);
  for (guint i = 0; i < BED_RESTART_N_WARNINGS; i++)
    g_clear_pointer (&self->warnings[i], g_strfreev);
}
