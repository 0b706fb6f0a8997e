/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sctp-transport.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Bytes go into an association that is up: each packet is two bytes of length and its chunks, behind a
 * header with the verification tag that the association would take. The checksum is made right. */
typedef struct
{
  BedSctpTransport *ends[2];
  guint8 header[12]; /* of the last packet to end 1 */
} World;

static guint32
crc32c (const guint8 *data, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (guint k = 0; k < 8; k++)
        crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
    }
  return ~crc;
}

static void
to_second (const guint8 *packet, gsize length, gpointer user_data)
{
  World *world = user_data;

  memcpy (world->header, packet, MIN (length, sizeof world->header));
  bed_sctp_transport_input (world->ends[1], packet, length);
}

static void
to_first (const guint8 *packet, gsize length, gpointer user_data)
{
  bed_sctp_transport_input (((World *) user_data)->ends[0], packet, length);
}

static void
feed (World *world, const guint8 *chunks, gsize length)
{
  guint8 packet[BED_SCTP_MAX_PACKET];
  guint32 crc;

  length = MIN (length, sizeof packet - sizeof world->header);
  memcpy (packet, world->header, sizeof world->header);
  memset (packet + 8, 0, 4);
  memcpy (packet + 12, chunks, length);
  crc = GUINT32_TO_LE (crc32c (packet, 12 + length));
  memcpy (packet + 8, &crc, 4);
  bed_sctp_transport_input (world->ends[1], packet, 12 + length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static BedSctpStack *stack;
  static gint64 now_us;
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  World world = { 0 };
  gsize at = 0;

  if (stack == NULL)
    stack = bed_sctp_stack_new (0, NULL);
  for (guint i = 0; i < 2; i++)
    {
      world.ends[i] = bed_sctp_transport_new (stack);
      bed_sctp_transport_set_send_func (world.ends[i], i == 0 ? to_second : to_first, &world);
    }
  g_object_unref (bed_sctp_transport_create_channel (world.ends[1], &init, NULL));
  for (guint i = 0; i < 2; i++)
    bed_sctp_transport_start (world.ends[i], 5000, 5000, i == 0, 0, NULL);
  for (guint i = 0; i < 100 && bed_sctp_transport_get_state (world.ends[1]) != BED_SCTP_STATE_CONNECTED; i++)
    bed_sctp_stack_advance (stack, now_us += 10000);
  if (bed_sctp_transport_get_state (world.ends[1]) != BED_SCTP_STATE_CONNECTED)
    abort ();
  while (at + 2 <= size)
    {
      gsize length = MIN ((gsize) (data[at] << 8 | data[at + 1]), size - at - 2);

      feed (&world, data + at + 2, length);
      at += 2 + length;
    }
  bed_sctp_stack_advance (stack, now_us += 500000);
  for (guint i = 0; i < 2; i++)
    {
      bed_sctp_transport_close (world.ends[i]);
      g_object_unref (world.ends[i]);
    }
  bed_sctp_stack_advance (stack, now_us += 5000000);
  return 0;
}
