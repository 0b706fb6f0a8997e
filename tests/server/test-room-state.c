/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-room-state.h"

/* The protocol's words (docs/protocol.md, 2.3), not the table of the code. */
static int
expected (BedRoomState state, BedRoomEvent event)
{
  if (bed_room_state_is_over (state))
    return -1;
  switch (event)
    {
    case BED_ROOM_FETCH:
      return MAX ((int) state, BED_ROOM_STATE_OPENED);
    case BED_ROOM_JOIN:
      return MAX ((int) state, BED_ROOM_STATE_WAITING);
    case BED_ROOM_ADMIT:
      return state >= BED_ROOM_STATE_WAITING ? BED_ROOM_STATE_ADMITTED : -1;
    case BED_ROOM_END:
      return BED_ROOM_STATE_ENDED;
    case BED_ROOM_REVOKE:
      return BED_ROOM_STATE_REVOKED;
    case BED_ROOM_EXPIRE:
      return BED_ROOM_STATE_EXPIRED;
    default:
      g_assert_not_reached ();
    }
}

static void
test_every_state_and_event (void)
{
  for (int state = 0; state < BED_ROOM_N_STATES; state++)
    for (int event = 0; event < BED_ROOM_N_EVENTS; event++)
      {
        BedRoomState after = state;
        gboolean done = bed_room_state_apply (&after, event);
        int should = expected (state, event);

        g_test_message ("%s, event %d", bed_room_state_to_string (state), event);
        g_assert_cmpint (done, ==, should >= 0);
        g_assert_cmpint (after, ==, should >= 0 ? should : state);
      }
}

/* Whatever happens without the clinician's act, nobody is admitted. */
static void
test_no_way_in_without_admit (void)
{
  guint reached = 1u << BED_ROOM_STATE_CREATED;

  for (guint before = 0; before != reached;)
    {
      before = reached;
      for (int state = 0; state < BED_ROOM_N_STATES; state++)
        for (int event = 0; event < BED_ROOM_N_EVENTS; event++)
          {
            BedRoomState after = state;

            if (event != BED_ROOM_ADMIT && (reached & 1u << state)
                && bed_room_state_apply (&after, event))
              reached |= 1u << after;
          }
    }
  g_assert_cmpuint (reached & 1u << BED_ROOM_STATE_ADMITTED, ==, 0);
  g_assert_cmpuint (reached, ==,
                    ((1u << BED_ROOM_N_STATES) - 1) & ~(1u << BED_ROOM_STATE_ADMITTED));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/room-state/every-state-and-event", test_every_state_and_event);
  g_test_add_func ("/server/room-state/no-way-in-without-admit", test_no_way_in_without_admit);
  return g_test_run ();
}
