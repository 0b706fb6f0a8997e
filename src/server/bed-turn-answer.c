/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-turn-answer.h"

#define HEADER 20
#define ATTR_ERROR 0x0009
#define ATTR_REALM 0x0014
#define ATTR_NONCE 0x0015
#define CODE_NONE 400

static void
read_attribute (BedTurnAnswer *self, guint type, const guint8 *value, gsize size)
{
  char **text = type == ATTR_REALM ? &self->realm : type == ATTR_NONCE ? &self->nonce : NULL;

  if (type == ATTR_ERROR && size >= 4)
    self->code = (value[2] & 7) * 100 + value[3];
  if (!text)
    return;
  g_free (*text);
  *text = g_strndup ((const char *) value, size);
}

void
bed_turn_answer_read (BedTurnAnswer *self, const guint8 *data, gsize length)
{
  self->code = CODE_NONE;
  for (gsize at = HEADER; at + 4 <= length;)
    {
      guint type = data[at] << 8 | data[at + 1];
      gsize size = data[at + 2] << 8 | data[at + 3];

      if (at + 4 + size > length)
        return;
      read_attribute (self, type, data + at + 4, size);
      at += 4 + (size + 3) / 4 * 4;
    }
}

void
bed_turn_answer_clear (BedTurnAnswer *self)
{
  g_clear_pointer (&self->realm, g_free);
  g_clear_pointer (&self->nonce, g_free);
}
