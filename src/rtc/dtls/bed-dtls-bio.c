/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dtls-bio-private.h"

#include <string.h>

void
_bed_dtls_pipe_init (BedDtlsPipe *self)
{
  self->incoming = NULL;
  g_queue_init (&self->outgoing);
}

void
_bed_dtls_pipe_clear (BedDtlsPipe *self)
{
  g_clear_pointer (&self->incoming, g_bytes_unref);
  g_queue_clear_full (&self->outgoing, (GDestroyNotify) g_bytes_unref);
}

static int
pipe_write (BIO *bio, const char *data, int length)
{
  BedDtlsPipe *pipe = BIO_get_data (bio);

  if (length <= 0)
    return 0;
  g_queue_push_tail (&pipe->outgoing, g_bytes_new (data, length));
  return length;
}

/* One datagram, or "try again"; what does not fit is cut off as a socket would. */
static int
pipe_read (BIO *bio, char *out, int capacity)
{
  BedDtlsPipe *pipe = BIO_get_data (bio);
  const void *data;
  gsize length;

  BIO_clear_retry_flags (bio);
  if (pipe->incoming == NULL || capacity <= 0)
    {
      BIO_set_retry_read (bio);
      return -1;
    }
  data = g_bytes_get_data (pipe->incoming, &length);
  length = MIN (length, (gsize) capacity);
  memcpy (out, data, length);
  g_clear_pointer (&pipe->incoming, g_bytes_unref);
  return (int) length;
}

static long
pipe_ctrl (BIO *bio, int command, long number, void *pointer)
{
  switch (command)
    {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
      return BED_DTLS_MTU;
    default:
      return 0;
    }
}

BIO_METHOD *
_bed_dtls_bio_method_new (void)
{
  BIO_METHOD *method = BIO_meth_new (BIO_TYPE_SOURCE_SINK, "datagram pipe");

  if (method != NULL)
    {
      BIO_meth_set_write (method, pipe_write);
      BIO_meth_set_read (method, pipe_read);
      BIO_meth_set_ctrl (method, pipe_ctrl);
    }
  return method;
}

BIO *
_bed_dtls_bio_new (const BIO_METHOD *method, BedDtlsPipe *pipe)
{
  BIO *bio = BIO_new (method);

  if (bio != NULL)
    {
      BIO_set_data (bio, pipe);
      BIO_set_init (bio, 1);
    }
  return bio;
}
