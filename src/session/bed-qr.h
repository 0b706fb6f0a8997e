/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A QR code as a matrix of modules, for a widget to draw with a quiet zone of 4 modules.
 * Immutable. */
typedef struct _BedQr BedQr;
#define BED_TYPE_QR (bed_qr_get_type ())
GType bed_qr_get_type (void);
/* Error correction M. Returns: (transfer full) (nullable): NULL when the text is too long (over
 * 2,331 bytes). */
BedQr *bed_qr_new (const char *text);
BedQr *bed_qr_ref (BedQr *self);
void bed_qr_unref (BedQr *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedQr, bed_qr_unref)
/* Modules along one side. */
guint bed_qr_get_size (BedQr *self);
/* TRUE: dark. */
gboolean bed_qr_get_module (BedQr *self, guint x, guint y);

G_END_DECLS
