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

BedSecret *
bed_restart_pack (const BedRestart *self)
{
  BedSecret *bytes = bed_secret_new_zero (SIZE);
  gsize length = self->doorbell != NULL ? bed_secret_get_length (self->doorbell) : 0;
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bed_secret_get_writable (bytes), SIZE);
  bed_byte_writer_u32 (&writer, MAGIC);
  bed_byte_writer_u16 (&writer, (guint16) CLAMP (self->width, 0, G_MAXUINT16));
  bed_byte_writer_u16 (&writer, (guint16) CLAMP (self->height, 0, G_MAXUINT16));
  bed_byte_writer_u8 (&writer, self->maximized);
  bed_byte_writer_u16 (&writer, (guint16) length);
  if (length > 0)
    bed_byte_writer_bytes (&writer, bed_secret_get_data (self->doorbell), length);
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

  /* Without it the lock is as good; only the waiting room is not announced. */
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

gboolean
bed_restart_unpack (BedRestart *self, BedSecret *bytes)
{
  BedByteReader reader;
  guint32 magic;
  guint16 length;
  const guint8 *keys;

  bed_byte_reader_init (&reader, bed_secret_get_data (bytes), bed_secret_get_length (bytes));
  magic = bed_byte_reader_u32 (&reader);
  self->width = bed_byte_reader_u16 (&reader);
  self->height = bed_byte_reader_u16 (&reader);
  self->maximized = bed_byte_reader_u8 (&reader) != 0;
  length = bed_byte_reader_u16 (&reader);
  keys = bed_byte_reader_bytes (&reader, length);
  if (magic != MAGIC || bed_byte_reader_failed (&reader) || length > BED_DOORBELL_KEYS_MAX)
    return FALSE;
  if (length > 0)
    self->doorbell = bed_secret_new (keys, length);
  return TRUE;
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
}
