/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ice-transport.h"

#include "bed-ice-candidate-check.h"
#include "bed-ice-server.h"

#include <string.h>

typedef struct
{
  /* owned */
  char *remote_ufrag;
  GPtrArray *early; /* of char *: candidates that came before the credentials */
  /* borrowed */
  BedIceDataFunc data_func;
  gpointer data_user_data;

  BedIceState state;
  guint n_candidates, refused;
  gboolean allow_loopback;
  gboolean end_came_early;
} BedIceTransportPrivate;

enum { CANDIDATE, GATHERING_DONE, STATE_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BedIceTransport, bed_ice_transport, G_TYPE_OBJECT)
#define PRIVATE(self) ((BedIceTransportPrivate *) bed_ice_transport_get_instance_private (self))

/*   new --CHECK--> checking --CONNECT--> connected --COMPLETE--> completed
 *                     |                     |  ^                    |
 *                    FAIL                 LOSE CONNECT            LOSE
 *                     v                     v  |                    |
 *                  failed <----FAIL---- disconnected <--------------+
 *
 * RESTART leads from failed and disconnected back to checking, and from completed to connected,
 * because data goes on over the old pair. CLOSE leads to closed from everywhere; closed is final.
 */
#define NEW BED_ICE_STATE_NEW
#define CHECKING BED_ICE_STATE_CHECKING
#define CONNECTED BED_ICE_STATE_CONNECTED
#define COMPLETED BED_ICE_STATE_COMPLETED
#define DISCONNECTED BED_ICE_STATE_DISCONNECTED
#define FAILED BED_ICE_STATE_FAILED
#define CLOSED BED_ICE_STATE_CLOSED
/* events: CHECK, CONNECT, COMPLETE, LOSE, FAIL, RESTART, CLOSE */
static const BedIceState table[BED_ICE_N_STATES][BED_ICE_N_EVENTS] = {
  [NEW] = { CHECKING, CONNECTED, COMPLETED, NEW, FAILED, NEW, CLOSED },
  [CHECKING] = { CHECKING, CONNECTED, COMPLETED, FAILED, FAILED, CHECKING, CLOSED },
  [CONNECTED] = { CONNECTED, CONNECTED, COMPLETED, DISCONNECTED, FAILED, CONNECTED, CLOSED },
  [COMPLETED] = { COMPLETED, COMPLETED, COMPLETED, DISCONNECTED, FAILED, CONNECTED, CLOSED },
  [DISCONNECTED] = { DISCONNECTED, CONNECTED, COMPLETED, DISCONNECTED, FAILED, CHECKING, CLOSED },
  [FAILED] = { FAILED, FAILED, FAILED, FAILED, FAILED, CHECKING, CLOSED },
  [CLOSED] = { CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED },
};
#undef NEW
#undef CHECKING
#undef CONNECTED
#undef COMPLETED
#undef DISCONNECTED
#undef FAILED
#undef CLOSED

BedIceState
bed_ice_state_next (BedIceState state, BedIceEvent event)
{
  g_return_val_if_fail (state < BED_ICE_N_STATES && event < BED_ICE_N_EVENTS, state);
  return table[state][event];
}

const char *
bed_ice_state_to_string (BedIceState state)
{
  static const char *const names[]
    = { "new", "checking", "connected", "completed", "disconnected", "failed", "closed" };

  g_return_val_if_fail (state < G_N_ELEMENTS (names), "failed");
  return names[state];
}

static void
bed_ice_transport_finalize (GObject *object)
{
  BedIceTransportPrivate *private = PRIVATE (BED_ICE_TRANSPORT (object));

  g_clear_pointer (&private->remote_ufrag, g_free);
  g_clear_pointer (&private->early, g_ptr_array_unref);
  G_OBJECT_CLASS (bed_ice_transport_parent_class)->finalize (object);
}

static void
bed_ice_transport_class_init (BedIceTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_ice_transport_finalize;
  signals[CANDIDATE] = g_signal_new ("candidate", BED_TYPE_ICE_TRANSPORT, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[GATHERING_DONE] = g_signal_new ("gathering-done", BED_TYPE_ICE_TRANSPORT,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STATE_CHANGED] = g_signal_new ("state-changed", BED_TYPE_ICE_TRANSPORT, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_ice_transport_init (BedIceTransport *self)
{
  PRIVATE (self)->early = g_ptr_array_new_with_free_func (g_free);
}

gboolean
bed_ice_transport_gather (BedIceTransport *self, GError **error)
{
  g_return_val_if_fail (BED_IS_ICE_TRANSPORT (self), FALSE);
  if (PRIVATE (self)->state == BED_ICE_STATE_CLOSED)
    {
      g_set_error_literal (error, BED_ICE_ERROR, BED_ICE_ERROR_GATHER,
                           "The ICE transport is closed");
      return FALSE;
    }
  return BED_ICE_TRANSPORT_GET_CLASS (self)->gather (self, error);
}

void
bed_ice_transport_dup_local_credentials (BedIceTransport *self, char **ufrag, char **password)
{
  g_return_if_fail (BED_IS_ICE_TRANSPORT (self));
  BED_ICE_TRANSPORT_GET_CLASS (self)->dup_local_credentials (self, ufrag, password);
}

static BedIceCandidateResult
pass_candidate (BedIceTransport *self, const char *candidate)
{
  BedIceTransportPrivate *private = PRIVATE (self);
  BedIceCandidateResult result
    = bed_ice_candidate_check (candidate, private->allow_loopback, private->remote_ufrag);

  if (result == BED_ICE_CANDIDATE_ADDED)
    result = BED_ICE_TRANSPORT_GET_CLASS (self)->add_remote_candidate (self, candidate);
  if (result == BED_ICE_CANDIDATE_REJECTED)
    private->refused++;
  return result;
}

gboolean
bed_ice_transport_set_remote_credentials (BedIceTransport *self, const char *ufrag,
                                          const char *password, GError **error)
{
  BedIceTransportPrivate *private = PRIVATE (self);
  g_autoptr (GPtrArray) early = NULL;

  g_return_val_if_fail (BED_IS_ICE_TRANSPORT (self), FALSE);
  if (!bed_ice_credentials_check (ufrag, password)
      || !BED_ICE_TRANSPORT_GET_CLASS (self)->set_remote_credentials (self, ufrag, password))
    {
      g_set_error_literal (error, BED_ICE_ERROR, BED_ICE_ERROR_CREDENTIALS,
                           "The peer's ICE credentials are not well-formed");
      return FALSE;
    }
  g_free (private->remote_ufrag);
  private->remote_ufrag = g_strdup (ufrag);
  early = g_steal_pointer (&private->early);
  private->early = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < early->len; i++)
    pass_candidate (self, early->pdata[i]);
  if (private->end_came_early)
    BED_ICE_TRANSPORT_GET_CLASS (self)->end_of_candidates (self);
  private->end_came_early = FALSE;
  return TRUE;
}

BedIceCandidateResult
bed_ice_transport_add_remote_candidate (BedIceTransport *self, const char *candidate)
{
  BedIceTransportPrivate *private = PRIVATE (self);
  BedIceCandidateResult result;

  g_return_val_if_fail (BED_IS_ICE_TRANSPORT (self) && candidate != NULL,
                        BED_ICE_CANDIDATE_REJECTED);
  if (private->state == BED_ICE_STATE_CLOSED)
    return BED_ICE_CANDIDATE_IGNORED;
  if (candidate[0] == '\0')
    {
      bed_ice_transport_end_of_candidates (self);
      return BED_ICE_CANDIDATE_IGNORED;
    }
  if (private->n_candidates >= BED_ICE_MAX_REMOTE_CANDIDATES)
    {
      private->refused++;
      return BED_ICE_CANDIDATE_TOO_MANY;
    }
  private->n_candidates++;
  if (private->remote_ufrag != NULL)
    return pass_candidate (self, candidate);
  result = bed_ice_candidate_check (candidate, private->allow_loopback, NULL);
  if (result == BED_ICE_CANDIDATE_ADDED)
    g_ptr_array_add (private->early, g_strdup (candidate));
  else if (result == BED_ICE_CANDIDATE_REJECTED)
    private->refused++;
  return result;
}

void
bed_ice_transport_end_of_candidates (BedIceTransport *self)
{
  g_return_if_fail (BED_IS_ICE_TRANSPORT (self));
  if (PRIVATE (self)->state == BED_ICE_STATE_CLOSED)
    return;
  if (PRIVATE (self)->remote_ufrag == NULL)
    PRIVATE (self)->end_came_early = TRUE;
  else
    BED_ICE_TRANSPORT_GET_CLASS (self)->end_of_candidates (self);
}

void
bed_ice_transport_set_role (BedIceTransport *self, BedIceRole role)
{
  g_return_if_fail (BED_IS_ICE_TRANSPORT (self));
  BED_ICE_TRANSPORT_GET_CLASS (self)->set_role (self, role);
}

gboolean
bed_ice_transport_send (BedIceTransport *self, const guint8 *data, gsize length)
{
  g_return_val_if_fail (BED_IS_ICE_TRANSPORT (self), FALSE);
  if (length == 0 || length > BED_ICE_MAX_DATAGRAM || PRIVATE (self)->state == BED_ICE_STATE_CLOSED)
    return FALSE;
  return BED_ICE_TRANSPORT_GET_CLASS (self)->send (self, data, length);
}

gboolean
bed_ice_transport_restart (BedIceTransport *self, GError **error)
{
  BedIceTransportPrivate *private = PRIVATE (self);

  g_return_val_if_fail (BED_IS_ICE_TRANSPORT (self), FALSE);
  if (private->state == BED_ICE_STATE_CLOSED)
    {
      g_set_error_literal (error, BED_ICE_ERROR, BED_ICE_ERROR_GATHER,
                           "The ICE transport is closed");
      return FALSE;
    }
  g_clear_pointer (&private->remote_ufrag, g_free);
  g_ptr_array_set_size (private->early, 0);
  private->n_candidates = private->refused = 0;
  private->end_came_early = FALSE;
  if (!BED_ICE_TRANSPORT_GET_CLASS (self)->restart (self, error))
    return FALSE;
  bed_ice_transport_handle_event (self, BED_ICE_EVENT_RESTART);
  return TRUE;
}

void
bed_ice_transport_close (BedIceTransport *self)
{
  g_return_if_fail (BED_IS_ICE_TRANSPORT (self));
  if (PRIVATE (self)->state == BED_ICE_STATE_CLOSED)
    return;
  BED_ICE_TRANSPORT_GET_CLASS (self)->close (self);
  bed_ice_transport_handle_event (self, BED_ICE_EVENT_CLOSE);
}

gboolean
bed_ice_transport_get_selected_types (BedIceTransport *self, const char **local,
                                      const char **remote)
{
  BedIceTransportClass *klass = BED_ICE_TRANSPORT_GET_CLASS (self);

  return klass->get_selected_types != NULL && klass->get_selected_types (self, local, remote);
}

BedIceState
bed_ice_transport_get_state (BedIceTransport *self)
{
  g_return_val_if_fail (BED_IS_ICE_TRANSPORT (self), BED_ICE_STATE_CLOSED);
  return PRIVATE (self)->state;
}

void
bed_ice_transport_set_data_func (BedIceTransport *self, BedIceDataFunc func, gpointer user_data)
{
  g_return_if_fail (BED_IS_ICE_TRANSPORT (self));
  PRIVATE (self)->data_func = func;
  PRIVATE (self)->data_user_data = user_data;
}

guint
bed_ice_transport_get_refused_candidates (BedIceTransport *self)
{
  g_return_val_if_fail (BED_IS_ICE_TRANSPORT (self), 0);
  return PRIVATE (self)->refused;
}

void
bed_ice_transport_set_allow_loopback (BedIceTransport *self, gboolean allow)
{
  g_return_if_fail (BED_IS_ICE_TRANSPORT (self));
  PRIVATE (self)->allow_loopback = allow;
}

void
bed_ice_transport_handle_event (BedIceTransport *self, BedIceEvent event)
{
  BedIceState next = bed_ice_state_next (PRIVATE (self)->state, event);

  if (next == PRIVATE (self)->state)
    return;
  PRIVATE (self)->state = next;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

void
bed_ice_transport_deliver (BedIceTransport *self, const guint8 *data, gsize length)
{
  BedIceTransportPrivate *private = PRIVATE (self);

  if (private->data_func != NULL && private->state != BED_ICE_STATE_CLOSED && length > 0
      && length <= BED_ICE_MAX_DATAGRAM)
    private->data_func (data, length, private->data_user_data);
}

void
bed_ice_transport_emit_candidate (BedIceTransport *self, const char *candidate)
{
  g_signal_emit (self, signals[CANDIDATE], 0, candidate);
}

void
bed_ice_transport_emit_gathering_done (BedIceTransport *self)
{
  g_signal_emit (self, signals[GATHERING_DONE], 0);
}
