/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-qr.h"

#include <qrencode.h>

struct _BedQr
{
  gatomicrefcount references;
  QRcode *code;
};

G_DEFINE_BOXED_TYPE (BedQr, bed_qr, bed_qr_ref, bed_qr_unref)

BedQr *
bed_qr_new (const char *text)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  BedQr *self;

  if (code == NULL)
    return NULL;
  self = g_new0 (BedQr, 1);
  g_atomic_ref_count_init (&self->references);
  self->code = code;
  return self;
}

BedQr *
bed_qr_ref (BedQr *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bed_qr_unref (BedQr *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  QRcode_free (self->code);
  g_free (self);
}

guint
bed_qr_get_size (BedQr *self)
{
  return (guint) self->code->width;
}

gboolean
bed_qr_get_module (BedQr *self, guint x, guint y)
{
  guint size = bed_qr_get_size (self);

  g_return_val_if_fail (x < size && y < size, FALSE);
  return (self->code->data[y * size + x] & 1) != 0;
}
