/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-openssl-dtls-transport.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The first byte chooses the role; then datagrams, each after two bytes of length. Nothing that a stranger
 * sends may end in "connected". */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static BedDtlsCertificate *certificate;
  g_autoptr (BedDtlsTransport) transport = NULL;
  guint8 fingerprint[BED_DTLS_FINGERPRINT_LENGTH] = { 0 };
  gsize at = 1;

  if (size < 1)
    return 0;
  if (certificate == NULL)
    certificate = bed_dtls_certificate_new (NULL);
  transport = bed_openssl_dtls_transport_new (certificate, NULL);
  bed_dtls_transport_start (transport, data[0] & 1 ? BED_DTLS_ROLE_CLIENT : BED_DTLS_ROLE_SERVER, fingerprint,
                            NULL);
  while (at + 2 <= size)
    {
      gsize length = (gsize) (data[at] << 8 | data[at + 1]);

      at += 2;
      length = MIN (length, size - at);
      bed_dtls_transport_input (transport, data + at, length);
      at += length;
    }
  if (bed_dtls_transport_get_state (transport) == BED_DTLS_STATE_CONNECTED)
    abort ();
  return 0;
}
