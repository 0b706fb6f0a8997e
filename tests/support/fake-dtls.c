/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-dtls.h"

#include <string.h>

/* Records: type, version, epoch, number (8 bytes), length, nonce (8 bytes), content, digest (16 bytes). */
#define HANDSHAKE 22
#define DATA 23
#define ALERT 21
#define HEADER 13
#define NONCE 8
#define TAG 16
#define OVERHEAD (HEADER + NONCE + TAG)
#define FLIGHT (1 + BED_DTLS_FINGERPRINT_LENGTH) /* its number, the fingerprint */
#define FIRST_TIMEOUT_US 200000
#define MAX_TIMEOUT_US 2000000

struct _BedFakeDtls
{
  BedDtlsTransport parent_instance;
  BedClock *clock; /* owned */
  guint8 secret[4];
  guint8 own[BED_DTLS_FINGERPRINT_LENGTH], announced[BED_DTLS_FINGERPRINT_LENGTH];
  gboolean impostor;
  BedDtlsRole role;
  guint round_trips, flight; /* the client's present one, from 1 */
  gint64 deadline_us, timeout_us;
  guint64 next_number, newest; /* numbers from 1 */
  guint64 seen; /* bit n: newest - n came */
};

G_DEFINE_FINAL_TYPE (BedFakeDtls, bed_fake_dtls, BED_TYPE_DTLS_TRANSPORT)

static BedDtlsState
get_state (BedFakeDtls *self)
{
  return bed_dtls_transport_get_state (BED_DTLS_TRANSPORT (self));
}

static void
digest (BedFakeDtls *self, const guint8 *data, gsize length, guint8 tag[TAG])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 whole[32];
  gsize size = sizeof whole;

  g_checksum_update (checksum, self->secret, sizeof self->secret);
  g_checksum_update (checksum, data, (gssize) length);
  g_checksum_get_digest (checksum, whole, &size);
  memcpy (tag, whole, TAG);
}

static void
emit (BedFakeDtls *self, guint8 type, const guint8 *content, gsize length)
{
  guint8 record[OVERHEAD + BED_DTLS_MAX_DATA] = { type, 0xfe, 0xfd };
  guint64 number = GUINT64_TO_BE (self->next_number++);
  guint16 rest = GUINT16_TO_BE ((guint16) (length + NONCE + TAG));

  memcpy (record + 3, &number, sizeof number);
  memcpy (record + 11, &rest, sizeof rest);
  if (length > 0)
    memcpy (record + HEADER + NONCE, content, length);
  digest (self, record, HEADER + NONCE + length, record + HEADER + NONCE + length);
  bed_dtls_transport_emit_datagram (BED_DTLS_TRANSPORT (self), record, OVERHEAD + length);
}

static void
send_flight (BedFakeDtls *self, guint flight)
{
  guint8 content[FLIGHT] = { (guint8) flight };

  memcpy (content + 1, self->own, sizeof self->own);
  content[1] ^= self->impostor;
  emit (self, HANDSHAKE, content, sizeof content);
}

static void
begin_flight (BedFakeDtls *self)
{
  self->timeout_us = FIRST_TIMEOUT_US;
  self->deadline_us = bed_clock_get_monotonic_us (self->clock) + self->timeout_us;
  send_flight (self, self->flight);
}

static const guint8 *
get_fingerprint (BedDtlsTransport *transport)
{
  return BED_FAKE_DTLS (transport)->own;
}

static void
start (BedDtlsTransport *transport, BedDtlsRole role, const guint8 *fingerprint)
{
  BedFakeDtls *self = BED_FAKE_DTLS (transport);

  self->role = role;
  memcpy (self->announced, fingerprint, sizeof self->announced);
  bed_dtls_transport_handle_event (transport, BED_DTLS_EVENT_START);
  self->flight = 1;
  if (role == BED_DTLS_ROLE_CLIENT)
    begin_flight (self);
}

static void
take_flight (BedFakeDtls *self, const guint8 *content, gsize length)
{
  BedDtlsTransport *transport = BED_DTLS_TRANSPORT (self);
  gboolean last;

  if (length != FLIGHT || content[0] > self->round_trips)
    return;
  if (memcmp (content + 1, self->announced, sizeof self->announced) != 0)
    {
      bed_dtls_transport_fail (transport, g_error_new_literal (BED_DTLS_ERROR, BED_DTLS_ERROR_IDENTITY,
                                                               "The peer's certificate is not the announced one"));
      return;
    }
  last = content[0] == self->round_trips;
  if (self->role == BED_DTLS_ROLE_SERVER)
    send_flight (self, content[0]);
  else if (content[0] != self->flight || get_state (self) != BED_DTLS_STATE_CONNECTING)
    return;
  else if (!last)
    {
      self->flight++;
      begin_flight (self);
    }
  if (last)
    {
      self->deadline_us = -1;
      bed_dtls_transport_handle_event (transport, BED_DTLS_EVENT_VERIFIED);
    }
}

/* RFC 6347, 4.1.2.6. */
static gboolean
is_new (BedFakeDtls *self, guint64 number)
{
  guint64 age;

  if (number > self->newest)
    {
      self->seen = number - self->newest < 64 ? self->seen << (number - self->newest) | 1 : 1;
      self->newest = number;
      return TRUE;
    }
  age = self->newest - number;
  if (age >= 64 || (self->seen & (G_GUINT64_CONSTANT (1) << age)) != 0)
    return FALSE;
  self->seen |= G_GUINT64_CONSTANT (1) << age;
  return TRUE;
}

static gboolean
is_valid (BedFakeDtls *self, const guint8 *record, gsize length)
{
  guint8 tag[TAG];
  guint64 number;

  if (length < OVERHEAD)
    return FALSE;
  digest (self, record, length - TAG, tag);
  memcpy (&number, record + 3, sizeof number);
  return memcmp (tag, record + length - TAG, TAG) == 0 && is_new (self, GUINT64_FROM_BE (number));
}

static void
input (BedDtlsTransport *transport, const guint8 *datagram, gsize length)
{
  BedFakeDtls *self = BED_FAKE_DTLS (transport);
  const guint8 *content = datagram + HEADER + NONCE;

  if (get_state (self) != BED_DTLS_STATE_CONNECTING && get_state (self) != BED_DTLS_STATE_CONNECTED)
    bed_dtls_transport_count_dropped (transport);
  else if (!is_valid (self, datagram, length))
    bed_dtls_transport_count_dropped (transport);
  else if (datagram[0] == HANDSHAKE)
    take_flight (self, content, length - OVERHEAD);
  else if (get_state (self) != BED_DTLS_STATE_CONNECTED)
    return;
  else if (datagram[0] == DATA)
    bed_dtls_transport_deliver (transport, content, length - OVERHEAD);
  else
    bed_dtls_transport_handle_event (transport, BED_DTLS_EVENT_CLOSE);
}

static gint64
get_deadline_us (BedDtlsTransport *transport, gint64 now_us)
{
  return BED_FAKE_DTLS (transport)->deadline_us;
}

static void
handle_timeout (BedDtlsTransport *transport)
{
  BedFakeDtls *self = BED_FAKE_DTLS (transport);
  gint64 now_us = bed_clock_get_monotonic_us (self->clock);

  if (self->deadline_us < 0 || now_us < self->deadline_us)
    return;
  self->timeout_us = MIN (2 * self->timeout_us, MAX_TIMEOUT_US);
  self->deadline_us = now_us + self->timeout_us;
  send_flight (self, self->flight);
}

static BedDtlsResult
send_data (BedDtlsTransport *transport, const guint8 *data, gsize length)
{
  emit (BED_FAKE_DTLS (transport), DATA, data, length);
  return BED_DTLS_OK;
}

static void
say_close (BedDtlsTransport *transport)
{
  emit (BED_FAKE_DTLS (transport), ALERT, NULL, 0);
}

static const char *
get_name (BedDtlsTransport *transport)
{
  return "fake";
}

static guint16
get_srtp_profile (BedDtlsTransport *transport)
{
  return BED_DTLS_SRTP_AEAD_AES_256_GCM;
}

static gboolean
export_material (BedDtlsTransport *transport, guint8 *material, gsize length)
{
  BedFakeDtls *self = BED_FAKE_DTLS (transport);
  guint8 block[TAG];

  for (gsize at = 0; at < length; at += sizeof block)
    {
      guint8 index = (guint8) (at / sizeof block);

      digest (self, &index, 1, block);
      memcpy (material + at, block, MIN (sizeof block, length - at));
    }
  return TRUE;
}

static void
bed_fake_dtls_finalize (GObject *object)
{
  g_object_unref (BED_FAKE_DTLS (object)->clock);
  G_OBJECT_CLASS (bed_fake_dtls_parent_class)->finalize (object);
}

static void
bed_fake_dtls_class_init (BedFakeDtlsClass *klass)
{
  BedDtlsTransportClass *dtls_class = BED_DTLS_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_fake_dtls_finalize;
  dtls_class->get_fingerprint = get_fingerprint;
  dtls_class->start = start;
  dtls_class->input = input;
  dtls_class->get_deadline_us = get_deadline_us;
  dtls_class->handle_timeout = handle_timeout;
  dtls_class->send = send_data;
  dtls_class->say_close = say_close;
  dtls_class->get_cipher = get_name;
  dtls_class->get_version = get_name;
  dtls_class->get_srtp_profile = get_srtp_profile;
  dtls_class->export_material = export_material;
}

static void
bed_fake_dtls_init (BedFakeDtls *self)
{
  self->deadline_us = -1;
  self->next_number = 1;
}

BedDtlsTransport *
bed_fake_dtls_new (BedClock *clock, guint32 secret, guint8 own, guint round_trips)
{
  BedFakeDtls *self = g_object_new (BED_TYPE_FAKE_DTLS, NULL);

  self->clock = g_object_ref (clock);
  memcpy (self->secret, &secret, sizeof secret);
  memset (self->own, own, sizeof self->own);
  self->round_trips = round_trips;
  return BED_DTLS_TRANSPORT (self);
}

void
bed_fake_dtls_set_impostor (BedFakeDtls *self)
{
  self->impostor = TRUE;
}
