#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-locks.py BUILD OUTPUT [COUNT [SECONDS]]: locks again and again with a note on the screen; after each, neither a word
of it nor the password may be in the memory of the app: SECONDS after the key press, or, without, once the lock page is
there. Run by run-app, and COUNT times by scripts/soak locks, with one second."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import run  # noqa: E402
from bedtest.marked import MARKERS, NAME, PASSWORD_MARKER, TYPED, MarkedDesk, type_everything  # noqa: E402
from bedtest.memory import found_in_memory  # noqa: E402

KEPT = {*TYPED, *NAME.split()}  # the chat is not


def hold_consultation(desk):
    guest = desk.guest_waits(name=NAME)
    type_everything(desk, guest)
    guest.say('hang-up')
    desk.app.at('BedAfterPage')
    desk.app.press('Done: end the invitation')
    desk.app.at('BedHomePage')


def open_note(app):
    app.point('Notes')
    app.point(NAME, contains=True)
    until('the note', lambda: any(TYPED[0] in (e.text() or '') for e in app.walk()), 15)


def lock(desk, seconds):
    """Returns how long it took to the lock page, and what was left in memory."""
    began = time.monotonic()
    desk.display.key('ctrl+l')
    if seconds is not None:  # the process that begins anew keeps its number
        time.sleep(max(0, began + float(seconds) - time.monotonic()))
        found = found_in_memory(desk.app.process.pid, [*MARKERS, PASSWORD_MARKER])
    desk.app.again()
    desk.app.at('BedUnlockPage')
    took = time.monotonic() - began
    if seconds is None:
        found = found_in_memory(desk.app.process.pid, [*MARKERS, PASSWORD_MARKER])
    return took, found


def main(build, output, count='3', seconds=None):
    with MarkedDesk(build, output) as desk:
        desk.start_app(TMPDIR=str(desk.temporary_files))
        desk.unlock()
        hold_consultation(desk)
        left, longest = {}, 0
        for number in range(int(count)):
            open_note(desk.app)
            before = found_in_memory(desk.app.process.pid, KEPT)
            assert before == KEPT, f'before lock {number} in memory: {len(before)} of {len(KEPT)}'
            took, found = lock(desk, seconds)
            longest = max(longest, took)
            if found:
                left[number] = found
            desk.app.fill_display(*desk.size)
            desk.unlock()
        print(f'# {count} locks, the lock page seen after at most {longest:.2f} s', flush=True)
        desk.tap.check(f'after each of {count} locks, no word of {len(MARKERS)} and no password in memory', not left, left)
        desk.check_log([*MARKERS, PASSWORD_MARKER])
    return desk.finish()


run(main)
