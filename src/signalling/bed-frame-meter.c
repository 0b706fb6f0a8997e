/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-frame-meter.h"

#define FIN 0x80
#define MASKED 0x80
#define CONTROL 0x08

static void
next_frame (BedFrameMeter *self)
{
  self->head_length = 0;
  self->head_wanted = 2;
}

void
bed_frame_meter_init (BedFrameMeter *self)
{
  *self = (BedFrameMeter){ 0 };
  next_frame (self);
}

static guint64
read_length (const BedFrameMeter *self)
{
  guint64 length = 0;

  if (self->head_wanted == 2)
    return self->head[1] & 0x7f;
  for (guint i = 2; i < self->head_wanted; i++)
    length = length << 8 | self->head[i];
  return length;
}

static void
begin_payload (BedFrameMeter *self)
{
  gboolean control = (self->head[0] & CONTROL) != 0;

  self->frames++;
  self->payload = read_length (self);
  if (control)
    {
      self->failed = self->payload > 125;
      return;
    }
  self->failed = self->payload > BED_FRAME_MESSAGE_MAX
                 || ++self->fragments > BED_FRAME_FRAGMENTS_MAX
                 || (self->message += self->payload) > BED_FRAME_MESSAGE_MAX;
}

static void
end_payload (BedFrameMeter *self)
{
  if ((self->head[0] & CONTROL) == 0 && (self->head[0] & FIN) != 0)
    self->message = self->fragments = 0;
  next_frame (self);
}

static void
take_head (BedFrameMeter *self, guint8 byte)
{
  self->head[self->head_length++] = byte;
  if (self->head_length == 2)
    {
      guint8 size = self->head[1] & 0x7f;
      self->failed = (self->head[1] & MASKED) != 0;
      self->head_wanted = size == 126 ? 4 : size == 127 ? 10 : 2;
    }
  if (self->head_length == self->head_wanted && !self->failed)
    {
      begin_payload (self);
      if (self->payload == 0)
        end_payload (self);
    }
}

gboolean
bed_frame_meter_feed (BedFrameMeter *self, const guint8 *data, gsize length)
{
  while (length > 0 && !self->failed)
    {
      if (self->payload > 0)
        {
          gsize step = MIN (length, self->payload);
          data += step;
          length -= step;
          self->payload -= step;
          if (self->payload == 0)
            end_payload (self);
        }
      else
        {
          take_head (self, *data++);
          length--;
        }
    }
  return !self->failed;
}
