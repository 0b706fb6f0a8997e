/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-guest-over-private.h"

BedGuestOver
bed_guest_over_of_call (BedCallEnd end)
{
  switch (end)
    {
    case BED_CALL_END_FAILED: return BED_GUEST_OVER_UNCONNECTED;
    case BED_CALL_END_FINGERPRINT:
    case BED_CALL_END_REFUSED: return BED_GUEST_OVER_UNSAFE;
    case BED_CALL_END_TAMPERED: return BED_GUEST_OVER_TAMPERED;
    case BED_CALL_END_NONE:
    case BED_CALL_END_HERE:
    case BED_CALL_END_THERE:
    case BED_CALL_END_LEFT:
    default: return BED_GUEST_OVER_ENDED;
    }
}

BedGuestOver
bed_guest_over_of_error (const GError *error)
{
  if (error->domain == BED_PROTOCOL_ERROR)
    return BED_GUEST_OVER_UNTRUSTED; /* the card does not belong to this link */
  if (error->domain != BED_SIGNALLING_ERROR)
    return BED_GUEST_OVER_NO_NETWORK;
  switch ((BedSignallingError) error->code)
    {
    case BED_SIGNALLING_ERROR_EXPIRED: return BED_GUEST_OVER_EXPIRED;
    case BED_SIGNALLING_ERROR_REVOKED: return BED_GUEST_OVER_REVOKED;
    case BED_SIGNALLING_ERROR_USED: return BED_GUEST_OVER_USED;
    case BED_SIGNALLING_ERROR_UNTRUSTED: return BED_GUEST_OVER_UNTRUSTED;
    case BED_SIGNALLING_ERROR_NOT_FOUND:
    case BED_SIGNALLING_ERROR_UNAUTHORIZED:
    case BED_SIGNALLING_ERROR_FORBIDDEN:
    case BED_SIGNALLING_ERROR_BAD_REQUEST: return BED_GUEST_OVER_WRONG_LINK;
    case BED_SIGNALLING_ERROR_NETWORK: return BED_GUEST_OVER_NO_NETWORK;
    case BED_SIGNALLING_ERROR_CONFLICT:
    case BED_SIGNALLING_ERROR_TOO_LARGE:
    case BED_SIGNALLING_ERROR_RATE_LIMITED:
    case BED_SIGNALLING_ERROR_UNAVAILABLE:
    case BED_SIGNALLING_ERROR_PROTOCOL:
    case BED_SIGNALLING_ERROR_SIGNED_OUT:
    default: return BED_GUEST_OVER_SERVER;
    }
}
