/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dtls-transport.h"

/*        START            VERIFIED
 *   new ------> connecting -------> connected
 *    |              |                   |       CLOSE: to closed, FAIL: to failed, from all three;
 *    +--------------+-------------------+       closed and failed are final.
 *
 * Keys can be exported in `connected` only, and only VERIFIED leads there.
 */
static const BedDtlsState table[BED_DTLS_N_STATES][BED_DTLS_N_EVENTS] = {
  [BED_DTLS_STATE_NEW] = { BED_DTLS_STATE_CONNECTING, BED_DTLS_STATE_NEW, BED_DTLS_STATE_CLOSED,
                           BED_DTLS_STATE_FAILED },
  [BED_DTLS_STATE_CONNECTING] = { BED_DTLS_STATE_CONNECTING, BED_DTLS_STATE_CONNECTED,
                                  BED_DTLS_STATE_CLOSED, BED_DTLS_STATE_FAILED },
  [BED_DTLS_STATE_CONNECTED] = { BED_DTLS_STATE_CONNECTED, BED_DTLS_STATE_CONNECTED,
                                 BED_DTLS_STATE_CLOSED, BED_DTLS_STATE_FAILED },
  [BED_DTLS_STATE_CLOSED] = { BED_DTLS_STATE_CLOSED, BED_DTLS_STATE_CLOSED, BED_DTLS_STATE_CLOSED,
                              BED_DTLS_STATE_CLOSED },
  [BED_DTLS_STATE_FAILED] = { BED_DTLS_STATE_FAILED, BED_DTLS_STATE_FAILED, BED_DTLS_STATE_FAILED,
                              BED_DTLS_STATE_FAILED },
};

BedDtlsState
bed_dtls_state_next (BedDtlsState state, BedDtlsEvent event)
{
  g_return_val_if_fail (state < BED_DTLS_N_STATES && event < BED_DTLS_N_EVENTS, state);
  return table[state][event];
}

const char *
bed_dtls_state_to_string (BedDtlsState state)
{
  static const char *const names[] = { "new", "connecting", "connected", "closed", "failed" };

  g_return_val_if_fail (state < G_N_ELEMENTS (names), "failed");
  return names[state];
}
